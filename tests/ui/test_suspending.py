"""Ctrl+z: a job of a shell that has job control, and nothing where nobody could bring it back."""

from __future__ import annotations

import shlex
import sys

import pytest

from tests.ui.terminal import Terminal, inbox

pytestmark = pytest.mark.slow


def command(folder):
    return f"{shlex.quote(sys.executable)} -m tests.ui.program {shlex.quote(str(folder))} 5"


@pytest.mark.parametrize("by_make", [False, True])
def test_a_shell_stops_the_whole_job_and_brings_it_back_as_it_was(tmp_path, by_make):
    wanted = command(tmp_path / "home")
    if by_make:
        (tmp_path / "Makefile").write_text(f"demo:\n\t@true; {wanted}; true\n")
        wanted = f"make -f {shlex.quote(str(tmp_path / 'Makefile'))} demo"
    with Terminal(["bash", "--norc", "--noprofile", "-i"], PS1="shell> ") as terminal:
        terminal.until("shell>")
        terminal.press(f"clear; {wanted}\r")
        terminal.until("5 open")
        terminal.press("j", "r")
        terminal.until("esc review")
        terminal.press("h", "i")
        before = terminal.text
        for word in ("first", "second"):
            terminal.press("ctrl+z")
            terminal.until("Stopped")
            terminal.press(f"clear; stty -a | grep -o ' icanon'; echo {word}-of-$((40 + 2))\r")
            assert " icanon" in terminal.until(f"{word}-of-42")
            terminal.press("fg\r")
            terminal.until(lambda text: text == before)
        terminal.press("!", "esc")
        terminal.until("y send")
        terminal.press("p")
        terminal.until("saved as a draft")
        terminal.press("q")
        terminal.until("shell>")


def test_where_nobody_could_bring_it_back_it_says_so_and_stays(tmp_path):
    with inbox(tmp_path, 5) as terminal:
        terminal.until("5 open")
        terminal.press("ctrl+z")
        terminal.until("no shell here could bring it back")
        terminal.press("r")
        terminal.until("esc review")
        terminal.press("h", "i", "ctrl+z")
        terminal.until("no shell here could bring it back")
        assert " hi" in terminal.text.splitlines()
