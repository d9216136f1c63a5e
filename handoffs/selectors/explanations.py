"""Why a handoff went where it went: its stored trace, and the same decision made again from what it was made from."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoffs.adapters.embeddings import load_embed
from handoffs.domain.config import ProjectConfig
from handoffs.domain.follow_ups import Episode, decide_follow_up, is_client_managed
from handoffs.domain.lifecycle import Cause
from handoffs.domain.trace import VERSIONS, compare_decisions, decide_again
from handoffs.models import Handoff
from handoffs.selectors.dialogues import read_said
from handoffs.selectors.snapshots import read_config

NO_TRACE = "it has no trace of a decision; a person passed it on, its agent was gone, or it is older than traces"


@dataclass(frozen=True, slots=True)
class Explanation:
    """differences: what came out otherwise, a line each; problem: why it could not be made again, empty when it was.
    The answer is the same when both are empty."""

    handoff: Handoff
    differences: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_same(self) -> bool:
        return not self.differences and not self.problem


def explain_handoff(handoff_id: uuid.UUID) -> Explanation:
    """Raises Handoff.DoesNotExist."""
    handoff = Handoff.objects.select_related("conversation", "project").get(pk=handoff_id)
    config = read_config(handoff.snapshot_hash)
    if handoff.trace.get("version") in VERSIONS:
        return _explain_decision(handoff, config)
    if "to" in handoff.trace:
        return _explain_follow_up(handoff, config)
    return Explanation(handoff, problem=NO_TRACE)


def _explain_decision(handoff: Handoff, config: ProjectConfig) -> Explanation:
    trace: Mapping[str, Any] = handoff.trace
    if trace["snapshot"] != handoff.snapshot_hash:
        return Explanation(handoff, problem="its trace names another snapshot than the handoff")
    inputs = trace["inputs"]
    dialogue = read_said(handoff.conversation_id, sequences=(*inputs.get("history", ()), *inputs["heard"]))
    if dialogue is None:
        return Explanation(handoff, problem="messages it was decided from have been erased")
    embed = load_embed() if inputs.get("embedded") else None
    if inputs.get("embedded") and embed is None:
        return Explanation(handoff, problem="the sentence model it was decided with is not installed here")
    noticed = read_config(inputs["noticed_under"]) if inputs.get("noticed_under") else None
    again = decide_again(trace, config=config, dialogue=dialogue, noticed=noticed, embed=embed)
    return Explanation(handoff, compare_decisions(trace, again))


def _explain_follow_up(handoff: Handoff, config: ProjectConfig) -> Explanation:
    """An episode that follows one that nobody took: the policy decides again about that one."""
    before = Handoff.objects.select_related("conversation").get(pk=handoff.trace["after"])
    plan = decide_follow_up(config, _episode(before), at=handoff.initiated_at)
    stored = {"step": _step(handoff.trace["next"]), "destination": handoff.trace["to"]}
    again = {"step": plan.step.value, "destination": plan.destination}
    return Explanation(handoff, compare_decisions({"decided": stored}, {"decided": again}))


def _step(taken_up_for: str) -> str:
    # A retry that has been told waits to be asked for again, under another name.
    return "retry" if taken_up_for == "ask_again" else taken_up_for


def _episode(before: Handoff) -> Episode:
    conversation = before.conversation
    root = before.root_id or before.pk
    chain = Handoff.objects.filter(root_id=root) | Handoff.objects.filter(pk=root)
    earlier = chain.filter(conversation_id=before.conversation_id, initiated_at__lte=before.initiated_at)
    return Episode(
        destination=before.destination_key,
        cause=Cause(before.cause),
        attempt=before.attempt,
        tried=frozenset(earlier.values_list("destination_key", flat=True)),
        channel=conversation.channel,
        by_client=is_client_managed(channel=conversation.channel, options=conversation.options),
    )
