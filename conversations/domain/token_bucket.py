"""How many frames a session may send: a burst, and then so many a second."""

from dataclasses import dataclass


@dataclass(slots=True)
class TokenBucket:
    """Starts full. burst: how many at once; per_second: how many come back each second. Times are seconds of any
    clock that only goes forward."""

    burst: int
    per_second: float
    _tokens: float
    _at: float

    @classmethod
    def full(cls, *, burst: int, per_second: float, at: float) -> "TokenBucket":
        return cls(burst, per_second, float(burst), at)

    def take(self, *, at: float) -> float:
        """Take one token: 0 when there was one, else the seconds until there is."""
        self._tokens = min(float(self.burst), self._tokens + (at - self._at) * self.per_second)
        self._at = at
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self.per_second
