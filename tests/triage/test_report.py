"""The report: every figure is that of a slow second computation, and counts the rows that it names."""

import csv
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from commtui.activity.undo import redo, undo
from commtui.cli import report_formats
from commtui.community import conversations, merging, replies
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.model.records import Conversation
from commtui.sentences.report import DEFINITIONS
from commtui.store.people import People
from commtui.triage.report import report
from commtui.triage.report_figures import By, figures, first_answer_times, rows
from tests.clock import FakeClock
from tests.triage.desks import BRAND, OTHER, arrive, desk_on, sent
from tests.triage.month import NOW, Month
from tests.triage.slow_report import SlowReport

HOUR = timedelta(hours=1)
HOURS = WorkingHours(
    ("mon-fri 8:30-18:00", "sat 10:00-14:00"), "Europe/Berlin", closed=("2026-10-26",), holidays="DE-BB"
)
LEVELS = (
    ServiceLevel("press", first=HOUR, next=HOUR, tags=("press",)),
    ServiceLevel("praise", first=2 * HOUR, tags=("praise",)),
    ServiceLevel("all", first=8 * HOUR, next=4 * HOUR),
)
SINCE, UNTIL = datetime(2026, 10, 12, 22, tzinfo=UTC), datetime(2026, 11, 12, 11, 30, tzinfo=UTC)
BERLIN = dict.fromkeys(range(5), (8 * 60 + 30, 18 * 60)) | {5: (10 * 60, 14 * 60)}
CLOSED = {date(2026, 10, 26), date(2026, 10, 3), date(2026, 10, 31)}
"""The last two, Saturdays, are holidays in Brandenburg."""
LONG_AGO = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "mentions"), [(1, 10_000), (2, 500), (3, 40)])
def test_every_figure_of_a_month_is_equal_to_a_slow_second_computation_and_counts_its_rows(tmp_path, seed, mentions):
    desk = desk_on(tmp_path, FakeClock(NOW), service_levels=LEVELS, hours=HOURS)
    Month(seed, (BRAND.id, OTHER.id)).fill(desk.store, mentions)
    merge_some(desk, Random(seed), mentions // 100)
    targets = [("press", "press", 60, 60), ("praise", "praise", 120, None), ("all", None, 480, 240)]
    slow = SlowReport(desk.store, NOW, "Europe/Berlin", BERLIN, CLOSED, targets)
    names = {BRAND.id: "brand", OTHER.id: "other"}
    whole = report(desk, SINCE, UNTIL)
    assert {key: sorted(ids) for key, ids in whole.heat_map.items()} == slow.heat_map(SINCE, UNTIL)
    shown = report_formats.as_object(whole)
    days = {str(day["day"]): (day["inbound"], day["answered"]) for day in shown["days"]}
    assert list(days.items()) == list(slow.days(SINCE, UNTIL).items())
    came = {each["id"]: each["at"] for each in slow.messages}
    for ids in (rows(whole.whole)["inbound"], whole.days[9].inbound, *whole.heat_map.values()):
        assert [came[each] for each in ids] == sorted(came[each] for each in ids)
    began = [row.wait.since for row in whole.whole.waits]
    assert began == sorted(began)
    slots = {slot.up_to: sorted(slot.ids) for slot in first_answer_times(whole.whole)}
    assert slots == {key: sorted(ids) for key, ids in slow.first_answer_times(SINCE, UNTIL).items()}
    assert [
        (
            *(goal[key] for key in ("level", "answers", "target_minutes", "p90_minutes", "met")),
            sorted(goal["ids"]["waits"]),
        )
        for goal in shown["goals"]
    ] == slow.goals(SINCE, UNTIL)
    for by in (None, *By):
        found = report(desk, SINCE, UNTIL, by)
        groups = {group.name: group for group in found.groups}
        expected = {names.get(name, name): name for name in (slow.groups(by) if by else ())}
        filled = {name for name, key in expected.items() if any(slow.ids(SINCE, UNTIL, by, key).values())}
        assert set(groups) == filled
        for name, group in groups.items():
            same(group, slow, by, expected[name])
        same(found.whole, slow, None, "")
        same(found.before, slow, None, "", SINCE - (UNTIL - SINCE), SINCE)


def merge_some(desk, random, count):
    """Merges so many pairs of conversations by hand, some three; takes every fourth apart, every fifth back."""
    alone = [each for each in desk.store.all(Conversation) if not each.folded_into]
    random.shuffle(alone)
    for number in range(count):
        account = alone[-1].account
        chosen = [each for each in alone if each.account == account][-random.choice((2, 2, 3)) :]
        alone = [each for each in alone if each not in chosen]
        merged = merging.merge(desk, [each.id for each in chosen], agreed=True)
        if number % 4 == 3:
            merging.split(desk, merged.ids[0])
        elif number % 5 == 4:
            undo(desk)


def same(group, slow, by, name, since=SINCE, until=UNTIL):
    counted = rows(group)
    assert figures(group) == slow.figures(since, until, by, name)
    assert {key: sorted(ids) for key, ids in counted.items()} == {
        key: sorted(ids) for key, ids in slow.ids(since, until, by, name).items()
    }
    assert all(figures(group)[key] == len(ids) for key, ids in counted.items())


def test_csv_json_and_markdown_have_the_same_figures(tmp_path):
    desk = desk_on(tmp_path, FakeClock(NOW), service_levels=LEVELS, hours=HOURS)
    Month(4, (BRAND.id, OTHER.id)).fill(desk.store, 100)
    found = report(desk, SINCE, UNTIL, By.TAG)
    shown = report_formats.as_object(found)
    groups = [shown["all"], shown["before"], *shown["groups"]]
    lines = list(csv.DictReader(report_formats.comma_separated(found).splitlines()))
    assert [line.pop("group") for line in lines] == [group["group"] for group in groups]
    assert lines == [
        {key: "" if value is None else str(value) for key, value in group["figures"].items()} for group in groups
    ]
    table = [line for line in report_formats.markdown(found) if line.startswith("|")]
    assert len(table) == len(groups) + 2
    assert [line.count("|") for line in table] == [len(groups[0]["figures"]) + 2] * len(table)
    assert [line.split(" | ")[1] for line in table[2:]] == [f"{group['figures']['inbound']:,}" for group in groups]
    text = "\n".join(report_formats.text(found))
    assert all(definition[:30] in text for definition in DEFINITIONS.values())
    assert all(name in DEFINITIONS for name in groups[0]["ids"])
    assert f"inbound       {groups[0]['figures']['inbound']:,}" in text


def test_whether_a_level_for_a_mark_fits_is_looked_up_once_for_each_conversation(tmp_path, monkeypatch):
    levels = (ServiceLevel("vip", first=HOUR, marks=("vip",)), ServiceLevel("all", first=HOUR))
    desk = desk_on(tmp_path, FakeClock(), service_levels=levels)
    arrive(desk, "1", ago=3)
    arrive(desk, "2", ago=2, answers="1")
    arrive(desk, "3", ago=1, author="@bo@example.org", author_id="bo")
    asked = []
    is_vip = People.is_vip
    monkeypatch.setattr(People, "is_vip", lambda people, record: asked.append(record.id) or is_vip(people, record))
    [group] = report(desk, LONG_AGO, desk.now, By.LEVEL).groups
    assert (group.name, len(group.inbound), len(asked)) == ("all", 3, 2)


def test_the_steps_of_a_person_end_and_begin_waits(tmp_path):
    clock = FakeClock()
    desk = desk_on(tmp_path, clock, service_levels=(ServiceLevel("all", first=HOUR, next=HOUR),))

    def now(*names):
        clock.advance(60)
        found = figures(report(desk, LONG_AGO, desk.now).whole)
        return [found[name] for name in names]

    one = arrive(desk, "1", ago=90)
    assert now("inbound", "waits", "waiting", "overdue") == [1, 1, 1, 1]
    conversations.done(desk, [one.id])
    assert now("unanswered", "waiting", "answer_rate") == [1, 0, 0.0]
    undo(desk)
    assert now("unanswered", "waiting") == [0, 1]
    redo(desk)
    assert now("unanswered", "waiting") == [1, 0]
    conversations.reopen(desk, [one.id])
    assert now("waits", "waiting") == [2, 1]
    clock.advance(600)
    item, _ = replies.reply(desk, one.id, "Hello")
    assert now("waiting") == [1]  # it is not sent yet
    sent(desk, item, "r1")
    assert now("answered", "first_answers", "waiting", "answer_rate") == [1, 1, 0, 50.0]
    assert now("first_clock_median", "first_working_slowest", "next_clock_p90") == [12, 12, None]
    conversations.snooze(desk, [one.id], "2h")
    assert now("waits") == [2]
    clock.advance(7200)
    assert now("waits", "waiting") == [3, 1]
    arrive(desk, "2", answers="1", bot=True)
    assert now("inbound", "waits") == [1, 3]
    conversations.mute(desk, [one.id])
    assert now("waits") == [0]
    conversations.unmute(desk, [one.id])
    assert now("waits") == [3]


def test_who_had_written_before_came_back(tmp_path):
    desk = desk_on(tmp_path, FakeClock())
    arrive(desk, "1", ago=600)
    arrive(desk, "2", ago=10)
    arrive(desk, "3", ago=10, author="@new@example.org", author_id="new-1")
    found = figures(report(desk, desk.now - HOUR, desk.now).whole)
    assert [found[key] for key in ("inbound", "people", "came_back")] == [2, 2, 1]
