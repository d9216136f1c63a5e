"""Cursors of lists that run newest first: where a page ended, as opaque text."""

import base64
import binascii
import uuid
from datetime import datetime

from django.db.models import Q


class BadCursor(ValueError):
    """Not a cursor of ours."""

    def __init__(self) -> None:
        super().__init__("This is not a cursor of this list")


def write_cursor(at: datetime, row_id: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, uuid.UUID]:
    """Raises BadCursor."""
    try:
        at, _, row_id = _decode(text).partition("|")
        read = datetime.fromisoformat(at), uuid.UUID(row_id)
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if read[0].tzinfo is None:
        raise BadCursor
    return read


def _decode(text: str) -> str:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()


def older_than(cursor: str, *, by: str) -> Q:
    """The rows that come after a page, newest first by the column `by`, ids breaking ties. Raises BadCursor."""
    at, row_id = read_cursor(cursor)
    # The instant is said twice so that its index is used: PostgreSQL does not take one through an OR.
    return Q((f"{by}__lte", at)) & (Q((f"{by}__lt", at)) | Q(pk__lt=row_id))


def newer_than(cursor: str, *, by: str) -> Q:
    """The rows up to where a page ended, the one it ended with among them. Raises BadCursor."""
    at, row_id = read_cursor(cursor)
    return Q((f"{by}__gte", at)) & (Q((f"{by}__gt", at)) | Q(pk__gte=row_id))
