"""Times as a person reads them, the zones in which they are meant, and the error for a text that is no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

LONGEST: Final = 120
"""Characters of a text that can be a time."""
UTC_NAMES: Final = ("UTC", "Etc/UTC")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WhenError(ValueError):
    """A text is not a time that can be used here. `str()` is one line: the text, how it was read, what can be given."""


def quoted(text: str) -> str:
    """A given text for a message, cut at 60 characters."""
    return repr(text.strip() if len(text) <= 60 else text[:59] + "…")


def find_zone(name: str) -> str:
    """The IANA name, in its own case, that `name` means. Raises WhenError for an unknown name."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # KeyError: not found; OSError: a folder such as `Europe`
        from zoneinfo import available_timezones  # reads the whole folder

        for known in available_timezones():
            if known.lower() == name.lower():
                return known
    raise WhenError(f"{quoted(name)} is no time zone: say Europe/Berlin, America/New_York or UTC") from None


def wall_zone(name: str) -> tzinfo:
    """The rules of the zone of that name; UTC for one that this machine does not know: it may come with a backup."""
    return known_zone(name) or UTC


def known_zone(name: str) -> tzinfo | None:
    """The rules of the zone of that name; None for one that this machine does not know."""
    if name in UTC_NAMES:
        return UTC
    from zoneinfo import ZoneInfo  # 3 ms, which a home with nothing scheduled does not pay

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # KeyError: not known; ValueError: no name; OSError: a folder
        return None


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """`at` as the clocks of `zone` show it; at the ends of the calendar, where they have no date for it, unchanged."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def wall_text(at: datetime, zone: str) -> str:
    """What the clocks of a zone show at a moment, in ISO 8601 without the zone; to the millisecond, as it is stored."""
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return in_zone(at, wall_zone(zone)).replace(tzinfo=None).isoformat()


def echo(at: datetime, zone: str, now: datetime | None = None) -> str:
    """`at` in full, in English and to the minute: `Fri 27 Nov 09:00 Europe/Berlin`.

    The year stands after the month unless it is that of `now`. A wall time's second occurrence, when clocks go back,
    carries its offset (`02:30+01:00`), so that `parse` reads every echo as the moment it was made of.
    """
    rules = wall_zone(zone)
    local = in_zone(at, rules)
    year = "" if now and in_zone(now, rules).year == local.year else f" {local.year}"
    offset = local.isoformat()[-6:] if local.fold else ""
    day = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}"
    name = "UTC" if rules is UTC and zone not in UTC_NAMES else zone
    return f"{day} {local.hour:02}:{local.minute:02}{offset} {name}"


def near(at: datetime, zone: str, now: datetime) -> str:
    """`at` for a narrow column: `18:47` today, `Sat 10:00` within the next six days, else `27 Nov 09:00`, and with the
    year in place of the time where that is another one: `27 Nov 2027`."""
    local, today = at.astimezone(wall_zone(zone)), now.astimezone(wall_zone(zone))
    days = (local.date() - today.date()).days
    time = f"{local.hour:02}:{local.minute:02}"
    if days == 0:
        return time
    if 0 < days < len(DAYS):
        return f"{DAYS[local.weekday()]} {time}"
    day = f"{local.day} {MONTHS[local.month - 1]}"
    return f"{day} {time}" if local.year == today.year else f"{day} {local.year}"


def ago(then: datetime, now: datetime) -> str:
    """How long since `then`, rounded down: `now`, `5m`, `3h`, `2d` (to 13), `6w` (to 52), `2y`."""
    seconds = (now - then) // timedelta(seconds=1)
    if seconds < 60:
        return "now"
    for unit, below, size in (("m", 3600, 60), ("h", 86400, 3600), ("d", 1209600, 86400), ("w", 31536000, 604800)):
        if seconds < below:
            return f"{seconds // size}{unit}"
    return f"{seconds // 31536000}y"


def countdown(until: datetime, now: datetime) -> str:
    """How long until: `9s`, `4m59s`, `2h05m`, `3d4h`; `now` once it is reached. Seconds are rounded up."""
    seconds = -((now - until) // timedelta(seconds=1))
    if seconds <= 0:
        return "now"
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02}s"
    if seconds < 86400:
        return f"{seconds // 3600}h{seconds // 60 % 60:02}m"
    return f"{seconds // 86400}d{seconds // 3600 % 24}h"


def month_before(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """When the calendar month before that of `now` begins and ends, by the clocks of `zone`."""
    rules = wall_zone(zone)
    first = in_zone(now, rules).date().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    since, until = (datetime(day.year, day.month, 1, tzinfo=rules).astimezone(UTC) for day in (before, first))
    return since, until
