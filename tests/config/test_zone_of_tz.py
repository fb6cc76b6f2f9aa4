"""What a value of TZ means: IANA names, POSIX offsets, and what neither of them is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from commtui.config.settings import Settings
from commtui.config.zone import zone_name, zone_of_tz

WINTER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "hours"),
    [("JST-9", 9), ("EST5", -5), ("EST+5", -5), ("<+03>-3", 3), ("<-03>3:00", -3), ("UTC0", 0), ("NZST-12:00:00", 12)],
)
def test_a_posix_offset_of_whole_hours_is_obeyed(value, hours):
    zone = zone_of_tz(value)
    assert zone is not None
    assert WINTER.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)
    assert zone_name(Settings(), {"TZ": value}) == zone


@pytest.mark.parametrize("value", ["Europe/Berlin", ":Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin"])
def test_a_name_is_obeyed_in_every_form_of_the_system(value):
    assert zone_of_tz(value) == "Europe/Berlin"
    assert zone_of_tz("") == "UTC"


@pytest.mark.parametrize("value", ["CET-1CEST,M3.5.0,M10.5.0/3", "IST-5:30", "XYZ-15", "Mars/Olympus", "9", "\0"])
def test_what_is_neither_is_not_guessed(value):
    assert zone_of_tz(value) is None
