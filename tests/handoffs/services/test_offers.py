"""Offers: made, accepted, declined, expired, withdrawn; one at a time, oldest first."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from conversations.access import NotFound
from conversations.domain.vocabulary import EndReason, Role
from conversations.models import Conversation, Deadline, Event, OutboxEntry
from conversations.services.outcomes import OutcomeFacts
from conversations.services.sessions import end_session
from handoffs.models import Agent, Assignment, Offer, Presence, Queue, QueueEntry
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import cancel_waiting, close_conversation, end_open
from handoffs.services.deadlines import sweep_deadlines
from handoffs.services.offer_answers import OfferGone, accept_offer, decline_offer
from handoffs.services.offers import drain_offers, offer_waiting
from handoffs.services.presence import set_presence
from handoffs.services.tending import tend_agents
from tests.conftest import member
from tests.invariants import check_conversation

REFUNDED = OutcomeFacts(code="refund_issued", resolved=True)


def states() -> list[str]:
    return list(Offer.objects.order_by("offered_at", "pk").values_list("state", flat=True))


def told(conversation) -> list[tuple[str, str]]:
    events = Event.objects.filter(conversation=conversation, type__startswith="offer.").order_by("sequence")
    return [(event.type, event.payload.get("state", event.payload["agent_name"])) for event in events]


def test_who_waits_is_offered_to_who_is_ready(offering, ready, begin_to_wait, offer, now):
    ana, waiting = ready("Ana Ruiz"), begin_to_wait()

    assert offer() == [(waiting, ana)]
    made = Offer.objects.get()
    assert made.expires_at == made.offered_at + timedelta(seconds=20)
    assert Deadline.objects.get(kind="offer").due_at == made.expires_at
    assert told(waiting) == [("offer.made", "Ana Ruiz")]
    assert Conversation.objects.get(pk=waiting.pk).owner_kind == "queue"


def test_accepting_makes_it_ones_own_in_the_place_that_was_kept(offering, ready, begin_to_wait, offer, now):
    ana, waiting = ready("Ana Ruiz", capacity=1), begin_to_wait()
    offer()
    made = Offer.objects.get()
    Agent.objects.update(capacity=0)

    accepted = accept_offer(offer_id=made.pk, agent=ana, at=now)
    again = accept_offer(offer_id=made.pk, agent=ana, at=now)

    assert (accepted.owner_kind, accepted.owner_id, accepted.epoch) == ("human", str(ana.pk), again.epoch)
    assert (states(), Assignment.objects.get().state) == (["accepted"], "active")
    assert not Deadline.objects.filter(conversation=waiting).exists()
    assert told(waiting) == [("offer.made", "Ana Ruiz"), ("offer.ended", "accepted")]
    check_conversation(accepted)


def test_declined_goes_to_the_next_and_the_agent_stays_ready(offering, ready, begin_to_wait, offer, now):
    ana, ben, waiting = ready("Ana Ruiz"), ready("Ben Lee"), begin_to_wait()
    ((_, asked),) = offer()
    other = ben if asked == ana else ana

    decline_offer(offer_id=Offer.objects.get().pk, agent=asked, at=now)

    assert offer() == [(waiting, other)]
    assert Presence.objects.get(user=asked).state == "ready"
    decline_offer(offer_id=Offer.objects.get(state="open").pk, agent=other, at=now)
    assert offer(later=10) == []
    assert offer(later=31) != []


def test_silence_bounces_to_the_next_and_gives_the_silent_a_break(offering, ready, begin_to_wait, offer, now):
    ana, ben, waiting = ready("Ana Ruiz"), ready("Ben Lee"), begin_to_wait()
    ((_, asked),) = offer()
    other = ben if asked == ana else ana

    assert sweep_deadlines(at=now + timedelta(seconds=19)) == 0
    assert sweep_deadlines(at=now + timedelta(seconds=20)) == 1

    silent = Presence.objects.get(user=asked)
    assert (silent.state, silent.reason) == ("break", "Did not answer an offer")
    assert offer(later=20) == [(waiting, other)]
    assert states() == ["expired", "open"]
    assert QueueEntry.objects.get().state == "waiting"


def test_nobody_ready_leaves_it_waiting(offering, ready, begin_to_wait, offer, agent):
    begin_to_wait()

    assert offer() == []
    assert QueueEntry.objects.get().state == "waiting"


@pytest.mark.parametrize("state", ["busy", "break", "draining", "offline"])
def test_only_the_ready_are_asked(offering, ready, begin_to_wait, offer, now, state):
    ready("Ana Ruiz")
    Presence.objects.update(state=state)
    begin_to_wait()

    assert offer() == []


def test_whose_inbox_is_closed_is_not_asked(offering, ready, begin_to_wait, now):
    ready("Ana Ruiz")
    begin_to_wait()

    assert drain_offers(project_id=offering.pk, at=now + timedelta(seconds=60)) == 0
    assert drain_offers(project_id=offering.pk, at=now + timedelta(seconds=59)) == 1


def test_who_may_not_answer_is_not_asked(offering, ready, begin_to_wait, offer, reviewer):
    ready(reviewer)
    ready(member(offering, Role.AGENT, "Gone Away")).is_active = False
    person = Presence.objects.exclude(user=reviewer).get().user
    person.is_active = False
    person.save()
    begin_to_wait()

    assert offer() == []


def test_customers_of_a_queue_that_is_pulled_are_offered_to_nobody(project, release, ready, begin_to_wait, now):
    ready("Ana Ruiz")
    begin_to_wait()

    assert offer_waiting(project_id=project.pk, environment="live", queue_key="billing", at=now) == 0
    assert drain_offers(project_id=project.pk, at=now) == 0


def test_what_an_agent_is_freed_of_brings_the_oldest(
    offering, ready, begin_to_wait, offer, now, django_capture_on_commit_callbacks
):
    ana = ready("Ana Ruiz", capacity=1)
    first, second, third = (begin_to_wait() for _ in range(3))
    offer()
    claimed = accept_offer(offer_id=Offer.objects.get().pk, agent=ana, at=now)
    assert claimed.pk == first.pk
    assert offer() == []
    Queue.objects.update(wrap_up_seconds=0)

    close_conversation(conversation_id=first.pk, agent=ana, epoch=claimed.epoch, facts=REFUNDED, at=now)
    assert offer() == [], "the snapshot of the handoff still wraps up"

    with django_capture_on_commit_callbacks(execute=True):
        sweep_deadlines(at=now + timedelta(seconds=60))
    assert [row.conversation_id for row in Offer.objects.filter(state="open")] == []
    assert offer(later=61) == [(second, ana)]
    assert QueueEntry.objects.get(conversation=third).state == "waiting"


def test_an_accepted_offer_is_followed_by_the_next_at_once(
    offering, ready, begin_to_wait, offer, now, django_capture_on_commit_callbacks
):
    ana = ready("Ana Ruiz", capacity=2)
    _, second, _ = (begin_to_wait() for _ in range(3))
    offer()

    with django_capture_on_commit_callbacks(execute=True):
        accept_offer(offer_id=Offer.objects.get().pk, agent=ana, at=now)

    assert Offer.objects.get(state="open").conversation == second
    with django_capture_on_commit_callbacks(execute=True):
        accept_offer(offer_id=Offer.objects.get(state="open").pk, agent=ana, at=now)
    assert not Offer.objects.filter(state="open").exists()


@pytest.mark.parametrize("how", ["ready", "waiting", "clock"])
def test_it_is_offered_as_soon_as_it_can_be(
    offering, ready, begin_to_wait, agent, now, django_capture_on_commit_callbacks, how
):
    if how == "waiting":
        ready(agent)
    with django_capture_on_commit_callbacks(execute=how == "waiting"):
        begin_to_wait()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "ready":
            set_presence(user=agent, project=offering, state="ready", at=now)
        if how == "clock":
            ready(agent)
            tend_agents(at=now)

    assert Offer.objects.get().agent == agent


def test_higher_priority_first_then_the_oldest(offering, ready, begin_to_wait, offer):
    plain, urgent = begin_to_wait(), begin_to_wait()
    QueueEntry.objects.filter(conversation=urgent).update(priority=10)
    for name in ("Ana Ruiz", "Ben Lee"):
        ready(name)

    assert [conversation for conversation, _ in offer()] == [urgent, plain]


def test_the_agent_who_knows_the_customer_is_asked_first(offering, ready, begin_to_wait, offer, connector, cast, now):
    ana, ben = ready("Ana Ruiz"), ready("Ben Lee")
    before = begin_to_wait()
    claim_conversation(conversation_id=before.pk, agent=ben, at=now)
    again = begin_to_wait()
    Conversation.objects.filter(pk=again.pk).update(customer=before.customer)

    assert offer() == [(again, ben)]

    decline_offer(offer_id=Offer.objects.get(state="open").pk, agent=ben, at=now)
    Presence.objects.filter(user=ben).update(state="break")
    assert offer() == [(again, ana)]


def test_a_queue_of_a_team_is_offered_to_its_people(offering, ready, begin_to_wait, offer):
    ready("Ana Ruiz")
    ben = ready("Ben Lee")
    team = offering.teams.create(key="care", name="Care")
    team.members.add(ben)
    Queue.objects.get(project=offering).teams.add(team)
    waiting = begin_to_wait()

    assert offer() == [(waiting, ben)]


def test_it_is_taken_back_when_the_customer_returns_to_the_ai(offering, ready, begin_to_wait, offer, now):
    ana, waiting = ready("Ana Ruiz"), begin_to_wait()
    offer()

    assert cancel_waiting(conversation_id=waiting.pk, at=now)

    assert states() == ["withdrawn"]
    assert not Deadline.objects.filter(conversation=waiting).exists()
    with pytest.raises(OfferGone) as gone:
        accept_offer(offer_id=Offer.objects.get().pk, agent=ana, at=now)
    assert gone.value.state == "withdrawn"
    check_conversation(waiting)


def test_nobody_accepts_a_customer_who_has_just_left(offering, ready, begin_to_wait, offer, now):
    ana, waiting = ready("Ana Ruiz"), begin_to_wait()
    offer()
    end_session(conversation_id=waiting.pk, reason=EndReason.USER_END, at=now)

    with pytest.raises(OfferGone) as gone:
        accept_offer(offer_id=Offer.objects.get().pk, agent=ana, at=now)

    assert gone.value.state == "withdrawn"
    end_open(entry=OutboxEntry.objects.get(topic="conversation.ended"), at=now)
    assert (states(), Assignment.objects.count()) == (["withdrawn"], 0)
    check_conversation(waiting)


def test_it_is_taken_back_when_somebody_else_claims(offering, ready, begin_to_wait, offer, now, other_agent):
    ana, waiting = ready("Ana Ruiz"), begin_to_wait()
    offer()

    claim_conversation(conversation_id=waiting.pk, agent=other_agent, at=now)

    assert states() == ["withdrawn"]
    with pytest.raises(OfferGone):
        decline_offer(offer_id=Offer.objects.get().pk, agent=ana, at=now)


def test_claiming_what_one_is_offered_accepts_it(offering, ready, begin_to_wait, offer, now):
    ana, waiting = ready("Ana Ruiz", capacity=1), begin_to_wait()
    offer()

    claim_conversation(conversation_id=waiting.pk, agent=ana, at=now)

    assert states() == ["accepted"]


def test_it_is_taken_back_when_the_wait_is_over(offering, ready, begin_to_wait, offer, now):
    ready("Ana Ruiz")
    waiting = begin_to_wait()
    offer(later=290)

    sweep_deadlines(at=now + timedelta(seconds=301))

    assert states() == ["withdrawn"]
    assert Presence.objects.get().state == "ready"
    check_conversation(waiting)


def test_it_is_taken_back_from_who_turns_away(offering, ready, begin_to_wait, offer, now):
    ana = ready("Ana Ruiz")
    begin_to_wait()
    offer()

    set_presence(user=ana, project=offering, state="draining", at=now)

    assert states() == ["withdrawn"]
    assert offer() == []


def test_nobody_answers_for_another(offering, ready, begin_to_wait, offer, other_agent, now):
    ready("Ana Ruiz")
    begin_to_wait()
    offer()

    for answer in (accept_offer, decline_offer):
        with pytest.raises(NotFound):
            answer(offer_id=Offer.objects.get().pk, agent=other_agent, at=now)


def test_the_database_refuses_a_second_open_offer(offering, ready, begin_to_wait, offer, other_agent, now):
    ready("Ana Ruiz")
    begin_to_wait()
    offer()
    made = Offer.objects.get()

    for changes in ({"agent": other_agent}, {"handoff_id": made.handoff_id}):
        twin = Offer.objects.get(pk=made.pk)
        twin.pk, twin._state.adding = uuid4(), True
        for name, value in changes.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
