import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from conversations.models import Account, IdempotencyKey
from conversations.services.idempotency import (
    CLAIM_LIVES,
    KEPT,
    AnotherBody,
    Answer,
    ClaimLost,
    StillRunning,
    answer_once,
    digest_of,
    purge_idempotency_keys,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DONE = Answer(201, {"id": "1"})


class Work:
    """Counts how often it was done; `answer`: what it gives, or raises."""

    def __init__(self, answer=DONE):
        self.answer, self.times = answer, 0

    def __call__(self):
        self.times += 1
        Account.objects.create(name=f"Made {self.times}")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def ask(work, *, key="k", body="a", at=NOON, scope="s"):
    return answer_once(scope=scope, key=key, digest=digest_of(body), at=at, call=work)


def test_the_same_call_again_gets_the_stored_answer(db):
    work = Work()
    assert ask(work) == DONE
    assert ask(work) == Answer(201, {"id": "1"}, is_repeat=True)
    assert work.times == 1


def test_the_same_key_with_another_body_is_refused(db):
    work = Work()
    ask(work)
    with pytest.raises(AnotherBody):
        ask(work, body="b")
    assert work.times == 1


def test_another_caller_may_use_the_same_key(db):
    work = Work()
    ask(work, scope="s")
    ask(work, scope="t")
    assert work.times == 2


def test_after_a_failure_the_key_is_free_and_nothing_is_left(db):
    with pytest.raises(ZeroDivisionError):
        ask(Work(ZeroDivisionError()))
    assert Account.objects.count() == 0
    assert ask(Work()) == DONE


def test_a_refusal_is_not_kept(db):
    work = Work(Answer(404, {}))
    assert ask(work).status == ask(work).status == 404
    assert work.times == 2


def test_a_call_is_remembered_for_a_day(db):
    work = Work()
    ask(work)
    assert ask(work, at=NOON + KEPT - timedelta(seconds=1)).is_repeat
    assert not ask(work, at=NOON + KEPT, body="b").is_repeat
    assert work.times == 2


def test_what_has_expired_is_purged(db):
    ask(Work(), key="old")
    ask(Work(), key="new", at=NOON + timedelta(hours=1))
    assert purge_idempotency_keys(at=NOON + KEPT) == 1
    assert IdempotencyKey.objects.get().key == "new"


def claim(at=NOON):
    """A claim whose process has died."""
    return IdempotencyKey.objects.create(
        scope="s", key="k", request_digest=digest_of("a"), created_at=at, expires_at=at + KEPT
    )


def test_a_running_call_is_not_made_again(db):
    claim()
    with pytest.raises(StillRunning):
        ask(Work(), at=NOON + CLAIM_LIVES - timedelta(seconds=1))


def test_a_claim_whose_process_died_is_taken_over(db):
    claim()
    assert ask(Work(), at=NOON + CLAIM_LIVES) == DONE


def test_a_call_whose_claim_was_taken_over_keeps_nothing(db):
    def slow():
        ask(Work(Answer(200, "the other's")), at=NOON + CLAIM_LIVES)
        Account.objects.create(name="Mine")
        return DONE

    with pytest.raises(ClaimLost), transaction.atomic():
        ask(slow)
    assert not Account.objects.filter(name="Mine").exists()


def test_of_calls_at_the_same_moment_one_works_and_the_others_are_told_to_wait(transactional_db):
    others_were_answered = threading.Event()
    work = Work()

    def slow():
        assert others_were_answered.wait(20)
        return work()

    def call():
        try:
            return ask(slow).status
        except StillRunning:
            return "running"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        calls = as_completed([pool.submit(call) for _ in range(8)], timeout=20)
        assert [next(calls).result() for _ in range(7)] == ["running"] * 7
        others_were_answered.set()
        assert next(calls).result() == 201
    assert work.times == 1
