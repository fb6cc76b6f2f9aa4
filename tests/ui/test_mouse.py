"""`mouse = true`: what clicks and the wheel do, what is asked of the terminal, and that it is given back."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys

import pytest

from commtui.ui.painter.mouse import OFF, ON, Pointer
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, shown
from tests.ui.terminal import Terminal
from tests.ui.terminal import inbox as terminal_of

pytestmark = pytest.mark.usefixtures("waits_for_work")

MODES = re.compile(rb"\x1b\[\?(?:9|1000|1001|1002|1003|1005|1006|1015|1016)[hl]")


async def mouse(app, pilot, kind, x, y):
    app.post_message(Pointer(kind, x, y))
    await pilot.pause()
    await pilot.pause()


def row_of(app, text):
    return next(y for y, line in enumerate(lines(app)) if text in line)


def test_a_click_points_to_a_row_and_a_double_click_opens_it(tmp_path):
    async def scenario(app, pilot):
        screen = inbox(app)
        await mouse(app, pilot, "click", 10, 4)
        assert screen.panes.rows.at == 3 and not screen.thread.is_open
        await mouse(app, pilot, "double", 10, 4)
        assert screen.thread.open_about == screen.panes.pointed

    drive(services_in(tmp_path, 20), scenario)


def test_the_wheel_scrolls_what_it_is_over_and_moves_no_focus(tmp_path):
    async def scenario(app, pilot):
        rows = inbox(app).panes.rows
        await mouse(app, pilot, "down", 10, 4)
        assert (rows.top, rows.at) == (3, 3)
        await mouse(app, pilot, "up", 10, 4)
        assert (rows.top, rows.at) == (0, 0)
        await mouse(app, pilot, "down", 5, row_of(app, "2 Replies"))
        assert (rows.top, rows.at) == (0, 0) and inbox(app).panes.pane.name == "mentions"

    drive(services_in(tmp_path, 60), scenario)


def test_a_click_on_another_pane_focuses_it_and_closes_the_thread(tmp_path):
    async def scenario(app, pilot):
        screen = inbox(app)
        await mouse(app, pilot, "click", 5, row_of(app, "3 Posts"))
        assert screen.panes.active is screen.panes.view("posts")
        await mouse(app, pilot, "click", 5, row_of(app, "1 Mentions") + 2)
        assert screen.panes.active is screen.panes.view("mentions") and screen.panes.rows.at == 1
        await mouse(app, pilot, "click", 100, 10)  # the preview
        assert screen.thread.is_open
        await mouse(app, pilot, "click", 5, 3)
        assert not screen.thread.is_open and screen.panes.rows.at == 2

    drive(services_in(tmp_path, 20), scenario, size=(140, 40))


@pytest.mark.parametrize("demo", [False, True])
def test_each_key_of_the_last_line_is_done_where_it_stands(tmp_path, demo):
    services = services_in(tmp_path, 20)
    services.demo = demo

    async def scenario(app, pilot):
        screen, y = inbox(app), app.size.height - 1
        line = lines(app)[y]
        assert screen.keys.command_at(line.index("? help")) == "help"
        for command, word in (("reply", "r reply"), ("done", "e done"), ("mark", "x mark")):
            at = line.index(word)
            assert {screen.keys.command_at(x) for x in range(at, at + len(word))} == {command}
        assert screen.keys.command_at(len(line) + 5) is None
        assert (screen.keys.command_at(0) is None) == demo
        await mouse(app, pilot, "click", line.index("x mark"), y)
        assert len(screen.panes.rows.marks) == 1
        await mouse(app, pilot, "click", line.index("? help"), y)
        assert "keys and commands" in shown(app)
        await mouse(app, pilot, "down", 5, 5)
        assert "Moving" not in lines(app)[2]

    drive(services, scenario)


def test_keys_of_a_question_a_menu_and_a_list_are_clicked_too(tmp_path):
    async def scenario(app, pilot):
        screen = inbox(app)
        await pilot.press("r", "h", "i")
        await pilot.pause()
        await mouse(app, pilot, "click", 10, 3)  # no row is chosen behind a text that is being written
        assert screen.panes.rows.at == 0
        await mouse(app, pilot, "click", 5, app.size.height - 1)
        y = row_of(app, "y send")
        await mouse(app, pilot, "click", 0, y)  # no key stands there
        assert "y send" in shown(app)
        await mouse(app, pilot, "click", lines(app)[y].index("e/esc edit") + 4, y)
        assert "y send" not in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        await mouse(app, pilot, "click", lines(app)[y].index("p save draft") + 3, y)
        assert "saved as a draft" in shown(app)
        await pilot.press("space")
        await pilot.pause()
        y = row_of(app, "snoozed: ")
        await mouse(app, pilot, "click", lines(app)[y].index("snoozed: "), y)
        assert screen.panes.pane.filter_text == "is:snoozed"
        await pilot.press("escape", "a")
        await pilot.pause()
        y = row_of(app, "nobody")
        await mouse(app, pilot, "click", 4, y)
        assert app.screen.rows.at == len(app.screen.rows.numbers) - 1
        await mouse(app, pilot, "double", 4, y)
        assert app.screen is screen

    drive(services_in(tmp_path, 20), scenario)


def test_a_row_of_a_list_on_the_whole_screen_is_pointed_to_and_opened(tmp_path):
    async def scenario(app, pilot):
        screen = inbox(app)
        await pilot.press("e", "e", "e", "H")
        await pilot.pause()
        rows = app.screen.rows
        y = rows.region.y + 2
        await mouse(app, pilot, "click", 10, y)
        assert app.screen is not screen and rows.at == 2
        await mouse(app, pilot, "double", 10, y)
        assert app.screen is screen and screen.thread.is_open

    drive(services_in(tmp_path, 20), scenario)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (140, 40)])
def test_a_click_anywhere_does_no_harm(tmp_path, size):
    async def scenario(app, pilot):
        for kind in ("click", "double", "up", "down"):
            for x in (0, size[0] // 2, size[0] - 1, size[0] + 3):
                for y in (0, 1, size[1] // 2, size[1] - 2, size[1] + 3):
                    await mouse(app, pilot, kind, x, y)
                    while len(app.screen_stack) > 1:
                        await pilot.press("escape")
        assert app.is_running

    drive(services_in(tmp_path, 3), scenario, size=size)


def modes(terminal):
    return MODES.findall(terminal.raw)


def on_a_terminal(folder, config="mouse = true\n"):
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config)
    return terminal_of(folder, 20)


EACH_ON, EACH_OFF = (re.findall(rb"\x1b\[[^\x1b]*", text.encode()) for text in (ON, OFF))


@pytest.mark.slow
def test_presses_are_asked_for_and_given_back_at_the_end(tmp_path):
    with on_a_terminal(tmp_path / "home") as terminal:
        terminal.until("20 open")
        os.write(terminal.master, b"\x1b[<0;10;4M\x1b[<0;10;4m")
        terminal.until(lambda text: text.splitlines()[3].startswith(">"))
        assert modes(terminal) == EACH_ON
        terminal.press("q")
        assert terminal.process.wait(60) == 0
        terminal.read(0.2)
        assert modes(terminal) == EACH_ON + EACH_OFF


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_mouse_back(tmp_path, ending):
    with on_a_terminal(tmp_path / "home") as terminal:
        terminal.until("20 open")
        assert terminal.end(ending) == 128 + ending
        terminal.read(0.2)
        assert modes(terminal)[-2:] == EACH_OFF


@pytest.mark.slow
def test_by_default_nothing_is_asked_and_a_report_that_comes_all_the_same_does_nothing(tmp_path):
    with on_a_terminal(tmp_path / "home", "") as terminal:
        terminal.until("20 open")
        terminal.read(0.5)
        before = terminal.text
        os.write(terminal.master, b"\x1b[<0;10;4M\x1b[<0;10;4m\x1b[<65;10;4M")
        assert terminal.read(0.5) == b"" and terminal.text == before
        assert modes(terminal) == []


@pytest.mark.slow
def test_the_setting_is_followed_while_the_inbox_is_open(tmp_path):
    with on_a_terminal(tmp_path / "home", "") as terminal:
        terminal.until("20 open")
        (tmp_path / "home" / "config.toml").write_text("mouse = true\n")
        terminal.until(lambda text: bool(modes(terminal)))
        assert modes(terminal) == EACH_ON
        (tmp_path / "home" / "config.toml").write_text("mouse = false\n")
        terminal.until(lambda text: len(modes(terminal)) > 2)
        assert modes(terminal) == EACH_ON + EACH_OFF


@pytest.mark.slow
def test_a_job_that_is_stopped_leaves_the_mouse_to_the_shell(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text("mouse = true\n")
    command = f"{shlex.quote(sys.executable)} -m tests.ui.program {shlex.quote(str(home))} 5"
    with Terminal(["bash", "--norc", "--noprofile", "-i"], PS1="shell> ") as terminal:
        terminal.until("shell>")
        terminal.press(f"clear; {command}\r")
        terminal.until("5 open")
        terminal.press("ctrl+z")
        terminal.until("Stopped")
        assert modes(terminal) == EACH_ON + EACH_OFF
        terminal.press("fg\r")
        terminal.until("5 open")
        assert modes(terminal) == EACH_ON + EACH_OFF + EACH_ON
