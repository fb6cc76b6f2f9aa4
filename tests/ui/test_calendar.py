"""The calendar's screen: where things stand at each size, what keys do with posts, and that it stays true."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.calendar_rules import CalendarRules
from commtui.config.settings import KEYMAPS, Account
from commtui.marketing import calendar, posts
from commtui.model.calendar import month_of, week_of
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, rescheduling
from commtui.store.store import Store
from commtui.ui.composer.post_draft import PostDraft
from commtui.ui.dialogs import period_posts
from commtui.ui.keys.keymap import build
from commtui.ui.snapshot import Snapshot
from tests.triage.desks import sent
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import composer, drive, inbox, lines, message, settled, shown, typed
from tests.ui.terminal import inbox as on_terminal

SHOP = Account(name="shop", network="mastodon", server="https://example.social", user="shop@example.social")
MONDAY = date(2026, 11, 23)
QUIET = CalendarRules(quiet=("22:00-7:00",))


def planned(folder, **changed):
    """A home with two accounts and five posts in the week of Monday, 23 November, 13:00 in Berlin; one a week later."""
    services = services_in(folder, 2, accounts=(ACCOUNT, SHOP), calendar=QUIET, **changed)
    desk = services.desk()
    for text, accounts, at in (
        ("Good morning", ["brand", "shop"], "tue 9:00"),
        ("Coffee", ["brand"], "tue 9:10"),
        ("Good evening", ["shop"], "wed 22:30"),
        ("Weekend", ["shop"], "fri 10:00"),
        ("good morning", ["brand"], "2026-12-01 9:00"),
    ):
        posts.write_post(desk, text, accounts, at)
    out = posts.write_post(desk, "Out already", ["brand"], "tomorrow")[0][0]
    sent(desk, out, "r1")
    return services


def row_of(app, text):
    return next(line for line in lines(app) if text in line)


def variants(services, text):
    return [item for item in services.store.all(Outgoing) if item.text == text]


def press(services, *keys, size=(80, 24)):
    """Presses keys, and returns the lines of the screen."""
    seen = []

    async def scenario(app, pilot):
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        seen.extend(lines(app))

    drive(services, scenario, size)
    return seen


def test_a_week_shows_each_post_once_in_its_day(tmp_path):
    shown_lines = press(planned(tmp_path), "4")
    assert "Calendar  week 48, Mon 23 Nov to Sun 29 Nov  5 posts, 3 conflicts" in shown_lines[0]
    assert [line[:12].strip("> ") for line in shown_lines[1:9]] == [
        "Mon 23 Nov", "Tue 24 Nov", "", "Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov",
    ]  # fmt: skip
    assert re.search(r"^> Mon 23 Nov 13:00 brand +sent +Out already$", shown_lines[1])
    assert re.search(r"09:00 brand\+shop +scheduled Good morning +\(too near, same text\)$", shown_lines[2])
    assert re.search(r"^ {13}09:10 brand +scheduled Coffee +\(too near\)$", shown_lines[3])
    assert shown_lines[4].endswith("(quiet hours)") and shown_lines[5] == "  Thu 26 Nov no post"
    assert shown_lines[9:23] == [""] * 14
    assert " enter open  s time  h hold  tab week/month  [ before  ] after  t today" in shown_lines[23]


def test_the_same_text_is_marked_in_both_weeks(tmp_path):
    after = press(planned(tmp_path), "4", "]")
    assert "week 49" in after[0] and re.search(r"good morning +\(same text\)$", after[2])
    rules = CalendarRules(same_text=timedelta(days=6))
    services = planned(tmp_path / "other")
    services.settings = replace(services.settings, calendar=rules)
    assert "same text" not in "\n".join(press(services, "4", "]"))


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 50)])
def test_a_month_has_every_day_and_its_posts_at_each_size(tmp_path, size):
    services = planned(tmp_path)
    seen = press(services, "4", "tab", size=size)
    grid = "\n".join(seen[2 : 2 + (len(seen) if size[1] > 30 else 6)])
    assert seen[1].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    days = [int(day) for day in re.findall(r"(?<![\d:])\d\d?(?![\d:])", seen[2])]
    assert 1 in days  # November 2026 begins on a Sunday
    assert re.search(r">\[?23", grid), grid
    assert all(len(line) <= size[0] for line in seen)
    assert re.search(r"^> Mon 23", "\n".join(seen), re.MULTILINE)
    if size[0] >= 120:
        assert "09:00!Good" in grid and "13:00 Out" in grid
    week = next(line for line in seen if "23" in line and "29" in line)
    assert week.count("!") == 2, week


def test_days_weeks_months_and_today_are_reached_by_keys(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        async def at(*keys):
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            return next((line[2:12] for line in lines(app)[1:] if line.startswith("> ")), ""), lines(app)[0]

        assert (await at("4"))[0] == "Mon 23 Nov"
        assert (await at("right", "right"))[0] == "Wed 25 Nov"
        assert "week 47" in (await at("left", "left", "left"))[1]
        assert (await at())[0] == "Sun 22 Nov"
        assert (await at("t"))[0] == "Mon 23 Nov"
        assert (await at("left_square_bracket", "left_square_bracket"))[0] == "Mon  9 Nov"
        assert "Nov 2026" in (await at("tab"))[1]
        assert (await at("right_square_bracket"))[0] == "Wed  9 Dec" and "Dec 2026" in lines(app)[0]
        assert "week 50" in (await at("tab"))[1]
        assert (await at("t", "G"))[0] == "Sun 29 Nov"
        assert (await at("j"))[0] == "Sun 29 Nov"
        assert "Calendar" not in (await at("4"))[1]

    drive(services, scenario)


def test_a_post_opens_and_back_is_where_it_was(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "tab", "right", "j", "enter")
        await settled(pilot)
        assert inbox(app).thread.open_about == variants(services, "Coffee")[0].id
        await pilot.press("q")
        await settled(pilot)
        assert "Nov 2026" in lines(app)[0] and row_of(app, "Coffee").startswith(">"), shown(app)
        await pilot.press("3")
        await settled(pilot)
        assert inbox(app).panes.pane.name == "posts" and "Calendar" not in lines(app)[0]

    drive(services, scenario)


def test_another_time_a_quarter_later_hold_release_and_undo(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "right", "j", "s")
        await settled(pilot)
        assert "send at (2h, tomorrow 9am" in lines(app)[-1]
        await typed(pilot, "no time")
        await pilot.press("enter")
        await settled(pilot)
        assert "! 'no time'" in shown(app)
        await pilot.press("s")
        await typed(pilot, "thu 11")
        await pilot.press("backspace", "backspace")
        await typed(pilot, "16:30")
        await pilot.press("enter")
        await settled(pilot)
        assert row_of(app, "16:30").startswith("> Thu 26 Nov 16:30") and "goes out Thu 26 Nov 16:30" in shown(app)
        await pilot.press("t", "right", "plus", "plus", "minus")
        await settled(pilot)
        assert row_of(app, "Good morning").startswith("> Tue 24 Nov 09:15"), shown(app)
        assert {item.scheduled_at.minute for item in variants(services, "Good morning")} == {15}
        await pilot.press("h")
        await settled(pilot)
        assert "held" in row_of(app, "Good morning") and lines(app)[-1].startswith(" held: 2 items"), shown(app)
        await pilot.press("plus", "n")
        await settled(pilot)
        assert "09:15" in row_of(app, "Good morning")  # what is held is asked about, and n is a no
        await pilot.press("h", "y")
        await settled(pilot)
        assert "scheduled" in row_of(app, "Good morning")
        await pilot.press("u")
        await settled(pilot)
        assert "held" in row_of(app, "Good morning")
        await pilot.press("g", "h")
        await settled(pilot)
        assert lines(app)[-1] == " ! already sent"

    drive(services, scenario)


def test_a_copy_is_a_draft_of_all_accounts_without_a_time(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "right", "equals_sign")
        await settled(pilot)
        assert "draft made: 'Good morning', without a time: pane 3" in lines(app)[-1]
        copies = [item for item in variants(services, "Good morning") if item.state is OutgoingState.DRAFT]
        assert {item.account for item in copies} == {ACCOUNT.id, SHOP.id} and {
            item.scheduled_at for item in copies
        } == {None}
        await pilot.press("u")
        await settled(pilot)
        states = [item.state for item in variants(services, "Good morning")]
        assert states.count(OutgoingState.SCHEDULED) == 2 and OutgoingState.DRAFT not in states

    drive(services, scenario)


def test_free_slots_are_shown_and_written_for(tmp_path):
    services = planned(tmp_path)
    brand = replace(ACCOUNT, slots=("mon-fri 9:00", "mon 12:00"))
    services.settings = replace(services.settings, accounts=(brand, replace(SHOP, slots=("thu 9:00",))))

    async def scenario(app, pilot):
        await pilot.press("4")
        await settled(pilot)
        free = [line for line in lines(app) if "free slot" in line]
        assert [line[2:].split(" free")[0].split() for line in free] == [
            ["Wed", "25", "Nov", "09:00"], ["Thu", "26", "Nov", "09:00"], ["Fri", "27", "Nov", "09:00"],
        ], shown(app)  # fmt: skip
        assert "free slot of brand+shop" in free[1] and free[0].endswith("free slot of brand")
        await pilot.press("right", "j", "n")
        await settled(pilot)
        assert row_of(app, "Coffee").startswith("> Wed 25 Nov 09:00"), shown(app)
        await pilot.press("right", "enter")
        await settled(pilot)
        draft = composer(app).draft
        assert isinstance(draft, PostDraft)
        assert draft.names == ["brand", "shop"] and draft.at == datetime.fromisoformat("2026-11-26T08:00:00+00:00")

    drive(services, scenario)


def test_a_day_to_come_is_written_for_its_morning(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "G", "c")
        await settled(pilot)
        assert composer(app).draft.at == datetime.fromisoformat("2026-11-29T08:00:00+00:00")

    drive(services, scenario)


def test_one_account_is_shown_after_the_other(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "w")
        await settled(pilot)
        assert "only brand" in lines(app)[0] and "Weekend" not in shown(app) and "Coffee" in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert "only shop" in lines(app)[0] and "Coffee" not in shown(app) and "(too near, same" in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert "only" not in lines(app)[0] and "Coffee" in shown(app)

    drive(services, scenario)


def test_it_follows_what_others_do_and_the_cursor_stays_on_its_post(tmp_path):
    services = planned(tmp_path)
    other = Desk(Store(services.home.data), services.clock, services.settings, "kim")

    async def scenario(app, pilot):
        await pilot.press("4", "right", "j")
        await settled(pilot)
        assert row_of(app, "Coffee").startswith(">")
        posts.write_post(other, "New one", ["shop"], "tue 8:00")
        rescheduling.reschedule(other, [item.id for item in variants(services, "Weekend")], "tue 8:05")
        await pilot.pause(0.5)
        await settled(pilot)
        assert "6 posts" in lines(app)[0] and "08:00" in row_of(app, "New one")
        assert "(too near)" in row_of(app, "Weekend") and row_of(app, "Coffee").startswith(">"), shown(app)
        changes.discard(other, [variants(services, "Coffee")[0].id])
        await pilot.pause(0.5)
        await settled(pilot)
        assert "Coffee" not in shown(app)
        assert any(line.startswith(("> Tue 24 Nov", ">            ")) for line in lines(app)), shown(app)

    drive(services, scenario)
    other.store.close()


def test_what_is_read_in_pages_is_what_is_read_at_once(tmp_path, monkeypatch):
    services = planned(tmp_path)
    whole = press(services, "4", "tab")
    monkeypatch.setattr(period_posts, "PAGE", 2)
    assert press(planned(tmp_path / "paged"), "4", "tab") == whole


def test_many_posts_are_put_into_their_days_by_a_thread(tmp_path, monkeypatch):
    monkeypatch.setattr(period_posts, "MANY", 0)
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("4", "right_square_bracket", "left_square_bracket", "tab", "tab")
        await settled(pilot)
        assert "week 48" in lines(app)[0] and "5 posts, 3 conflicts" in lines(app)[0], shown(app)
        await pilot.press("right", "j", "plus")
        await settled(pilot)
        assert re.match("> +09:25 brand", row_of(app, "Coffee")), shown(app)
        await pilot.press("w", "w")
        await settled(pilot)
        assert "only shop" in lines(app)[0] and "Coffee" not in shown(app)

    drive(services, scenario)


def test_a_change_while_pages_are_read_is_not_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(period_posts, "PAGE", 2)
    services = planned(tmp_path)

    read = period_posts.PeriodPosts(Snapshot(services, lambda: None), month_of(MONDAY))
    read.read_page()
    first = read._wanted[0]
    services.store.observe(read.note)
    changes.recall(services.desk(), [variants(services, "Good morning")[0].id])
    posts.write_post(services.desk(), "Between", ["shop"], "thu 9:00")
    read.follow()
    while read.has_more:
        read.read_page()
    desk = services.desk()
    assert first in read._items
    assert [entry for each in read.by_day("").values() for entry in each] == calendar.entries(desk, month_of(MONDAY))


def test_narrow_rows_name_what_is_unusual(tmp_path):
    services = planned(tmp_path)
    changes.hold(services.desk(), [item.id for item in variants(services, "Weekend")])
    seen = press(services, "4", size=(40, 12))
    assert re.search(r"Fri 27 10:00 shop +Weekend +held$", "\n".join(seen), re.MULTILINE), seen
    assert "week 48" in seen[0] and "5 posts" in seen[0]


@pytest.mark.parametrize("preset", KEYMAPS)
def test_each_preset_has_its_keys(preset):
    keymap = build(preset, {})
    assert keymap.shown("calendar") == "4" and keymap.shown("duplicate") == "="
    assert keymap.shown("period-before") == "[" and keymap.shown("day-after") == "right"


def test_elsewhere_its_keys_say_where_they_work(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert message(app) == "moves through the calendar: 4 opens it"
        await pilot.press("equals_sign")
        await settled(pilot)
        assert "works on posts only (pane 3)" in message(app)

    drive(services, scenario)


def test_a_marked_post_is_copied_in_its_pane(tmp_path):
    services = planned(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("3", "x", "x", "equals_sign")
        await settled(pilot)
        assert "draft made" in message(app), message(app)

    drive(services, scenario)
    drafts = [item for item in services.store.all(Outgoing) if item.state is OutgoingState.DRAFT]
    assert sorted((item.text, item.account) for item in drafts) == sorted(
        ("Good morning", account.id) for account in (ACCOUNT, SHOP)
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_on_a_terminal(tmp_path, size):
    services = services_in(tmp_path, 0)
    now = datetime.now(services.clock.moment.tzinfo)
    services.clock.moment = now
    desk = services.desk()
    for minutes in (10, 20, 24 * 60):
        posts.write_post(desk, f"In {minutes} minutes", ["brand"], now + timedelta(minutes=minutes))
    week = week_of((now + timedelta(minutes=10)).astimezone().date())
    services.store.close()
    with on_terminal(tmp_path, 0, size=size) as terminal:
        terminal.until("open")
        terminal.press("4")
        text = terminal.until(lambda shown: "Calendar" in shown and "In 10 minutes" in shown)
        assert f"week {week.first.isocalendar().week}," in text and "(too near)" in text, text
        before = len(terminal.raw)
        moved = terminal.press("+")
        assert "goes out" in terminal.until("goes out") and len(moved) < 1500, len(moved)
        assert len(terminal.raw) > before
        terminal.press("u")
        terminal.until("undo: reschedule")
        terminal.press("tab")
        terminal.until("Mon   ")
        step = terminal.press("\x1b[C", "\x1b[D")
        assert len(step) < 1600, len(step)
        terminal.press("q")
        terminal.until(lambda shown: "Calendar" not in shown)
