"""Two agents claim at once, on real connections: exactly one wins, every time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection
from django.utils import timezone

from conversations.models import Conversation, Event
from conversations.services.sessions import open_session
from handoffs.models import Agent, QueueEntry
from handoffs.services.claims import AlreadyClaimed, claim_conversation, claim_next

ROUNDS = 50

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(release, connector, cast, agent, other_agent) -> list[Conversation]:
    """As many waiting conversations as there are rounds, and people who can carry them all."""
    for person in (agent, other_agent):
        Agent.objects.create(project=release.project, user=person, capacity=2 * ROUNDS)
    conversations = [open_session(connector=connector, options={}) for _ in range(ROUNDS)]
    for conversation in conversations:
        cast.hand_off(conversation)
    return conversations


def at_once(pool: ThreadPoolExecutor, start: threading.Barrier, *deeds):
    """Do all of this at the same moment, each on a connection of its own; return results and refusals in order."""

    def do(deed):
        with closing(connection):
            start.wait()
            try:
                return deed()
            except AlreadyClaimed as lost:
                return lost

    return [future.result(20) for future in [pool.submit(do, deed) for deed in deeds]]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_of_two_who_claim_the_same_conversation_one_wins_and_the_other_is_told(pool, line, agent, other_agent):
    start = threading.Barrier(2, timeout=20)
    winners = []

    for conversation in line:

        def claim(who, conversation_id=conversation.pk):
            return lambda: claim_conversation(conversation_id=conversation_id, agent=who, at=timezone.now())

        answers = at_once(pool, start, claim(agent), claim(other_agent))

        (won,) = [answer for answer in answers if isinstance(answer, Conversation)]
        (lost,) = [answer for answer in answers if isinstance(answer, AlreadyClaimed)]
        row = Conversation.objects.get(pk=conversation.pk)
        assert (row.owner_kind, row.owner_id, row.epoch) == ("human", won.owner_id, won.epoch)
        assert (lost.owner_id, lost.at) == (row.owner_id, row.owner_since)
        assert Event.objects.filter(conversation=row, type="human.joined").count() == 1
        winners.append(row.owner_id)

    assert len(winners) == ROUNDS


def test_two_who_take_the_next_never_get_the_same(pool, line, agent, other_agent, project):
    start = threading.Barrier(2, timeout=20)

    def take(who):
        return lambda: claim_next(project=project, environment="live", agent=who, at=timezone.now())

    taken = [claimed.pk for _ in range(ROUNDS // 2) for claimed in at_once(pool, start, take(agent), take(other_agent))]

    assert sorted(taken) == sorted(conversation.pk for conversation in line)
    assert not QueueEntry.objects.filter(state="waiting").exists()
