"""What an account may still write: 5,000 points an hour and 35,000 a day (create 3, put 2, delete 1).

The server's headers show only its tightest limiter, which is mostly another one; so we count, too. Shared by every
login in the process.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from commtui.model.clock import Clock
from commtui.networks.base import RateLimited

CREATE, PUT, DELETE = 3, 2, 1
WINDOWS: Final = ((3600.0, 5000), (86_400.0, 35_000))
"""(seconds, points)."""


class Budget:
    """The points of one account. Times are of the monotonic clock."""

    def __init__(self) -> None:
        self._spent: deque[tuple[float, int]] = deque()

    def wait(self, now: float, points: int) -> float:
        """Seconds until `points` can be spent; 0.0: now."""
        while self._spent and self._spent[0][0] <= now - WINDOWS[-1][0]:
            self._spent.popleft()
        return max(self._wait(now, points, *window) for window in WINDOWS)

    def _wait(self, now: float, points: int, seconds: float, most: int) -> float:
        within = [(at, cost) for at, cost in self._spent if at > now - seconds]
        over = sum(cost for _, cost in within) + points - most
        for at, cost in within:
            if over <= 0:
                break
            over -= cost
            if over <= 0:
                return at + seconds - now
        return 0.0

    def spend(self, clock: Clock, host: str, points: int) -> None:
        """Counts a write. Raises RateLimited, and counts nothing, when there is no room for it."""
        now = clock.monotonic()
        wait = self.wait(now, points)
        if wait > 0:
            raise RateLimited(f"{host} allows no more writes for {wait:.0f} s", wait)
        self._spent.append((now, points))


_budgets: dict[str, Budget] = {}


def budget(account: str) -> Budget:
    """The process's budget of that account."""
    return _budgets.setdefault(account, Budget())


def forget() -> None:
    """Starts all anew, for tests."""
    _budgets.clear()
