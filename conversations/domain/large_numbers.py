"""Numbers that cannot be kept in JSON. PostgreSQL's jsonb gives 1e30 back as a whole number of 31 digits, and no
reader that counts in 64 bits, ours included, takes that (RFC 8259, section 6, warns of them)."""

import re
from collections.abc import Iterator
from typing import Any

LARGEST = 2**63
TOO_LARGE = "a number beyond ±9223372036854775807 cannot be kept: send it as text"
# What orjson writes of a large number, or of a text that looks like one.
_MAYBE = re.compile(rb"[0-9]e[+]?[0-9]|[0-9]{19}")


def has_large_number(value: Any, text: bytes) -> bool:
    """text: the value as orjson writes it, which is asked first since it hardly ever holds one."""
    return _MAYBE.search(text) is not None and any(abs(number) >= LARGEST for number in _fractions(value))


def _fractions(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _fractions(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _fractions(each)
