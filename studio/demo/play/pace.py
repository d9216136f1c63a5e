"""Keeps all customers together to a rate."""

import asyncio


class Pace:
    """Lets one message through every 1/`per_second` s; None: as fast as answers come."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = 0.0 if per_second is None else 1.0 / per_second
        self._next = 0.0

    async def wait(self) -> None:
        """Return when it is this caller's turn; turns are given in the order of asking."""
        now = asyncio.get_running_loop().time()
        mine = max(self._next, now)
        self._next = mine + self._interval
        await asyncio.sleep(mine - now)
