"""Rate limits, obeyed by account and by host. The gates are shared by every login in the process.

A server tells what is left in headers: `X-RateLimit-Remaining` and `-Reset` (ISO 8601, seconds since 1970, or seconds
from now, by server; Bluesky's are without the `X-`), and with a 429 perhaps `Retry-After` (seconds or an HTTP date).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from commtui.model.clock import Clock, from_iso
from commtui.networks.base import RateLimited, Waits

FIRST_WAIT, LONGEST_UNTOLD = 5.0, 900.0
"""Seconds to wait after a 429 that doesn't say: the first time, doubled at each one after it, and at most."""
DEFAULT_RESET = 60.0
"""Seconds until more is left where a server says how much is left and not until when."""
LONGEST_WAIT = 86_400.0


def seconds_until(text: str, now: datetime) -> float | None:
    """How long until `text`: seconds, seconds since 1970, an ISO 8601 time or an HTTP date. None: not readable."""
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        number = None
    if number is not None:
        if not 0 <= number < 1e11:
            return None
        return number if number < 1e8 else number - now.timestamp()
    for read in (from_iso, parsedate_to_datetime):
        moment = _moment(read, text)
        if moment is not None:
            return (moment - now).total_seconds()
    return None


def _moment(read: Callable[[str], datetime], text: str) -> datetime | None:
    """A time that a server wrote, aware; None for what `read` cannot read, or what no datetime can hold."""
    try:
        moment = read(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The server's own time by its `Date` header: resets count by its clock, not ours."""
    return _moment(parsedate_to_datetime, headers.get("date", ""))


def wait_told(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by `Retry-After`, else by `X-RateLimit-Reset`; None if neither says."""
    now = server_time(headers) or now
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        if name in headers:
            wait = seconds_until(headers[name], now)
            if wait is not None:
                return min(max(wait, 1.0), LONGEST_WAIT)
    return None


class Gate(Struct, eq=False):
    """What one limit still allows; times by the monotonic clock of the login that learnt them."""

    clock: Clock | None = None
    until: float = 0.0
    """Closed until then, whatever remains."""
    reset: float = 0.0
    remaining: int | None = None
    """Requests left before `reset`; None: unknown."""
    flying: int = 0
    """Requests sent whose answers are not in: what they cost may not be in `remaining` yet."""
    refusals: int = 0
    """How many times in a row the server refused without saying for how long."""

    def wait(self, clock: Clock) -> float:
        """Seconds until a request may go; 0.0: now."""
        if self.clock is not clock:
            return 0.0
        now = clock.monotonic()
        if now < self.until:
            return self.until - now
        if self.remaining is not None and self.remaining <= 0 and now < self.reset:
            return self.reset - now
        return 0.0

    def refuse(self, clock: Clock, told: float | None) -> float:
        """The server asked to wait: `told` seconds, if it said. Nothing passes before. Returns the seconds."""
        seconds = told
        if seconds is None:
            seconds = min(FIRST_WAIT * 2.0 ** min(self.refusals, 20), LONGEST_UNTOLD)
            self.refusals += 1
        self.clock, self.until = clock, clock.monotonic() + seconds
        return seconds

    def leave(self) -> None:
        """A request goes out."""
        self.flying += 1
        if self.remaining is not None:
            self.remaining -= 1

    def enter(self) -> None:
        """Its answer, or its failure, is in."""
        self.flying -= 1

    def learn(self, clock: Clock, headers: Mapping[str, str]) -> None:
        """Takes in what an answer says is left."""
        try:
            remaining = int(headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", "")))
        except ValueError:
            return
        now = server_time(headers) or clock.now()
        wait = seconds_until(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", "")), now)
        self.clock = clock
        self.remaining = remaining - self.flying
        self.reset = clock.monotonic() + min(max(wait if wait is not None else DEFAULT_RESET, 0.0), LONGEST_WAIT)


_gates: dict[str, Gate] = {}


def gate(name: str, clock: Clock, waits: Waits | None) -> Gate:
    """The process's gate of that name; one that is new is closed for as long as `waits` has kept."""
    known = _gates.get(name)
    if known is None:
        known = _gates[name] = Gate()
        until = waits.until(name) if waits is not None else None
        if until is not None and (left := (until - clock.now()).total_seconds()) > 0:
            known.clock, known.until = clock, clock.monotonic() + min(left, LONGEST_WAIT)
    return known


def check(clock: Clock, name: str, host: Gate, own: Gate) -> None:
    """Raises RateLimited if one is closed: that of the whole host, called `name`, or that of the account."""
    for gate_ in (host, own):
        wait = gate_.wait(clock)
        if wait > 0:
            raise RateLimited(f"{name} asks to wait {wait:.0f} s", wait, gate_ is host)


def keep(clock: Clock, gates: Mapping[str, Gate], waits: Waits | None) -> None:
    """Keeps until when those that are closed are. `gates` by name."""
    for name, gate_ in gates.items():
        if waits is not None and (wait := gate_.wait(clock)) > 0:
            waits.keep(name, clock.now() + timedelta(seconds=wait))


def forget() -> None:
    """Opens every gate, for tests."""
    _gates.clear()
