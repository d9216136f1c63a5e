"""Random deeds of several people and systems at once, each on a connection of its own: whatever happens, every
conversation stays whole."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from conversations.models import Conversation
from handoffs.domain.lifecycle import FINAL, OPEN
from handoffs.models import Handoff
from tests.invariants import check_conversation
from tests.journeys.actors import Actors, configure

pytestmark = pytest.mark.xdist_group("journeys")

AT_ONCE = 3
DEEDS = sorted(Actors(None, None, []).deeds)
# More often than the rest: without these nothing much happens.
LIKELY = ["hand off", "hand off softly", "claim", "report", "sweep", "write", "reply", "pass on"] * 3
LIKELY += ["hand off"] * 4 + ["give", "hand back", "answer", "take over", "drain"]


class Hands:
    """Threads that begin together and have a database connection each."""

    def __init__(self) -> None:
        self.pool, self.start = ThreadPoolExecutor(AT_ONCE), Barrier(AT_ONCE, timeout=30)

    def at_once(self, deeds) -> None:
        for future in [self.pool.submit(self._do, deed) for deed in deeds]:
            future.result(60)

    def close(self) -> None:
        self.at_once([connections.close_all] * AT_ONCE)
        self.pool.shutdown()

    def _do(self, deed) -> None:
        self.start.wait()
        deed()


@pytest.fixture
def machine(transactional_db, project, owner, connector, agent, other_agent):
    configure(project, owner)
    actors, hands = Actors(project, connector, [agent, other_agent]), Hands()

    class Machine(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.ids = [actors.open(), actors.open()]
            self.over: dict[uuid.UUID, str] = {}

        @rule(
            deeds=st.lists(
                st.tuples(st.sampled_from(LIKELY + DEEDS), st.integers(0, 1)), min_size=AT_ONCE, max_size=AT_ONCE
            )
        )
        def happen_at_once(self, deeds) -> None:
            self._renew()
            hands.at_once([lambda deed=deed, on=on: actors.do(deed, self.ids[on]) for deed, on in deeds])

        def _renew(self) -> None:
            """Of one that is over nothing more can be told, once what its end has set off is done."""
            for number, conversation_id in enumerate(self.ids):
                if Conversation.objects.get(pk=conversation_id).owner_kind == "none":
                    actors.do("drain", conversation_id)
                    check_conversation(Conversation.objects.get(pk=conversation_id))
                    assert not Handoff.objects.filter(conversation_id=conversation_id, state__in=OPEN).exists()
                    self.ids[number] = actors.open()

        @invariant()
        def every_conversation_is_whole(self) -> None:
            for conversation_id in getattr(self, "ids", []):
                check_conversation(Conversation.objects.get(pk=conversation_id))

        @invariant()
        def a_final_state_is_final(self) -> None:
            over = getattr(self, "over", {})
            assert dict(Handoff.objects.filter(pk__in=over).values_list("pk", "state")) == over
            now = dict(Handoff.objects.filter(conversation_id__in=getattr(self, "ids", [])).values_list("pk", "state"))
            self.over = over | {handoff_id: state for handoff_id, state in now.items() if state in FINAL}

    Machine.actors = actors
    yield Machine
    hands.close()


def run(machine, *, examples: int, steps: int) -> None:
    """The threads decide who comes first, so a failure is shown as it came: there is nothing to shrink or replay."""
    plan = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(machine, settings=plan)
    print(dict(machine.actors.done))


def test_whatever_happens_at_once_every_conversation_stays_whole(machine):
    run(machine, examples=3, steps=12)


@pytest.mark.soak
def test_whatever_happens_at_once_for_long(machine):
    run(machine, examples=300, steps=50)


def test_the_check_can_fail(conversation, cast):
    """A machine that finds nothing may be blind."""
    cast.hand_off(conversation)
    lock_free = Conversation.objects.filter(pk=conversation.pk)
    lock_free.update(owner_kind="ai")
    with pytest.raises(AssertionError):
        check_conversation(lock_free.get())
