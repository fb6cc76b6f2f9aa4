"""The tables [hours] and [[service_level]], and the hours that they mean."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.config.check import Level, check_hours
from commtui.config.described import describe
from commtui.config.edit import set_value
from commtui.config.errors import ConfigError
from commtui.config.loading import parse
from commtui.config.service_levels import COUNTRIES, ServiceLevel, WorkingHours
from commtui.config.settings import Settings
from commtui.config.working_hours import UnknownPart, fingerprint, working_hours
from commtui.model.hours import ALL_WEEK, Hours, Interval, minutes_between
from commtui.model.week_lines import WeekError, week_of_lines

PATH = Path("/desk/config.toml")
BOTH = """
zone = "Europe/Berlin"
[hours]
week = ["mon-fri 9:00-12:00 13:00-17:00", "Sat 10-14"]
zone = "Europe/Vienna"
holidays = "at-9"
closed = [2026-12-24, "2026-12-31"]
[[service_level]]
name = "direct"
first = "30m"
accounts = ["brand"]
tags = ["vip", "press"]
priorities = ["urgent"]
via = ["direct", "answer"]
[[service_level]]
name = "all others"
first = "4h"
next = "1d"
"""


def read(text):
    return parse(text, PATH, {})


def problem(text):
    with pytest.raises(ConfigError) as caught:
        read(text)
    return str(caught.value).removeprefix(f"{PATH}:")


def test_both_tables_are_read():
    settings = read(BOTH)
    assert settings.hours == WorkingHours(
        week=("mon-fri 9:00-12:00 13:00-17:00", "Sat 10-14"),
        zone="Europe/Vienna",
        holidays="AT-9",
        closed=("2026-12-24", "2026-12-31"),
    )
    assert settings.service_levels == (
        ServiceLevel(
            name="direct",
            first=timedelta(minutes=30),
            accounts=("brand",),
            tags=("vip", "press"),
            priorities=("urgent",),
            via=("direct", "answer"),
        ),
        ServiceLevel(name="all others", first=timedelta(hours=4), next=timedelta(days=1)),
    )


LEVEL = "[[service_level]]\nname = 'x'\n"
MISTAKES = [
    # what stands in the file, what the line must say
    ("[hours]\nweek = 'mon-fri 9-17'", '2: `week` must be lines such as "mon-fri 9:00-12:00 13:00-17:00"'),
    ("[hours]\nweek = []", "2: `week` must be lines such as"),
    ("[hours]\nweek = [3]", "2: `week` must be a list of strings"),
    ("[hours]\nweek = ['']", "2: `week` must be a list of strings"),
    ("[hours]\nweek = ['9:00-17:00']", "; '9:00-17:00' has no days"),
    ("[hours]\nweek = ['mon']", "; 'mon' has no times"),
    ("[hours]\nweek = ['monday 9-17']", "; 'monday' is no day"),
    ("[hours]\nweek = ['mon- 9-17']", "; 'mon-' is no day"),
    ("[hours]\nweek = ['mon 22:00-6:00']", "; '22:00-6:00' ends before it begins: over midnight, write 22:00-24:00"),
    ("[hours]\nweek = ['mon 9:00-9:00']", "; '9:00-9:00' ends before it begins"),
    ("[hours]\nweek = ['mon 9:60-12:00']", "; '9:60-12:00' is no interval such as 9:00-12:30"),
    ("[hours]\nweek = ['mon 9:00-24:01']", "; '9:00-24:01' is no interval"),
    ("[hours]\nweek = ['mon 9:0-12:00']", "; '9:0-12:00' is no interval"),
    ("[hours]\nweek = ['mon 9:-12:00']", "; '9:-12:00' is no interval"),
    ("[hours]\nweek = ['mon 9']", "; '9' is no interval"),
    ("[hours]\nweek = ['mon 9-12-15']", "; '9-12-15' is no interval"),
    ("[hours]\nzone = 'Berlin'", '2: `zone` must be the IANA name of a time zone, such as "Europe/Berlin"'),
    ("[hours]\nholidays = 'Germany'", '2: `holidays` must be a country by its two letters, such as "DE"'),
    ("[hours]\nholidays = 'XX'", "2: `holidays` must be a country by its two letters"),
    ("[hours]\nholidays = 'DE-'", "2: `holidays` must be a country by its two letters"),
    ("[hours]\nholidays = ''", "2: `holidays` must be a country by its two letters"),
    ("[hours]\nclosed = ['24.12.2026']", "2: `closed` must be a list of dates, such as [2026-12-24, 2026-12-31]"),
    ("[hours]\nclosed = [2026-12-24T10:00:00]", "2: `closed` must be a list of dates"),
    ("[hours]\nclosed = 2026-12-24", "2: `closed` must be a list of dates"),
    ("[hours]\nweeks = []", "2: unknown key 'weeks' in [hours]: do you mean `week`?"),
    ("[hours]\nfirst = '2h'", "2: unknown key 'first' in [hours]: it belongs in a [[service_level]]"),
    (
        "[[account]]\nname = 'a'\nnetwork = 'demo'\nweek = []",
        "4: unknown key 'week' in [[account]]: it belongs in [hours]",
    ),
    ("hours = 9", "1: `hours` must be a table"),
    ("[service_level]\nname = 'x'", "1: `service_level` must be a table headed [[service_level]], in double brackets"),
    ("[[service_level]]\nfirst = '2h'", "1: this [[service_level]] has no `name`"),
    (LEVEL, "1: this [[service_level]] has no target: set `first`, `next` or both"),
    (f"{LEVEL}first = '30s'", "3: `first` must be a length of time from 1m to "),
    (f"{LEVEL}first = '90s'", "3: `first` must be a length of time in whole minutes; it is '90s'"),
    (f"{LEVEL}next = '91d'", "3: `next` must be a length of time from 1m to "),
    (f"{LEVEL}next = 3", "3: `next` must be a length of time in quotes"),
    (f"{LEVEL}first = '2h'\naccounts = 'brand'", "4: `accounts` must be a list of strings"),
    (f"{LEVEL}first = '2h'\ntags = []", "4: `tags` must be a list that is not empty"),
    (f"{LEVEL}first = '2h'\ntags = ['two words']", "4: `tags` must be a list of tags, each one word"),
    (f"{LEVEL}first = '2h'\ntags = ['#']", "4: `tags` must be a list of tags, each one word"),
    (
        f"{LEVEL}first = '2h'\npriorities = ['vip']",
        '4: `priorities` must be a list of "urgent", "high", "normal", "low"',
    ),
    (f"{LEVEL}first = '2h'\nvia = ['dm']", '4: `via` must be a list of "mention", "answer", "quote", "direct"'),
    (f"{LEVEL}first = '2h'\n{LEVEL}first = '3h'", "5: two service levels are named 'x'; rename one"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_names_its_line_and_the_way_out(text, said):
    found = problem(text)
    assert said in found if said.startswith(";") else found.startswith(said), found


def test_tags_are_those_that_conversations_have_however_they_are_written():
    (level,) = read(f"{LEVEL}first = '2h'\ntags = ['#Press', 'BUG ']").service_levels
    assert level.tags == ("press", "bug")


def test_without_hours_every_minute_is_worked():
    assert working_hours(Settings(zone="Asia/Tokyo"), {}) == Hours("Asia/Tokyo", ALL_WEEK, frozenset())


def test_the_hours_are_those_of_the_table():
    hours = working_hours(read(BOTH), {})
    day, saturday = (Interval(540, 720), Interval(780, 1020)), (Interval(600, 840),)
    assert (hours.zone, hours.week) == ("Europe/Vienna", (day, day, day, day, day, saturday, ()))
    # Vienna's own holiday (its part is "9"), one of all Austria, two own dates, and a day that is none of them
    days = [date(2026, 11, 15), date(2026, 10, 26), date(2026, 12, 24), date(2026, 12, 31), date(2026, 11, 16)]
    assert [day in hours.closed for day in days] == [False, True, True, True, False]


@pytest.mark.parametrize(("region", "is_closed"), [("DE", False), ("DE-BW", True), ("DE-Bayern", True), ("US", False)])
def test_a_part_of_a_country_has_holidays_of_its_own(region, is_closed):
    hours = working_hours(read(f"[hours]\nholidays = '{region}'"), {})
    assert (date(2026, 1, 6) in hours.closed) is is_closed  # Epiphany
    start = datetime(2026, 1, 6, tzinfo=UTC)
    assert minutes_between(hours, start, start + timedelta(days=1)) == (0 if is_closed else 1440)


def test_a_part_that_the_country_does_not_have_is_named_by_doctor():
    settings = read("[hours]\nholidays = 'DE-ZZ'")
    with pytest.raises(UnknownPart) as caught:
        working_hours(settings, {})
    assert (caught.value.country, caught.value.part) == ("DE", "ZZ") and "BW" in caught.value.known
    (finding,) = check_hours(settings, {})
    assert (finding.level, finding.sentence) == (Level.BAD, "`holidays`: DE has no part 'ZZ'")
    assert finding.way_out.startswith("DE has: ") and "BW" in finding.way_out


def test_doctor_says_nothing_of_hours_without_the_table_and_the_zone_with_it():
    assert check_hours(Settings(), {}) == []
    (finding,) = check_hours(read(BOTH), {})
    assert (finding.level, finding.sentence) == (Level.OK, "2 service levels, in Europe/Vienna")


def test_the_countries_are_those_of_the_library():
    assert COUNTRIES.split() == sorted(holidays.list_supported_countries(include_aliases=False))


def test_the_hours_are_shown_and_changed_as_other_settings(home):
    home.config.write_text(BOTH)
    rows = {row.key: row for row in describe(home, {})}
    assert (rows["hours.week"].value, rows["hours.week"].kind) == ("mon-fri 9:00-12:00 13:00-17:00, Sat 10-14", "list")
    assert (rows["hours.holidays"].value, rows["hours.holidays"].line) == ("AT-9", 6)
    assert (rows["service_level"].value, rows["service_level"].kind) == ("direct, all others", "fixed")
    assert set_value(home, "hours.closed", ["2027-01-02"]).hours.closed == ("2027-01-02",)


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
times = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])


def clock(minute):
    return f"{minute // 60}:{minute % 60:02}"


@given(st.integers(0, 6), st.integers(0, 6), times)
def test_a_line_means_each_minute_of_its_days(first, last, pair):
    week = week_of_lines([f"{DAYS[first]}-{DAYS[last]} {clock(pair[0])}-{clock(pair[1])}"])
    expected, day = {first}, first
    while day != last:
        day = (day + 1) % 7
        expected.add(day)
    assert week == tuple((Interval(*pair),) if day in expected else () for day in range(7))


@given(st.lists(st.text(), max_size=3))
def test_whatever_a_line_holds_there_is_a_week_or_one_error(lines):
    try:
        assert len(week_of_lines(lines)) == 7
    except WeekError as error:
        assert str(error)  # noqa: PT017


def test_a_level_that_is_written_counts_as_one_though_it_is_what_counts_without_any():
    written = read('[[service_level]]\nname = "everybody"\nfirst = "24h"\nnext = "24h"\n')
    assert written.service_levels == read("").service_levels
    assert (written.has_service_levels, read("").has_service_levels) == (True, False)
    assert fingerprint(written, "UTC") != fingerprint(read(""), "UTC") == fingerprint(replace(read("")), "UTC")
