"""What can happen to an offer, all at the same moment on real rows: it ends once, and nobody gets more than fits."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import combinations

import pytest
from django.db import connection
from django.utils import timezone

from conversations.models import Conversation, Deadline, Event
from handoffs.models import Agent, Assignment, Offer, Presence, QueueEntry
from handoffs.selectors.agents import read_load
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import AlreadyClaimed, NotWaiting, claim_conversation
from handoffs.services.closing import cancel_waiting, hand_back
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.offer_answers import OfferGone, accept_offer, decline_offer
from handoffs.services.offers import drain_offers
from tests.invariants import check_conversation

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (OfferGone, AlreadyClaimed, NotWaiting, NoCapacity)
PATIENCE = 20
ROUNDS = [pytest.param(5, id="a_few"), pytest.param(200, id="many", marks=pytest.mark.soak)]


def accept(offer, other):
    return accept_offer(offer_id=offer.pk, agent=offer.agent, at=timezone.now())


def decline(offer, other):
    return decline_offer(offer_id=offer.pk, agent=offer.agent, at=timezone.now())


def expire(offer, other):
    return sweep_deadlines(at=offer.expires_at)


def cancel(offer, other):
    return cancel_waiting(conversation_id=offer.conversation_id, at=timezone.now())


def claim(offer, other):
    return claim_conversation(conversation_id=offer.conversation_id, agent=other, at=timezone.now())


# By deed, how the offer ends when it wins.
ENDS: Mapping[Callable, str] = {
    accept: "accepted",
    decline: "declined",
    expire: "expired",
    cancel: "withdrawn",
    claim: "withdrawn",
}
# Of each set only one can ever succeed: an offer is answered once, a customer goes to one place.
EXCLUSIVE = ({accept, decline, expire}, {accept, claim, cancel})


class Race:
    """One offer a round, to an agent who can carry one conversation; another one could carry one, too."""

    def __init__(self, project, agent, other, begin_to_wait) -> None:
        self.project, self.people, self.begin_to_wait = project, (agent, other), begin_to_wait

    def prepare(self) -> Offer:
        agent, other = self.people
        self._say(agent, "ready")
        self._say(other, "busy")
        self.begin_to_wait()
        drain_offers(project_id=self.project.pk, at=timezone.now())
        return Offer.objects.select_related("agent").get(state="open")

    def run(self, deeds) -> None:
        offer, won, start = self.prepare(), set(), threading.Barrier(len(deeds), timeout=PATIENCE)

        def do(deed) -> None:
            with closing(connection):
                start.wait()
                try:
                    if deed(offer, self.people[1]):
                        won.add(deed)
                except REFUSALS:
                    return

        with ThreadPoolExecutor(len(deeds)) as pool:
            for future in [pool.submit(do, deed) for deed in deeds]:
                future.result(PATIENCE)
        self.check(offer, won)
        self.clear(offer.conversation_id)

    def check(self, offer, won) -> None:
        offer.refresh_from_db()
        assert all(len(one & won) <= 1 for one in EXCLUSIVE), won
        assert offer.state in {ENDS[deed] for deed in won}
        told = Event.objects.filter(type="offer.ended", payload__offer_id=str(offer.pk))
        assert [event.payload["state"] for event in told] == [offer.state]
        assert not Deadline.objects.filter(kind="offer", subject_id=offer.pk).exists()
        conversation = Conversation.objects.get(pk=offer.conversation_id)
        check_conversation(conversation)
        self.check_place(conversation, offer, won)

    def check_place(self, conversation, offer, won) -> None:
        agent, other = self.people
        owner = {accept: ("human", str(agent.pk)), claim: ("human", str(other.pk)), cancel: ("ai", "")}
        (went,) = [owner[deed] for deed in won & owner.keys()] or [("queue", "billing")]
        assert (conversation.owner_kind, conversation.owner_id) == went
        for person in self.people:
            assert read_load(project_id=self.project.pk, agent_id=person.pk).weight <= 1
        held = Assignment.objects.filter(conversation=conversation, state="active")
        assert [str(one.agent_id) for one in held] == [went[1]] * (went[0] == "human")
        assert Offer.objects.filter(state="open").count() <= 1

    def clear(self, conversation_id) -> None:
        """Let nobody carry or wait for anything in the next round."""
        for person in self.people:
            self._say(person, "busy")
        conversation = Conversation.objects.get(pk=conversation_id)
        if conversation.owner_kind == "human":
            who = next(one for one in self.people if str(one.pk) == conversation.owner_id)
            hand_back(conversation_id=conversation_id, agent=who, epoch=conversation.epoch, note="", at=timezone.now())
        cancel_waiting(conversation_id=conversation_id, at=timezone.now())
        assert not QueueEntry.objects.filter(state="waiting").exists()
        assert not Offer.objects.filter(state="open").exists()

    def _say(self, person, state: str) -> None:
        Presence.objects.filter(user=person).update(state=state, seen_at=timezone.now())


@pytest.fixture
def race(offering, ready, agent, other_agent, begin_to_wait) -> Race:
    for person in (agent, other_agent):
        ready(person, capacity=1)
    assert Agent.objects.count() == 2
    return Race(offering, agent, other_agent, begin_to_wait)


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize(
    "deeds", [*combinations(ENDS, 2), tuple(ENDS)], ids=lambda deeds: "_".join(deed.__name__ for deed in deeds)
)
def test_an_offer_ends_once_whatever_comes_together(race, deeds, rounds):
    for _ in range(rounds):
        race.run(deeds)
