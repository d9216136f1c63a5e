"""What an agent does with an offer: accepts it, declines it, or is silent until it expires."""

import uuid
from datetime import datetime

from django.db import transaction

from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Deadline, User
from conversations.services.ownership import lock_conversation
from handoffs.models import Offer
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.offers import access_offer
from handoffs.selectors.queues import has_waiting
from handoffs.services.capacity import lock_agent
from handoffs.services.claims import join_agent
from handoffs.services.offers import end_offer, offer_after_commit
from handoffs.services.presence import turn_away

SILENT = "Did not answer an offer"


class OfferGone(Exception):
    """The offer is not open any more. `state` says how it ended."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The offer was {state}")
        self.state = state


def accept_offer(*, offer_id: uuid.UUID | str, agent: User, at: datetime) -> Conversation:
    """Give the agent the conversation that was offered: its place was kept for it. Accepting once more changes
    nothing. Raises NotFound, OfferGone."""
    with transaction.atomic():
        conversation, offer = _lock_offer(offer_id, agent)
        if offer.state == "accepted" and _has(conversation, agent):
            return conversation
        _check_open(offer)
        if not has_waiting(conversation):
            # The customer has left; what the end sets off takes the offer back.
            raise OfferGone("withdrawn")
        # Nobody may add up the agent's load between the offer's end and the assignment's beginning.
        lock_agent(project_id=offer.project_id, agent=agent)
        end_offer(offer=offer, state="accepted", at=at)
        join_agent(conversation=conversation, handoff=current_handoff(conversation), agent=agent, at=at)
        # The next one that waits may be for the same agent.
        offer_after_commit(project_id=offer.project_id, at=at)
    return conversation


def decline_offer(*, offer_id: uuid.UUID | str, agent: User, at: datetime) -> Offer:
    """Let it go to the next; the agent stays ready. Raises NotFound, OfferGone."""
    with transaction.atomic():
        _, offer = _lock_offer(offer_id, agent)
        if offer.state != "declined":
            _check_open(offer)
            end_offer(offer=offer, state="declined", at=at)
            offer_after_commit(project_id=offer.project_id, at=at)
    return offer


def expire_offer(deadline: Deadline, at: datetime) -> None:
    """Nobody answered: on to the next, and whoever was silent takes a break, which they are told."""
    offer = Offer.objects.select_related("agent", "project").filter(pk=deadline.subject_id, state="open").first()
    if offer is None:
        return
    end_offer(offer=offer, state="expired", at=at)
    turn_away(user=offer.agent, project=offer.project, reason=SILENT, at=at)
    offer_after_commit(project_id=offer.project_id, at=at)


def _lock_offer(offer_id: uuid.UUID | str, agent: User) -> tuple[Conversation, Offer]:
    found = access_offer(agent, offer_id)
    conversation = lock_conversation(found.conversation_id)
    return conversation, Offer.objects.select_related("agent").get(pk=found.pk)


def _check_open(offer: Offer) -> None:
    if offer.state != "open":
        raise OfferGone(offer.state)


def _has(conversation: Conversation, agent: User) -> bool:
    return conversation.owner_kind == OwnerKind.HUMAN and conversation.owner_id == str(agent.pk)
