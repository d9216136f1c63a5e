"""Offers: what waits is held out to one ready agent after the other, oldest first, whenever something changes.

Whatever makes an offer possible calls `offer_waiting` or `offer_after_commit`: somebody began to wait, an agent became
ready, capacity became free, an offer ended. The clock looks once a second as well, so that a call that was lost with
its process costs a second.
"""

import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.db import transaction

from conversations.append import append_event
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import DeadlineKind
from conversations.models import Conversation, Deadline, User
from conversations.services.ownership import lock_conversation
from handoffs.domain.offers import Need, match_offers
from handoffs.models import Handoff, Offer, Presence, QueueEntry
from handoffs.selectors.agents import REACHABLE_WITHIN, read_workers
from handoffs.selectors.offers import (
    has_unoffered,
    is_offered,
    projects_with_unoffered,
    queue_of,
    read_needs,
    unoffered_entries,
    unoffered_queues,
)
from handoffs.selectors.queues import has_waiting
from handoffs.services.agent_news import tell_agent
from handoffs.services.capacity import NoCapacity, take_capacity
from handoffs.services.coalescing import run_coalesced

# Each round that fails has seen somebody else succeed; the clock goes on where this many were not enough.
MOST_ROUNDS = 20


def offer_waiting(*, project_id: uuid.UUID, environment: str, queue_key: str, at: datetime) -> int:
    """Offer what waits in this queue, and whatever waits longer in the project; return how many offers were made.

    One cheap look when agents claim from the queue themselves. Call it after commit, it locks conversations.
    """
    if not has_unoffered(project_id=project_id, environment=environment, queue_key=queue_key):
        return 0
    return drain_offers(project_id=project_id, at=at)


def offer_after_commit(*, project_id: uuid.UUID, at: datetime) -> None:
    """Offer what waits once the caller's transaction has made somebody free for it."""
    _after_commit(lambda: drain_offers(project_id=project_id, at=at))


def offer_entry_after_commit(*, entry: QueueEntry, at: datetime) -> None:
    """Offer what has begun to wait once the caller's transaction stands."""
    _after_commit(
        lambda: offer_waiting(
            project_id=entry.project_id, environment=entry.environment, queue_key=entry.queue_key, at=at
        )
    )


def drain_offers(*, project_id: uuid.UUID, at: datetime) -> int:
    """Offer everything that waits in the project to whoever is free for it, first served first."""
    return run_coalesced(project_id, lambda moment: _drain(project_id, moment), at=at)


def _drain(project_id: uuid.UUID, at: datetime) -> int:
    made = 0
    for _ in range(MOST_ROUNDS):
        queues = unoffered_queues(project_id=project_id)
        workers = read_workers(project_id=project_id, at=at) if queues else []
        if all(worker.is_asked for worker in workers):
            break
        pairs = list(match_offers(read_needs(project_id=project_id, queues=queues), workers, at=at))
        done = sum(_make_offer(need, agent_id, at) is not None for need, agent_id in pairs)
        made += done
        if done == len(pairs):
            break
    return made


def offer_everywhere(*, at: datetime) -> int:
    """What the clock does once a second for whoever waits and is offered to nobody."""
    return sum(drain_offers(project_id=project_id, at=at) for project_id in projects_with_unoffered())


def end_offer(*, offer: Offer, state: str, at: datetime) -> None:
    """End an open offer of a locked conversation: accepted, declined, expired or withdrawn."""
    Offer.objects.filter(pk=offer.pk, state="open").update(state=state, ended_at=at)
    offer.state, offer.ended_at = state, at
    Deadline.objects.filter(kind=DeadlineKind.OFFER, subject_id=offer.pk).delete()
    told = {"offer_id": str(offer.pk), "state": state, **_agent_facts(offer.agent)}
    append_event(conversation_id=offer.conversation_id, event=NewEvent("offer.ended", "system", told))
    tell_agent(project_id=offer.project_id, agent_id=offer.agent_id)


