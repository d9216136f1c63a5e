"""The coverage finder over the working copy: some destinations at a time, with all they lead to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.fields.json import KT
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from handoffs.domain.chains import chain_of
from handoffs.domain.config import DestinationConfig, ProjectConfig
from handoffs.domain.office_hours.coverage import Coverage, find_coverage
from handoffs.domain.office_hours.expected import WEEKS, Rhythm, WeekHour
from handoffs.models import Destination, Handoff, Schedule
from handoffs.selectors.working_copy import read_working_copy

# A walk of a year takes 10 to 30 ms a destination, so that many are walked within about a second.
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Covered:
    """What was walked. names: of all destinations, by key; walked: keys; total: how many destinations there are;
    page and pages: which of them, counted from 1."""

    coverage: Coverage
    names: Mapping[str, str]
    walked: tuple[str, ...]
    total: int
    page: int = 1
    pages: int = 1
    time_zone: str = "UTC"


def cover_destinations(
    project: Project, *, at: datetime, page: int = 1, only: Collection[str] | None = None
) -> Covered:
    """Walk the coming year of a page of destinations, in order of their names; only: of these keys."""
    config = read_working_copy(project)
    known = sorted(config.destinations, key=lambda item: item.name.casefold())
    wanted = [item for item in known if only is None or item.key in only]
    pages = max(1, -(-len(wanted) // PER_PAGE))
    page = min(max(page, 1), pages)
    walked = wanted[(page - 1) * PER_PAGE : page * PER_PAGE]
    keys = tuple(item.key for item in walked)
    return Covered(
        coverage=_only(find_coverage(_with_chains(config, walked), start=at), keys),
        names={item.key: item.name for item in known},
        walked=keys,
        total=len(wanted),
        page=page,
        pages=pages,
        time_zone=config.time_zone,
    )


def destination_names(project: Project) -> Sequence[tuple[str, str]]:
    """Key and name of each destination, in order of the names."""
    return tuple(Destination.objects.filter(project=project).order_by("name").values_list("key", "name"))


def editors_of(project: Project) -> tuple[Mapping[str, Destination], Mapping[str, Schedule]]:
    """The rows of destinations by key, and the schedules they keep by the destination's key: what a hole is mended
    in."""
    destinations = {row.key: row for row in Destination.objects.filter(project=project)}
    schedules = {row.key: row for row in Schedule.objects.filter(project=project)}
    kept = {key: schedules[row.schedule_key] for key, row in destinations.items() if row.schedule_key in schedules}
    return destinations, kept


def rhythms_of(project: Project, *, keys: Collection[str], at: datetime) -> Mapping[str, Rhythm]:
    """How live handoffs asked for these destinations over the past weeks, on the project's clock: one query. The first
    line of a handoff's trace is the destination it was asked for."""
    zone = ZoneInfo(project.time_zone)
    rows = (
        Handoff.objects.filter(
            project=project, environment=Environment.LIVE, is_ticket=False,
            initiated_at__gt=at - timedelta(weeks=WEEKS), initiated_at__lte=at,
        )
        .annotate(asked=KT("trace__route__0__destination"))
        .filter(asked__in=keys)
        .values_list("asked", ExtractIsoWeekDay("initiated_at", tzinfo=zone), ExtractHour("initiated_at", tzinfo=zone))
        .annotate(number=Count("pk"))
        .order_by()
    )  # fmt: skip
    counts: dict[str, dict[WeekHour, int]] = defaultdict(dict)
    for key, weekday, hour, number in rows:
        counts[key][weekday - 1, hour] = number
    return {key: Rhythm(counts.get(key, {}), project.time_zone) for key in keys}


def _with_chains(config: ProjectConfig, walked: Sequence[DestinationConfig]) -> ProjectConfig:
    """The configuration without the destinations that cannot matter to these."""
    default = config.default_destination()
    known = {item.key: item for item in ([default] if default else [])}
    for destination in walked:
        known |= {item.key: item for item in chain_of(config, destination.key)}
    return replace(config, destinations=tuple(known.values()))


def _only(coverage: Coverage, keys: Collection[str]) -> Coverage:
    wanted = frozenset(keys)
    return replace(
        coverage,
        timelines=tuple(item for item in coverage.timelines if item.destination in wanted),
        holes=tuple(item for item in coverage.holes if item.destination in wanted),
    )
