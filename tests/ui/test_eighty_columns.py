"""What a new person needs is not cut off on the usual small terminal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.marketing.posts import write_post
from commtui.model.engine import EngineState
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, type_into, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


def test_the_way_to_help_stands_on_the_first_screen_however_much_there_is(tmp_path):
    services = services_in(tmp_path, 130)
    services.demo = True
    desk = services.desk()
    for days in range(12):
        write_post(desk, f"post {days}", ["brand"], at=desk.now + timedelta(days=days + 1))

    async def scenario(app, pilot):
        assert "130 open" in lines(app)[0] and lines(app)[-1].startswith(" DEMO  r reply")
        assert lines(app)[-1].endswith("? help")

    drive(services, scenario)


def test_every_key_of_a_posts_review_has_room(tmp_path):
    services = services_in(tmp_path, 1)
    services.demo = True

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "hello")
        await pilot.press("escape")
        for word in ("y send", "e/esc edit", "v visibility", "a accounts", "t time", "p save draft", "d discard"):
            assert word in shown(app), word

    drive(services, scenario)


def test_undo_of_a_reply_names_no_id_on_the_screen(tmp_path):
    services = services_in(tmp_path, 0)
    arrive(services, 2)

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "hello")
        await pilot.press("escape", "y", "u")
        text = message(app)
        assert re.search(r"undo: reply to @\w+ recalled; a draft again: 'hello'", text), text

    drive(services, scenario)


def test_a_time_that_cant_be_read_is_asked_for_again_with_all_that_could_be_said(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("s", "ctrl+u")
        assert "fri 14:30" in lines(app)[-2] and lines(app)[-1].startswith(" snooze until:")
        await typed(pilot, "gestern")
        await pilot.press("enter")
        text = " ".join(" ".join(lines(app)[-5:]).split())
        assert "'gestern' cannot be read as a time" in text and "or 2030-11-27 09:00" in text
        assert lines(app)[-1].endswith("snooze until: gestern")
        await pilot.press("e")  # a letter of the answer, no command
        assert "3 open" in lines(app)[0]
        await pilot.press("ctrl+u")
        await typed(pilot, "2h")
        await pilot.press("enter")
        assert "2 open" in lines(app)[0] and "snoozed until" in message(app)
        await pilot.press("j")
        assert lines(app)[-2] == "    space t shows what was sent"  # the line above is the panes' again

    drive(services, scenario)


def test_a_review_is_ended_by_its_own_keys_only(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "hello")
        await pilot.press("escape", "z", "t", "escape", "z")
        assert "y send" in shown(app)
        await pilot.press("a", "backspace", "escape", "y")
        await pilot.pause()
        assert "y send" not in shown(app) and "hello" not in lines(app)[1]

    drive(services, scenario)
    assert [item.text for item in services.store.all(Outgoing)] == ["hello"]


def test_help_for_the_composer_is_not_cut(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("question_mark")
        await type_into(pilot, "slash", "a new line", "enter")
        assert "d discard" in " ".join(shown(app).split()) and "saved reply" in shown(app)

    drive(services, scenario)


def test_a_grown_screen_fills_its_lists_and_previews_the_cursors_row(tmp_path):
    services = services_in(tmp_path, 30)
    desk = services.desk()
    for days in range(4):
        write_post(desk, f"post {days}", ["brand"], at=desk.now + timedelta(days=days + 1))

    async def scenario(app, pilot):
        await pilot.press("3", "G", "enter", "q", "1", "G")
        await pilot.resize_terminal(120, 40)
        await pilot.pause(0.4)
        for number in range(4):
            assert f"post {number}" in shown(app), number
        assert "if late" not in shown(app)  # the post's thread was read; the cursor is on a mention now

    drive(services, scenario, (80, 24))


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        (EngineState("here"), "sending: on"),
        (EngineState("elsewhere", "commtui run", 1234567, "a-host-of-some-length"), "sending: on (commtui run)"),
        (EngineState("elsewhere", "commtui"), "sending: on (another window)"),
        (EngineState("failed", error="no disk"), "sending: OFF"),
    ],
)
def test_the_first_line_says_whether_anything_is_sent_and_by_whom(engine, words, tmp_path):
    services = services_in(tmp_path, 130)
    services.engine.state = lambda: engine

    async def scenario(app, pilot):
        assert "130 open" in lines(app)[0] and lines(app)[0].endswith(words)
        assert message(app) == ("! sending: OFF (no disk, see commtui.log)" if engine.where == "failed" else "")

    drive(services, scenario)


def test_what_a_copy_through_tmux_needs_is_not_cut(monkeypatch, tmp_path):
    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    monkeypatch.setenv("TERM", "screen-256color")
    services = services_in(tmp_path, 1)
    services.demo = True

    async def scenario(app, pilot):
        await pilot.press("Y")
        assert message(app).endswith("characters to tmux, which needs: set -g set-clipboard on")

    drive(services, scenario)


def test_undo_of_a_post_names_its_account_and_no_id(tmp_path):
    services = services_in(tmp_path, 1)

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "hello")
        await pilot.press("escape", "y", "u")
        text = message(app)
        assert "undo: post on brand recalled; a draft again: 'hello'" in text, text

    drive(services, scenario)


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
@pytest.mark.parametrize("name", ["grace", "a-teammate-whose-name-is-long"])
def test_the_key_that_takes_a_verb_back_is_shown_whole_behind_a_message_that_is_shortened(size, name, tmp_path):
    services = services_in(tmp_path, 5)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "x", "a")
        await typed(pilot, name)
        await pilot.press("enter", "y")
        assert message(app).endswith("u: undo"), message(app)

    drive(services, scenario, size)


def test_no_line_of_the_leaders_menu_and_no_number_of_a_title_is_cut(tmp_path):
    services = services_in(tmp_path, 30)
    desk = services.desk()
    for state, count in ((OutgoingState.DRAFT, 2), (OutgoingState.HELD, 3), (OutgoingState.FAILED, 4)):
        for number in range(count):
            items, _ = write_post(desk, f"{state} {number}", ["brand"], at=desk.now + timedelta(days=1))
            with services.store.write() as write:
                write.put(replace(items[0], state=state))
    write_post(desk, "next", ["brand"], at=desk.now + timedelta(days=1))

    async def scenario(app, pilot):
        assert re.search(r"3 Posts  4 failed  3 held  1 scheduled   Tue 13:00  next", shown(app))
        await pilot.press("space")
        menu = [line for line in lines(app) if "(asks)" in line]
        assert len(menu) > 4 and not any("~" in line for line in menu) and "hand off: a post, or an owner" in shown(app)
        await pilot.press("escape", "3", "x", "x")
        for width in (64, 50, 40, 30):
            await pilot.resize_terminal(width, 24)
            await pilot.pause(0.1)
            title = next(line for line in lines(app) if line.startswith(" 3 Posts"))
            assert "~" not in title and "2 marked" in title, title

    drive(services, scenario)


def test_the_list_stands_as_before_once_a_reply_is_sent(tmp_path):
    async def scenario(app, pilot):
        rows = inbox(app).panes.rows
        await pilot.press("j", "j", "j", "r")
        await typed(pilot, "hello")
        await pilot.press("escape", "y")
        await pilot.pause()
        assert (rows.at, rows.top) == (3, 0) and "No. 0" in lines(app)[1], shown(app)
        await pilot.press("enter")  # a thread
        await pilot.press("q", *"j" * 22)
        place = rows.at, rows.top
        assert place[1] > 0
        await pilot.press("enter", "q")
        await pilot.pause()
        assert (rows.at, rows.top) == place

    drive(services_in(tmp_path, 60), scenario)


def test_a_message_of_several_lines_hides_no_pane_and_not_the_cursor(tmp_path):
    services = services_in(tmp_path, 60)
    write_post(services.desk(), "open on Saturday", ["brand"], at="2d")

    async def scenario(app, pilot):
        before = lines(app)
        await pilot.press(*"j" * 19)  # on the last line of the list
        for words in ("short", "a message that is longer " * 5):
            inbox(app).tell(words, bad=True)
            await pilot.pause()
            assert lines(app)[-3].startswith(" 2 Replies") and "open on Saturday" in lines(app)[-2]
            assert message(app) == f"! {words.strip()}"
            assert len([line for line in lines(app) if line.startswith("> ")]) == 1, shown(app)
        await pilot.press("g")
        await pilot.pause()
        assert lines(app) == before

    drive(services, scenario)


def test_what_is_wrong_stands_where_a_message_that_stands_further_up_would_leave_a_blank_line(tmp_path):
    services = services_in(tmp_path, 60)
    services.problem = "config.toml: line 3: no such setting"
    write_post(services.desk(), "open on Saturday", ["brand"], at="2d")

    async def scenario(app, pilot):
        problem = lines(app)[-2]
        assert "no such setting" in problem, shown(app)
        for words in ("short", "a message that is longer " * 5):
            inbox(app).tell(words, bad=True)
            await pilot.pause()
            assert message(app) == f"! {words.strip()}"
            assert all(lines(app)), shown(app)
        assert lines(app)[-2] == problem and "open on Saturday" in lines(app)[-3]
        await pilot.press("j")
        await pilot.pause()
        assert shown(app).count("no such setting") == 1

    drive(services, scenario)
