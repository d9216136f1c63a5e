"""Desk API: passing a conversation on, and what supervisors do beside it."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.domain.frames import CLIENT_ID_MAX, staff_frame
from conversations.domain.permissions import Permission
from handoffs.api.bodies import TEXT_MAX, Body, EpochBody
from handoffs.api.desk import DeskView
from handoffs.api.inbox import owned
from handoffs.services.supervision import barge_in, tell_watching, whisper
from handoffs.services.takeovers import take_over
from handoffs.services.transfers import reassign_conversation, transfer_to_agent, transfer_to_destination

NOTE_MAX = 2_000


class TransferBody(EpochBody):
    """Exactly one of `destination` (a key) and `agent` (an id). The note reaches whoever takes it."""

    destination = serializers.CharField(required=False, max_length=60)
    agent = serializers.UUIDField(required=False)
    note = serializers.CharField(max_length=NOTE_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("destination" in attrs) == ("agent" in attrs):
            raise serializers.ValidationError({"destination": ["Name a destination or an agent, one of them"]})
        return attrs


class ReassignBody(Body):
    agent = serializers.UUIDField()
    note = serializers.CharField(max_length=NOTE_MAX, required=False, allow_blank=True, default="")


class WatchBody(Body):
    watching = serializers.BooleanField(default=True)


class WhisperBody(Body):
    text = serializers.CharField(max_length=TEXT_MAX)
    client_id = serializers.CharField(max_length=CLIENT_ID_MAX, required=False, default=None)


class BargeBody(WhisperBody, EpochBody):
    """Words the customer reads, under the ownership they were written in."""


class TransferView(DeskView):
    """`POST inbox/{id}/transfer`: to another destination's queue, or straight to a colleague."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(TransferBody)
        common = {"conversation_id": self.conversation.pk, "agent": self.user, "epoch": body["epoch"]}
        said = {"note": body["note"], "at": timezone.now()}
        if "agent" in body:
            passed = transfer_to_agent(**common, to=body["agent"], **said)
        else:
            passed = transfer_to_destination(**common, destination=body["destination"], **said)
        return Response(owned(self, passed))


class TakeoverView(DeskView):
    """`POST inbox/{id}/takeover`: from the AI or the queue; a supervisor also from a colleague."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        taken = take_over(
            conversation_id=self.conversation.pk,
            agent=self.user,
            at=timezone.now(),
            may_take_from=self.may(Permission.INBOX_SUPERVISE),
        )
        return Response(owned(self, taken))


class SupervisorView(DeskView):
    needs = Permission.INBOX_SUPERVISE


class ReassignView(SupervisorView):
    """`POST inbox/{id}/reassign`: give it to an agent."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(ReassignBody)
        given = reassign_conversation(
            conversation_id=self.conversation.pk,
            supervisor=self.user,
            to=body["agent"],
            note=body["note"],
            at=timezone.now(),
        )
        return Response(owned(self, given))


class WatchView(SupervisorView):
    """`POST inbox/{id}/watch`: colleagues see that somebody looks on. The events come over the inbox socket."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        watching = self.body(WatchBody)["watching"]
        tell_watching(conversation=self.conversation, supervisor=self.user, is_watching=watching)
        return Response({"watching": watching, **owned(self, self.conversation)})


class WhisperView(SupervisorView):
    """`POST inbox/{id}/whisper`: words only colleagues see."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        stored = whisper(conversation_id=self.conversation.pk, supervisor=self.user, **self.body(WhisperBody))
        return Response({"event": staff_frame(stored, masked=False)["event"]})


class BargeView(SupervisorView):
    """`POST inbox/{id}/barge`: words the customer sees; the agent keeps the conversation."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        stored = barge_in(conversation_id=self.conversation.pk, supervisor=self.user, **self.body(BargeBody))
        return Response({"event": staff_frame(stored, masked=False)["event"]})
