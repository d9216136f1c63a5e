"""What the customer's own app reports: `POST /api/v1/sessions/{id}/handoff/client-result` with the session's token.

After `CLIENT_HANDOFF_REQUIRED` the app takes the customer to a person itself, and says here what came of it. The same
report a second time changes nothing.
"""

import uuid
from collections.abc import Mapping

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.errors import refusal
from conversations.api.json_bodies import check_storable
from conversations.api.messaging import OpenAPIView, access_session
from conversations.models import Conversation
from handoffs.domain.lifecycle import NotAllowed, Signal
from handoffs.selectors.handoffs import is_of
from handoffs.services.signals import apply_signal

SIGNALS: Mapping[str, Signal] = {"completed": Signal.CLIENT_COMPLETED, "failed": Signal.CLIENT_FAILED}
NOTE_MAX = 2_000


class ClientResultBody(serializers.Serializer[dict[str, str]]):
    """What became of it."""

    outcome = serializers.ChoiceField(choices=sorted(SIGNALS))
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_MAX, default="")
    handoff_id = serializers.UUIDField(
        required=False, default=None, allow_null=True,
        help_text="From `metadata.custom` of the `CLIENT_HANDOFF_REQUIRED` it answers; without, the newest is meant",
    )  # fmt: skip

    def validate_note(self, note: str) -> str:
        check_storable(note)
        return note


class SessionClientResultView(OpenAPIView):
    """The app's report; 409 when this session asks nothing of it."""

    def post(self, request: Request, session_id: uuid.UUID) -> Response:
        conversation = access_session(request, session_id)
        try:
            body = ClientResultBody(data=request.data)
        except (ParseError, UnsupportedMediaType):
            return refusal("bad_request", "Error parsing request", status.HTTP_400_BAD_REQUEST)
        body.is_valid(raise_exception=True)
        return self._report(conversation, **body.validated_data)

    @staticmethod
    def _report(
        conversation: Conversation, *, outcome: str, note: str, handoff_id: uuid.UUID | None
    ) -> Response:  # fmt: skip
        answered = handoff_id or conversation.handoff_id
        if answered is None or not is_of(conversation, answered):
            return _not_asked("Nothing was handed over in this session")
        try:
            state = apply_signal(
                handoff_id=answered, epoch=None, signal=SIGNALS[outcome], at=timezone.now(), details={"note": note}
            )
        except NotAllowed as refused:
            return _not_asked(f"The handoff is {refused.state}, nothing is asked of the client")
        return Response({"session_id": str(conversation.pk), "handoff_id": str(answered), "state": state})


def _not_asked(detail: str) -> Response:
    return refusal("not_client_required", detail, status.HTTP_409_CONFLICT)
