"""Adding, changing and removing rows of the configuration: every field audited, nothing overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F

from conversations.domain.audited import HIDDEN
from conversations.models import Project, User
from conversations.models.configured import Configured
from conversations.services.audit import record_audit

Row = TypeVar("Row", bound=Configured)
Values = Mapping[str, Any]
BOOKKEEPING = frozenset({"id", "project", "revision", "updated_at", "updated_by", "created_at"})


class StaleRevision(Exception):
    """Somebody else changed the row since it was shown. `row` is as it stands now: show what differs, ask again."""

    def __init__(self, row: Configured) -> None:
        super().__init__(f"{row} was changed meanwhile")
        self.row = row


@dataclass(frozen=True, slots=True)
class Change:
    """One field's value before and after, as JSON."""

    field: str
    before: Any
    after: Any


def add_row(*, row: Row, user: User, project: Project, why: str = "", related: Values | None = None) -> Row:
    """Insert the row and audit all its fields. related: many-to-many fields by name, as querysets or lists.

    Raises IntegrityError where a named constraint refuses it.
    """
    with transaction.atomic():
        row.updated_by = user
        row.save(force_insert=True)
        for name, rows in (related or {}).items():
            getattr(row, name).set(rows)
        record_audit(
            project=project, user=user, action=_action(row, "added"), subject=str(row), after=recorded_fields(row),
            why=why,
        )  # fmt: skip
    return row


def change_row(
    *,
    row: Row,
    values: Values,
    user: User,
    project: Project,
    at: datetime,
    revision: int | None = None,
    why: str = "",
) -> tuple[Change, ...]:
    """Write the values that differ and audit them; nothing to write leaves no trace.

    row: names the row, its own values are not read; revision: the one the person saw, None to write whatever
    stands there. Raises StaleRevision, and IntegrityError where a named constraint refuses it.
    """
    with transaction.atomic():
        current = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
        if revision is not None and current.revision != revision:
            raise StaleRevision(current)
        subject, before = str(current), recorded_fields(current)
        _assign(current, values)
        after = {**recorded_fields(current), **_many(current, values)}
        secrets = _secrets(current, values)
        changes = tuple(
            Change(name, before[name], after[name]) for name in after if before[name] != after[name] or name in secrets
        )
        if changes:
            _store(current, values, user, at)
            record_audit(
                project=project, user=user, action=_action(row, "changed"), subject=subject,
                before={change.field: change.before for change in changes},
                after={change.field: change.after for change in changes}, why=why,
            )  # fmt: skip
    return changes


def remove_row(*, row: Configured, user: User, project: Project, why: str = "") -> None:
    """Delete the row and keep all its fields in the audit. Of two who delete it at once, the second finds it done."""
    with transaction.atomic():
        if type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first() is None:
            return
        before, subject = recorded_fields(row), str(row)
        record_audit(
            project=project, user=user, action=_action(row, "removed"), subject=subject, before=before, why=why
        )
        row.delete()


def recorded_fields(row: models.Model) -> dict[str, Any]:
    """The fields people edit, as JSON: dates as text, related rows by name, secrets never."""
    plain = (field for field in row._meta.concrete_fields if field.name not in BOOKKEEPING)
    columns = {field.name: _as_json(row, field) for field in plain}
    many = {field.name: sorted(map(str, getattr(row, field.name).all())) for field in row._meta.many_to_many}
    return {**columns, **many}


def _as_json(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    if getattr(field, "is_secret", False):
        return HIDDEN if field.value_from_object(row) is not None else None
    if field.is_relation:
        related = getattr(row, field.name)
        return str(related) if related is not None else None
    value = field.value_from_object(row)
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _assign(row: Configured, values: Values) -> None:
    for name, value in _columns(row, values).items():
        setattr(row, name, value)


def _store(row: Configured, values: Values, user: User, at: datetime) -> None:
    columns = _columns(row, values)
    type(row)._default_manager.filter(pk=row.pk).update(
        **columns, revision=F("revision") + 1, updated_at=at, updated_by=user
    )
    for name in _many(row, values):
        getattr(row, name).set(values[name])


def _columns(row: Configured, values: Values) -> dict[str, Any]:
    many = _many(row, values)
    return {name: value for name, value in values.items() if name not in many}


def _many(row: Configured, values: Values) -> dict[str, list[str]]:
    names = {field.name for field in row._meta.many_to_many}
    return {name: sorted(map(str, rows)) for name, rows in values.items() if name in names}


def _secrets(row: Configured, values: Values) -> frozenset[str]:
    """Secrets that are written: whether they differ cannot be seen, so they count as changed."""
    return frozenset(name for name in values if getattr(row._meta.get_field(name), "is_secret", False))


def _action(row: Configured, verb: str) -> str:
    return f"{row._meta.db_table}.{verb}"
