"""Ten minutes of silence, a warning, and the end: nothing earlier than what a process has heard can have arrived."""

from datetime import UTC, datetime, timedelta

import pytest

from conversations.domain.idleness import IDLE_AFTER, STAMPED_WITHIN, WARNED_FOR, IdleStep, judge_silence

HEARD = datetime(2026, 11, 21, 12, tzinfo=UTC)
WARNED = HEARD + IDLE_AFTER + STAMPED_WITHIN


@pytest.mark.parametrize(
    ("warned_at", "at", "step", "look_again_at"),
    [
        (None, HEARD, IdleStep.WAIT, WARNED),
        (None, HEARD + IDLE_AFTER, IdleStep.WAIT, WARNED),
        (None, WARNED, IdleStep.WARN, WARNED + WARNED_FOR),
        (None, WARNED + timedelta(hours=3), IdleStep.WARN, WARNED + timedelta(hours=3) + WARNED_FOR),
        (WARNED, WARNED + timedelta(seconds=5), IdleStep.WAIT, WARNED + WARNED_FOR),
        (WARNED, WARNED + WARNED_FOR, IdleStep.END, None),
        (HEARD - timedelta(seconds=1), WARNED, IdleStep.WARN, WARNED + WARNED_FOR),
    ],
    ids=["just heard", "ten minutes", "warned", "warned late", "has time", "over", "an older warning"],
)
def test_what_silence_comes_to(warned_at, at, step, look_again_at):
    verdict = judge_silence(silent_since=HEARD, warned_at=warned_at, at=at)

    assert (verdict.step, verdict.look_again_at) == (step, look_again_at)


def test_a_warned_customer_who_writes_is_heard_before_the_end():
    """Written at once after the warning, stamped a minute later."""
    assert WARNED_FOR > STAMPED_WITHIN
