"""Desk API: the inbox for custom agent desktops and scripts. The inbox page calls the same services.

Base `/api/v1/projects/{project_id}/`; `?environment=live|sandbox`, live when nothing is said.
"""

from typing import Any

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.api.authentication import PEOPLE
from conversations.domain.frames import staff_frame
from conversations.domain.permissions import Permission
from conversations.domain.timeline import StoredEvent
from conversations.models import Conversation, Outcome, User
from conversations.selectors.timeline import events_with_head
from conversations.services.outcomes import OutcomeFacts
from conversations.services.replies import add_note, send_reply
from handoffs.api.bodies import (
    ClaimNextBody,
    CloseBody,
    MessageBody,
    NoteBody,
    PresenceBody,
    ReturnBody,
    TypingBody,
)
from handoffs.api.desk import DeskView
from handoffs.domain.inbox import View, describe, to_wire
from handoffs.selectors.inbox import read_row, read_view
from handoffs.selectors.inbox_detail import read_detail
from handoffs.services.claims import claim_conversation, claim_next
from handoffs.services.closing import close_conversation, hand_back
from handoffs.services.presence import set_presence
from handoffs.services.socket_tickets import LIFETIME_SECONDS, issue_socket_ticket
from handoffs.services.typing import tell_typing


class InboxView(DeskView):
    """`GET inbox?view=&cursor=`: one page of a view."""

    needs = Permission.INBOX_VIEW

    def get(self, request: Request, **kwargs: Any) -> Response:
        viewer, view = self.viewer, View(self.query("view", View, View.WAITING.value))
        page = read_view(
            project=self.project,
            environment=self.environment,
            viewer=viewer,
            view=view,
            cursor=request.query_params.get("cursor", ""),
        )
        return Response({"results": [to_wire(describe(row, viewer)) for row in page.rows], "next": page.next})


class ConversationView(DeskView):
    """`GET inbox/{id}`: the list row, and what is known beside it."""

    needs = Permission.INBOX_VIEW

    def get(self, request: Request, **kwargs: Any) -> Response:
        row = describe(read_row(self.conversation.pk), self.viewer)
        return Response(to_wire({**row, **read_detail(conversation=self.conversation, viewer=self.viewer)}))


class EventsView(DeskView):
    """`GET inbox/{id}/events?after=`: the timeline from there on, 500 events at most."""

    needs = Permission.INBOX_VIEW

    def get(self, request: Request, **kwargs: Any) -> Response:
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 10):
            raise serializers.ValidationError({"after": ["A sequence number"]})
        events, head = events_with_head(self.conversation, int(after))
        shown = [self.event(event) for event in events]
        return Response({"events": shown, "last_sequence": head.last_sequence, "epoch": head.epoch})

    def event(self, event: StoredEvent) -> Any:
        return staff_frame(event, masked=self.viewer.masked)["event"]


class ClaimView(DeskView):
    """`POST inbox/{id}/claim`"""

    def post(self, request: Request, **kwargs: Any) -> Response:
        claimed = claim_conversation(conversation_id=self.conversation.pk, agent=self.user, at=timezone.now())
        return Response(owned(self, claimed))


class ClaimNextView(DeskView):
    """`POST inbox/claim-next`: in queue order; 204 when nobody waits."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        claimed = claim_next(
            project=self.project,
            environment=self.environment,
            agent=self.user,
            at=timezone.now(),
            queue=self.body(ClaimNextBody)["queue"],
        )
        return Response(owned(self, claimed)) if claimed else Response(status=status.HTTP_204_NO_CONTENT)


class MessagesView(DeskView):
    """`POST inbox/{id}/messages`: 201, and 200 with the same event when the `client_id` comes again."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(MessageBody)
        stored = send_reply(
            conversation_id=self.conversation.pk,
            author=self.user,
            text=body["text"],
            epoch=body["epoch"],
            client_id=body["client_id"],
            attachments=body.get("attachments", ()),
        )
        answer = {"event": staff_frame(stored, masked=False)["event"]}
        return Response(answer, status=status.HTTP_200_OK if stored.repeat else status.HTTP_201_CREATED)


class NotesView(DeskView):
    """`POST inbox/{id}/notes`: only colleagues see it."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        stored = add_note(conversation_id=self.conversation.pk, author=self.user, **self.body(NoteBody))
        return Response({"event": staff_frame(stored, masked=False)["event"]})


class TypingView(DeskView):
    """`POST inbox/{id}/typing`"""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(TypingBody)
        tell_typing(conversation_id=self.conversation.pk, agent=self.user, at=timezone.now(), **body)
        return Response({"state": body["state"]})


class ReturnView(DeskView):
    """`POST inbox/{id}/return`: hand the conversation back to the AI."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(ReturnBody)
        returned = hand_back(conversation_id=self.conversation.pk, agent=self.user, at=timezone.now(), **body)
        return Response(owned(self, returned))


class CloseView(DeskView):
    """`POST inbox/{id}/close`: end it with an outcome."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        body = self.body(CloseBody)
        epoch = body.pop("epoch")
        facts = OutcomeFacts(**body, handled_by=self.user.full_name)
        outcome = close_conversation(
            conversation_id=self.conversation.pk, agent=self.user, epoch=epoch, facts=facts, at=timezone.now()
        )
        return Response({"state": "closed", "outcome": outcome_facts(outcome)})


class PresenceView(DeskView):
    """`PUT presence`: whether this person takes work here."""

    def put(self, request: Request, **kwargs: Any) -> Response:
        presence = set_presence(user=self.user, project=self.project, at=timezone.now(), **self.body(PresenceBody))
        return Response(to_wire({"state": presence.state, "reason": presence.reason, "since": presence.since}))


class SocketTicketView(APIView):
    """`POST /api/v1/ws-ticket`: one handshake of `/ws/inbox` without a cookie."""

    authentication_classes = PEOPLE

    def post(self, request: Request) -> Response:
        assert isinstance(request.user, User)
        return Response({"ticket": issue_socket_ticket(user=request.user), "expires_in": LIFETIME_SECONDS})


def owned(view: DeskView, conversation: Conversation) -> dict[str, Any]:
    owner = {"kind": conversation.owner_kind, **view.owner(conversation.owner_kind, conversation.owner_id)}
    return {"conversation_id": str(conversation.pk), "epoch": conversation.epoch, "owner": owner}


def outcome_facts(outcome: Outcome) -> Any:
    return to_wire(
        {
            "id": outcome.pk,
            "code": outcome.code,
            "resolved": outcome.resolved,
            "first_contact_resolved": outcome.first_contact_resolved,
            "handled_by": outcome.handled_by,
            "note": outcome.note,
            "occurred_at": outcome.occurred_at,
        }
    )