def settle_offer(*, handoff: Handoff, taker: User, at: datetime) -> None:
    """End the open offer of a handoff somebody is about to take: accepted where it was open to them, else taken back.
    In the caller's transaction, before capacity is taken: an open offer holds its own."""
    offer = Offer.objects.select_related("agent").filter(handoff=handoff, state="open").first()
    if offer is None:
        return
    if offer.agent_id == taker.pk:
        end_offer(offer=offer, state="accepted", at=at)
    else:
        withdraw_offers(handoffs=[handoff.pk], at=at)


def withdraw_offers(*, handoffs: Collection[uuid.UUID], at: datetime) -> None:
    """Take back the offers of handoffs that wait no more, in the caller's transaction, which holds the conversations.
    Whoever they were open to is free for the next."""
    for offer in Offer.objects.select_related("agent").filter(handoff__in=handoffs, state="open"):
        end_offer(offer=offer, state="withdrawn", at=at)
        offer_after_commit(project_id=offer.project_id, at=at)


def withdraw_offers_of(*, project_id: uuid.UUID, agent_id: uuid.UUID, at: datetime) -> None:
    """Take back what is offered to somebody who takes no work any more: it goes to the next."""
    for offer in Offer.objects.select_related("agent").filter(project_id=project_id, agent_id=agent_id, state="open"):
        with transaction.atomic():
            lock_conversation(offer.conversation_id)
            if Offer.objects.filter(pk=offer.pk, state="open").exists():
                end_offer(offer=offer, state="withdrawn", at=at)
    offer_after_commit(project_id=project_id, at=at)


def _after_commit(offering: Callable[[], int]) -> None:
    # What was committed stands, whether or not it could be offered at once.
    transaction.on_commit(offering, robust=True)


def _make_offer(need: Need, agent_id: uuid.UUID, at: datetime) -> Offer | None:
    """Hold a waiting handoff out to an agent; None when either is no longer free for it."""
    agent = User.objects.get(pk=agent_id)
    try:
        with transaction.atomic():
            conversation = lock_conversation(need.conversation_id)
            entry = _still_waiting(need)
            if entry is None or not has_waiting(conversation):
                return None
            locked = take_capacity(project_id=entry.project_id, agent=agent, channel=need.channel, weight=entry.weight)
            if locked.load.offers or not _takes_work(entry.project_id, agent, at):
                return None
            return _hold_out(conversation, entry, agent, at)
    except NoCapacity:
        return None


def _still_waiting(need: Need) -> QueueEntry | None:
    entry = unoffered_entries().select_related("handoff").filter(pk=need.handoff_id).first()
    return entry if entry is not None and is_offered(entry) else None


def _takes_work(project_id: uuid.UUID, agent: User, at: datetime) -> bool:
    """Ready and reachable. The row stays locked: who turns away meanwhile waits for the offer and then takes it
    back."""
    ready = Presence.objects.select_for_update(no_key=True).filter(
        user=agent, project_id=project_id, state="ready", seen_at__gt=at - REACHABLE_WITHIN
    )
    return ready.first() is not None


def _hold_out(conversation: Conversation, entry: QueueEntry, agent: User, at: datetime) -> Offer:
    queue = queue_of(entry)
    assert queue is not None
    expires_at = at + timedelta(seconds=queue.offer_seconds)
    offer = Offer.objects.create(
        handoff_id=entry.pk,
        conversation=conversation,
        project_id=entry.project_id,
        agent=agent,
        channel=conversation.channel,
        weight=entry.weight,
        offered_at=at,
        expires_at=expires_at,
    )
    Deadline.objects.create(conversation=conversation, kind=DeadlineKind.OFFER, subject_id=offer.pk, due_at=expires_at)
    told = {"offer_id": str(offer.pk), "expires_at": expires_at.isoformat(), **_agent_facts(agent)}
    append_event(conversation_id=conversation.pk, event=NewEvent("offer.made", "system", told))
    tell_agent(project_id=entry.project_id, agent_id=agent.pk)
    return offer


def _agent_facts(agent: User) -> dict[str, str]:
    return {"agent_id": str(agent.pk), "agent_name": agent.get_full_name()}
