"""Django admin: secrets go in and never come out; what was sent and received can only be read."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from conversations.models import User
from integrations.domain.sealing import UnreadableSecret
from integrations.forms.admin import ConnectionForm, WebhookEndpointForm
from integrations.models import Connection, Delivery, InboundCall, WebhookEndpoint
from integrations.services.deliveries import NotReplayable, replay_delivery, send_ping
from integrations.services.webhook_endpoints import rotate_secret

if TYPE_CHECKING:  # Django's admin is generic for the type checker only
    AnyAdmin = admin.ModelAdmin[Model]
    ConnectionModelAdmin = admin.ModelAdmin[Connection]
    EndpointModelAdmin = admin.ModelAdmin[WebhookEndpoint]
else:
    AnyAdmin = ConnectionModelAdmin = EndpointModelAdmin = admin.ModelAdmin


class ReadOnly(AnyAdmin):
    """Shows rows nobody may add, change or delete by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(ConnectionModelAdmin):
    form = ConnectionForm
    list_display = ["name", "project", "environment", "key", "kind", "health", "is_active"]
    list_filter = ["environment", "kind", "health", "is_active"]
    search_fields = ["name", "key"]
    readonly_fields = ["health", "checked_at", "last_error", "created_at", "updated_at"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(EndpointModelAdmin):
    form = WebhookEndpointForm
    list_display = ["name", "project", "environment", "is_active", "created_at"]
    list_filter = ["environment", "is_active"]
    search_fields = ["name"]
    readonly_fields = ["header_names", "previous_secret_until", "created_at"]
    actions = ["ping"]

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: WebhookEndpointForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and (entered := form.cleaned_data["new_secret"]):
            rotate_secret(endpoint=obj, user=cast(User, request.user), at=timezone.now(), secret=entered)

    @admin.display(description="Custom headers")
    def header_names(self, endpoint: WebhookEndpoint) -> str:
        try:
            return ", ".join(endpoint.headers.open_pairs()) or "none"
        except UnreadableSecret as error:
            return str(error)

    @admin.action(description="Send a ping")
    def ping(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            send_ping(endpoint=endpoint, at=timezone.now())
        self.message_user(request, "The pings are on their way: see the deliveries")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["created_at", "event", "endpoint", "state", "attempts", "last_status", "next_attempt_at"]
    list_filter = ["state", "event", "endpoint"]
    search_fields = ["=event_id", "=conversation_id"]
    list_select_related = ["endpoint"]
    actions = ["replay"]

    @admin.action(description="Replay the dead ones", permissions=["view"])
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        for delivery in queryset:
            try:
                replay_delivery(delivery=delivery, at=timezone.now())
            except NotReplayable:
                self.message_user(request, f"{delivery} is {delivery.state}: not replayed", messages.WARNING)


@admin.register(InboundCall)
class InboundCallAdmin(ReadOnly):
    list_display = ["received_at", "connection", "external_id", "parsed_at", "error"]
    list_filter = ["connection"]
    search_fields = ["external_id"]
    exclude = ["body", "headers"]
    list_select_related = ["connection"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("body")
