"""Destinations: added, edited, copied, made the default, removed. Each change is audited, and none strands anybody."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import Project, User
from conversations.services.configuration import Change, add_row, change_row, remove_row
from handoffs.domain.destinations import check_destination, choose_line
from handoffs.domain.keys import free_key, free_name
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.lint import check_saved
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Destination
from handoffs.selectors.destination_methods import mismatched_destinations
from handoffs.selectors.destination_surroundings import read_build_lines, read_config_of, read_neighbours
from handoffs.selectors.destination_uses import Use, find_uses

NAME_MAX = 120
# What a copy does not take over.
OWN = frozenset({"id", "project", "key", "name", "is_default", "revision", "updated_at", "updated_by"})
Values = Mapping[str, Any]


class DestinationRefused(Exception):
    """What was asked of a destination cannot be done; the message says why and what to do."""


class DestinationGone(DestinationRefused):
    """Somebody deleted it meanwhile."""


class WouldStrand(DestinationRefused):
    """Saved so, it would send people where nobody is. `problems` says which field must be mended how."""

    def __init__(self, problems: tuple[Lint, ...]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


class DestinationInUse(DestinationRefused):
    """Other parts of the working copy point at it. `uses` says which: point them elsewhere first."""

    def __init__(self, destination: Destination, uses: tuple[Use, ...]) -> None:
        words = ", ".join(use.words for use in uses)
        super().__init__(_("{name} is still in use: {uses}").format(name=destination.name, uses=words))
        self.uses = uses


class NextDefaultNeeded(DestinationRefused):
    """The default can be deleted once another one is named in its place."""


def add_destination(*, project: Project, values: Values, user: User) -> Destination:
    """Add a destination; the first one becomes the default. values: columns; the key is made from the name.

    Raises WouldStrand, and IntegrityError when another one has the name.
    """
    with transaction.atomic():
        _lock(project)
        taken = set(project.destinations.values_list("key", flat=True))
        key = free_key(values["name"], taken=taken, fallback="destination")
        is_default = not project.destinations.filter(is_default=True).exists()
        row = Destination(**{**values, "project": project, "key": key, "is_default": is_default})
        _refuse_stranding(row)
        return add_row(row=row, user=user, project=project)


def edit_destination(
    *, destination: Destination, values: Values, user: User, at: datetime, revision: int | None = None
) -> tuple[Change, ...]:
    """Change what differs. Raises WouldStrand, StaleRevision, DestinationGone, and IntegrityError for a name that
    is taken."""
    project = destination.project
    with transaction.atomic():
        _lock(project)
        changed = _fresh(destination)
        for name, value in values.items():
            setattr(changed, name, value)
        _refuse_stranding(changed)
        return change_row(row=destination, values=values, user=user, project=project, at=at, revision=revision)


def duplicate_destination(*, destination: Destination, user: User) -> Destination:
    """Add a copy under the first free name of `Copy of …`. Nothing points at it yet, and it is not the default."""
    project = destination.project
    with transaction.atomic():
        _lock(project)
        original = _fresh(destination)
        taken = dict(project.destinations.values_list("key", "name"))
        wanted = _("Copy of {name}").format(name=original.name)
        name = free_name(wanted, taken=taken.values(), most=NAME_MAX)
        columns = {field.name: deepcopy(getattr(original, field.name)) for field in original._meta.concrete_fields}
        kept = {column: value for column, value in columns.items() if column not in OWN}
        key = free_key(name, taken=set(taken), fallback="destination")
        return add_row(row=Destination(project=project, key=key, name=name, **kept), user=user, project=project)


def set_default_destination(*, destination: Destination, user: User, at: datetime) -> Destination | None:
    """Make it the default; return the one that was, None when there was none or it was this one."""
    project = destination.project
    with transaction.atomic():
        _lock(project)
        _fresh(destination)
        former = project.destinations.filter(is_default=True).exclude(pk=destination.pk).first()
        if former is not None:
            change_row(row=former, values={"is_default": False}, user=user, project=project, at=at)
        change_row(row=destination, values={"is_default": True}, user=user, project=project, at=at)
    return former


def delete_destination(
    *, destination: Destination, user: User, at: datetime, next_default: Destination | None = None
) -> None:
    """Delete what nothing uses. next_default: takes over when the default goes and others stay.

    Raises DestinationInUse, NextDefaultNeeded, DestinationGone.
    """
    project = destination.project
    with transaction.atomic():
        _lock(project)
        row = _fresh(destination)
        if uses := find_uses(row):
            raise DestinationInUse(row, uses)
        heir = _find_heir(row, next_default)
        remove_row(row=row, user=user, project=project)
        if heir is not None:
            change_row(row=heir, values={"is_default": True}, user=user, project=project, at=at)


def use_required_method(*, destination: Destination, user: User, at: datetime) -> tuple[Change, ...]:
    """Change the method to the one its line requires; nothing when it is that or the line takes any. Raises
    WouldStrand where the other method lacks something, as a route."""
    project = destination.project
    with transaction.atomic():
        _lock(project)
        return _require_method(_fresh(destination), read_build_lines(project), user, at)


@dataclass(frozen=True, slots=True)
class Reset:
    """changed: the destinations that use their line's method now; left: those that need something first."""

    changed: tuple[Destination, ...]
    left: tuple[Destination, ...]


def reset_to_required_method(*, project: Project, user: User, at: datetime) -> Reset:
    """Change every destination whose method its line does not accept to the one it does; the rest of each, its route
    and headers, stays. What would be left without a route is not changed."""
    changed, left = [], []
    with transaction.atomic():
        _lock(project)
        lines = read_build_lines(project)
        for row in mismatched_destinations(project, lines).select_related("project").order_by("name"):
            try:
                _require_method(row, lines, user, at)
                changed.append(row)
            except WouldStrand:
                left.append(row)
    return Reset(tuple(changed), tuple(left))


def _require_method(row: Destination, lines: Sequence[LineConfig], user: User, at: datetime) -> tuple[Change, ...]:
    line = choose_line(row.line_key, lines)
    voice = read_config_of(row).voice
    if voice is None or line.required_method is None:
        return ()
    if problems := check_saved(replace(voice, method=line.required_method), line=line):
        raise WouldStrand(problems)
    values = {"method": line.required_method.value}
    return change_row(row=row, values=values, user=user, project=row.project, at=at, why=_("The line requires it"))


def _lock(project: Project) -> None:
    # One default, no circle of fallbacks, no use of what is being deleted: each spans rows, so destinations of a
    # project are written one after the other.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _fresh(destination: Destination) -> Destination:
    row = Destination.objects.select_related("project").filter(pk=destination.pk).first()
    if row is None:
        raise DestinationGone(_("{name} was deleted meanwhile").format(name=destination.name))
    return row


def _find_heir(row: Destination, named: Destination | None) -> Destination | None:
    others = row.project.destinations.exclude(pk=row.pk)
    if not row.is_default or not others.exists():
        return None
    heir = others.filter(pk=named.pk).first() if named else None
    if heir is None:
        raise NextDefaultNeeded(_("{name} is the default. Choose the next one").format(name=row.name))
    return heir


def _refuse_stranding(row: Destination) -> None:
    line = choose_line(row.line_key, read_build_lines(row.project))
    if problems := check_destination(read_config_of(row), config=read_neighbours(row.project), line=line):
        raise WouldStrand(problems)
