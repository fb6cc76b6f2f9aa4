"""`commtui calendar` on a real home: as rows, as a grid, and for other programs."""

from __future__ import annotations

import csv
from datetime import datetime

import icalendar
import pytest

from commtui.cli.calendar_data import COLUMNS
from commtui.model import times

TEXT = "Weekend! The roaster runs; nine, sharp\n\nCome by: https://example.org/a?b=1, we, are \\ there 🎉"


@pytest.fixture
def planned(busy):
    """Four posts in the first week of March 2031 (a Saturday is the 1st): one for both accounts, two with one text."""
    busy.home.config.write_text(busy.home.config.read_text() + '\n[calendar]\nquiet = ["22:00-7:00"]\n')
    busy("post", TEXT, "--account", "brand", "--account", "other", "--at", "2031-03-03 09:00")
    busy("post", "Tea", "--account", "brand", "--at", "2031-03-03 09:10")
    busy("post", "tea", "--account", "brand", "--at", "2031-03-05 23:00")
    busy("post", "Far", "--account", "other", "--at", "2031-03-31 09:00")
    busy("recall", busy("list", "posts", "Far", "--json").json[0]["id"])
    return busy


def rows(shell, *words, **environ):
    return shell("calendar", "--since", "2031-03-06", *words, **environ).out.splitlines()


def test_a_week_has_each_post_once_and_each_day(planned):
    lines = rows(planned)
    assert lines[0] == "Week 10, Mon 3 Mar 2031 to Sun 9 Mar 2031, Europe/Berlin: 3 posts, 3 conflicts"
    days = [line for line in lines if line and not line.startswith(" ")][1:]
    assert days == [f"{name} {day} Mar 2031" for name, day in zip(times.DAYS, range(3, 10), strict=True)]
    first, second, third = (line for line in lines if ":" in line and line.startswith("  "))
    assert first.split()[0] == "09:00" and "scheduled  brand, other  (too near) Weekend! The roaster" in first
    assert "scheduled  brand         (too near, same text) Tea" in second
    assert "(quiet hours, same text) tea" in third
    assert lines.count("  no post") == 5


def test_a_month_is_a_grid_that_fits_and_names_what_to_look_at(planned):
    for width in (60, 80, 132):
        lines = rows(planned, "--month", COLUMNS=str(width))
        assert lines[0].startswith("Mar 2031, Europe/Berlin: 4 posts, 3 conflicts")
        assert max(map(len, lines)) <= width
        assert lines[2].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        grid = "\n".join(lines[3 : lines.index("to look at (! in the grid):")])
        assert [int(word) for word in grid.split() if word.isdecimal()] == list(range(1, 32))
        assert "09:00!" in grid and "23:00!" in grid and (width < 80 or ("23:00!tea" in grid and "09:00 Far" in grid))
        assert len(lines) - lines.index("to look at (! in the grid):") == 4
    assert rows(planned, "--month", COLUMNS="59")[2].startswith("Mon 3 Mar")


def test_a_day_with_many_posts_says_how_many_are_not_shown(busy):
    for minute in range(6):
        busy("post", f"No {minute}", "--account", "brand", "--at", f"2031-03-03 09:{minute}0")
    lines = rows(busy, "--month")
    assert [line.split()[-1] for line in lines if "+" in line] == ["more"] and any("+2 more" in line for line in lines)
    assert "09:30" in "\n".join(lines) and "09:40" not in "\n".join(lines)


def test_json_csv_and_icalendar_say_the_same(planned):
    given = ("calendar", "--since", "2031-03-01", "--until", "2031-04-01")
    objects = planned(*given, "--json").json
    assert [list(each) for each in objects] == [list(COLUMNS)] * 4
    first, second, third, last = objects
    assert (first["text"], first["accounts"], first["at"], first["local"]) == (
        TEXT, ["brand", "other"], "2031-03-03T08:00:00.000Z", "2031-03-03T09:00:00+01:00",
    )  # fmt: skip
    assert (second["conflicts"], second["conflicts_with"]) == (["near", "twice"], [first["id"], third["id"]])
    assert (third["conflicts"], third["conflicts_with"]) == (["quiet", "twice"], [None, second["id"]])
    assert (last["state"], last["local"], last["zone"]) == ("draft", "2031-03-31T09:00:00+02:00", "Europe/Berlin")
    assert len(first["variants"]) == 2 and planned("show", first["variants"][0], "--json").json["post"] == first["id"]

    lines = list(csv.DictReader(planned(*given, "--format", "csv").out.splitlines(keepends=True)))
    assert [line["text"] for line in lines] == [each["text"] for each in objects]
    assert (lines[2]["conflicts"], lines[2]["conflicts_with"]) == ("quiet twice", f"- {second['id']}")
    assert lines[0]["accounts"] == "brand other" and lines[0]["reason"] == ""

    events = icalendar.Calendar.from_ical(planned(*given, "--format", "ics").out).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [datetime.fromisoformat(each["at"]) for each in objects]
    assert [str(event["UID"]) for event in events] == [f"{each['variants'][0]}@commtui" for each in objects]
    assert str(events[0]["DESCRIPTION"]) == f"{TEXT}\n\n{first['id']}, scheduled"
    assert str(events[0]["SUMMARY"]).startswith("brand, other: Weekend! The roaster runs; nine, sharp Come")
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 3 + ["TENTATIVE"]


def test_one_account(planned):
    found = planned("calendar", "--since", "2031-03-03", "--account", "other", "--json").json
    assert [each["text"] for each in found] == [TEXT]
    assert "brand, other" in planned("calendar", "--account", "nobody", code=2).err


def test_without_a_post_each_format_is_whole(busy):
    assert busy("calendar", "--json").json == []
    assert busy("calendar", "--format", "csv").out.splitlines() == [",".join(COLUMNS)]
    assert icalendar.Calendar.from_ical(busy("calendar", "--format", "ics").out).walk("VEVENT") == []
    assert busy("calendar").out.splitlines()[0].endswith("Europe/Berlin: 0 posts")
    assert sum("(today)" in line for line in busy("calendar").out.splitlines()) == 1


def test_days_are_named_in_words_of_both_directions(busy):
    def first(*words):
        return busy("calendar", *words).out.splitlines()[0].partition(",")[2]

    assert len({first("--since", "last week"), first(), first("--since", "next week")}) == 3
    assert first("--since", "today") == first()
    assert busy("calendar", "--month", "--since", "2026-10").out.startswith("Oct 2026")
    assert busy("calendar", "--month", "--since", "2040-12-24").out.startswith("Dec 2040")
    days = busy("calendar", "--since", "yesterday", "--until", "in 3 days").out.splitlines()
    assert len([line for line in days[1:] if line and not line.startswith(" ")]) == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--week", "--month"), "not allowed with"),
        (("--month", "--until", "tomorrow"), "leave out --week or --month"),
        (("--since", "tomorrow", "--until", "yesterday"), "--until must be 1 to"),
        (("--since", "2020-01-01", "--until", "2035-01-01"), "--until must be 1 to"),
        (("--since", "soonish"), "soonish"),
    ],
)
def test_what_cannot_be_meant_is_refused(busy, words, says):
    assert says in busy("calendar", *words, code=2).err
