"""The Desk API, as described by OpenAPI."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from conversations.api.schemas.base import ACCESS_TOKEN, Descriptions, FieldsRefused, Refused, describe
from handoffs.api import bodies, inbox, supervision
from handoffs.api.client_result import ClientResultBody, SessionClientResultView
from handoffs.api.schemas.desk_answers import (
    ENVIRONMENTS,
    Cancelled,
    ClientReported,
    Closed,
    Conflict,
    EventKept,
    EventPage,
    InboxDetail,
    InboxPage,
    Owned,
    PresenceNow,
    SocketTicket,
    TypingTold,
    Watching,
)
from handoffs.api.waiting import CancelHandoffView
from handoffs.domain.inbox import View

TAGS = ["Desk"]
WORDS = {
    400: "The body cannot be read",
    401: "The token is missing, unknown, expired or revoked",
    403: "This needs a permission the person lacks",
    404: "There is no such thing, or it is not this person's to see",
    405: "No such method here",
    411: "The body comes without a Content-Length",
    413: "The body is too large",
    415: "The body is not application/json",
    500: "It failed here",
}
CONFLICT = {409: OpenApiResponse(Conflict, description="Somebody else has it, or nobody does")}
FIELDS = {422: OpenApiResponse(FieldsRefused, description="Field by field")}


def refused(*statuses: int) -> dict[int, OpenApiResponse]:
    return {status: OpenApiResponse(Refused, description=WORDS[status]) for status in statuses}


ON_READ = {**refused(401, 403, 404, 405, 500), **FIELDS}
ON_WRITE = {**refused(400, 401, 403, 404, 405, 411, 413, 415, 500), **FIELDS, **CONFLICT}
ENVIRONMENT = OpenApiParameter(
    "environment", OpenApiTypes.STR, enum=ENVIRONMENTS, default="live",
    description="Live when nothing is said",
)  # fmt: skip


def read(name: str, summary: str, answer: type[Any], *parameters: OpenApiParameter) -> Any:
    return extend_schema(
        operation_id=f"desk_{name}",
        summary=summary,
        tags=TAGS,
        parameters=[ENVIRONMENT, *parameters],
        responses={200: answer, **ON_READ},
    )


def write(name: str, summary: str, answers: dict[int, Any], body: type[Any] | None = None) -> Any:
    return extend_schema(
        operation_id=f"desk_{name}",
        summary=summary,
        tags=TAGS,
        parameters=[ENVIRONMENT],
        request=body,
        responses={**answers, **ON_WRITE},
    )


VIEWS = OpenApiParameter("view", OpenApiTypes.STR, enum=[view.value for view in View], default="waiting")
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="`next` of the page before")
AFTER = OpenApiParameter("after", OpenApiTypes.INT, description="The last sequence already seen; 500 events at most")

DESK: Descriptions = {
    inbox.InboxView: {"get": read("inbox", "One page of a view of the inbox", InboxPage, VIEWS, CURSOR)},
    inbox.ConversationView: {"get": read("conversation", "A conversation, with what is known of it", InboxDetail)},
    inbox.EventsView: {"get": read("events", "A conversation's timeline", EventPage, AFTER)},
    inbox.ClaimView: {"post": write("claim", "Take a waiting conversation", {200: Owned})},
    inbox.ClaimNextView: {
        "post": write(
            "claim_next",
            "Take the next one, in queue order",
            {200: Owned, 204: OpenApiResponse(description="Nobody waits")},
            bodies.ClaimNextBody,
        )
    },
    inbox.MessagesView: {
        "post": write(
            "message",
            "Reply to the customer",
            {201: EventKept, 200: OpenApiResponse(EventKept, description="The same `client_id` again")},
            bodies.MessageBody,
        )
    },
    inbox.NotesView: {"post": write("note", "Add a note that only colleagues see", {200: EventKept}, bodies.NoteBody)},
    inbox.TypingView: {"post": write("typing", "Tell that somebody types", {200: TypingTold}, bodies.TypingBody)},
    inbox.ReturnView: {"post": write("return", "Hand it back to the AI", {200: Owned}, bodies.ReturnBody)},
    inbox.CloseView: {"post": write("close", "End it with an outcome", {200: Closed}, bodies.CloseBody)},
    supervision.TransferView: {
        "post": write("transfer", "Pass it to a destination or a colleague", {200: Owned}, supervision.TransferBody)
    },
    supervision.TakeoverView: {
        "post": write("takeover", "Take it from the AI, the queue or a colleague", {200: Owned})
    },
    supervision.ReassignView: {
        "post": write("reassign", "Give it to an agent", {200: Owned}, supervision.ReassignBody)
    },
    supervision.WatchView: {
        "post": write("watch", "Tell colleagues that one looks on", {200: Watching}, supervision.WatchBody)
    },
    supervision.WhisperView: {
        "post": write("whisper", "Say what only colleagues see", {200: EventKept}, supervision.WhisperBody)
    },
    supervision.BargeView: {
        "post": write(
            "barge", "Say what the customer sees; the agent keeps it", {200: EventKept}, supervision.BargeBody
        )
    },
    inbox.PresenceView: {
        "put": write("presence", "Say whether one takes work", {200: PresenceNow}, bodies.PresenceBody)
    },
    inbox.SocketTicketView: {
        "post": extend_schema(
            operation_id="desk_ws_ticket",
            summary="A single-use ticket for the inbox's socket",
            tags=TAGS,
            request=None,
            responses={200: SocketTicket, **refused(401, 403, 405, 411, 413, 500)},
        )
    },
}
OF_A_SESSION: Descriptions = {
    CancelHandoffView: {
        "post": extend_schema(
            operation_id="handoff_cancel",
            summary="Stop waiting and return to the AI",
            tags=["Messaging"],
            request=None,
            responses={
                200: Cancelled,
                409: OpenApiResponse(Refused, description="Nobody waits"),
                **refused(401, 404, 405, 411, 413, 500),
            },
        )
    },
    SessionClientResultView: {
        "post": extend_schema(
            operation_id="session_client_result",
            summary="Say what became of the handoff the customer's own app had to do",
            tags=["Messaging"],
            request=ClientResultBody,
            responses={
                200: ClientReported,
                409: OpenApiResponse(Refused, description="Nothing is asked of the client"),
                **refused(400, 401, 404, 405, 411, 413, 500),
                **FIELDS,
            },
        )
    },
}


def describe_desk() -> None:
    describe(DESK)
    describe(OF_A_SESSION, takes=ACCESS_TOKEN)
