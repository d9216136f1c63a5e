"""What follows a handoff nobody took, whether its time ran out or its desk failed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conversations.domain.vocabulary import Channel
from conversations.domain.wishes import wishes_of
from handoffs.domain.chains import following_destination
from handoffs.domain.config import CLIENT, DestinationConfig, OutOfHours, ProjectConfig
from handoffs.domain.lifecycle import Cause
from handoffs.domain.routing import Route, find_route, leads_elsewhere
from handoffs.domain.settings import AfterTimeout

# What a destination that closed with people waiting does with them.
AFTER_CLOSING: Mapping[OutOfHours, AfterTimeout] = {
    OutOfHours.AI: AfterTimeout.AI,
    OutOfHours.MESSAGE: AfterTimeout.MESSAGE,
    OutOfHours.FALLBACK: AfterTimeout.FALLBACK,
    OutOfHours.QUEUE: AfterTimeout.MESSAGE,
}
# The customer's own client was told that the conversation is over, or has the call: nothing that we say reaches them.
UNREACHED = frozenset({Channel.CHAT_API, Channel.PHONE})
# These go on to another try: the customer still waits for a person, and is told so instead of "failed".
GOES_ON = frozenset({AfterTimeout.RETRY, AfterTimeout.FALLBACK})


@dataclass(frozen=True, slots=True)
class Episode:
    """The handoff that is over. tried: keys of the destinations its chain has been to; channel: the customer's;
    by_client: the customer's own app takes the customer wherever the destination is."""

    destination: str
    cause: Cause
    attempt: int
    tried: Collection[str]
    channel: str
    by_client: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The answer. destination: the key of the one that is asked next; pause: before that."""

    step: AfterTimeout
    destination: str = ""
    pause: timedelta = timedelta()

    @property
    def goes_on(self) -> bool:
        return self.step in GOES_ON


def decide_follow_up(config: ProjectConfig, episode: Episode, *, at: datetime) -> FollowUp:
    """Decide by the destination's own policy, else by the settings'; a desk that has closed decides by its hours'."""
    if episode.channel in UNREACHED and episode.by_client:
        # Nobody would hear of another try, nor be there to leave a message.
        return FollowUp(AfterTimeout.END)
    destination = config.destination(episode.destination)
    policy = _policy(config, destination, episode.cause)
    if policy is AfterTimeout.RETRY and destination and episode.attempt <= destination.retry_limit:
        return FollowUp(policy, destination.key, timedelta(seconds=destination.retry_seconds))
    if policy not in GOES_ON:
        return FollowUp(policy)
    route = fallback_route(config, episode, at=at)
    if route is None or route.destination is None:
        return FollowUp(AfterTimeout.MESSAGE)
    return FollowUp(AfterTimeout.FALLBACK, route.destination.key)


def fallback_route(config: ProjectConfig, episode: Episode, *, at: datetime) -> Route | None:
    """Where the fallback leads at this instant; None when it leads nowhere, to a closed desk or round in a circle."""
    destination = config.destination(episode.destination)
    following = following_destination(config, destination) if destination else None
    if following is None:
        return None
    route = find_route(config, asked_for=following.key, at=at, by_client=episode.by_client, channel=episode.channel)
    return route if leads_elsewhere(route, tried=episode.tried) else None


def is_client_managed(*, channel: str, options: Mapping[str, Any]) -> bool:
    """Whether the customer's own app takes the customer to a human: it asked for that when it opened the session, or
    it is a program that calls the Chat API, or a voice platform."""
    return channel in (Channel.CHAT_API, Channel.PHONE) or wishes_of(options).get("handoff") == CLIENT


def _policy(config: ProjectConfig, destination: DestinationConfig | None, cause: Cause) -> AfterTimeout:
    if destination is None:
        return config.settings.after_timeout
    if cause is Cause.OUT_OF_HOURS:
        return AFTER_CLOSING[destination.out_of_hours]
    return destination.after_timeout or config.settings.after_timeout
