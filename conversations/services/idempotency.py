"""One call that must not happen twice: the same key and body get the stored answer, for a day.

The claim of a key is committed before the call, so that a second one sees it while the first still runs. Who claimed
is told by when: a claim whose process died is taken over after `CLAIM_LIVES`, and what the first one might still do
then fails to keep its answer, and with it everything it did in the same transaction.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet

from conversations.models import IdempotencyKey

KEPT = timedelta(hours=24)
# Longer than any call may take; waiting for an AI's answer is no part of one.
CLAIM_LIVES = timedelta(minutes=2)
PURGED_AT_ONCE = 1_000


class AnotherBody(Exception):
    """This key was used for another call."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request; use a new one for a new request")


class StillRunning(Exception):
    """The call with this key has not been answered yet. `wait`: seconds after which to ask again."""

    wait = 1

    def __init__(self) -> None:
        super().__init__("The request with this Idempotency-Key is still running; repeat it a little later")


class ClaimLost(Exception):
    """The call took so long that another one has taken over its key; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """status: HTTP; body: plain JSON; is_repeat: it was stored."""

    status: int
    body: Any
    is_repeat: bool = False


def digest_of(*parts: Any) -> str:
    """What tells one request from another: the same JSON in another order is the same request."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def answer_once(*, scope: str, key: str, digest: str, at: datetime, call: Callable[[], Answer]) -> Answer:
    """Return the call's answer, or the one it was given before. scope: who calls what; key: the caller's own.

    Only what was done is kept: after an exception, or an answer of 400 and above, the key is free again. The call and
    the keeping of its answer are one transaction. Raises AnotherBody, StillRunning, and what the call raises.
    """
    row, is_mine = _claim(scope=scope, key=key, digest=digest, at=at)
    if not is_mine:
        return _kept_answer(row, digest)
    try:
        with transaction.atomic():
            return _call(row, call)
    finally:
        _release(row)


def purge_idempotency_keys(*, at: datetime) -> int:
    """Forget what has expired, in portions; return how many."""
    purged = 0
    while found := list(
        IdempotencyKey.objects.filter(expires_at__lte=at).values_list("pk", flat=True)[:PURGED_AT_ONCE]
    ):
        purged += IdempotencyKey.objects.filter(pk__in=found).delete()[0]
    return purged


def _claim(*, scope: str, key: str, digest: str, at: datetime) -> tuple[IdempotencyKey, bool]:
    """Return the key's row, and whether it is this call's to answer."""
    fresh = {"request_digest": digest, "created_at": at, "expires_at": at + KEPT}
    row, is_new = IdempotencyKey.objects.get_or_create(scope=scope, key=key, defaults=fresh)
    is_dead = row.answer is None and row.created_at <= at - CLAIM_LIVES
    if is_new or not (is_dead or row.expires_at <= at):
        return row, is_new
    taken = _mine(row).update(**fresh, status=None, answer=None)
    try:
        row.refresh_from_db()
    except IdempotencyKey.DoesNotExist as gone:
        raise StillRunning from gone
    return row, bool(taken)


def _call(row: IdempotencyKey, call: Callable[[], Answer]) -> Answer:
    answer = call()
    if answer.status < 400 and not _mine(row).update(status=answer.status, answer={"body": answer.body}):
        raise ClaimLost(row.key)
    return answer


def _release(row: IdempotencyKey) -> None:
    _mine(row).filter(answer__isnull=True).delete()


def _mine(row: IdempotencyKey) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(pk=row.pk, created_at=row.created_at)


def _kept_answer(row: IdempotencyKey, digest: str) -> Answer:
    if row.request_digest != digest:
        raise AnotherBody
    if row.answer is None or row.status is None:
        raise StillRunning
    return Answer(row.status, row.answer["body"], is_repeat=True)
