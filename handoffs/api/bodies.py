"""Bodies of the Desk API."""

from typing import Any

from rest_framework import serializers

from conversations.domain.attachments import (
    CALL_TO_ACTION_MAX,
    CONTENT_TYPES,
    LINK,
    MOST_ATTACHMENTS,
    TITLE_MAX,
    URL_MAX,
    Attachment,
    AttachmentRefused,
    read_attachment,
)
from conversations.domain.frames import CLIENT_ID_MAX, EPOCH_MAX, TYPING_STATES
from handoffs.models import Presence

TEXT_MAX = 10_000
Body = serializers.Serializer[dict[str, Any]]


class ClaimNextBody(Body):
    queue = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)


class EpochBody(Body):
    """Every write says under which ownership it was made."""

    epoch = serializers.IntegerField(min_value=1, max_value=EPOCH_MAX)


class AttachmentBody(Body):
    """A link that hangs on a message, in the published shape."""

    content_url = serializers.CharField(max_length=URL_MAX)
    content_type = serializers.ChoiceField(choices=sorted(CONTENT_TYPES), default=LINK)
    title = serializers.CharField(max_length=TITLE_MAX, required=False, allow_blank=True)
    preview_image_url = serializers.CharField(max_length=URL_MAX, required=False, allow_blank=True)
    call_to_action_text = serializers.CharField(max_length=CALL_TO_ACTION_MAX, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> Attachment:
        try:
            return read_attachment(attrs)
        except AttachmentRefused as refused:
            raise serializers.ValidationError({refused.field: [str(refused)]}) from refused


class MessageBody(EpochBody):
    text = serializers.CharField(max_length=TEXT_MAX, trim_whitespace=False)
    client_id = serializers.CharField(max_length=CLIENT_ID_MAX)
    attachments = serializers.ListField(child=AttachmentBody(), required=False, max_length=MOST_ATTACHMENTS)

    def validate_text(self, value: str) -> str:
        if not value.strip():
            raise serializers.ValidationError("A message needs a text")
        return value


class NoteBody(Body):
    text = serializers.CharField(max_length=TEXT_MAX)
    client_id = serializers.CharField(max_length=CLIENT_ID_MAX, required=False, default=None)
    epoch = serializers.IntegerField(min_value=1, max_value=EPOCH_MAX, required=False, default=None)


class TypingBody(EpochBody):
    state = serializers.ChoiceField(choices=sorted(TYPING_STATES), default="TYPING_STATE_STARTED")


class ReturnBody(EpochBody):
    note = serializers.CharField(max_length=TEXT_MAX, required=False, allow_blank=True, default="")


class CloseBody(EpochBody):
    code = serializers.CharField(max_length=60)
    resolved = serializers.BooleanField()
    first_contact_resolved = serializers.BooleanField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class PresenceBody(Body):
    state = serializers.ChoiceField(choices=Presence.STATES)
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
