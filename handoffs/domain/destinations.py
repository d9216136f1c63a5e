"""What must be mended before a destination is saved, so that nobody is sent where nothing is; and what is worth a look.

Subjects are the fields of `DestinationConfig`, and of the voice route as `handoffs.domain.sip.lint` names them.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from handoffs.domain.chains import find_loops
from handoffs.domain.config import CLIENT, INBOX, DestinationConfig, OutOfHours, ProjectConfig
from handoffs.domain.contract import advise_on_context
from handoffs.domain.office_hours.words import say_opening
from handoffs.domain.routing import ASKED, Arrival, Route, find_route
from handoffs.domain.sip.findings import Lint, Severity
from handoffs.domain.sip.lint import check_saved, lint_destination
from handoffs.domain.sip.voice import LineConfig


def choose_line(key: str, lines: Collection[LineConfig]) -> LineConfig:
    """The line of that key; the first where none is named or the named one is gone; one without constraints where
    the project has none."""
    first = next(iter(lines), LineConfig())
    return next((line for line in lines if key and line.key == key), first)


def check_destination(destination: DestinationConfig, *, config: ProjectConfig, line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before it is saved into `config`."""
    voice = check_saved(destination.voice, line=line) if destination.voice else ()
    return (*_check_ways(destination), *_check_text(destination, config), *_check_fallback(destination, config), *voice)


def lint_all(
    destination: DestinationConfig, *, config: ProjectConfig, lines: Collection[LineConfig]
) -> tuple[Lint, ...]:
    """Problems, then warnings, of a saved destination as its card shows them. Circles are not looked for: they are
    refused when they are saved."""
    key = destination.voice.line if destination.voice else ""
    found = (
        *_check_ways(destination),
        *_check_text(destination, config),
        *_check_targets(destination, config),
        *lint_destination(destination, line=choose_line(key, lines)),
        *_advise_on_line(key, lines),
        *_advise_on_text(destination, config),
        *advise_on_context(destination, config=config),
    )
    return tuple(sorted(found, key=lambda lint: list(Severity).index(lint.severity)))


def _problem(code: str, subject: str, sentence: str) -> Lint:
    return Lint(code, subject, sentence, Severity.PROBLEM)


def _check_ways(destination: DestinationConfig) -> Iterator[Lint]:
    if destination.voice is None and not destination.desk:
        yield _problem("destination-nowhere", "", "It leads nowhere. Switch on phone calls, chats, or both")


def _check_text(destination: DestinationConfig, config: ProjectConfig) -> Iterator[Lint]:
    if destination.desk == INBOX and not destination.queue:
        yield _problem("queue-missing", "queue", "Chats need a queue to wait in. Choose one")
    elif destination.desk and destination.queue and config.queue(destination.queue) is None:
        yield _problem("queue-gone", "queue", f"There is no queue {destination.queue}. Choose another")
    if destination.schedule and config.schedule(destination.schedule) is None:
        yield _problem("schedule-gone", "schedule", f"There are no hours {destination.schedule}. Choose others")


def _check_fallback(destination: DestinationConfig, config: ProjectConfig) -> Iterator[Lint]:
    yield from _check_targets(destination, config)
    if circle := find_circle(destination, config):
        sentence = f"This goes round in a circle: {' → '.join(circle)}. Leave one of them without a fallback"
        yield _problem("fallback-loop", "fallback", sentence)


def _check_targets(destination: DestinationConfig, config: ProjectConfig) -> Iterator[Lint]:
    fallback = destination.fallback
    if fallback not in ("", destination.key) and config.destination(fallback) is None:
        yield _problem("fallback-gone", "fallback", f"There is no destination {fallback}. Choose another")
    if destination.schedule and destination.out_of_hours is OutOfHours.FALLBACK and not fallback:
        yield _problem("fallback-missing", "fallback", "While closed it goes on to another destination. Choose which")


def say_where_now(destination: DestinationConfig, *, config: ProjectConfig, at: datetime) -> str:
    """Where a chat handed off to it at this instant would come to; empty without a text route."""
    if not destination.desk:
        return ""
    others = tuple(item for item in config.destinations if item.key != destination.key)
    whole = replace(config, destinations=(destination, *others))
    route = find_route(whole, asked_for=destination.key, at=at)
    if route.arrival not in ASKED or route.destination is None:
        return say_nobody(route, at=at)
    onward = "" if route.destination.key == destination.key else f" of {route.destination.name}"
    if route.arrival is Arrival.CLIENT:
        return f"A chat handed off now is taken on by the customer's app{onward}"
    where = route.queue.name if route.arrival is Arrival.QUEUE and route.queue else route.destination.desk
    return f"A chat handed off now waits in {where}{onward}"


def say_nobody(route: Route, *, at: datetime) -> str:
    """Why nobody would wait in a queue, and what happens instead."""
    if route.arrival is Arrival.NOBODY:
        return "No queue takes a chat now: each one it leads to is off"
    happens = "a handoff becomes a message" if route.arrival is Arrival.MESSAGE else "the AI carries on"
    return f"Closed now, {happens}. People are back {say_opening(route.next_opening, at=at, time_zone=route.time_zone)}"


def find_circle(destination: DestinationConfig, config: ProjectConfig) -> tuple[str, ...]:
    """The names round the circle of fallbacks the destination would be part of in `config`; empty without one."""
    others = tuple(item for item in config.destinations if item.key != destination.key)
    whole = replace(config, destinations=(destination, *others))
    loop = next((keys for keys in find_loops(whole) if destination.key in keys), ())
    return tuple(item.name or item.key for key in loop if (item := whole.destination(key)))


def _advise_on_line(key: str, lines: Collection[LineConfig]) -> Iterator[Lint]:
    if key and key not in {line.key for line in lines}:
        yield Lint("line-gone", "line", f"There is no line {key}. Calls leave by the project's first line")


def _advise_on_text(destination: DestinationConfig, config: ProjectConfig) -> Iterator[Lint]:
    if destination.desk == CLIENT and destination.required_fields:
        sentence = "The customer's app gets these fields only where it asks the Handoff API for them"
        yield Lint("client-fields", "required_fields", sentence)
    queue = config.queue(destination.queue) if destination.desk == INBOX else None
    if queue and not queue.is_on:
        onward = "Handoffs go on to the fallback" if destination.fallback else "Handoffs become messages"
        yield Lint("queue-off", "queue", f"The queue {queue.name} is off. {onward}")
    if destination.is_default and not destination.desk and any(item.desk for item in config.destinations):
        yield Lint("default-without-text", "desk", "The default takes no chats. Chats that end here find no queue")
