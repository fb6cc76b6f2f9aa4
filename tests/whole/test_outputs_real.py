"""Hostile strings through real processes: prompt, screen, clipboard, editor, log, errors, backup."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest

from commtui.config.paths import Home
from commtui.store.store import Store
from commtui.ui.keys.table import COMMANDS
from tests.nasty import NASTY, raw
from tests.painter.test_gate import MINE
from tests.poisoned import poison
from tests.ui.terminal import Terminal
from tests.whole.test_outputs import STORABLE

PROGRAM = [sys.executable, "-m", "commtui"]
ROOT = Path(__file__).parents[2]
COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


pytestmark = pytest.mark.slow


@pytest.fixture
def poisoned(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.prepare()
    poison(home, cycle(["".join(STORABLE), *STORABLE]).__next__)
    return home


def run(home: Home, *words: str | bytes, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command: list[str | bytes] = [*PROGRAM, "--home", str(home.data.parent), *words]
    return subprocess.run(command, input=stdin, capture_output=True, env={**kept, **environ}, timeout=120, check=False)


def test_the_plain_prompt(poisoned: Home) -> None:
    lines = ["mentions", "show 1", "more", "replies", "show 1", "posts", "show 1", "log", "account list", "doctor"]
    lines += ["nonsense " + "".join(STORABLE).replace("\n", " "), "show \x1b[31m", "quit"]
    done = run(poisoned, stdin="\n".join(lines).encode(), TERM="dumb")
    assert done.returncode == 0 and done.stdout.count(b"commtui> ") >= 10
    assert not raw(done.stdout.decode() + done.stderr.decode())
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
def test_the_screen_and_the_clipboard(poisoned: Home, size: tuple[int, int]) -> None:
    command = [*PROGRAM, "--home", str(poisoned.data.parent)]
    with Terminal(command, size, SSH_CONNECTION="here", LC_ALL="C.UTF-8") as terminal:
        terminal.until("Mentions")
        terminal.press("j", "y", "Y", "o", "enter", "ctrl+d", "q", "2", "j", "y", "Y", "enter", "q", settle=0.5)
        terminal.press("3", "j", "j", "y", "Y", "o", "enter", "ctrl+d", "q", "?", "esc", "r", "esc", "d", settle=0.5)
        terminal.press("1", ":log", "enter", "\\", "from:x", "enter", " ", "esc", settle=0.5)
        written = terminal.raw
        assert terminal.process.poll() is None
    copies = [base64.b64decode(data).decode() for data in COPY.findall(written)]
    assert len(copies) >= 4
    links = [copied for copied in copies if "\n" not in copied]
    assert links and not [copied for copied in copies if raw(copied)]
    left = MINE.sub("", COPY.sub(b"", written).decode())
    assert not raw(left), (
        raw(left),
        [left[max(0, m.start() - 20) : m.end() + 20] for m in re.finditer("\x1b", left)][:3],
    )


ENDS = {"quit", "back", "escape", "accounts"}
"""Commands that end the screen; and one whose dialog asks the network."""


@pytest.mark.parametrize(("size", "pane"), [((80, 24), "2"), ((210, 50), "1")])
def test_every_command_of_the_screen(poisoned: Home, size: tuple[int, int], pane: str) -> None:
    """Activity, settings, help, menus, the columns beside the thread, the composer, questions, notices."""
    command = [*PROGRAM, "--home", str(poisoned.data.parent)]
    opened = set[str]()
    with Terminal(command, size, SSH_CONNECTION="here", LC_ALL="C.UTF-8", USER="x\x1b[31m") as terminal:
        terminal.until("Mentions")
        terminal.press(pane, "g", settle=0.5)
        for number, one in enumerate(COMMANDS):
            keys = one.keys[:1] or ((" ", one.leader) if one.leader else ())
            if one.id in ENDS or not keys:
                continue
            terminal.press(*keys, settle=0.1)
            opened.add(terminal.text)
            terminal.press("j", "enter", settle=0.05) if number % 2 else terminal.press("x", settle=0.05)
            opened.add(terminal.text)
            terminal.press("esc", "esc", settle=0.1)
            assert terminal.process.poll() is None, (one.id, terminal.text)
            terminal.press("esc", pane, "j" if number % 5 == 0 else "g", settle=0.05)
        terminal.press(*":log x", "enter", settle=0.3)
        terminal.press("esc", *"/from", "enter", *"/up", "up", "esc", settle=0.05)
        written = terminal.raw
        assert terminal.process.poll() is None
    assert len(opened) > 40
    left = MINE.sub("", COPY.sub(b"", written).decode())
    assert not raw(left), (
        raw(left),
        [left[max(0, m.start() - 20) : m.end() + 20] for m in re.finditer("\x1b", left)][:3],
    )
    copies = [base64.b64decode(data).decode() for data in COPY.findall(written)]
    assert not [copied for copied in copies if raw(copied.replace("\n", ""))]


@pytest.mark.parametrize("bad", [*NASTY, b"\xed\xa0\x80\xff not UTF-8"])
def test_words_on_the_command_line(tmp_path: Path, bad: str | bytes) -> None:
    home = Home.at(tmp_path / "home")
    home.prepare()
    word = bad if isinstance(bad, bytes) else bad.replace("\x00", "").encode("utf-8", "replace")
    for words in (
        [word],
        ["list", "mentions", word],
        ["show", word],
        ["log", word],
        ["post", word, "--account", word],
        ["post", "x", "--at", word],
        ["post", "x", "--media", b"/x" + word],
        ["backup", b"/nonexistent/" + word],
        ["restore", b"/x/" + word],
        ["doctor", word],
        ["account", "add", word],
        ["account", "add", "mastodon", "--server", word],
    ):
        done = run(home, *words, USER=word.decode("utf-8", "surrogateescape"))
        assert not raw(done.stdout.decode() + done.stderr.decode()), (words, done)
        assert b"Traceback" not in done.stderr and b"a fault of" not in done.stderr, (words, done.stderr)


def test_the_editors_file(poisoned: Home, tmp_path: Path) -> None:
    """`reply` without a text, on a terminal: the mention stands below the scissors line."""
    seen, editor = tmp_path / "seen", tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\ncp "$1" {seen}\nexit 1\n')
    editor.chmod(0o755)
    first = run(poisoned, "list", "mentions").stdout.split()[0].decode()
    with Terminal([*PROGRAM, "--home", str(poisoned.data.parent), "reply", first], EDITOR=str(editor)) as terminal:
        terminal.process.wait(30)
    text = seen.read_text()
    assert "Your text stands above" in text and not raw(text.replace("\u200b", ""))
    assert not re.search(r"(?:^|\s)vim?:", text)


def test_a_backup_of_it_becomes_a_clean_home(poisoned: Home, tmp_path: Path) -> None:
    file, other = tmp_path / "copy.jsonl", Home.at(tmp_path / "other")
    assert run(poisoned, "backup", str(file)).returncode == 0
    done = run(other, "restore", str(file))
    assert done.returncode == 0, done.stderr
    store = Store(other.data)
    lines = [line.decode() for line in store.transfer.lines()]
    store.close()
    assert len(lines) > 30 and not [line for line in lines if raw(line)]


BROKEN = """
import sys
from commtui.main import run
from commtui.ui.verbs import copying

