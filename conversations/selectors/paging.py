"""Long lists, newest first, page by page. A page is found by a row and not by a number: it stays the same page while
new rows come in, and the thousandth costs as much as the first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page. newer, older: the queries (`after=…`, `before=…`) of the pages beside it, empty where there is none."""

    rows: Sequence[Row]
    newer: str = ""
    older: str = ""


def newest_first(
    rows: QuerySet[Row], *, by: str, before: str = "", after: str = "", size: int = PAGE_SIZE
) -> Slice[Row]:
    """The page of rows older than the row `before`, or newer than the row `after`, or the newest. by: the column of
    the instant; ids break ties. A cursor that names no row of them counts as none."""
    if cursor := _cursor(rows, after, by):
        found = list(rows.filter(_beyond(cursor, by, "gt")).order_by(by, "pk")[: size + 1])
        return _slice(found[:size][::-1], has_newer=len(found) > size, has_older=True)
    cursor = _cursor(rows, before, by)
    wanted = rows.filter(_beyond(cursor, by, "lt")) if cursor else rows
    found = list(wanted.order_by(f"-{by}", "-pk")[: size + 1])
    return _slice(found[:size], has_newer=cursor is not None, has_older=len(found) > size)


def _slice(rows: Sequence[Row], *, has_newer: bool, has_older: bool) -> Slice[Row]:
    newer = f"after={rows[0].pk}" if rows and has_newer else ""
    older = f"before={rows[-1].pk}" if rows and has_older else ""
    return Slice(rows, newer, older)


def _cursor(rows: QuerySet[Row], text: str, by: str) -> tuple[Any, Any] | None:
    try:
        wanted = uuid.UUID(text)
    except ValueError:
        return None
    return rows.order_by().filter(pk=wanted).values_list(by, "pk").first()


def _beyond(cursor: tuple[Any, Any], by: str, way: str) -> Q:
    at, pk = cursor
    # The instant is said twice so that its index is used: PostgreSQL does not take one through an OR.
    return Q((f"{by}__{way}e", at)) & (Q((f"{by}__{way}", at)) | Q((f"pk__{way}", pk)))
