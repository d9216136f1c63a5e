"""What several triggers need of the same words is worked out once while they are looked at, and forgotten afterwards.

A memory of the process would keep what customers wrote, and what has been erased since.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Given = TypeVar("Given", bound=Hashable)
Answer = TypeVar("Answer")

UNKNOWN: Any = object()

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known", default=None)


@contextmanager
def looking() -> Iterator[None]:
    """While this is open, functions that are to be asked `once` remember their answers; inside another one they have
    that one's memory."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(function: Callable[[Given], Answer]) -> Callable[[Given], Answer]:
    """The function, which works an answer out once within `looking`. It is shared then, and not to be changed."""

    @wraps(function)
    def ask(given: Given) -> Answer:
        known = _known.get()
        if known is None:
            return function(given)
        key = function, given
        answer: Answer = known.get(key, UNKNOWN)
        if answer is UNKNOWN:
            answer = known[key] = function(given)
        return answer

    return ask
