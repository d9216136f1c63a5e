"""What the Desk API answers, as described by OpenAPI."""

from typing import Any

from rest_framework import serializers

from conversations.domain.vocabulary import Environment, OwnerKind
from handoffs.api.schemas.handoff import LIFECYCLE_STATES
from handoffs.domain.inbox import RowState
from handoffs.models import Presence

Field = serializers.Field[Any, Any, Any, Any]
ROW_STATES = [state.value for state in RowState]
OWNER_KINDS = [kind.value for kind in OwnerKind]
ENVIRONMENTS = [item.value for item in Environment]


class Named(serializers.Serializer[object]):
    id = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)


class Owner(Named):
    """Who has the conversation."""

    kind = serializers.ChoiceField(choices=OWNER_KINDS)


class QueueName(serializers.Serializer[object]):
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)


class LastEvent(serializers.Serializer[object]):
    """The newest message; text: null where this person may not see it."""

    author = serializers.CharField(help_text="The name it was said under")
    text = serializers.CharField(allow_null=True, allow_blank=True)
    at = serializers.DateTimeField()


class InboxRow(serializers.Serializer[object]):
    """A conversation in the list."""

    conversation_id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    epoch = serializers.IntegerField()
    name = serializers.CharField()
    initials = serializers.CharField()
    channel = serializers.CharField()
    environment = serializers.ChoiceField(choices=ENVIRONMENTS)
    state = serializers.ChoiceField(choices=ROW_STATES)
    owner = Owner()
    owner_since = serializers.DateTimeField()
    mine = serializers.BooleanField()
    queue = QueueName()
    reason = serializers.CharField(allow_blank=True)
    reason_label = serializers.CharField(allow_blank=True)
    reason_urgent = serializers.BooleanField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    target_seconds = serializers.IntegerField(allow_null=True)
    last_event = LastEvent(allow_null=True)
    unread = serializers.IntegerField()
    destination_name = serializers.CharField(allow_blank=True)


class InboxPage(serializers.Serializer[object]):
    results = InboxRow(many=True)
    next = serializers.CharField(allow_null=True)


class Labelled(serializers.Serializer[object]):
    def get_fields(self) -> dict[str, Field]:
        # Not a class attribute: a field has a `label` of its own.
        return {**super().get_fields(), "label": serializers.CharField()}


class DispositionChoice(Labelled):
    code = serializers.CharField()


class RuleConsidered(Labelled):
    met = serializers.BooleanField()
    values = serializers.CharField()


class HandoffShown(serializers.Serializer[object]):
    """The conversation's current handoff, as the person at the desk sees it."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    is_ticket = serializers.BooleanField()
    reason = serializers.CharField()
    reason_label = serializers.CharField(allow_blank=True)
    trigger = serializers.CharField()
    utterance = serializers.CharField(allow_blank=True)
    destination = serializers.CharField(allow_blank=True)
    destination_name = serializers.CharField(allow_blank=True)
    release = serializers.IntegerField(allow_null=True)
    initiated_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="Of the context contract")
    evidence = serializers.CharField(allow_blank=True)
    score = serializers.FloatField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    explanation = serializers.ListField(
        child=serializers.CharField(), help_text="Why it fired, a sentence for each trigger; empty without pii.view"
    )
    counted = serializers.ListField(
        child=serializers.IntegerField(), help_text="Sequences of the messages the explanation rests on"
    )
    rules = RuleConsidered(many=True)

    def get_fields(self) -> dict[str, Field]:
        # Not class attributes: a serializer has a `data`, and a field a `required`, of its own.
        asked_for = serializers.IntegerField(help_text="How many fields the context contract asks for")
        return {**super().get_fields(), "required": asked_for, "data": serializers.DictField()}


class CustomerFacts(serializers.Serializer[object]):
    facts = serializers.DictField(child=serializers.CharField(allow_blank=True))


class Earlier(serializers.Serializer[object]):
    conversation_id = serializers.UUIDField()
    title = serializers.CharField()
    by_ai = serializers.BooleanField()
    agent = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class InboxDetail(InboxRow):
    """The row, and what is known beside it."""

    dispositions = DispositionChoice(many=True)
    handoff = HandoffShown(allow_null=True)
    customer = CustomerFacts()
    earlier = Earlier(many=True)


class TimelineEvent(serializers.Serializer[object]):
    """One event of the timeline; personal fields are masked for people who may not see them."""

    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    public_sequence = serializers.IntegerField(allow_null=True)
    type = serializers.CharField()
    author = serializers.CharField()
    epoch = serializers.IntegerField()
    at = serializers.DateTimeField()
    payload = serializers.DictField()


class EventKept(serializers.Serializer[object]):
    event = TimelineEvent()


class EventPage(serializers.Serializer[object]):
    events = TimelineEvent(many=True)
    last_sequence = serializers.IntegerField()
    epoch = serializers.IntegerField()


class Owned(serializers.Serializer[object]):
    """Who has it now, and under which epoch they write."""

    conversation_id = serializers.UUIDField()
    epoch = serializers.IntegerField()
    owner = Owner()


class Watching(Owned):
    watching = serializers.BooleanField()


class TypingTold(serializers.Serializer[object]):
    state = serializers.CharField()


class OutcomeKept(serializers.Serializer[object]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    resolved = serializers.BooleanField()
    first_contact_resolved = serializers.BooleanField(allow_null=True)
    handled_by = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    occurred_at = serializers.DateTimeField()


class Closed(serializers.Serializer[object]):
    state = serializers.ChoiceField(choices=["closed"])
    outcome = OutcomeKept()


class PresenceNow(serializers.Serializer[object]):
    state = serializers.ChoiceField(choices=Presence.STATES)
    reason = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(allow_null=True)


class SocketTicket(serializers.Serializer[object]):
    ticket = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds")


class Cancelled(serializers.Serializer[object]):
    cancelled = serializers.BooleanField()


class ClientReported(serializers.Serializer[object]):
    """Where the handoff stands now."""

    session_id = serializers.UUIDField()
    handoff_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=LIFECYCLE_STATES)


class Conflict(serializers.Serializer[object]):
    """`already_claimed`, `stale_epoch` and `ended` say who has it and since when; `not_waiting` in which state it
    is; `no_capacity` what this person carries of how much; `gone` how the offer ended; `draft_id`: where the refused
    text is kept."""

    error = serializers.CharField()
    detail = serializers.CharField()
    owner = Named(required=False)
    at = serializers.DateTimeField(required=False)
    state = serializers.CharField(required=False)
    draft_id = serializers.UUIDField(required=False)
    load = serializers.IntegerField(required=False)
    capacity = serializers.IntegerField(required=False)
