"""Deeds that have nothing to do with each other, done one after the other."""

from collections.abc import Callable, Iterable


def do_each(deeds: Iterable[Callable[[], int]]) -> int:
    """Do all of them, whichever fail, and return the sum of what they returned. Raises ExceptionGroup at the end when
    some failed: whoever began them is told of each."""
    done, failures = 0, list[Exception]()
    for deed in deeds:
        try:
            done += deed()
        except Exception as error:  # raised again with the others
            failures.append(error)
    if failures:
        raise ExceptionGroup("some failed, all others are done", failures)
    return done
