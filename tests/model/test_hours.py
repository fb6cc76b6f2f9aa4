"""Working hours, against a reference that looks at the clock minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commtui.model.hours import ALL_WEEK, LONGEST, Hours, Interval, add_minutes, minutes_between, week_of

MINUTE = timedelta(minutes=1)
OFFICE = week_of({weekday: [Interval(540, 720), Interval(780, 1020)] for weekday in range(5)})
"""Monday to Friday, 9:00 to 12:00 and 13:00 to 17:00."""
CHANGES = {
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "America/St_Johns": ["2006-04-02T03:31", "2006-10-29T02:31"],  # at 00:01: clocks go back to the day before
    "America/Havana": ["2026-03-08T05:00", "2026-11-01T05:00"],  # midnight is left out, then comes twice
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],  # by half an hour
    "Pacific/Apia": ["2011-12-30T10:00"],  # 30 December is left out
    "Africa/Casablanca": ["2026-02-15T02:00", "2026-03-22T02:00"],
    "Asia/Kathmandu": ["2026-06-01T00:00"],
    "UTC": ["2026-12-31T23:00"],
}
"""Zone -> moments, in UTC, at which its clocks are changed."""


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_worked(hours, moment):
    wall = moment.astimezone(ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute
    on_day = hours.week[wall.weekday()]
    return wall.date() not in hours.closed and any(start <= minute < end for start, end in on_day)


def slow_between(hours, start, end):
    return sum(is_worked(hours, start + MINUTE * index) for index in range((end - start) // MINUTE))


def slow_add(hours, moment, minutes, within):
    while minutes:
        minutes -= is_worked(hours, moment)
        moment += MINUTE
        if moment - within > timedelta(0):
            return None
    return moment


intervals = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])
around_midnight = st.sampled_from(
    [(0, 1440), (0, 30), (1410, 1440), (90, 150), (120, 180), (150, 240), (0, 1), (1, 61)]
)
weeks = st.dictionaries(
    st.integers(0, 6), st.lists(st.one_of(intervals, around_midnight).map(lambda pair: Interval(*pair)), max_size=4)
).map(week_of)


@st.composite
def near_a_change(draw):
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = at(draw(st.sampled_from(CHANGES[zone])))
    days = st.integers(-3, 4).map(lambda number: (change + timedelta(days=number)).date())
    closed = frozenset(draw(st.lists(days, max_size=3)))
    return Hours(zone, draw(weeks), closed), change + MINUTE * draw(st.integers(-2000, 1500))


@settings(max_examples=60)
@given(near_a_change(), st.integers(0, 6000))
@example((Hours("Europe/Berlin", week_of({6: [Interval(120, 180)]})), at("2026-03-28T12:00")), 3000)
@example((Hours("Europe/Berlin", week_of({6: [Interval(120, 180)]})), at("2026-10-24T12:00")), 3000)
@example(
    (Hours("America/St_Johns", week_of({5: [Interval(1380, 1440)], 6: [Interval(0, 1)]})), at("2006-10-28T12:00")), 3000
)
def test_minutes_between_are_those_of_the_clock(case, length):
    hours, start = case
    assert minutes_between(hours, start, start + MINUTE * length) == slow_between(hours, start, start + MINUTE * length)


@settings(max_examples=60)
@given(near_a_change(), st.integers(0, 1500))
@example((Hours("Pacific/Apia", ALL_WEEK, frozenset([date(2011, 12, 29)])), at("2011-12-29T08:00")), 1)
def test_minutes_are_added_as_the_clock_shows_them(case, minutes):
    hours, moment = case
    until = moment + timedelta(days=8)
    due, slow = add_minutes(hours, moment, minutes), slow_add(hours, moment, minutes, until)
    assert due == slow or (slow is None and (due is None or due > until))


@settings(max_examples=100)
@given(near_a_change(), st.integers(0, 3000), st.timedeltas(timedelta(0), timedelta(minutes=1)))
def test_as_many_minutes_lie_between_a_moment_and_what_was_added(case, minutes, seconds):
    hours, moment = case[0], case[1] + seconds
    due = add_minutes(hours, moment, minutes)
    if due is None:
        assert minutes and minutes_between(hours, moment, moment + LONGEST) < minutes
        return
    assert due >= moment and minutes_between(hours, moment, due) == minutes
    if minutes:  # and no earlier moment would do
        assert minutes_between(hours, moment, due - timedelta(microseconds=1)) == minutes - 1


@given(near_a_change(), st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_parts_of_a_time_add_up(case, first, second):
    hours, start = case
    middle, end = sorted((start + MINUTE * first, start + MINUTE * second))
    parts = minutes_between(hours, start - MINUTE * 5000, middle) + minutes_between(hours, middle, end)
    assert parts == minutes_between(hours, start - MINUTE * 5000, end)
    assert minutes_between(hours, end, middle) == 0 or middle == end


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-27T10:00", 60, "2026-11-27T11:00"),
        ("2026-11-27T11:30", 60, "2026-11-27T13:30"),  # over the lunch hour
        ("2026-11-27T16:30", 60, "2026-11-30T09:30"),  # over the weekend
        ("2026-11-27T16:00", 60, "2026-11-27T17:00"),  # to the very end of the day, not to the next morning
        ("2026-11-28T12:00", 1, "2026-11-30T09:01"),
        ("2026-12-24T16:00", 120, "2026-12-28T10:00"),  # Friday is closed
        ("2026-11-27T10:00", 0, "2026-11-27T10:00"),
    ],
)
def test_a_week_in_an_office(start, minutes, due):
    hours = Hours("Europe/Berlin", OFFICE, frozenset([date(2026, 12, 25)]))
    assert add_minutes(hours, at(start, "Europe/Berlin"), minutes) == at(due, "Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("2026-03-29T00:00", "2026-03-29T06:00", 120), ("2026-10-25T00:00", "2026-10-25T06:00", 240)],
)
def test_an_hour_that_is_left_out_is_not_worked_and_one_that_comes_twice_is(start, end, minutes):
    hours = Hours("Europe/Berlin", week_of({6: [Interval(60, 240)]}))
    assert minutes_between(hours, at(start, "Europe/Berlin"), at(end, "Europe/Berlin")) == minutes


@pytest.mark.parametrize("hours", [Hours("UTC", week_of({})), Hours("Europe/Berlin", ((),) * 7)])
def test_a_week_without_hours_has_no_due_time(hours):
    assert add_minutes(hours, at("2026-11-27T10:00"), 1) is None
    assert minutes_between(hours, at("2026-11-27T10:00"), at("2027-11-27T10:00")) == 0


class EveryDay:
    """All dates; counts how often it was asked."""

    asked = 0

    def __contains__(self, day):
        self.asked += 1
        return True


def test_hours_that_are_always_closed_end_after_ten_years():
    closed = EveryDay()
    assert add_minutes(Hours("Europe/Berlin", ALL_WEEK, closed), at("2026-11-27T10:00"), 1) is None
    assert closed.asked <= 2 * LONGEST.days + 50


def test_ten_years_is_the_longest():
    start = at("2026-11-27T10:00")
    assert minutes_between(Hours(), start, start + LONGEST) == LONGEST // MINUTE
    assert minutes_between(Hours(), start, start + LONGEST + MINUTE) is None
    assert add_minutes(Hours(), start, LONGEST // MINUTE) == start + LONGEST
    assert add_minutes(Hours(), start, LONGEST // MINUTE + 1) is None


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_no_error(zone, moment):
    due = add_minutes(Hours(zone, OFFICE), moment, 60)
    assert due is None if moment.year > 1 else due.year == 1
    assert minutes_between(Hours(zone, OFFICE), moment, moment) == 0


def test_less_than_no_minutes_are_refused():
    with pytest.raises(ValueError, match="below zero: -1"):
        add_minutes(Hours(), at("2026-11-27T10:00"), -1)


def test_intervals_of_a_day_are_put_in_order_and_joined():
    day = [Interval(780, 1020), Interval(540, 600), Interval(600, 700), Interval(560, 570)]
    assert week_of({2: day}) == ((), (), (Interval(540, 700), Interval(780, 1020)), (), (), (), ())


@pytest.mark.parametrize("interval", [(600, 600), (700, 600), (-1, 5), (0, 1441)])
def test_an_interval_that_is_empty_or_leaves_its_day_is_refused(interval):
    with pytest.raises(ValueError, match="empty or leaves its day"):
        week_of({0: [Interval(*interval)]})
