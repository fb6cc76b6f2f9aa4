"""What an account may still write: 5,000 points an hour and 35,000 a day (create 3, put 2, delete 1).

The server's headers show only its tightest limiter, which is mostly another one; so we count, too. What is spent is
kept with the account (`networks.base.Spent`): the next run of the program goes on counting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from commtui.model.clock import Clock
from commtui.networks.base import RateLimited, Spent

CREATE, PUT, DELETE = 3, 2, 1
WINDOWS: Final = ((3600.0, 5000), (86_400.0, 35_000))
"""(seconds, points)."""


class Budget:
    """The points of one account that were spent in this process and are not kept. Times are of the monotonic clock."""

    def __init__(self) -> None:
        self._spent: deque[tuple[float, int]] = deque()

    def wait(self, now: float, points: int, kept: Iterable[tuple[float, int]] = ()) -> float:
        """Seconds until `points` can be spent beside those and the `kept` ones; 0.0: now."""
        while self._spent and self._spent[0][0] <= now - WINDOWS[-1][0]:
            self._spent.popleft()
        spent = sorted((*self._spent, *kept))
        return max(_wait(spent, now, points, *window) for window in WINDOWS)

    def spend(self, clock: Clock, host: str, points: int, kept: Spent | None = None) -> None:
        """Counts a write. Raises RateLimited, and counts nothing, when there is no room for it."""
        now, moment = clock.monotonic(), clock.now()
        entries = kept.entries() if kept is not None else []
        wait = self.wait(now, points, [(now + (at - moment).total_seconds(), cost) for at, cost in entries])
        if wait > 0:
            raise RateLimited(f"{host} allows no more writes for {wait:.0f} s", wait)
        if kept is None or not kept.add(points):
            self._spent.append((now, points))


def _wait(spent: Iterable[tuple[float, int]], now: float, points: int, seconds: float, most: int) -> float:
    """Seconds until a window has room for `points`. `spent`: the oldest first."""
    within = [(at, cost) for at, cost in spent if at > now - seconds]
    over = sum(cost for _, cost in within) + points - most
    for at, cost in within:
        if over <= 0:
            break
        over -= cost
        if over <= 0:
            return at + seconds - now
    return 0.0


_budgets: dict[str, Budget] = {}


def budget(account: str) -> Budget:
    """The process's budget of that account."""
    return _budgets.setdefault(account, Budget())


def forget() -> None:
    """Starts all anew, for tests."""
    _budgets.clear()
