"""The conversations of the last week, decided again under other settings; nothing is written."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from conversations.models import Project
from handoffs.adapters.embeddings import load_embed
from handoffs.domain.config import ProjectConfig
from handoffs.domain.levels import apply_level
from handoffs.domain.past_week import Change, Plan, Tally, follow_past, order_triggers
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.signal import Trigger
from handoffs.selectors.rehearsals import Past, find_past, read_past

WEEK = timedelta(days=7)
MOST_CONVERSATIONS = 300
SECONDS = 6.0
PLANS: tuple[Plan, ...] = (None, *Level)


@dataclass(frozen=True, slots=True)
class Week:
    """looked_at: the conversations, newest first, where a change counts its positions; found: how many there are;
    erased: left out because some of their words are gone; silent: in which the customer said nothing to the AI;
    happened: what really handed them over."""

    since: datetime
    looked_at: tuple[Past, ...]
    found: int
    erased: int
    silent: int
    tallies: Mapping[Plan, Tally]
    happened: Mapping[Trigger, int]

    @property
    def is_cut(self) -> bool:
        """Whether older ones were not come to, for their number or the time."""
        return len(self.looked_at) + self.erased + self.silent < self.found

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        return order_triggers(tuple(self.tallies.values()), self.happened)

    def changed(self, change: Change) -> tuple[tuple[Past, Trigger], ...]:
        """What the draft would have done otherwise."""
        return tuple((self.looked_at[position], trigger) for position, trigger in self.tallies[None].changed[change])


def rehearse_week(
    *,
    project: Project,
    environment: str,
    config: ProjectConfig,
    draft: SettingsConfig,
    at: datetime,
    clock: Callable[[], float],
) -> Week:
    """Decide the newest conversations of the last seven days again: with the draft, and with each level. Ends after
    `SECONDS` of the clock, wherever it is then: `looked_at` says how far it came."""
    config = replace(config, settings=draft)
    plans = {plan: draft if plan is None else apply_level(draft, plan) for plan in PLANS}
    embed = load_embed() if draft.uses_embeddings else None
    tallies: dict[Plan, Tally] = {plan: Tally() for plan in PLANS}
    found = find_past(project=project, environment=environment, since=at - WEEK)
    looked_at: list[Past] = []
    left_out, ends = Counter[str](), clock() + SECONDS
    for past in read_past(found[:MOST_CONVERSATIONS]):
        if clock() > ends:
            break
        if past.is_erased or not past.heard:
            left_out["erased" if past.is_erased else "silent"] += 1
            continue
        followed = follow_past(past.dialogue, past.heard, past.trigger, config=config, plans=plans, embed=embed)
        for plan, following in followed.items():
            tallies[plan].count(len(looked_at), following, happened=past.trigger)
        looked_at.append(past)
    return Week(
        since=at - WEEK,
        looked_at=tuple(looked_at),
        found=len(found),
        erased=left_out["erased"],
        silent=left_out["silent"],
        tallies=tallies,
        happened=Counter(Trigger(past.trigger) for past in looked_at if past.trigger),
    )
