"""Handoff API beside the published read: start a handoff from outside, list and read them, say what became of one.

Paths `/v1/{account_id}/{project_id}/handoffs…`, header `x-api-key` with the scope `handoff`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.idempotent import idempotent
from conversations.api.platform import Envelope, PlatformRefusal, PlatformView, short_envelope
from conversations.append import StaleEpoch
from conversations.domain.permissions import ApiScope
from conversations.domain.state import StateTooLarge
from conversations.domain.vocabulary import Channel
from conversations.selectors.cursors import BadCursor
from handoffs.api.handoff_bodies import CHANNELS, HandoffResultBody, ListQuery, StartBody, StateBody
from handoffs.domain.lifecycle import NotAllowed, Signal
from handoffs.domain.sip.plan import CallArguments
from handoffs.models import Handoff
from handoffs.selectors.handoffs_api import (
    HandoffFilter,
    access_handoff_by_key,
    describe_handoff,
    describe_whole,
    list_handoffs,
)
from handoffs.selectors.transfer_plan import read_transfer_plan
from handoffs.services.outside import (
    AlreadyHandedOff,
    NoVoiceRoute,
    OutsideRequest,
    SessionOver,
    Started,
    TooManyStates,
    TranscriptGiven,
    UnknownDestination,
    set_custom_state,
    start_from_outside,
)
from handoffs.services.signals import apply_signal

SIGNALS: Mapping[str, Signal] = {"completed": Signal.CLIENT_COMPLETED, "failed": Signal.CLIENT_FAILED}
REFUSALS: Mapping[type[Exception], int] = {
    BadCursor: status.HTTP_400_BAD_REQUEST,
    UnknownDestination: status.HTTP_400_BAD_REQUEST,
    NoVoiceRoute: status.HTTP_400_BAD_REQUEST,
    TranscriptGiven: status.HTTP_400_BAD_REQUEST,
    AlreadyHandedOff: status.HTTP_409_CONFLICT,
    SessionOver: status.HTTP_409_CONFLICT,
    TooManyStates: status.HTTP_409_CONFLICT,
    # What the conversation has collected and what the call adds are too much together.
    StateTooLarge: status.HTTP_400_BAD_REQUEST,
    NotAllowed: status.HTTP_409_CONFLICT,
    StaleEpoch: status.HTTP_409_CONFLICT,
}


class HandoffApiView(PlatformView):
    """A call of the Handoff API: refusals are `{"error_message": text}`."""

    scope: ClassVar[ApiScope] = ApiScope.HANDOFF
    envelope: ClassVar[Envelope] = staticmethod(short_envelope)

    def handle_exception(self, exc: Exception) -> Response:
        code = REFUSALS.get(type(exc))
        return super().handle_exception(PlatformRefusal(code, "REFUSED", str(exc)) if code else exc)

    def read(self, form: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
        """Return what was validated. Raises ValidationError."""
        body = form(data=data)
        body.is_valid(raise_exception=True)
        validated: dict[str, Any] = body.validated_data
        return validated

    def handoff(self, handoff_id: str) -> Handoff:
        return access_handoff_by_key(self.key, handoff_id)


class HandoffsView(HandoffApiView):
    """`GET` and `POST …/handoffs`"""

    def get(self, request: Request, **path: Any) -> Response:
        query = self.read(ListQuery, request.query_params)
        cursor, limit = query.pop("cursor"), query.pop("limit")
        page, follows = list_handoffs(self.key, HandoffFilter(**query), cursor=cursor, limit=limit)
        return Response({"results": [describe_handoff(handoff) for handoff in page], "next": follows})

    @idempotent
    def post(self, request: Request, **path: Any) -> Response:
        body = self.read(StartBody, request.data)
        arguments = CallArguments(route=body.pop("route"), headers=body.pop("sip_headers"))
        wanted = OutsideRequest(**{**body, "channel": CHANNELS[body["channel"]]})
        started = start_from_outside(
            project=self.project, environment=self.environment, wanted=wanted, at=timezone.now()
        )  # fmt: skip
        code = status.HTTP_201_CREATED if started.handoff else status.HTTP_200_OK
        return Response(_started(started, arguments), status=code)


class HandoffView(HandoffApiView):
    """`GET …/handoffs/{id}`: the whole of it."""

    def get(self, request: Request, handoff_id: str, **path: Any) -> Response:
        return Response(describe_whole(self.handoff(handoff_id)))


class HandoffStateView(HandoffApiView):
    """`POST …/handoffs/{id}/state`: a state of the project's own."""

    @idempotent
    def post(self, request: Request, handoff_id: str, **path: Any) -> Response:
        custom_state = self.read(StateBody, request.data)["state"] or ""
        changed = set_custom_state(
            handoff=self.handoff(handoff_id), custom_state=custom_state, at=timezone.now()
        )  # fmt: skip
        return Response(describe_handoff(changed))


class ClientResultView(HandoffApiView):
    """`POST …/handoffs/{id}/client-result`: what became of it where the customer's own app had to do it."""

    @idempotent
    def post(self, request: Request, handoff_id: str, **path: Any) -> Response:
        body = self.read(HandoffResultBody, request.data)
        handoff = self.handoff(handoff_id)
        apply_signal(
            handoff_id=handoff.pk,
            epoch=body["epoch"],
            signal=SIGNALS[body["result"]],
            at=timezone.now(),
            details={"note": body["note"]},
        )
        return Response(describe_handoff(self.handoff(handoff_id)))


def _started(started: Started, arguments: CallArguments) -> dict[str, Any]:
    """`handoff` is null when nobody is there and the policy leaves the customer to the AI; `transfer` is the plan of a
    call, and null on every other channel."""
    handoff = started.handoff
    calls = handoff is not None and started.conversation.channel == Channel.PHONE
    return {
        "conversation_id": str(started.conversation.pk),
        "is_new_conversation": started.is_new,
        "handoff": describe_whole(handoff) if handoff else None,
        "transfer": read_transfer_plan(handoff, arguments=arguments) if handoff and calls else None,
    }
