"""Desk API: putting a conversation aside, and being done with one that is closed."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.errors import refusal
from conversations.domain.frames import timestamp_of
from handoffs.api.bodies import EpochBody
from handoffs.api.desk import DeskView
from handoffs.services.assignments import finish_wrap_up
from handoffs.services.snooze import snooze_conversation, wake_conversation


class SnoozeBody(EpochBody):
    until = serializers.DateTimeField()


class SnoozeView(DeskView):
    """`POST inbox/{id}/snooze`: until a moment, or until the customer writes. Once more moves the moment."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(SnoozeBody)
        until: datetime = body["until"]
        snooze_conversation(
            conversation_id=self.conversation.pk, agent=self.user, epoch=body["epoch"], until=until, at=timezone.now()
        )
        return Response(
            {"conversation_id": str(self.conversation.pk), "state": "snoozed", "until": timestamp_of(until)}
        )


class WakeView(DeskView):
    """`POST inbox/{id}/wake`: bring one's own snoozed conversation back; 409 when it is not snoozed."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        conversation_id = self.conversation.pk
        if wake_conversation(conversation_id=conversation_id, at=timezone.now(), because="agent", agent=self.user):
            return Response({"conversation_id": str(conversation_id), "state": "active"})
        return refusal("not_snoozed", "You have not snoozed this conversation", status.HTTP_409_CONFLICT)


class WrapUpDoneView(DeskView):
    """`POST inbox/{id}/wrap-up/done`: the capacity it took is free; 409 when nothing was left to wrap up."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        conversation_id = self.conversation.pk
        if finish_wrap_up(conversation_id=conversation_id, agent=self.user, at=timezone.now()):
            return Response({"conversation_id": str(conversation_id), "state": "ended"})
        return refusal("not_wrapping_up", "You have nothing to wrap up here", status.HTTP_409_CONFLICT)
