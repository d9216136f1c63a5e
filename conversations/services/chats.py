"""Chats of the Chat API: opened, said something in, and waited for; the turn itself is run as for every channel."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from conversations.access import NotFound
from conversations.append import append_event
from conversations.domain.frames import CUSTOMER
from conversations.domain.timeline import ASKING, NewEvent
from conversations.domain.vocabulary import Channel, OwnerKind
from conversations.models import Connector, Conversation, Event
from conversations.selectors.chats import ChatAnswer, read_answer
from conversations.services.sessions import open_session
from conversations.services.turn_news import listen_to_turns

ANSWER_SECONDS = 25.0
CHECK_SECONDS = 2.0  # the timeline is looked at this often, should news of a turn be lost


class ChatEnded(Exception):
    """Nobody answers in this chat any more: it has ended, or was handed to a human."""


class NothingAsked(Exception):
    """The customer has said nothing in this chat, and did not ask the AI to join."""


class ChatTimedOut(Exception):
    """The turn was not over in time. It goes on; asking without a message brings its answer."""


def open_chat(*, connector: Connector, options: Mapping[str, Any], shared_id: str) -> Conversation:
    """Start a conversation over the Chat API and ask the AI to join."""
    conversation = open_session(
        connector=connector, options=options, channel=Channel.CHAT_API, shared_id=shared_id
    )  # fmt: skip
    joined = NewEvent("customer.join_requested", CUSTOMER, client_id=f"join:{conversation.id}")
    append_event(conversation_id=conversation.id, event=joined)
    return conversation


def access_chat(*, connector: Connector, chat_id: str) -> Conversation:
    """Return a connector's chat. Raises NotFound."""
    try:
        wanted = uuid.UUID(chat_id)
    except ValueError as error:
        raise NotFound("conversation") from error
    chat = Conversation.objects.filter(pk=wanted, connector=connector, channel=Channel.CHAT_API.value).first()
    if chat is None:
        raise NotFound("conversation")
    return chat


def say_in_chat(*, chat: Conversation, text: str) -> int:
    """Append the customer's message; return its sequence. Raises ChatEnded, ConversationEnded."""
    if chat.ended_at is not None or chat.owner_kind != OwnerKind.AI:
        raise ChatEnded(str(chat.pk))
    return append_event(conversation_id=chat.pk, event=NewEvent("customer.message", CUSTOMER, {"text": text})).sequence


def last_said_in_chat(*, chat: Conversation) -> int:
    """Return the sequence of what the customer said last. Raises ChatEnded, NothingAsked."""
    if chat.ended_at is not None:
        raise ChatEnded(str(chat.pk))
    asked = Event.objects.filter(conversation=chat, type__in=ASKING).order_by("-sequence")
    last = asked.values_list("sequence", flat=True).first()
    if last is None:
        raise NothingAsked(str(chat.pk))
    return last


async def wait_for_answer(*, chat_id: uuid.UUID, say: Callable[[], Awaitable[int]]) -> ChatAnswer:
    """Listen, then `say` something and wait until its turn is over, ANSWER_SECONDS at most. say: returns the sequence
    that asks.

    Raises ChatTimedOut, and what `say` raises.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + ANSWER_SECONDS
    async with listen_to_turns(chat_id) as news:
        sequence = await say()
        is_over = False
        while not (answer := await read_answer(chat_id, after=sequence)).is_there and not is_over:
            left = until - loop.time()
            if left <= 0:
                raise ChatTimedOut(str(chat_id))
            is_over = await news.wait_for(sequence, seconds=min(CHECK_SECONDS, left))
    return answer
