"""Customers, their conversations, and everything that hangs on them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conversations.admin.base import OfConversation, ReadOnly, Undeletable
from conversations.models import (
    Annotation,
    AuditEntry,
    Conversation,
    Customer,
    CustomerIdentity,
    Deadline,
    Draft,
    Event,
    OutboxEntry,
    Outcome,
    User,
)

if TYPE_CHECKING:  # Django's admin is generic for the type checker only
    AnyInline = admin.TabularInline[CustomerIdentity, Customer]
else:
    AnyInline = admin.TabularInline

SHOWN_EVENTS = 300
PERSON = "user:"
NESTED = (dict, list)
TIMELINE_COLUMNS = ("No.", "At (UTC)", "Author", "Event", "Content")


class IdentityInline(AnyInline):
    model = CustomerIdentity
    extra = 0
    can_delete = False
    exclude = ["project", "environment"]
    readonly_fields = ["channel", "address"]

    def has_add_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return False


@admin.register(Customer)
class CustomerAdmin(Undeletable):
    list_display = ["id", "name", "project", "environment", "created_at"]
    list_filter = ["environment", "project"]
    list_select_related = ["project"]
    search_fields = ["name", "identities__address"]
    autocomplete_fields = ["project"]
    readonly_fields = ["created_at"]
    inlines = [IdentityInline]


@admin.register(CustomerIdentity)
class CustomerIdentityAdmin(ReadOnly):
    list_display = ["address", "channel", "customer", "project", "environment"]
    list_filter = ["channel", "environment", "project"]
    list_select_related = ["customer", "project"]
    search_fields = ["address"]


@admin.register(Conversation)
class ConversationAdmin(OfConversation):
    list_display = ["id", "project", "environment", "channel", "customer", "owner_kind", "handoff_state", "reason",
                    "created_at", "ended_at"]  # fmt: skip
    list_filter = ["environment", "channel", "owner_kind", "handoff_state", "project"]
    list_select_related = ["project", "customer"]
    conversation_field = "id"
    other_fields = ("shared_id", "customer__name")
    search_help_text = "The id of a conversation, its shared id, or the customer's name"
    date_hierarchy = "created_at"
    readonly_fields = ["timeline"]

    @admin.display(description="Timeline")
    def timeline(self, conversation: Conversation) -> SafeString:
        """The newest SHOWN_EVENTS events, oldest first."""
        events = list(conversation.events.order_by("-sequence")[:SHOWN_EVENTS])[::-1]
        names = _names_of({event.author for event in events})
        rows = (
            (event.sequence, f"{event.created_at:%H:%M:%S}", names[event.author], event.type, _content(event.payload))
            for event in events
        )
        head = format_html("<tr>{}</tr>", format_html_join("", "<th>{}</th>", ((name,) for name in TIMELINE_COLUMNS)))
        lines = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table><thead>{}</thead><tbody>{}</tbody></table>", head, lines)


def _names_of(authors: set[str]) -> dict[str, str]:
    """Authors as people read them: a person by name, everything else as it is."""
    ids = [author.removeprefix(PERSON) for author in authors if author.startswith(PERSON)]
    people = {f"{PERSON}{person.id}": str(person) for person in User.objects.filter(pk__in=ids)}
    return {author: people.get(author, author) for author in authors}


def _content(payload: dict[str, Any]) -> str:
    """What was said, else the plain fields of the event."""
    if said := payload.get("text") or payload.get("message"):
        return str(said)
    plain = {
        name: value for name, value in payload.items() if value not in ("", None) and not isinstance(value, NESTED)
    }
    return ", ".join(f"{name}: {value}" for name, value in plain.items())


@admin.register(Event)
class EventAdmin(OfConversation):
    list_display = ["conversation_id", "sequence", "public_sequence", "type", "author", "epoch", "created_at"]
    list_filter = ["type"]
    ordering = ["-id"]


@admin.register(Draft)
class DraftAdmin(OfConversation):
    list_display = ["conversation_id", "user", "mode", "refused_because", "updated_at"]
    list_filter = ["mode"]
    list_select_related = ["user"]


@admin.register(Outcome)
class OutcomeAdmin(OfConversation):
    list_display = ["code", "resolved", "first_contact_resolved", "handled_by", "source", "occurred_at"]
    list_filter = ["source", "resolved", "first_contact_resolved"]
    date_hierarchy = "occurred_at"


@admin.register(Annotation)
class AnnotationAdmin(OfConversation):
    list_display = ["conversation_id", "sequence", "verdict", "mark", "author", "updated_at"]
    list_filter = ["verdict", "mark"]
    list_select_related = ["author"]


@admin.register(Deadline)
class DeadlineAdmin(OfConversation):
    list_display = ["due_at", "kind", "conversation_id", "subject_id"]
    list_filter = ["kind"]
    ordering = ["due_at"]


@admin.register(OutboxEntry)
class OutboxEntryAdmin(OfConversation):
    list_display = ["id", "topic", "conversation_id", "sequence", "attempts", "due_at", "dead_at", "last_error"]
    list_filter = ["topic", ("dead_at", admin.EmptyFieldListFilter)]
    ordering = ["-id"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "action", "subject", "user", "project"]
    list_filter = ["action", "project"]
    list_select_related = ["user", "project"]
    search_fields = ["action", "subject", "user__email"]
    date_hierarchy = "at"
