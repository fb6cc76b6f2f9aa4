"""WHEN, the one grammar for the time of a snooze or a post.

Read in this order, whatever the case and the spaces:

- a span: `30m`, `2h`, `3d`, `1w`, `1h30m`, `in 2 hours`, `in an hour`, `a week`;
- `today`, `tonight`, `tomorrow` (`tmrw`), `mon`..`sun` (or in full), `weekend` (its Saturday), alone or with a time or
  a part of the day; after `today`, `tonight`, `tomorrow` and `next week` also with an hour alone, `tomorrow 9`;
- `next week` (its Monday), `next mon`..`next sun` and `next weekend` (the day of the calendar week that begins with the
  next Monday), `next month` (its first day), alone or with a time;
- a part of the day: `morning` 9:00, `noon` 12:00, `afternoon` 15:00, `eod` 17:00, `evening` 18:00, `night` 20:00: the
  next one, with `this` today's;
- a time alone, `14:30`, `14.30` or `9am`: the next one (`10.12` could be a day as well, and is refused);
- day and month with dots, `31.12.`, `31.12. 14:00`, `31.12.2026`: always the day first; with slashes or dashes only
  where one of the two cannot be a month (`1/12` is refused);
- an ISO date or date-time, or what dateutil's parser reads. Without a year: the next such date.

A day without a time is 09:00, tonight 20:00; tonight before 05:00 is the night that follows. A weekday is today's, too,
while its time is ahead. An IANA zone or an offset at the end (`fri 9:00 Europe/Berlin`,
`tomorrow 9am +02:00`, `UTC+5:30`: ahead of UTC) goes before the caller's. A wall time that
the change of clocks leaves out is the first minute after the gap; one that occurs twice is the first (wall_clock.py).
Seconds, minutes and hours of a span are elapsed time; its days and weeks keep the wall time.

`next slot` is no time by itself: which one it is depends on the post (slots.py).
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from commtui.model.slots import is_next_slot
from commtui.model.times import LONGEST, WhenError, find_zone, quoted, wall_text


class When(Struct, frozen=True):
    """A moment to come, and the IANA zone in which it was meant."""

    at: datetime
    """Aware, in UTC."""
    zone: str
    wall: str = ""
    """The wall time in that zone that was given, in ISO 8601: another one than `at` shows where clocks leave it out."""


def parse(text: str, now: datetime, zone: str) -> When:
    """The moment, always after `now` (aware), that `text` means in the IANA zone `zone`. Raises WhenError."""
    from commtui.model.loose_times import plain, split_offset, split_zone
    from commtui.model.when_reader import EXAMPLES, Reader  # most commands read no time

    if len(text.strip()) > LONGEST:
        raise WhenError(f"{quoted(text)} is too long for a time: {EXAMPLES}")
    words, zone = split_zone(plain(text), find_zone(zone))
    words, offset = split_offset(words, quoted(text))
    if not words:
        raise WhenError(f"no time given: {EXAMPLES}")
    if is_next_slot(words):
        raise WhenError(f"{quoted(text)} is for posts: {EXAMPLES}")
    reader = Reader(quoted(text), now.astimezone(UTC), zone, offset)
    try:
        at = reader.read(words)
        return When(at, reader.zone, reader.left_out.get(at) or wall_text(at, reader.zone))
    except OverflowError:
        raise WhenError(f"{reader.text} is too far away: {EXAMPLES}") from None
