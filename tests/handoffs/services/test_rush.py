"""200 customers hand off at the same moment into a queue of five people who carry four each, with real threads.

While it runs, a watching thread asks the database again and again what everybody carries; afterwards the intervals of
all assignments are played back.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import Conversation, Project, User
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import open_session
from handoffs.domain.config import Assignment as Way
from handoffs.models import Agent, Assignment, Offer, Presence, Queue, QueueEntry
from handoffs.services.capacity import NoCapacity
from handoffs.services.claims import claim_next
from handoffs.services.closing import close_conversation
from handoffs.services.offer_answers import accept_offer
from handoffs.services.releases import publish_release
from handoffs.services.tending import tend_agents
from tests.conftest import Cast, member
from tests.invariants import check_conversation

CUSTOMERS, PEOPLE, CAPACITY = 200, 5, 4
ARRIVING_AT_ONCE = 8
# Who came within the same moments is served within the same moments, in whatever order they got hold of a row.
OVERTAKEN = ARRIVING_AT_ONCE + PEOPLE
PATIENCE = 240.0
SOLVED = OutcomeFacts(code="refund_issued", resolved=True)

pytestmark = pytest.mark.django_db(transaction=True)

CARRIED = """
    SELECT agent_id, sum(weight) FROM (
        SELECT agent_id, weight FROM assignment WHERE state IN ('active', 'wrap_up')
        UNION ALL
        SELECT agent_id, weight FROM offer WHERE state = 'open'
    ) AS carried GROUP BY agent_id
"""


@dataclass
class Rush:
    """The queue and its people; `over` is set when everybody has been served."""

    project: Project
    people: list[User]
    customers: list[Conversation]
    over: threading.Event = field(default_factory=threading.Event)
    problems: list[BaseException] = field(default_factory=list)

    def run(self, deed: Callable[[], None]) -> None:
        """Do something in this thread until the rush is over, on a connection of its own."""
        with closing(connection):
            try:
                while not self.over.is_set():
                    deed()
            except BaseException as problem:
                self.problems.append(problem)
                self.over.set()
                raise


@pytest.fixture
def rush(project, owner, connector) -> Rush:
    people = [member(project, Role.AGENT, f"Agent{number} Smith") for number in range(PEOPLE)]
    for person in people:
        Agent.objects.create(project=project, user=person, capacity=CAPACITY)
        now = timezone.now()
        Presence.objects.create(project=project, user=person, state="ready", since=now, seen_at=now)
    return Rush(project, people, [open_session(connector=connector, options={}) for _ in range(CUSTOMERS)])


def serve(rush: Rush, agent: User, take: Callable[[], Conversation | None]) -> None:
    """One step of one person: take what can be had; close the oldest when full, or when there is no more."""
    try:
        taken = take()
    except NoCapacity:
        taken = None
    if taken is not None:
        return
    mine = Conversation.objects.filter(owner_kind="human", owner_id=str(agent.pk)).order_by("owner_since").first()
    if mine is not None:
        close_conversation(conversation_id=mine.pk, agent=agent, epoch=mine.epoch, facts=SOLVED, at=timezone.now())
    elif Conversation.objects.filter(ended_at__isnull=True).exists():
        time.sleep(0.002)
    else:
        rush.over.set()


def carried() -> dict[object, int]:
    with connection.cursor() as cursor:
        cursor.execute(CARRIED)
        return dict(cursor.fetchall())


def played_back() -> int:
    """The most anybody carried at any instant: ends before beginnings of the same instant."""
    most = 0
    rows = Assignment.objects.values_list("agent_id", "started_at", "ended_at", "weight")
    moments = [(start, 1, agent, weight) for agent, start, _, weight in rows]
    moments += [(end, 0, agent, -weight) for agent, _, end, weight in rows if end]
    load: Counter[object] = Counter()
    for _, _, agent, weight in sorted(moments, key=lambda moment: moment[:2]):
        load[agent] += weight
        most = max(most, load[agent])
    return most


def most_overtaken() -> int:
    """By how many places anybody was served later than they came."""
    entries = QueueEntry.objects.values_list("pk", flat=True)
    came = {pk: place for place, pk in enumerate(entries.order_by("entered_at"))}
    served = {pk: place for place, pk in enumerate(entries.order_by("claimed_at"))}
    return max(served[pk] - came[pk] for pk in came)


def hold_rush(rush: Rush, take: Callable[[User], Callable[[], Conversation | None]]) -> int:
    """Let everybody arrive and be served; return the most anybody was seen to carry meanwhile."""
    seen = [0]

    def arrive(conversation: Conversation) -> None:
        with closing(connection):
            Cast.hand_off(conversation)

    def watch() -> None:
        seen[0] = max(seen[0], *carried().values(), 0)
        time.sleep(0.005)

    def tend() -> None:
        Presence.objects.update(seen_at=timezone.now())
        tend_agents(at=timezone.now())
        time.sleep(0.5)

    with ThreadPoolExecutor(PEOPLE + 2) as staff, ThreadPoolExecutor(ARRIVING_AT_ONCE) as doors:
        arrivals = [doors.submit(arrive, conversation) for conversation in rush.customers]
        work = [staff.submit(rush.run, watch), staff.submit(rush.run, tend)]
        for arrival in arrivals[:PEOPLE]:
            arrival.result(PATIENCE)
        work += [staff.submit(rush.run, _step(rush, person, take(person))) for person in rush.people]
        for arrival in arrivals:
            arrival.result(PATIENCE)
        ended = rush.over.wait(PATIENCE)
        rush.over.set()
        for job in work:
            job.result(PATIENCE)
    assert ended, "they did not all end"
    return seen[0]


def _step(rush: Rush, person: User, take: Callable[[], Conversation | None]) -> Callable[[], None]:
    return lambda: serve(rush, person, take)


def check_everything(most: int) -> None:
    assert 0 < most <= CAPACITY
    assert 0 < played_back() <= CAPACITY
    assert Assignment.objects.filter(state="ended").count() == Assignment.objects.count() == CUSTOMERS
    assert not QueueEntry.objects.exclude(state="claimed").exists()
    assert not Offer.objects.filter(state="open").exists()
    assert not Conversation.objects.filter(ended_at__isnull=True).exists()
    assert 0 <= most_overtaken() < OVERTAKEN
    for conversation in Conversation.objects.order_by("?")[:20]:
        check_conversation(conversation)


def test_whoever_claims_the_next_never_carries_more_than_fits(rush, release):
    def take(person: User) -> Callable[[], Conversation | None]:
        return lambda: claim_next(project=rush.project, environment="live", agent=person, at=timezone.now())

    most = hold_rush(rush, take)

    check_everything(most)


def test_whoever_is_offered_work_never_carries_more_than_fits(rush, owner):
    Queue.objects.update(assignment=Way.OFFER.value)
    publish_release(project=rush.project, publisher=owner, at=timezone.now())

    def take(person: User) -> Callable[[], Conversation | None]:
        def accept() -> Conversation | None:
            offer = Offer.objects.filter(agent=person, state="open").first()
            return accept_offer(offer_id=offer.pk, agent=person, at=timezone.now()) if offer else None

        return accept

    most = hold_rush(rush, take)

    check_everything(most)
    assert Offer.objects.filter(state="accepted").count() == CUSTOMERS
