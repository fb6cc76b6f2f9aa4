"""The table `[calendar]`: what the calendar marks as a conflict.

Imported by every command, `commtui status` too: nothing here may import dateutil or regular expressions.
"""

from datetime import timedelta
from typing import Annotated, Any, Final

from msgspec import Struct

from commtui.config import readers
from commtui.config.readers import DAY, SECOND, Wrong
from commtui.config.tables import Setting, read_table

_QUIET: Final = 'times of a day, such as "22:00-7:00" (over midnight) or "12:00-13:00"'
_SPAN: Final = "length of time"


def _quiet(value: Any) -> tuple[str, ...]:
    from commtui.model.week_lines import WeekError, intervals_of_day  # most homes have no quiet hours

    lines = readers.texts(value)
    try:
        for line in lines:
            intervals_of_day(line)
    except WeekError as error:
        raise Wrong(f"{_QUIET}; {error}") from None
    return lines


class CalendarRules(Struct, frozen=True):
    """What the calendar marks as a conflict: the table `[calendar]`."""

    min_gap: Annotated[timedelta, Setting(readers.span(0 * SECOND, DAY), '"15m"', _SPAN)] = timedelta(minutes=15)
    """Two posts of one account that are less than this apart are too near; "0s": never."""
    quiet: Annotated[tuple[str, ...], Setting(_quiet, "[]", "list of strings")] = ()
    """Quiet hours of every day, such as ["22:00-7:00"], in the general `zone`: no post should be sent then."""
    same_text: Annotated[timedelta, Setting(readers.span(0 * SECOND, 365 * DAY), '"7d"', _SPAN)] = 7 * DAY
    """An account that says the same text again within this time repeats itself; "0s": it may."""


def read_calendar(value: Any) -> CalendarRules:
    """The record of `[calendar]`."""
    return read_table(CalendarRules, readers.table(value), ("calendar",))
