"""What lets programs in: API keys, personal tokens and connectors."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from conversations.admin.base import ReadOnly, Undeletable
from conversations.models import ApiKey, Connector, IdempotencyKey


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    """A key's text is shown once, where it is made; here it can only be revoked."""

    list_display = ["name", "prefix", "project", "user", "environment", "scopes", "last_used_at", "revoked_at"]
    list_filter = ["environment", "project", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["project", "user"]
    search_fields = ["name", "prefix", "user__email"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        revoked = queryset.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
        self.message_user(request, f"{revoked} keys revoked", messages.SUCCESS)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("conversations.change_apikey")


@admin.register(Connector)
class ConnectorAdmin(Undeletable):
    list_display = ["name", "project", "environment", "channel", "hosts", "is_active", "last_used_at"]
    list_filter = ["environment", "channel", "is_active", "project"]
    list_select_related = ["project"]
    search_fields = ["name"]
    autocomplete_fields = ["project"]
    readonly_fields = ["token", "created_at", "last_used_at"]


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly):
    """Calls that must not happen twice; the answer is not listed, it may hold what people wrote."""

    list_display = ["key", "scope", "status", "created_at", "expires_at"]
    search_fields = ["key", "scope"]
    exclude = ["answer"]
    ordering = ["-created_at"]
