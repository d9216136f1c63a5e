"""The list of destinations: what each card says, in a number of queries that does not grow with the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Case, Count, F, Func, Max, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Lower

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.config import DestinationConfig, QueueConfig
from handoffs.domain.destinations import choose_line, lint_all
from handoffs.domain.office_hours.schedules import ScheduleConfig
from handoffs.domain.sip.fields import FieldsShown, fields_shown
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Destination, DestinationTest, Handoff, Topic
from handoffs.selectors.destination_surroundings import Surroundings, read_config_of

CARDS_A_PAGE = 24
ARRIVALS_OVER = timedelta(days=7)


class Ways(StrEnum):
    """Which destinations a list shows."""

    ALL = ""
    VOICE = "voice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Real handoffs of the last days. arrived: of those that are decided, how many a human joined."""

    decided: int
    arrived: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A destination with what stands around it. queue, hours: None where it has none or they are gone; shown: what
    its voice route uses, None without one; topics: how many hand off to it; test: the newest."""

    row: Destination
    config: DestinationConfig
    desk: str
    queue: QueueConfig | None
    hours: ScheduleConfig | None
    line: LineConfig
    shown: FieldsShown | None
    lints: tuple[Lint, ...]
    topics: int = 0
    test: DestinationTest | None = None
    arrivals: Arrivals | None = None

    @property
    def is_mismatch(self) -> bool:
        return bool(self.row.method) and self.line.required_method not in (None, self.row.method)


WAYS = {Ways.ALL: Q(), Ways.VOICE: ~Q(method=""), Ways.TEXT: ~Q(desk_key="")}


def count_ways(project: Project) -> dict[Ways, int]:
    """How many destinations there are in all, with a voice route, and with a text route; one may have both."""
    rows = Destination.objects.filter(project=project)
    counts = rows.aggregate(**{f"n_{way.name}": Count("pk", filter=where) for way, where in WAYS.items()})
    return {way: counts[f"n_{way.name}"] for way in Ways}


def search_destinations(project: Project, *, ways: Ways = Ways.ALL, search: str = "") -> QuerySet[Destination]:
    """The default first, then by name. search: a part of a name, a route, or a header's name or value."""
    rows = Destination.objects.filter(WAYS[ways], project=project).order_by("-is_default", Lower("name"), "pk")
    if not search:
        return rows
    found = Q(name__icontains=search) | Q(header_text__icontains=search) | Q(route_text__icontains=search)
    # What a BYE keeps as a route is not shown, so it is not found either.
    route = Case(When(method__in=("", "bye"), then=Value("")), default=F("route"), output_field=TextField())
    return rows.annotate(header_text=_header_text(), route_text=route).filter(found)


def read_cards(project: Project, rows: Sequence[Destination], around: Surroundings, *, at: datetime) -> list[Card]:
    keys = [row.key for row in rows]
    topics, tests, arrivals = _count_topics(project, keys), _newest_tests(project, keys), _arrivals(project, keys, at)
    return [_card(row, around, topics.get(row.key, 0), tests.get(row.key), arrivals.get(row.key)) for row in rows]


def read_tests(destination: Destination, *, newest: int) -> list[DestinationTest]:
    tests = DestinationTest.objects.filter(project_id=destination.project_id, destination_key=destination.key)
    return list(tests.order_by("-tested_at")[:newest])


def _card(
    row: Destination, around: Surroundings, topics: int, test: DestinationTest | None, arrivals: Arrivals | None
) -> Card:
    config = read_config_of(row)
    line = choose_line(row.line_key, around.lines)
    return Card(
        row=row,
        config=config,
        desk=around.desks.get(row.desk_key, row.desk_key),
        queue=around.config.queue(row.queue_key) if row.desk_key else None,
        hours=around.config.schedule(row.schedule_key) if row.schedule_key else None,
        line=line,
        shown=fields_shown(config.voice.method, _any_method(line)) if config.voice else None,
        lints=lint_all(config, config=around.config, lines=around.lines),
        topics=topics,
        test=test,
        arrivals=arrivals,
    )


def _any_method(line: LineConfig) -> LineConfig:
    """A card shows the method the destination has, also one its line does not accept."""
    return LineConfig(hides_route=line.hides_route, hides_headers=line.hides_headers)


def _header_text() -> Func:
    parts = " || ".join(f"jsonb_path_query_array(%(expressions)s, '$[*].{part}')::text" for part in ("name", "value"))
    return Func(F("headers"), template=f"({parts})", output_field=TextField())


def _count_topics(project: Project, keys: Sequence[str]) -> dict[str, int]:
    topics = Topic.objects.filter(project=project, is_on=True, action__destination__in=keys)
    return dict(topics.values_list("action__destination").annotate(number=Count("pk")))


def _newest_tests(project: Project, keys: Sequence[str]) -> dict[str, DestinationTest]:
    tests = DestinationTest.objects.filter(project=project, destination_key__in=keys)
    newest = tests.order_by("destination_key", "-tested_at").distinct("destination_key")
    return {test.destination_key: test for test in newest}


def _arrivals(project: Project, keys: Sequence[str], at: datetime) -> dict[str, Arrivals]:
    joined, ended = Q(joined_at__isnull=False), Q(ended_at__isnull=False)
    rows = Handoff.objects.filter(
        project=project,
        environment=Environment.LIVE,
        initiated_at__gt=at - ARRIVALS_OVER,
        is_ticket=False,
        destination_key__in=keys,
    ).values("destination_key")
    counted = rows.annotate(
        decided=Count("pk", filter=joined | ended), arrived=Count("pk", filter=joined), newest=Max("initiated_at")
    )
    return {row["destination_key"]: Arrivals(row["decided"], row["arrived"], row["newest"]) for row in counted}
