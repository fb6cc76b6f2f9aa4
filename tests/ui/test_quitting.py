"""Nobody leaves without knowing that nothing will send what is scheduled."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from commtui.activity.desk import Desk
from commtui.cli.commands import status
from commtui.main.demo import demo_home
from commtui.main.home import Home
from commtui.marketing import posts
from commtui.model.engine import EngineState
from commtui.model.records import Outgoing
from commtui.outgoing import changes
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import drive, inbox, shown
from tests.ui.terminal import Terminal


def with_posts(folder: Path, count: int) -> ScreenServices:
    services = services_in(folder, 1)
    desk = Desk(services.store, services.clock, services.settings, "lea")
    for number in range(count):
        posts.write_post(desk, f"news {number}", ["brand"], at="tomorrow 10:00")
    return services


@pytest.mark.parametrize(("keys", "background"), [(("q", "q"), False), (("q", "b"), True), (("space", "q", "b"), True)])
def test_quitting_asks_while_something_is_scheduled(tmp_path: Path, keys: tuple[str, ...], background: bool) -> None:
    services = with_posts(tmp_path, 2)

    async def scenario(app, pilot):
        await pilot.press(*keys[:-1])
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "2 scheduled, and nothing sends after you quit" in words and "b send in the background" in words
        await pilot.press(keys[-1])

    app = drive(services, scenario)
    assert (app.return_code, services.send_in_background) == (0, background)


def test_any_other_key_stays(tmp_path: Path) -> None:
    async def scenario(app, pilot):
        await pilot.press("q", "x")
        await pilot.pause()
        assert app.is_running and "scheduled, and nothing" not in shown(app)
        assert not inbox(app).panes.rows.marks  # the key was the answer

    drive(with_posts(tmp_path, 1), scenario)


@pytest.mark.parametrize("why", ["nothing scheduled", "held", "elsewhere", "demo"])
def test_quitting_does_not_ask_where_nothing_is_left_behind(tmp_path: Path, why: str) -> None:
    services = with_posts(tmp_path, 0 if why == "nothing scheduled" else 1)
    if why == "held":
        desk = Desk(services.store, services.clock, services.settings, "lea")
        changes.hold(desk, [item.id for item in services.store.all(Outgoing)])
    elif why == "elsewhere":
        services.engine.state = lambda: EngineState("elsewhere", "commtui run", 1, "host")
    services.demo = why == "demo"

    async def scenario(app, pilot):
        await pilot.press("q")
        await pilot.pause()

    app = drive(services, scenario)
    assert app.return_code == 0 and not services.send_in_background


@pytest.mark.slow
def test_the_demo_says_in_a_line_that_what_is_scheduled_ends_with_it_and_asks_nothing(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-m", "commtui", "--demo", "--home", str(tmp_path / "demo")]) as terminal:
        terminal.until("DEMO")
        terminal.until(" open")
        terminal.press("q", settle=1)
        assert terminal.process.wait(60) == 0
        terminal.says("scheduled; the demo's network has ended: nothing sends now")


@pytest.mark.slow
def test_a_second_window_of_the_demo_ends_without_a_word_while_the_first_one_sends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "commtui", "--demo", "--home", str(tmp_path / "demo")]
    with Terminal(command) as first:
        first.until("sending: on")
        first.until(" open")
        with Terminal(command, (160, 45)) as second:
            second.until("another window")
            second.press("q", settle=1)
            assert second.process.wait(60) == 0
            assert "nothing sends now" not in second.text
        first.press("q", settle=1)
        assert first.process.wait(60) == 0
        first.says("nothing sends now")


def test_a_home_of_the_demo_says_so_also_where_it_is_opened_by_its_folder(tmp_path: Path) -> None:
    demo_home(tmp_path / "demo", {})
    with Terminal([sys.executable, "-m", "commtui", "--home", str(tmp_path / "demo")]) as terminal:
        terminal.until("DEMO")


def test_the_status_of_a_demo_names_the_command_that_opens_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = demo_home(tmp_path / "demo", {})
    status.show(Home(home, {}), "text")
    words = " ".join(capsys.readouterr().out.split())
    assert f"sending OFF: start `commtui --demo --home {tmp_path / 'demo'}` or" in words


@pytest.mark.parametrize("columns", ["30", "60", "80", ""])
def test_the_commands_that_the_status_names_are_whole_and_quoted_in_a_narrow_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    folder = tmp_path / "the demo's, of $HOME"
    home = demo_home(folder, {})
    status.show(Home(home, {}), "text")
    lines = capsys.readouterr().out.splitlines()
    (command,) = [part for line in lines for part in line.split("`") if part.startswith("commtui --demo")]
    assert shlex.split(command) == ["commtui", "--demo", "--home", str(folder)]
    assert any("`commtui run`" in line for line in lines)
