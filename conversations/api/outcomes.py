"""Outcomes API: `PUT /v1/{account_id}/{project_id}/outcomes/{shared_id}`, how a CRM says what a human achieved."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.access import NotFound
from conversations.api.chat import KEY_HEADER, read_body
from conversations.api.envelopes import WITH_BODY, WORDS
from conversations.api.idempotent import idempotent
from conversations.api.platform import Envelope, PlatformView, own_envelope
from conversations.api.schemas.base import FieldsRefused, Refused
from conversations.domain.permissions import ApiScope
from conversations.selectors.outcomes import OutcomeTarget, UnknownHandoff, UnknownSharedId, find_outcome_target
from conversations.services.outcomes import OutcomeFacts, Received, receive_outcome

CLOCKS_DIFFER = timedelta(minutes=5)


class OutcomeBody(serializers.Serializer[object]):
    """What the human achieved, and when. source: your system's name; it is never told of its own outcomes."""

    code = serializers.CharField(max_length=60)
    resolved = serializers.BooleanField()
    first_contact_resolved = serializers.BooleanField(required=False, allow_null=True, default=None)
    handled_by = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000, default="")
    occurred_at = serializers.DateTimeField(help_text="With an offset from UTC. The newest one is current")
    handoff_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Which one, where a conversation had several"
    )

    def get_fields(self) -> dict[str, Any]:
        # Not a class attribute: a serializer has a `source` of its own.
        return {**super().get_fields(), "source": serializers.CharField(max_length=60)}

    def validate_occurred_at(self, occurred_at: datetime) -> datetime:
        # One from the future would stay current for ever.
        if occurred_at > timezone.now() + CLOCKS_DIFFER:
            raise ValidationError("This is in the future")
        return occurred_at


class OutcomeTaken(serializers.Serializer[object]):
    """Where it was kept. current: no newer one is known of this handoff."""

    outcome_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    handoff_id = serializers.UUIDField(allow_null=True)
    current = serializers.BooleanField()
    matches = serializers.IntegerField(help_text="How many conversations share this id")


REFUSALS = {
    **{code: OpenApiResponse(Refused, description=WORDS[code]) for code in WITH_BODY},
    422: OpenApiResponse(FieldsRefused, description="Field by field"),
}


class OutcomeView(PlatformView):
    """Keep an outcome of the conversation that carries this id."""

    scope: ClassVar[ApiScope] = ApiScope.OUTCOMES
    envelope: ClassVar[Envelope] = staticmethod(own_envelope)

    @extend_schema(
        operation_id="outcome_put",
        tags=["Outcomes"],
        parameters=[KEY_HEADER],
        request=OutcomeBody,
        responses={200: OutcomeTaken, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, shared_id: str, **path: Any) -> Response:
        told = read_body(OutcomeBody, request)
        occurred_at, handoff_id = told.pop("occurred_at"), told.pop("handoff_id")
        try:
            target = find_outcome_target(
                project=self.project, environment=self.environment, shared_id=shared_id, handoff_id=handoff_id
            )
        except UnknownSharedId as error:
            raise NotFound("conversation") from error
        except UnknownHandoff as error:
            text = "No conversation with this id has had that handoff"
            raise ValidationError({"handoff_id": [text]}) from error
        received = receive_outcome(target=target, facts=OutcomeFacts(**told), occurred_at=occurred_at)
        return Response(_answer(target, received))

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ValidationError):
            return Response({"errors": exc.detail}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
        return super().handle_exception(exc)


def _answer(target: OutcomeTarget, received: Received) -> dict[str, Any]:
    return {
        "outcome_id": str(received.outcome.pk),
        "conversation_id": str(target.conversation_id),
        "handoff_id": str(target.handoff_id) if target.handoff_id else None,
        "current": received.is_current,
        "matches": target.matches,
    }
