"""Django admin of handoffs: the working copy can be edited, what was published or happened only read."""

from django.contrib import admin

from conversations.admin.base import AnyAdmin, OfConversation, ReadOnly
from handoffs.models import (
    Agent,
    Assignment,
    Desk,
    Destination,
    DestinationTest,
    ForbiddenTopic,
    Handoff,
    HandoffSettings,
    Intake,
    Line,
    Offer,
    Presence,
    Queue,
    QueueEntry,
    Reason,
    Release,
    Schedule,
    Snapshot,
    Topic,
    TurnLease,
)


class OfProject(AnyAdmin):
    """Configuration of one project, filtered by it."""

    list_filter = ["project"]
    list_select_related = ["project"]
    search_fields = ["key", "name"]
    autocomplete_fields = ["project"]


# --- the working copy ------------------------------------------------------------------------


@admin.register(Destination)
class DestinationAdmin(OfProject):
    list_display = ["name", "key", "project", "is_default", "desk_key", "queue_key", "wait_limit_seconds"]


@admin.register(Queue)
class QueueAdmin(OfProject):
    list_display = ["name", "key", "project", "is_on", "target_seconds"]
    list_filter = ["is_on", "project"]
    autocomplete_fields = ["project", "teams"]


@admin.register(Topic)
class TopicAdmin(OfProject):
    list_display = ["name", "key", "project", "is_on"]
    list_filter = ["is_on", "project"]
    search_fields = ["key", "name", "content"]


@admin.register(Reason)
class ReasonAdmin(OfProject):
    list_display = ["label", "code", "project", "destination_key", "is_urgent", "target_seconds"]
    list_filter = ["is_urgent", "project"]
    search_fields = ["code", "label"]


@admin.register(ForbiddenTopic)
class ForbiddenTopicAdmin(OfProject):
    list_display = ["name", "key", "project", "destination_key", "reason_code", "is_on"]
    list_filter = ["is_on", "project"]


@admin.register(Schedule)
class ScheduleAdmin(OfProject):
    list_display = ["name", "key", "project", "time_zone", "country", "subdivision"]


@admin.register(Line)
class LineAdmin(OfProject):
    list_display = ["name", "key", "project", "environment", "kind", "domain", "required_method", "health"]
    list_filter = ["environment", "kind", "project"]


@admin.register(HandoffSettings)
class HandoffSettingsAdmin(OfProject):
    list_display = ["project", "is_on", "level", "on_explicit_request", "explicit_sensitivity"]
    list_filter = ["is_on", "level"]
    search_fields = ["project__name"]


@admin.register(Desk)
class DeskAdmin(OfProject):
    list_display = ["name", "key", "project", "environment", "kind", "health"]
    list_filter = ["environment", "kind", "health", "project"]


@admin.register(Presence)
class PresenceAdmin(OfProject):
    list_display = ["user", "project", "state", "reason", "since"]
    list_filter = ["state", "project"]
    list_select_related = ["user", "project"]
    search_fields = ["user__email", "user__full_name"]
    autocomplete_fields = ["user", "project"]


@admin.register(Agent)
class AgentAdmin(OfProject):
    list_display = ["user", "project", "capacity", "skills"]
    list_select_related = ["user", "project"]
    search_fields = ["user__email", "user__full_name"]
    autocomplete_fields = ["user", "project"]


# --- what was published, and what happened ---------------------------------------------------


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    list_display = ["hash", "created_at"]
    search_fields = ["hash"]
    ordering = ["-created_at"]


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    list_display = ["number", "project", "published_by", "published_at", "note"]
    list_filter = ["project"]
    list_select_related = ["project", "published_by"]
    search_fields = ["note", "snapshot__hash"]
    date_hierarchy = "published_at"


@admin.register(DestinationTest)
class DestinationTestAdmin(ReadOnly):
    list_display = ["destination_key", "project", "passed", "summary", "tested_by", "tested_at", "release_number"]
    list_filter = ["passed", "project"]
    list_select_related = ["project", "tested_by"]
    search_fields = ["destination_key", "summary"]
    date_hierarchy = "tested_at"


@admin.register(Handoff)
class HandoffAdmin(OfConversation):
    list_display = ["id", "project", "environment", "trigger", "reason", "destination_name", "state", "cause", "agent",
                    "initiated_at", "joined_at", "ended_at"]  # fmt: skip
    list_filter = ["environment", "state", "cause", "trigger", "is_ticket", "project"]
    list_select_related = ["project", "agent"]
    date_hierarchy = "initiated_at"


@admin.register(QueueEntry)
class QueueEntryAdmin(OfConversation):
    list_display = ["handoff_id", "queue_key", "project", "environment", "state", "is_ticket", "priority", "entered_at",
                    "claimed_at"]  # fmt: skip
    list_filter = ["state", "is_ticket", "environment", "queue_key", "project"]
    list_select_related = ["project"]
    ordering = ["-entered_at"]


@admin.register(Offer)
class OfferAdmin(OfConversation):
    list_display = ["handoff_id", "agent", "project", "state", "weight", "offered_at", "expires_at", "ended_at"]
    list_filter = ["state", "project"]
    list_select_related = ["project", "agent"]
    ordering = ["-offered_at"]


@admin.register(Assignment)
class AssignmentAdmin(OfConversation):
    list_display = ["handoff_id", "agent", "project", "state", "channel", "weight", "started_at", "ended_at"]
    list_filter = ["state", "channel", "project"]
    list_select_related = ["project", "agent"]
    ordering = ["-started_at"]


@admin.register(TurnLease)
class TurnLeaseAdmin(OfConversation):
    list_display = ["conversation_id", "holder", "expires_at", "covered_sequence"]
    ordering = ["-conversation_id"]


@admin.register(Intake)
class IntakeAdmin(OfConversation):
    list_display = ["conversation_id", "stage", "epoch", "updated_at"]
    list_filter = ["stage"]
    ordering = ["-updated_at"]
