"""An answer of the AI that comes while a human takes the conversation: it is said before, or never."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connections
from django.utils import timezone

from conversations.models import Conversation, Event
from conversations.selectors.timeline import events_after
from conversations.services.sessions import open_session
from handoffs.services.answering import Spoken, Turn, apply_reply
from handoffs.services.takeovers import take_over
from handoffs.services.turns import consider_turn, lease_turn
from tests.invariants import check_speakers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


class Race:
    """Two threads with a connection each, that begin at the same moment round after round."""

    def __init__(self) -> None:
        self.pool, self.start = ThreadPoolExecutor(2), threading.Barrier(2, timeout=30)

    def at_once(self, *deeds) -> list:
        return [future.result(30) for future in [self.pool.submit(self._do, deed) for deed in deeds]]

    def close(self) -> None:
        self.at_once(connections.close_all, connections.close_all)
        self.pool.shutdown()

    def _do(self, deed):
        self.start.wait()
        return deed()


@pytest.fixture
def race():
    race = Race()
    yield race
    race.close()


def thinking(connector, cast, number: int) -> Turn:
    """A customer has asked and the AI thinks about it."""
    conversation = open_session(connector=connector, options={})
    cast.customer_says(conversation, "How long does delivery take?")
    assert lease_turn(conversation_id=conversation.id, holder=number, at=timezone.now())
    turn = consider_turn(conversation_id=conversation.id, at=timezone.now())
    assert turn is not None
    return turn


def leaks(race: Race, connector, agent, cast, rounds: int) -> tuple[int, int]:
    """How many answers were said after a human had joined, and how many of them lost the race."""
    late = refused = 0
    for number in range(rounds):
        turn = thinking(connector, cast, number)

        def answer(turn=turn):
            return apply_reply(turn=turn, spoken=Spoken("Two working days."), request=None, at=timezone.now())

        def take(turn=turn):
            return take_over(conversation_id=turn.conversation_id, agent=agent, at=timezone.now(), may_take_from=True)

        # Whoever is handed to the pool first has a little start: they take turns.
        results = race.at_once(*((answer, take) if number % 2 else (take, answer)))
        said = results[0 if number % 2 else 1]
        refused += not said
        events = events_after(turn.conversation_id)
        check_speakers(events)
        types = [event.type for event in events]
        late += any((before, after) == ("human.joined", "ai.message") for before, after in pairwise(types))
        assert ("ai.message" in types) == said
        assert Conversation.objects.get(pk=turn.conversation_id).owner_kind == "human"
        assert Event.objects.filter(conversation_id=turn.conversation_id, type="human.joined").count() == 1
    return late, refused


def test_no_answer_leaks_past_a_takeover(race, release, connector, agent, cast):
    late, refused = leaks(race, connector, agent, cast, 30)

    assert late == 0
    assert 0 < refused < 30, "both must have won"


@pytest.mark.soak
def test_no_answer_leaks_in_a_thousand(race, release, connector, agent, cast):
    late, refused = leaks(race, connector, agent, cast, 1_000)

    print(f"{refused} of 1,000 answers came too late, {late} leaked")
    assert late == 0
    assert 0 < refused < 1_000
