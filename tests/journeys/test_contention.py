"""Claim, close, customer message, hand-back and sweep at once on the same rows: no deadlock, invariants hold."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from conversations.append import AppendRefused
from conversations.models import Conversation
from conversations.services.outcomes import OutcomeFacts
from conversations.services.replies import ReplyRefused, send_reply
from conversations.services.sessions import open_session
from handoffs.services.claims import AlreadyClaimed, NotWaiting, claim_conversation, claim_next
from handoffs.services.closing import cancel_waiting, close_conversation, hand_back
from handoffs.services.deadlines import sweep_deadlines
from tests.invariants import check_conversation

pytestmark = pytest.mark.xdist_group("journeys")

CONVERSATIONS = 6
PATIENCE = 30.0
MUST_HAPPEN = ("written", "handed off", "claimed", "closed", "handed back", "timed out")
REFUSALS = (AppendRefused, ReplyRefused, AlreadyClaimed, NotWaiting)
FACTS = OutcomeFacts(code="no_action", resolved=True)


class Crowd:
    """Everybody who acts on the same few conversations, each in a thread with a connection of its own."""

    def __init__(self, project, connector, agents, cast) -> None:
        self.project, self.connector, self.agents, self.cast = project, connector, agents, cast
        self.done: Counter[str] = Counter()
        self.failures: list[BaseException] = []
        self.ids = [self._new() for _ in range(CONVERSATIONS)]

    def run(self, seconds: float) -> None:
        self.over = time.monotonic() + seconds
        verbs = [self.write, self.write, self.sweep, self.ask, self.cancel]
        verbs += [lambda agent=agent: self.work(agent) for agent in self.agents]
        threads = [threading.Thread(target=self._repeat, args=(verb,)) for verb in verbs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds + 60)

    def write(self) -> None:
        self.cast.customer_says(self._any(), "Hello?")
        self.done["written"] += 1

    def ask(self) -> None:
        conversation = self._any()
        if conversation.ended_at:
            self.ids[self.ids.index(conversation.id)] = self._new()
        elif conversation.owner_kind == "ai":
            self.cast.hand_off(conversation)
            self.done["handed off"] += 1

    def work(self, agent) -> None:
        if random.random() < 0.5:
            conversation = claim_next(project=self.project, environment="live", agent=agent, at=timezone.now())
        else:
            conversation = claim_conversation(conversation_id=self._any().id, agent=agent, at=timezone.now())
        if conversation is None:
            return
        self.done["claimed"] += 1
        mine = {"conversation_id": conversation.id, "epoch": conversation.epoch}
        send_reply(author=agent, text="Hello", client_id=None, **mine)
        if random.random() < 0.4:
            hand_back(agent=agent, note="Back to you", at=timezone.now(), **mine)
            self.done["handed back"] += 1
        else:
            close_conversation(agent=agent, facts=FACTS, at=timezone.now(), **mine)
            self.done["closed"] += 1

    def sweep(self) -> None:
        self.done["timed out"] += sweep_deadlines(at=timezone.now() + timedelta(seconds=301))
        time.sleep(0.05)

    def cancel(self) -> None:
        self.done["cancelled"] += cancel_waiting(conversation_id=self._any().id, at=timezone.now())
        time.sleep(0.02)

    def _goes_on(self) -> bool:
        """To the end of the time, and past it (bounded) until everything has happened at least once."""
        late = time.monotonic() - self.over
        return late < 0 or (late < PATIENCE and not all(self.done[name] for name in MUST_HAPPEN))

    def _any(self) -> Conversation:
        return Conversation.objects.select_related("project").get(pk=random.choice(self.ids))

    def _new(self):
        return open_session(connector=self.connector, options={}).id

    def _repeat(self, verb) -> None:
        try:
            while self._goes_on():
                try:
                    verb()
                except REFUSALS:
                    self.done["refused"] += 1
        except BaseException as error:
            self.failures.append(error)
        finally:
            connections.close_all()


def shake(seconds: float, crowd: Crowd) -> None:
    crowd.run(seconds)

    print(dict(crowd.done))
    assert crowd.failures == []
    assert all(crowd.done[name] for name in MUST_HAPPEN)
    for conversation in Conversation.objects.all():
        check_conversation(conversation)


@pytest.fixture
def crowd(transactional_db, project, release, connector, agent, other_agent, cast):
    return Crowd(project, connector, [agent, other_agent], cast)


def test_a_crowd_on_the_same_rows_for_five_seconds(crowd):
    shake(5, crowd)


@pytest.mark.soak
def test_a_crowd_on_the_same_rows_for_a_minute(crowd):
    shake(60, crowd)
