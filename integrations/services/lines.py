"""Telephony lines: written here, downward, for `handoffs` to read. Their sign-in is sealed in a connection of the
same key and never leaves it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.domain.audited import HIDDEN
from conversations.domain.vocabulary import Environment
from conversations.models import Project, User
from conversations.services.audit import record_audit
from conversations.services.configuration import add_row, change_row, remove_row
from handoffs.domain.keys import free_key
from handoffs.models import Line
from integrations.models import Connection, Sealed
from integrations.selectors.lines import COPIED, LineUse, find_line_uses, twin_of

Values = Mapping[str, Any]
Credentials = Mapping[str, str]


class LineInUse(Exception):
    """Destinations leave by the line. `uses` says which: point them elsewhere first."""

    def __init__(self, line: Line, uses: tuple[LineUse, ...]) -> None:
        super().__init__(f"{line} is used by {', '.join(use.words for use in uses)}")
        self.uses = uses


def save_line(
    *,
    line: Line,
    values: Values,
    user: User,
    at: datetime,
    revision: int | None = None,
    credentials: Credentials | None = None,
    why: str = "",
) -> Line:
    """Add a line that is not stored yet (its project, environment and kind are set), or change what differs.

    values: columns; credentials: what is stored from now on, empty to forget them, None to keep what there is.
    Raises StaleRevision.
    """
    with transaction.atomic():
        if line._state.adding:
            _add(line, values, user, why)
        else:
            change_row(
                row=line, values=values, user=user, project=line.project, at=at, revision=revision, why=why
            )  # fmt: skip
        if credentials is not None:
            _store_credentials(line, credentials, user)
    return line


def copy_line(*, line: Line, to: Environment, user: User, at: datetime) -> Line:
    """Make the other environment's line of the same key say the same. Each environment keeps its own sign-in."""
    values = {column: getattr(line, column) for column in COPIED}
    with transaction.atomic():
        # Two who copy at once would both find no twin.
        Project.objects.select_for_update(no_key=True).get(pk=line.project_id)
        twin = twin_of(line) or Line(project=line.project, environment=to.value, key=line.key)
        return save_line(line=twin, values=values, user=user, at=at, why=f"Copied from {line.environment}")


def remove_line(*, line: Line, user: User) -> None:
    """Delete a line nothing leaves by, and its sign-in. Raises LineInUse."""
    with transaction.atomic():
        # What a destination names is looked at under the lock that destinations are written under.
        Project.objects.select_for_update(no_key=True).get(pk=line.project_id)
        if uses := find_line_uses(line):
            raise LineInUse(line, uses)
        _store_credentials(line, {}, user)
        remove_row(row=line, user=user, project=line.project)


def _add(line: Line, values: Values, user: User, why: str) -> None:
    for name, value in values.items():
        setattr(line, name, value)
    if not line.key:
        mine = Line.objects.filter(project=line.project, environment=line.environment)
        line.key = free_key(line.name, taken=set(mine.values_list("key", flat=True)), fallback="line")
    add_row(row=line, user=user, project=line.project, why=why)


def _store_credentials(line: Line, credentials: Credentials, user: User) -> None:
    place: dict[str, Any] = {"project": line.project, "environment": line.environment, "key": line.key}
    had = Connection.objects.filter(**place, is_active=True).exists()
    if not had and not credentials:
        return
    stored = {"kind": line.kind, "name": line.name, "credentials": Sealed.of(dict(credentials))}
    Connection.objects.update_or_create(**place, defaults={**stored, "is_active": bool(credentials)})
    record_audit(
        project=line.project, user=user, action="line.changed", subject=str(line),
        before={"credentials": HIDDEN if had else None}, after={"credentials": HIDDEN if credentials else None},
    )  # fmt: skip
