"""Chat API: `POST …/chat/create` and `PUT …/chat/close`, which need to know what is published and who has a chat.

`…/chat/respond` is the ground's: `conversations.api.chat`.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api.chat import (
    CONNECTOR_HEADER,
    KEY_HEADER,
    ChatView,
    WaitingChatView,
    read_body,
    what_began,
)
from conversations.api.envelopes import WITH_BODY, full_errors
from conversations.api.idempotent import idempotent
from conversations.api.json_bodies import check_storable
from conversations.api.platform import PlatformRefusal
from conversations.services.chats import access_chat, last_said_in_chat, open_chat, wait_for_answer
from handoffs.services.chats import NothingPublished, UnreadableConfiguration, check_answerable, close_chat

CHANNELS = ("webchat", "whatsapp", "sms", "api")
LONGEST_SHARED_ID = 200
Attributes = Mapping[str, Any]


class ChatOptions(serializers.Serializer[object]):
    """What a chat is opened with. `integration_attributes.shared_id` is the caller's own id of the conversation."""

    integration_attributes = serializers.DictField(required=False)
    variant_id = serializers.CharField(required=False, max_length=200)
    channel = serializers.ChoiceField(choices=CHANNELS, required=False)
    asr_lang_code = serializers.CharField(required=False, max_length=35)
    tts_lang_code = serializers.CharField(required=False, max_length=35)

    def validate_integration_attributes(self, attributes: Attributes) -> Attributes:
        shared_id = attributes.get("shared_id", "")
        if not isinstance(shared_id, str) or len(shared_id) > LONGEST_SHARED_ID:
            raise serializers.ValidationError(f"shared_id is a text of at most {LONGEST_SHARED_ID} characters")
        check_storable(attributes)
        return attributes


class ChatOpened(serializers.Serializer[object]):
    """The conversation and the AI's greeting."""

    conversation_id = serializers.UUIDField()
    response = serializers.CharField(allow_blank=True)


class ChatToClose(serializers.Serializer[object]):
    conversation_id = serializers.CharField(max_length=100)


class ChatClosed(serializers.Serializer[object]):
    success = serializers.BooleanField(help_text="It is closed now, by this call or before")


class CreateChatView(WaitingChatView):
    """Open a conversation and wait for the AI's greeting."""

    @extend_schema(
        operation_id="chat_create",
        tags=["Chat"],
        parameters=[CONNECTOR_HEADER, KEY_HEADER],
        request=ChatOptions,
        responses={200: ChatOpened, **full_errors(*WITH_BODY)},
    )
    async def post(self, request: Request, **path: Any) -> Response:
        opened = what_began(await sync_to_async(self._open)(request))
        chat_id = uuid.UUID(opened["conversation_id"])

        async def join() -> int:
            return int(opened["sequence"])

        answer = await wait_for_answer(chat_id=chat_id, say=join)
        return Response({"conversation_id": str(chat_id), "response": answer.text})

    @idempotent
    def _open(self, request: Request) -> Response:
        """Open one chat for each `Idempotency-Key`; a repeat waits for the same greeting."""
        options = read_body(ChatOptions, request)
        _refuse_unanswerable(self)
        shared_id = options.get("integration_attributes", {}).get("shared_id", "")
        chat = open_chat(connector=self.connector, options=options, shared_id=shared_id)
        return Response({"conversation_id": str(chat.pk), "sequence": last_said_in_chat(chat=chat)})


def _refuse_unanswerable(view: ChatView) -> None:
    try:
        check_answerable(project=view.project, environment=view.environment)
    except NothingPublished as error:
        raise PlatformRefusal(400, "CHAT_DRAFT_NOT_EXIST", str(error)) from error
    except UnreadableConfiguration as error:
        raise PlatformRefusal(500, "CHAT_DRAFT_DEPLOYMENT_FAILED", str(error)) from error


class CloseChatView(ChatView):
    """End a chat. After a handoff it means that a human took over."""

    @extend_schema(
        operation_id="chat_close",
        tags=["Chat"],
        parameters=[CONNECTOR_HEADER],
        request=ChatToClose,
        responses={200: ChatClosed, **full_errors(*WITH_BODY)},
    )
    def put(self, request: Request, **path: Any) -> Response:
        chat = access_chat(connector=self.connector, chat_id=read_body(ChatToClose, request)["conversation_id"])
        close_chat(chat=chat, at=timezone.now())
        return Response({"success": True})
