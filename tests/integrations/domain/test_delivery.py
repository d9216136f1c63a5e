from datetime import UTC, datetime, timedelta

import pytest

from integrations.domain.delivery import MOST_ATTEMPTS, Attempt, DeliveryState, Progress, advance_delivery
from integrations.domain.retry import Judgement

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("judgement", "attempts", "progress"),
    [
        (Judgement.DELIVERED, 1, Progress(DeliveryState.DELIVERED, None)),
        (Judgement.DELIVERED, MOST_ATTEMPTS, Progress(DeliveryState.DELIVERED, None)),
        (Judgement.RETRY, 1, Progress(DeliveryState.PENDING, AT + timedelta(minutes=1))),
        (Judgement.RETRY, 5, Progress(DeliveryState.PENDING, AT + timedelta(hours=4))),
        (Judgement.RETRY, MOST_ATTEMPTS, Progress(DeliveryState.DEAD, None)),
        (Judgement.GIVE_UP, 1, Progress(DeliveryState.DEAD, None)),
    ],
)
def test_an_attempt_leads_to_exactly_one_next_state(judgement, attempts, progress):
    assert advance_delivery(Attempt(judgement), attempts=attempts, at=AT, jitter=0.0) == progress


def test_the_receiver_may_ask_for_more_time():
    attempt = Attempt(Judgement.RETRY, status=429, retry_after=timedelta(minutes=30))
    assert advance_delivery(attempt, attempts=1, at=AT, jitter=0.0).next_attempt_at == AT + timedelta(minutes=30)
