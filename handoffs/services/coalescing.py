"""One run at a time for each key in this process; whoever asks meanwhile is served by one more round of the same run.

Many events at once then cost a few rounds and not one each; between processes nothing is held together here.
"""

import threading
import uuid
from collections.abc import Callable
from datetime import datetime

MOST_ROUNDS = 3
_guard = threading.Lock()
# Of every key that runs: when it was last asked for once more, None when nobody has.
_running: dict[uuid.UUID, datetime | None] = {}


def run_coalesced(key: uuid.UUID, run: Callable[[datetime], int], *, at: datetime) -> int:
    """Run now, and again while it was asked for during a round, MOST_ROUNDS times at most; return the sum. 0 when
    another thread runs it: that one begins one more round after this call, so that it sees what was committed before.

    Whoever asks next, or the clock, goes on where the rounds were not enough: nobody's thread is kept for the others'
    work for as long as they have some.
    """
    with _guard:
        if key in _running:
            _running[key] = at
            return 0
        _running[key] = None
    total, asked, is_given_back = 0, at, False
    try:
        for _ in range(MOST_ROUNDS):
            total += run(asked)
            with _guard:
                again = _running[key]
                if again is None:
                    # By now it may be another thread's: it is given back once.
                    del _running[key]
                    is_given_back = True
                    break
                asked, _running[key] = again, None
    finally:
        if not is_given_back:
            with _guard:
                _running.pop(key, None)
    return total