def copy(*given, **named):
    password = "tok-of-a-local-variable"
    raise ValueError("words of a server: \\x1b]0;pwn\\x07 \\u202e")

copying.copy = copy
sys.argv = ["commtui", "--home", sys.argv[1]]
run()
"""


def test_a_fault_of_the_screen_is_a_line_and_its_trace_is_in_the_log(poisoned: Home) -> None:
    """Textual would print the trace with the values of all variables."""
    with Terminal([sys.executable, "-c", BROKEN, str(poisoned.data.parent)]) as terminal:
        terminal.until("Mentions")
        terminal.press("y", settle=1)
        assert terminal.process.wait(30) == 1
        terminal.read(0.5)
        written, shown = terminal.raw.decode(), "".join(terminal.text.split())  # lines are wrapped anywhere
    assert "afaultofcommtui'sown:ValueError:wordsofaserver:" in shown and "commtui.logsaysmore" in shown
    assert not raw(MINE.sub("", written)) and "local-variable" not in written and "Traceback" not in written
    log = poisoned.log.read_text()
    assert "Traceback" in log and "in copy" in log and not raw(log)


def test_the_log(poisoned: Home) -> None:
    poisoned.config.write_text(poisoned.config.read_text().replace("paused = true", "paused = false"))
    assert run(poisoned, "sync").returncode in (0, 3)
    written = poisoned.log.read_text()
    assert written and not raw(written)
