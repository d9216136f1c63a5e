"""A human's conversation goes on to somebody else: to a destination's queue, or straight to a colleague.

Each is a new episode, linked to the one before. The customer sees no leaving: published clients take that as the
end. They see the new queue, or the next human joining.
"""

import uuid
from datetime import datetime

from django.db import transaction

from conversations.access import permissions_in
from conversations.append import append_event
from conversations.domain.permissions import Permission
from conversations.domain.timeline import NewEvent
from conversations.domain.vocabulary import OwnerKind
from conversations.models import Conversation, Project, User
from conversations.services.ownership import change_projection, lock_conversation
from handoffs.domain.config import INBOX, DestinationConfig
from handoffs.domain.lifecycle import Cause, Signal
from handoffs.domain.routing import Arrival, Route, find_route
from handoffs.models import Handoff
from handoffs.selectors.handoffs import current_handoff
from handoffs.selectors.snapshots import read_config
from handoffs.services.arrivals import ask_again
from handoffs.services.assignments import end_assignment, weight_of
from handoffs.services.capacity import take_capacity
from handoffs.services.claims import NotWaiting, claim_conversation, join_agent
from handoffs.services.closing import lock_own_conversation
from handoffs.services.episodes import create_next_episode, projection_of
from handoffs.services.lifecycle import announce_state, signal_handoff


class TargetRefused(Exception):
    """Who it was meant for cannot take it. `code` names why: unknown_destination, closed, unknown_agent or same_agent;
    `opens_at`: when a closed one opens again, if that is known."""

    def __init__(self, code: str, text: str, *, opens_at: datetime | None = None) -> None:
        super().__init__(text)
        self.code, self.opens_at = code, opens_at


def transfer_to_destination(
    *, conversation_id: uuid.UUID, agent: User, epoch: int, destination: str, note: str, at: datetime
) -> Conversation:
    """Pass the agent's conversation on to a destination's queue, with a note for whoever takes it there.

    Raises StaleEpoch, TargetRefused.
    """
    with transaction.atomic():
        conversation = lock_own_conversation(conversation_id, agent=agent, epoch=epoch)
        handoff = current_handoff(conversation)
        config = read_config(handoff.snapshot_hash)
        route = find_route(config, asked_for=destination, at=at)
        target = _open_destination(route, destination)
        cause = Cause.TRANSFERRED_BY_AGENT
        _leave(conversation, handoff, by=agent, note=note, cause=cause, at=at)
        passed = {"handoff_id": str(handoff.pk), "cause": cause.value, "to_name": target.name}
        event = NewEvent("handoff.transferred", f"user:{agent.pk}", {**passed, "to_destination": target.key})
        append_event(conversation_id=conversation.pk, event=event)
        following = create_next_episode(after=handoff, at=at, changes={"trace": {"after": str(handoff.pk)}})
        announce_state(following)
        ask_again(conversation=conversation, handoff=following, route=route, config=config, at=at)
    return conversation


def transfer_to_agent(
    *, conversation_id: uuid.UUID, agent: User, epoch: int, to: uuid.UUID, note: str, at: datetime
) -> Conversation:
    """Pass the agent's conversation straight to a colleague. Raises StaleEpoch, TargetRefused, NoCapacity."""
    with transaction.atomic():
        conversation = lock_own_conversation(conversation_id, agent=agent, epoch=epoch)
        colleague = find_colleague(project=conversation.project, user_id=to)
        if colleague.pk == agent.pk:
            raise TargetRefused("same_agent", "It is with them already")
        give_to(conversation=conversation, agent=colleague, by=agent, note=note, at=at)
    return conversation


def reassign_conversation(
    *, conversation_id: uuid.UUID, supervisor: User, to: uuid.UUID, note: str, at: datetime
) -> Conversation:
    """Give a waiting or a colleague's conversation to an agent, over their capacity if it must be.

    Raises TargetRefused, NotWaiting when it is neither.
    """
    with transaction.atomic():
        conversation = lock_conversation(conversation_id)
        colleague = find_colleague(project=conversation.project, user_id=to)
        if conversation.owner_kind == OwnerKind.QUEUE:
            return claim_conversation(conversation_id=conversation.pk, agent=colleague, at=at, force=True)
        if conversation.owner_kind != OwnerKind.HUMAN:
            raise NotWaiting("ended" if conversation.ended_at else conversation.owner_kind)
        if conversation.owner_id != str(colleague.pk):
            give_to(conversation=conversation, agent=colleague, by=supervisor, note=note, at=at, force=True)
    return conversation


def give_to(
    *, conversation: Conversation, agent: User, by: User, note: str, at: datetime, force: bool = False
) -> Handoff:
    """Make an agent the owner of a locked conversation a human has, as the next episode of its handoff, in the
    caller's transaction. `force`: whatever the agent carries already. Raises NoCapacity."""
    handoff = current_handoff(conversation)
    is_own = conversation.owner_id == str(by.pk)
    cause = Cause.TRANSFERRED_BY_AGENT if is_own else Cause.TRANSFERRED_BY_SUPERVISOR
    weight = weight_of(conversation, handoff)
    _leave(conversation, handoff, by=by, note=note, cause=cause, at=at)
    following = create_next_episode(after=handoff, at=at, changes={"trace": {"after": str(handoff.pk)}})
    announce_state(following)
    passed = {"handoff_id": str(handoff.pk), "cause": cause.value, "to_name": agent.get_full_name()}
    event = NewEvent("handoff.transferred", f"user:{by.pk}", {**passed, "to_agent": str(agent.pk)})
    change_projection(conversation=conversation, event=event, changes=projection_of(following))
    project_id, channel = conversation.project_id, conversation.channel
    take_capacity(project_id=project_id, agent=agent, channel=channel, weight=weight, force=force)
    join_agent(conversation=conversation, handoff=following, agent=agent, at=at)
    return following


def find_colleague(*, project: Project, user_id: uuid.UUID) -> User:
    """Return an agent of the project. Raises TargetRefused for anybody else."""
    found = User.objects.filter(pk=user_id, is_active=True, memberships__project=project).distinct().first()
    if found is None or Permission.INBOX_REPLY not in permissions_in(found, project):
        raise TargetRefused("unknown_agent", "Nobody with this id works the inbox of this project")
    return found


def _open_destination(route: Route, wanted: str) -> DestinationConfig:
    """The wanted destination when the route ends in its queue: a person chose it, nothing else will do."""
    if not any(item.destination == wanted for item in route.considered) or route.destination is None:
        raise TargetRefused("unknown_destination", "There is no such destination")
    if route.arrival is not Arrival.QUEUE or route.destination.key != wanted or route.destination.desk != INBOX:
        raise TargetRefused("closed", "This destination takes nobody right now", opens_at=route.next_opening)
    return route.destination


def _leave(conversation: Conversation, handoff: Handoff, *, by: User, note: str, cause: Cause, at: datetime) -> None:
    """End the present episode and its agent's share of it; the note is for whoever comes next."""
    signal_handoff(handoff=handoff, signal=Signal.TRANSFERRED, cause=cause, at=at)
    end_assignment(conversation=conversation, at=at)
    if note:
        payload = {"text": note, "agent_name": by.get_short_name()}
        append_event(conversation_id=conversation.pk, event=NewEvent("note.added", f"user:{by.pk}", payload))
