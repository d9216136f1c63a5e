"""What settings would have done with conversations that have happened, beside what was done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handoffs.domain.config import ProjectConfig
from handoffs.domain.rehearsal import NOTHING_FOLLOWS, Following, decide_message, follow, follow_trigger
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.domain.triggers.dialogue import Said
from handoffs.domain.triggers.meaning import Embed
from handoffs.domain.triggers.once import looking
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.turns import lets_through

# What is found in the customer's words; any other trigger came from elsewhere and comes again at the same place.
DETECTED = frozenset(
    {Trigger.EXPLICIT_REQUEST, Trigger.FRUSTRATION, Trigger.UNPRODUCTIVE, Trigger.FORBIDDEN_TOPIC}
)  # fmt: skip

Plan = Level | None  # which settings: None is the draft


class Change(StrEnum):
    """How settings would have differed from what happened."""

    NEWLY = "newly"  # it would have reached a person
    NO_LONGER = "no_longer"


@dataclass(slots=True)
class Tally:
    """What one set of settings would have done: by trigger, how many conversations went over at once, and in how many
    the customer was asked something first; what would be otherwise, by change, as positions."""

    at_once: Counter[Trigger] = field(default_factory=Counter)
    asked_first: Counter[Trigger] = field(default_factory=Counter)
    changed: dict[Change, list[tuple[int, Trigger]]] = field(default_factory=lambda: {change: [] for change in Change})

    @property
    def reached(self) -> int:
        return self.at_once.total() + self.asked_first.total()

    def count(self, position: int, following: Following, *, happened: str) -> None:
        """Add one conversation. happened: the trigger that really handed it over, empty for none."""
        trigger = following.trigger
        if following.reaches and trigger:
            (self.asked_first if following.asks_first else self.at_once)[trigger] += 1
            if not happened:
                self.changed[Change.NEWLY].append((position, trigger))
        elif happened:
            self.changed[Change.NO_LONGER].append((position, Trigger(happened)))


def follow_past(
    dialogue: Sequence[Said],
    heard: Sequence[int],
    happened: str,
    *,
    config: ProjectConfig,
    plans: Mapping[Plan, SettingsConfig],
    embed: Embed | None = None,
) -> dict[Plan, Following]:
    """The first thing that would have led to a person in a conversation, under each plan's settings; nothing follows
    where none would. heard: places of what the customer said to the AI; happened: the trigger that ended it, empty for
    none; the plans recognise forbidden topics as readily as the config."""
    found: dict[Plan, Following] = {}
    with looking():
        for place in (place for place in heard if dialogue[place].text):
            signals = decide_message(dialogue, place, config=config, embed=embed).signals
            for plan in plans.keys() - found.keys():
                following = follow(signals, settings=plans[plan])
                if following.reaches:
                    found[plan] = following
    return {plan: found.get(plan) or _came_from_elsewhere(happened, settings) for plan, settings in plans.items()}


def _came_from_elsewhere(happened: str, settings: SettingsConfig) -> Following:
    if not happened or Trigger(happened) in DETECTED:
        return NOTHING_FOLLOWS
    trigger = Trigger(happened)
    if trigger is not Trigger.HUMAN_TAKEOVER and not lets_through(trigger, settings=settings):
        return NOTHING_FOLLOWS
    return follow_trigger(trigger, settings=settings)


def order_triggers(tallies: Sequence[Tally], happened: Mapping[Trigger, int]) -> tuple[Trigger, ...]:
    """The triggers that stand in any of these, in the order of `Trigger`."""
    return tuple(
        trigger
        for trigger in Trigger
        if happened.get(trigger) or any(tally.at_once[trigger] or tally.asked_first[trigger] for tally in tallies)
    )
