"""Bodies of the Handoff API."""

import re
from typing import Any

import orjson
from rest_framework import serializers

from conversations.api.json_bodies import check_storable
from conversations.domain.frames import EPOCH_MAX
from conversations.domain.state import STATE_LIMIT
from conversations.domain.vocabulary import Channel

CHANNELS = {
    "webchat": Channel.WEB_CHAT,
    "api": Channel.CHAT_API,
    "sms": Channel.SMS,
    "whatsapp": Channel.WHATSAPP,
    "email": Channel.EMAIL,
    "voice": Channel.PHONE,
}
CHANNEL_NAMES = sorted(CHANNELS)
VOICE = "voice"
RESULTS = ("completed", "failed")
MOST_MESSAGES = 500
KEY = r"^[a-z0-9][a-z0-9_-]*\Z"
Body = serializers.Serializer[dict[str, Any]]


def check_data(value: dict[str, Any]) -> None:
    """What PostgreSQL can hold, of a size a screen-pop can carry. Raises ValidationError."""
    check_storable(value)
    if (size := len(orjson.dumps(value))) > STATE_LIMIT:
        raise serializers.ValidationError(f"{size} octets of JSON are more than the {STATE_LIMIT} it may have")


class MessageSaid(Body):
    author = serializers.ChoiceField(choices=("customer", "ai"))
    text = serializers.CharField(max_length=10_000, trim_whitespace=False)


class StartBody(Body):
    """`conversation_id` wins over `shared_id`; with neither a conversation is opened, which `messages` begin."""

    conversation_id = serializers.UUIDField(required=False)
    shared_id = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    channel = serializers.ChoiceField(choices=CHANNEL_NAMES, default="webchat")
    destination = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    reason = serializers.RegexField(KEY, max_length=60)
    utterance = serializers.CharField(required=False, allow_blank=True, max_length=2_000, default="")
    summary = serializers.CharField(required=False, allow_blank=True, max_length=2_000, default="")
    soft = serializers.BooleanField(default=False)
    caller_id = serializers.CharField(required=False, allow_blank=True, max_length=254, default="")
    route = serializers.CharField(required=False, allow_blank=True, max_length=255, default="")
    sip_headers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=1_000), required=False, default=dict
    )
    messages = serializers.ListField(child=MessageSaid(), required=False, default=list, max_length=MOST_MESSAGES)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Not a class attribute: a serializer has a `data` of its own.
        free = serializers.DictField(required=False, default=dict, validators=[check_data])
        return {**super().get_fields(), "data": free}


class StateBody(Body):
    """A state of one's own, in lower case; null takes it away, and the published one stands again."""

    state = serializers.RegexField(KEY, max_length=60, allow_null=True)

    def validate_state(self, state: str | None) -> str | None:
        if state and re.match("handoff_", state):
            raise serializers.ValidationError("Names that begin with handoff_ are the published states'")
        return state


class HandoffResultBody(Body):
    """What became of a handoff that the customer's own app, or a voice platform, had to do."""

    result = serializers.ChoiceField(choices=RESULTS)
    epoch = serializers.IntegerField(min_value=1, max_value=EPOCH_MAX, required=False, default=None)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2_000, default="")


class ListQuery(Body):
    """What a list is cut down to."""

    state = serializers.CharField(required=False, max_length=60, default="")
    reason = serializers.CharField(required=False, max_length=60, default="")
    destination = serializers.CharField(required=False, max_length=60, default="")
    since = serializers.DateTimeField(required=False, default=None)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=200, default=50)
    cursor = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
