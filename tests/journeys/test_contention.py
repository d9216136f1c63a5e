"""Claim, transfer, close, customer message, desk signal and sweep at once on the same rows: no deadlock, invariants
hold."""

import random
import threading
import time
import uuid

import pytest
from django.db import connections

from conversations.models import Conversation
from handoffs.domain.lifecycle import OPEN, State
from handoffs.models import Handoff
from tests.invariants import check_conversation
from tests.journeys.actors import Actors, configure

pytestmark = pytest.mark.xdist_group("journeys")

CONVERSATIONS = 6
PATIENCE = 60.0
MUST_HAPPEN = ("write", "hand off", "claim", "close", "hand back", "pass on", "report", "sweep", "cancel", "reply")
# What each thread does, again and again.
PARTS = (
    ["write"],
    ["write", "answer"],
    ["hand off", "hand off", "hand off softly"],
    ["claim", "claim next", "take over"],
    ["claim", "reply", "close", "hand back"],
    ["claim next", "reply", "pass on", "give", "close"],
    ["report", "report", "report lately"],
    ["cancel", "drain", "leave"],
    ["sweep"],
    ["sweep"],
)
# A part that would leave nothing to the others takes a rest after each deed.
REST = {"cancel": 0.05, "drain": 0.05, "leave": 0.2, "sweep": 0.1, "report": 0.02, "report lately": 0.02}

# What the end of a session gives up.
WAITS = {"is_ticket": False, "state__in": OPEN - {State.ACTIVE}}


class Crowd:
    """Everybody who acts on the same few conversations, each in a thread with a connection of its own."""

    def __init__(self, actors: Actors) -> None:
        self.actors = actors
        self.failures: list[BaseException] = []
        self.ids = [actors.open() for _ in range(CONVERSATIONS)]

    def run(self, seconds: float) -> None:
        self.over = time.monotonic() + seconds
        threads = [threading.Thread(target=self._repeat, args=(part,)) for part in PARTS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + 2 * PATIENCE)

    def _goes_on(self) -> bool:
        """To the end of the time, and past it (bounded) until everything has happened at least once."""
        late = time.monotonic() - self.over
        return not self.failures and (late < 0 or (late < PATIENCE and bool(self.missing)))

    @property
    def missing(self) -> list[str]:
        return [name for name in MUST_HAPPEN if not self.actors.done[name]]

    def _repeat(self, part: list[str]) -> None:
        try:
            while self._goes_on():
                deed = random.choice(part)
                self.actors.do(deed, self._any())
                time.sleep(REST.get(deed, 0))
        except BaseException as error:
            self.failures.append(error)
        finally:
            connections.close_all()

    def _any(self) -> uuid.UUID:
        """One of the few; in the place of one that is over a new one begins."""
        number = random.randrange(CONVERSATIONS)
        chosen = self.ids[number]
        if Conversation.objects.values_list("ended_at", flat=True).get(pk=chosen) is not None:
            self.ids[number] = self.actors.open()
        return chosen


def shake(seconds: float, crowd: Crowd) -> None:
    crowd.run(seconds)

    print(dict(crowd.actors.done))
    assert crowd.failures == []
    assert crowd.missing == []
    for conversation in Conversation.objects.all():
        crowd.actors.do("drain", conversation.pk)
        check_conversation(conversation)
        assert not conversation.ended_at or not Handoff.objects.filter(conversation=conversation, **WAITS).exists()


@pytest.fixture
def crowd(transactional_db, project, owner, connector, agent, other_agent):
    configure(project, owner)
    return Crowd(Actors(project, connector, [agent, other_agent]))


def test_a_crowd_on_the_same_rows_for_five_seconds(crowd):
    shake(5, crowd)


@pytest.mark.soak
def test_a_crowd_on_the_same_rows_for_a_minute(crowd):
    shake(60, crowd)
