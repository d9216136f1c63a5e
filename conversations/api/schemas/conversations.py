"""What the Conversations API answers, as described by OpenAPI."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from conversations.api.conversation_bodies import CHANNEL_NAMES
from conversations.domain.turns import PUBLISHED_STATES


class TurnShown(serializers.Serializer[object]):
    """One turn. A side that said nothing is an empty text without an instant."""

    user_input = serializers.CharField(allow_blank=True)
    user_input_dtmf = serializers.CharField(allow_blank=True, help_text="Always empty: there are no key presses")
    user_input_datetime = serializers.DateTimeField(allow_null=True)
    agent_response = serializers.CharField(allow_blank=True)
    agent_response_datetime = serializers.DateTimeField(allow_null=True)
    latency = serializers.FloatField(required=False, allow_null=True, help_text="Seconds; with `include_latency`")
    translated_user_input = serializers.CharField(allow_blank=True, help_text="Always empty")
    english_agent_response = serializers.CharField(allow_blank=True, help_text="Always empty")
    intents = serializers.ListField(child=serializers.CharField(), help_text="Keys of the topics that answered")
    entities = serializers.ListField(child=serializers.DictField(), help_text="Always empty")
    is_ood = serializers.BooleanField(help_text="The AI did not understand")
    is_silence = serializers.BooleanField(help_text="Always false")
    barge_in = serializers.BooleanField(help_text="Always false")
    responder = serializers.ChoiceField(choices=["ai", "human", ""], help_text="Who answered")


class ConversationShown(serializers.Serializer[object]):
    """What v3 and v4 have in common."""

    id = serializers.UUIDField()
    account_id = serializers.UUIDField()
    project_id = serializers.UUIDField()
    variant_id = serializers.CharField(allow_blank=True, help_text="As the chat was opened with")
    variant_name = serializers.CharField(allow_blank=True, help_text="Always empty")
    environment = serializers.ChoiceField(choices=["sandbox", "live"])
    started_at = serializers.DateTimeField()
    channel = serializers.ChoiceField(choices=list(CHANNEL_NAMES.values()))
    from_number = serializers.CharField(allow_blank=True)
    to_number = serializers.CharField(allow_blank=True, help_text="Always empty")
    in_progress = serializers.BooleanField()
    num_turns = serializers.IntegerField()
    total_duration = serializers.IntegerField(help_text="Seconds, up to now while it is in progress")
    polyai_duration = serializers.IntegerField(help_text="Seconds the AI had it")
    num_silences = serializers.IntegerField(help_text="Always 0")
    num_ood = serializers.IntegerField(help_text="Turns the AI did not understand")
    metrics = serializers.DictField(help_text="Always empty: there are no custom metrics yet")
    state = serializers.DictField(help_text="What was collected: `conv.state`")
    turns = TurnShown(many=True)


class ConversationV3(ConversationShown):
    handoff = serializers.BooleanField()
    handoff_reason = serializers.CharField(allow_blank=True)
    handoff_destination = serializers.CharField(allow_blank=True, help_text="The destination's key")


class TimesShown(serializers.Serializer[object]):
    initiated_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    joined_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


# Not a class: a serializer cannot have a field called `data`.
HandoffShown = inline_serializer(
    name="ConversationHandoff",
    fields={
        "id": serializers.UUIDField(),
        "destination": serializers.CharField(allow_blank=True, help_text="Its key"),
        "destination_name": serializers.CharField(allow_blank=True),
        "reason": serializers.CharField(allow_blank=True),
        "utterance": serializers.CharField(allow_blank=True),
        "trigger": serializers.CharField(allow_blank=True),
        "state": serializers.ChoiceField(choices=sorted(set(PUBLISHED_STATES.values()))),
        "lifecycle_state": serializers.ChoiceField(choices=list(PUBLISHED_STATES)),
        "data": serializers.DictField(),
        "timestamps": TimesShown(),
    },
    allow_null=True,
)


class OutcomeShown(serializers.Serializer[object]):
    code = serializers.CharField()
    resolved = serializers.BooleanField()
    first_contact_resolved = serializers.BooleanField(allow_null=True)
    handled_by = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    occurred_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        # Not a class attribute: a serializer has a `source` of its own.
        return {**super().get_fields(), "source": serializers.CharField()}


class ConversationV4(ConversationShown):
    shared_id = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    handoff = HandoffShown
    outcome = OutcomeShown(allow_null=True)


class Paged(serializers.Serializer[object]):
    """Where the next page is."""

    next_offset = serializers.IntegerField(required=False, help_text="Only where a page follows")
    cursor = serializers.CharField(allow_null=True, help_text="Of the next page; null at the end")


class PageV3(Paged):
    conversations = ConversationV3(many=True)


class PageV4(Paged):
    conversations = ConversationV4(many=True)
