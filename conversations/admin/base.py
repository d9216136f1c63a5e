"""What the admin pages of every app share."""

import uuid
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

if TYPE_CHECKING:  # Django's admin is generic for the type checker only
    AnyAdmin = admin.ModelAdmin[Model]
else:
    AnyAdmin = admin.ModelAdmin


class Undeletable(AnyAdmin):
    """Rows others hold on to: they are switched off or marked, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Undeletable):
    """Shows rows nobody may add, change or delete by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OfConversation(ReadOnly):
    """Read-only rows of a conversation, found by its id, over an index, or by an exact match elsewhere."""

    search_fields = ["conversation_id"]
    search_help_text = "The id of a conversation"
    conversation_field = "conversation_id"
    other_fields: tuple[str, ...] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        try:
            wanted = uuid.UUID(search_term.strip())
        except ValueError:
            return queryset.filter(self._elsewhere(search_term)), False
        return queryset.filter(**{self.conversation_field: wanted}), False

    def _elsewhere(self, search_term: str) -> Q:
        """Rows whose other fields equal the term without regard to case; none where there are no other fields."""
        # PostgreSQL holds no text with NUL in it, and refuses to be asked for one.
        term = search_term.replace("\x00", "")
        return reduce(or_, (Q(**{f"{name}__iexact": term}) for name in self.other_fields), Q(pk__in=[]))
