"""How a call to somebody else's system can fail, told apart by what the caller may do next.

An adapter returns a value or raises one of these. Their texts are shown to people and kept in the database:
they name hosts and statuses, never paths, headers or bodies, which may hold secrets.
"""

from datetime import timedelta


class AdapterError(Exception):
    """A call to another system did not bring what was asked for."""


class Transient(AdapterError):
    """Nothing happened there; the same call may succeed later, not before `retry_after` when it is given."""

    def __init__(self, text: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Permanent(AdapterError):
    """Nothing happened there, and repeating changes nothing: a person must change something first."""


class Unsupported(Permanent):
    """The other system cannot do this at all: do not offer it."""


class Uncertain(AdapterError):
    """The call may have had its effect: repeat it only if the receiver knows a repeat when it sees one."""


class GivenUp(Exception):
    """Whoever waited wants the answer no more. No failure of the other system: nothing is tried again."""
