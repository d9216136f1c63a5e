"""What is stored of the decision a handoff starts with: its trace, and how much of its context came with it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conversations.domain.state import merge_state
from conversations.models import Conversation
from handoffs.domain.contract import judge_context
from handoffs.domain.follow_ups import is_client_managed
from handoffs.domain.routing import Route
from handoffs.domain.trace import trace_decision
from handoffs.domain.turns import HandoffRequest
from handoffs.selectors.agents import read_members, ready_people
from handoffs.services.releases import CurrentConfig


def decision_columns(
    *, conversation: Conversation, request: HandoffRequest, route: Route, current: CurrentConfig, at: datetime
) -> dict[str, Any]:
    """The columns `trace`, `data` and `context` of a handoff that starts. Raises StateTooLarge, StateUnreadable."""
    data = merge_state(conversation.state, request.data)
    ready = _count_ready(conversation.project_id, route.queue.key, at) if route.queue else None
    trace = trace_decision(
        request=request,
        route=route,
        config=current.config,
        snapshot_hash=current.snapshot_hash,
        release_number=current.release_number,
        by_client=is_client_managed(channel=conversation.channel, options=conversation.options),
        channel=conversation.channel,
        epoch=conversation.epoch,
        ready=ready,
        at=at,
    )
    return {"trace": trace, "data": data, "context": context_of(route, data)}


def context_of(route: Route, data: Mapping[str, Any]) -> dict[str, Any]:
    """The column `context` of a handoff with this data at the route's destination."""
    score = judge_context(route.destination.required_fields if route.destination else (), data)
    return {"required": list(score.required), "missing": list(score.missing), "score": score.score}


def _count_ready(project_id: uuid.UUID, queue_key: str, at: datetime) -> int:
    """How many people take work for the queue; a queue without teams is everybody's."""
    ready = set(ready_people(project_id=project_id, at=at).values_list("user_id", flat=True))
    members = read_members(project_id=project_id).get(queue_key) if ready else None
    return len(ready if members is None else ready & members)
