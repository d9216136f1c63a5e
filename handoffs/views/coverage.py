"""The coverage finder: when in the coming year a handoff would reach nobody, and where to mend it.

The page is there at once and fetches the walk, which takes a second for fifty destinations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import ngettext

from conversations.domain.permissions import Permission
from conversations.views.console import Page, console_page
from handoffs.domain.office_hours.coverage import worst_by_day
from handoffs.domain.office_hours.expected import Rhythm, expect_handoffs
from handoffs.domain.office_hours.hole_words import say_chain, say_when
from handoffs.domain.office_hours.holes import HoleGroup, HoleKind, Severity, group_holes
from handoffs.models import Destination, Schedule
from handoffs.selectors.coverage import Covered, cover_destinations, destination_names, editors_of, rhythms_of
from handoffs.selectors.schedules import destinations_with

SHOWN_HOLES = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the table. often: how many times and from when, empty for once; expected: handoffs meanwhile, None
    for too few to say; fix_url: where it is mended."""

    when: str
    often: str
    severity: Severity
    sentence: str
    chain: str
    expected: int | None
    fix_url: str


@console_page(Permission.SETTINGS_EDIT)
def show_coverage(request: HttpRequest, page: Page) -> HttpResponse:
    """The frame; the walk follows by itself."""
    names = destination_names(page.project)
    chosen = request.GET.get("destination", "")
    context = page.context(
        destinations=names,
        chosen=chosen if chosen in dict(names) else "",
        hours=request.GET.get("hours", ""),
        number=request.GET.get("page", "1"),
    )
    return render(request, "handoffs/hours/coverage.html", context)


@console_page(Permission.SETTINGS_EDIT)
def walk_coverage(request: HttpRequest, page: Page) -> HttpResponse:
    """Walk the destination asked for, those that keep some hours, or a page of all; and show what was found."""
    chosen, hours = request.GET.get("destination", ""), request.GET.get("hours", "")
    kept_by = Destination.objects.filter(project=page.project, schedule_key=hours).values_list("key", flat=True)
    only = {chosen} if chosen else set(kept_by) if hours else None
    context = _found(page, only, number=_number(request.GET.get("page", "")))
    return render(request, "handoffs/hours/_coverage.html", page.context(chosen=chosen, hours=hours, **context))


@console_page(Permission.SETTINGS_EDIT, of=Schedule)
def cover_hours(request: HttpRequest, page: Page, schedule: Schedule) -> HttpResponse:
    """The strip of the destinations that keep these hours."""
    keys = {row.key for row in destinations_with(schedule)}
    context = _found(page, keys, number=1) if keys else {}
    return render(request, "handoffs/hours/_coverage_of_hours.html", page.context(schedule=schedule, **context))


def _found(page: Page, only: set[str] | None, *, number: int) -> dict[str, Any]:
    started = perf_counter()
    at = timezone.now().replace(second=0, microsecond=0)
    covered = cover_destinations(page.project, at=at, page=number, only=only)
    groups = group_holes(covered.coverage.holes)
    seconds = perf_counter() - started
    destinations, schedules = editors_of(page.project)
    rhythms = rhythms_of(page.project, keys=covered.walked, at=at)
    found = [_row(group, covered, destinations, schedules, rhythms) for group in groups[:SHOWN_HOLES]]
    return {
        "covered": covered,
        "days": worst_by_day(covered.coverage, time_zone=covered.time_zone),
        "found": found,
        "has_expected": any(row.expected is not None for row in found),
        "holes": len(groups),
        "hidden": max(0, len(groups) - SHOWN_HOLES),
        "has_red": any(group.first.severity is Severity.RED for group in groups),
        "seconds": f"{seconds:.1f}",
    }


def _row(
    group: HoleGroup,
    covered: Covered,
    destinations: Mapping[str, Destination],
    schedules: Mapping[str, Schedule],
    rhythms: Mapping[str, Rhythm],
) -> Found:
    hole, times = group.first, len(group.holes)
    often = ngettext("{times} time", "{times} times, first on {day}", times) if times > 1 else ""
    return Found(
        when=say_when(group, coverage=covered.coverage),
        often=often.format(times=times, day=f"{hole.wall_start.day} {hole.wall_start:%b}"),
        severity=hole.severity,
        sentence=hole.sentence,
        chain=say_chain(hole, covered.names),
        expected=expect_handoffs(group.holes, rhythms[hole.destination]),
        fix_url=_fix_url(hole.kind, hole.chain[-1] if hole.chain else hole.destination, destinations, schedules),
    )


def _fix_url(
    kind: HoleKind, key: str, destinations: Mapping[str, Destination], schedules: Mapping[str, Schedule]
) -> str:
    """The hours for a time that does not exist, else the last destination of the chain."""
    if kind is HoleKind.NONEXISTENT_TIME and key in schedules:
        return reverse("hours-edit", args=[schedules[key].pk])
    return reverse("destination-edit", args=[destinations[key].pk]) if key in destinations else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


urlpatterns = [
    path("coverage/", show_coverage, name="coverage"),
    path("coverage/result/", walk_coverage, name="coverage-result"),
    path("<uuid:pk>/coverage/", cover_hours, name="hours-coverage"),
]
