"""Chat API: `POST /v1/{account_id}/{project_id}/chat/respond`, and what all its calls share.

Headers `X-API-KEY` (scope chat) and `X-TOKEN` (a connector's). A call waits for its turn on the event loop, without
holding a thread. Opening and closing stand in `handoffs.api.chat`: they need to know of releases and handoffs.
"""

import inspect
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.envelopes import WITH_BODY, full_errors
from conversations.api.idempotent import HEADER, idempotent
from conversations.api.platform import PlatformRefusal, PlatformView
from conversations.append import ConversationEnded
from conversations.domain.permissions import ApiScope
from conversations.models import Connector
from conversations.selectors.chats import ChatAnswer
from conversations.services.chats import (
    ChatEnded,
    ChatTimedOut,
    NothingAsked,
    access_chat,
    last_said_in_chat,
    say_in_chat,
    wait_for_answer,
)

CONNECTOR = "X-TOKEN"
LONGEST_MESSAGE = 32_000
CONNECTOR_HEADER = OpenApiParameter(
    CONNECTOR, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="A connector of this project"
)
KEY_HEADER = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, description="The same key and body again: done once"
)


class HandoffMade(serializers.Serializer[object]):
    """To whom the conversation was handed."""

    destination = serializers.CharField(help_text="The destination's key; empty where there is none")
    reason = serializers.CharField(help_text="A code of the project's reasons")


class Said(serializers.Serializer[object]):
    """What the customer says; without `message`, what was said last is asked for again."""

    conversation_id = serializers.CharField(max_length=100)
    message = serializers.CharField(required=False, max_length=LONGEST_MESSAGE, trim_whitespace=False)


class Answered(serializers.Serializer[object]):
    """What the AI says. `handoff` is there once the conversation was handed to a human."""

    conversation_id = serializers.UUIDField()
    response = serializers.CharField(allow_blank=True)
    end_conversation = serializers.BooleanField()
    handoff = HandoffMade(required=False)


class ChatView(PlatformView):
    """A call of the Chat API. connector: the one whose token came along."""

    scope: ClassVar[ApiScope] = ApiScope.CHAT
    connector: Connector

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        connector = Connector.objects.filter(
            token=request.headers.get(CONNECTOR, ""), project=self.project, environment=self.environment, is_active=True
        ).first()
        if connector is None:
            raise PlatformRefusal(
                401, "UNAUTHORIZED", f"The connector's token in {CONNECTOR} is missing, unknown or off"
            )
        self.connector = connector


class WaitingChatView(ChatView):
    """A call that waits for the AI. Its methods are coroutines; what touches the database runs in a thread."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the call as a coroutine: Django awaits it, since all methods of these views are coroutines."""
        return self._dispatch(request, *args, **kwargs)

    async def _dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As Django REST framework's own, awaiting the method."""
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            await sync_to_async(self.initial)(asked, *args, **kwargs)
            handler = getattr(self, (asked.method or "").lower(), self.http_method_not_allowed)
            answer = handler(asked, *args, **kwargs)
            response = await answer if inspect.isawaitable(answer) else answer
        except Exception as error:  # answered in the interface's envelope, or raised again
            response = self.handle_exception(error)
        return self.finalize_response(asked, response, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(chat_refusal(exc) or exc)


def chat_refusal(error: Exception) -> PlatformRefusal | None:
    """Return the published refusal of what can go wrong in a chat."""
    if isinstance(error, ChatEnded | ConversationEnded):
        text = "This conversation has ended, or was handed to a human. Create a new one to go on"
        return PlatformRefusal(410, "ChatConversationEnded", text)
    if isinstance(error, NothingAsked):
        text = "message: nothing was said in this conversation yet, so there is nothing to be answered"
        return PlatformRefusal(400, "SCHEMA_VALIDATION_FAILED", text)
    if isinstance(error, ChatTimedOut):
        text = "The AI has not answered in time. Its answer is kept: ask for it with respond, without a message"
        return PlatformRefusal(400, "CHAT_TIMEOUT", text)
    return None


class RespondView(WaitingChatView):
    """Say something to the AI and wait for its answer."""

    @extend_schema(
        operation_id="chat_respond",
        tags=["Chat"],
        parameters=[CONNECTOR_HEADER, KEY_HEADER],
        request=Said,
        responses={200: Answered, **full_errors(*WITH_BODY, 410)},
    )
    async def post(self, request: Request, **path: Any) -> Response:
        chat_id = read_body(Said, request)["conversation_id"]
        chat = await sync_to_async(access_chat)(connector=self.connector, chat_id=chat_id)

        async def say() -> int:
            return int(what_began(await sync_to_async(self._say)(request))["sequence"])

        answer = await wait_for_answer(chat_id=chat.pk, say=say)
        return Response({"conversation_id": str(chat.pk), **answer_body(answer)})

    @idempotent
    def _say(self, request: Request) -> Response:
        """Append the message once for each `Idempotency-Key`; its answer is then waited for, again if need be."""
        said = read_body(Said, request)
        chat = access_chat(connector=self.connector, chat_id=said["conversation_id"])
        if "message" not in said:
            return Response({"sequence": last_said_in_chat(chat=chat)})
        return Response({"sequence": say_in_chat(chat=chat, text=said["message"])})


def read_body(shape: type[serializers.Serializer[object]], request: Request) -> dict[str, Any]:
    """Return a body's fields. Raises ValidationError."""
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def what_began(response: Response) -> dict[str, Any]:
    """The kept answer of the part of a call that is done once: what is to be waited for."""
    return dict(response.data or {})


def answer_body(answer: ChatAnswer) -> dict[str, Any]:
    """`response`, `end_conversation` and, after a handoff, `handoff`."""
    body: dict[str, Any] = {"response": answer.text, "end_conversation": answer.is_over}
    if answer.handoff:
        body["handoff"] = {"destination": answer.handoff.destination, "reason": answer.handoff.reason}
    return body
