"""An AI that answers bit by bit while a human takes the conversation: nothing of it is shown after they joined."""

import random
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection as database
from django.utils import timezone

from conversations.models import Event, OutboxEntry
from conversations.services.replies import send_reply
from conversations.services.sessions import open_session
from handoffs.services.claims import claim_conversation
from handoffs.services.releases import publish_release
from integrations.models import Connection, Sealed
from integrations.services.turns import take_turn
from tests.emulators.answering import AnsweringServer, Asked, Pause, Script, lines
from tests.listening import Listening

WORDS = ("It ", "left ", "on ", "Monday ", "and ", "comes ", "soon.")
OF_THE_AI = {"POLY_AGENT_MESSAGE", "POLY_AGENT_MESSAGE_CHUNK", "POLY_AGENT_THINKING"}


class Stream:
    """An agent that streams its answer a word at a time. `is_at` is set when it comes to the word `at`; there it may
    wait for `goes_on`, and says the rest when it is surely too late."""

    def begin(self, at: int, *, waits: bool) -> None:
        self.at, self.is_at, self.goes_on = at, threading.Event(), threading.Event()
        if not waits:
            self.goes_on.set()

    def write(self, asked: Asked) -> Script:
        return lines(self._parts())

    def _parts(self) -> Iterator[dict[str, object] | Pause]:
        for position, word in enumerate(WORDS):
            if position == self.at:
                self.is_at.set()
                self.goes_on.wait(10)
            yield {"delta": word}
            yield Pause(0.002)
        self.is_at.set()
        yield {"understood": True}


@pytest.fixture
def stream(loopback_allowed):
    return Stream()


@pytest.fixture
def server(stream):
    with AnsweringServer(write=stream.write) as server:
        yield server


@pytest.fixture
def answering(project, owner, server):
    """The project's AI is the streaming agent."""
    Connection.objects.create(
        project=project, environment="live", key="agent", kind="http_responder", name="Agent",
        settings={"url": server.url}, credentials=Sealed.of({}),
    )  # fmt: skip
    project.responder_key = "agent"
    project.save()
    publish_release(project=project, publisher=owner, at=timezone.now())


@pytest.mark.parametrize("rounds", [15, pytest.param(1000, marks=pytest.mark.soak)])
@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_answer_is_shown_after_the_human_joined(answering, connector, cast, agent, stream, rounds):
    chance, shown, refused = random.Random(7), 0, 0
    with Listening() as listening:
        for _ in range(rounds):
            conversation = open_session(connector=connector, options={"streaming_enabled": True})
            listening.follow(conversation.id)
            cast.customer_says(conversation, "Where is my parcel?")
            stream.begin(chance.randint(0, len(WORDS)), waits=chance.random() < 0.5)
            turn = threading.Thread(target=_take, args=(OutboxEntry.objects.latest("id"),))
            turn.start()
            assert stream.is_at.wait(10)
            cast.hand_off(conversation)
            taken = claim_conversation(conversation_id=conversation.id, agent=agent, at=timezone.now(), force=True)
            stream.goes_on.set()
            turn.join(10)
            send_reply(conversation_id=conversation.id, author=agent, text="Hi", epoch=taken.epoch, client_id=None)
            listening.wait_for(conversation.id, "LIVE_AGENT_MESSAGE")
            types = listening.types(conversation.id)
            assert not OF_THE_AI & set(types[types.index("LIVE_AGENT_JOINED") :]), types
            shown += "POLY_AGENT_MESSAGE_CHUNK" in types
            refused += not _is_answered(conversation)
            listening.leave(conversation.id)
    # The race was one: answers were under way, and some of them came too late.
    assert (shown > rounds // 10, refused > rounds // 10) == (True, True)


def _take(entry):
    with closing(database):
        take_turn(entry=entry, at=timezone.now())


def _is_answered(conversation):
    text = "".join(WORDS)
    return Event.objects.filter(conversation=conversation, type="ai.message", payload__text=text).exists()
