"""What an audit entry says, field by field: only what changed, and of a list only the items that came or went."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HIDDEN = "(secret)"  # stands for every secret, before and after
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. before, after: JSON; of two lists or two objects only what differs, the rest counted in `same`."""

    field: str
    before: Any
    after: Any
    same: int = 0


def list_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
    """The fields of an entry in the order they were recorded. Of what was added or removed, the empty ones are left
    out; a secret that was written counts as changed."""
    return tuple(_list_changes(before or {}, after or {}))


def _list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for field in dict.fromkeys((*after, *before)):
        old, new = before.get(field), after.get(field)
        is_same = old == new and HIDDEN not in (old, new)
        if is_same or (old in EMPTY and new in EMPTY):
            continue
        yield _narrow(field, old, new)


def _narrow(field: str, old: Any, new: Any) -> FieldChange:
    if isinstance(old, list) and isinstance(new, list):
        gone, come = [item for item in old if item not in new], [item for item in new if item not in old]
        if gone or come:
            return FieldChange(field, gone, come, len(new) - len(come))
    if isinstance(old, dict) and isinstance(new, dict):
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        gone_from, come_to = ({name: each[name] for name in names if name in each} for each in (old, new))
        return FieldChange(field, gone_from, come_to, len({**old, **new}) - len(names))
    return FieldChange(field, old, new)
