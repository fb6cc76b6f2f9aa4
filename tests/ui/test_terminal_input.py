"""What a terminal sends that no key is, and a program without a terminal: real pseudo-terminals, pipes and files."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from commtui.config.paths import Home
from commtui.model.records import Outgoing
from commtui.store.store import Store
from tests.painter.test_input import ANSWERS
from tests.ui.terminal import ROOT, Terminal, inbox

pytestmark = pytest.mark.slow


def texts(folder):
    store = Store(Home.at(folder).data)
    try:
        return [item.text for item in store.all(Outgoing)]
    finally:
        store.close()


def send(terminal, *parts, pause=0.05):
    for part in parts:
        os.write(terminal.master, part)
        terminal.read(pause)


def test_bytes_that_are_not_utf_8_end_nothing_and_lose_no_letter(tmp_path):
    with inbox(tmp_path, 5) as terminal:
        terminal.until("5 open")
        send(terminal, b"\xe1\xe9\xff\xc3", b"\x1b[M \xff\xa1", b"j")
        terminal.press("r")
        terminal.until("esc review")
        for byte in range(0x80, 0x100):
            send(terminal, b"a" + bytes([byte]) + b"b", pause=0.01)
        send(terminal, "é".encode()[:1], "é".encode()[1:], b"\x1b[200~caf\xe9 \x1b[1mof\x1bours\x1b[201~")
        terminal.until("caf ofours")
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
        assert terminal.process.poll() is None and b"Traceback" not in terminal.raw
    assert texts(tmp_path) == ["ab" * 128 + "écaf ofours"]


def test_a_paste_comes_behind_the_keys_before_it(tmp_path):
    with inbox(tmp_path, 5) as terminal:
        terminal.until("5 open")
        send(terminal, b"r" + b"ab" * 40 + b"\x1b[200~pasted\x1b[201~" + b"cd" * 40)
        terminal.until(lambda text: text.count("cd") == 40)
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
    assert texts(tmp_path) == ["ab" * 40 + "pasted" + "cd" * 40]


def test_answers_of_the_terminal_are_neither_text_nor_keys(tmp_path):
    with inbox(tmp_path, 5) as terminal:
        terminal.until("5 open")
        for answer in ANSWERS.values():
            send(terminal, answer)
            send(terminal, answer[: len(answer) // 2], answer[len(answer) // 2 :])
        before = terminal.text
        assert terminal.read(0.6) == b"" and terminal.text == before and "5 open" in before
        terminal.press("r")
        terminal.until("esc review")
        for answer in ANSWERS.values():
            send(terminal, b"a", answer)
            send(terminal, answer[:2], answer[2:], pause=0.3)
        terminal.press("!")
        terminal.until("a!")
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
    assert texts(tmp_path) == ["a" * len(ANSWERS) + "!"]


@pytest.mark.parametrize("cut", [None, 1, 2, 9])
def test_an_editor_s_question_that_is_answered_when_the_editor_has_ended_is_no_text(tmp_path, cut):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf '\\033]11;?\\033\\\\' > /dev/tty\nprintf ' edited' >> \"$1\"\n")
    editor.chmod(0o755)
    answer = b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"
    with inbox(tmp_path / "home", 5, EDITOR=str(editor)) as terminal:
        terminal.until("5 open")
        terminal.press("r")
        terminal.until("esc review")
        terminal.press("a", "ctrl+e")
        terminal.until("a edited")
        terminal.read(0.5)
        if cut is None:
            send(terminal, answer)
        else:
            send(terminal, answer[:cut], answer[cut:])
        terminal.press("!")
        terminal.until("a edited!")
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
    assert texts(tmp_path / "home") == ["a edited!"]


@pytest.mark.parametrize("missing", ["stdin", "stdout", "both"])
def test_without_a_terminal_the_inbox_is_refused_in_a_line(tmp_path, missing):
    ours, theirs = os.openpty()
    try:
        result = subprocess.run(
            [sys.executable, "-m", "commtui", "--home", str(tmp_path / "home")],
            stdin=theirs if missing == "stdout" else subprocess.DEVNULL,
            stdout=theirs if missing == "stdin" else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm"},
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert result.returncode == 2 and not result.stdout
    assert result.stderr.count("\n") == 1 and ("stdin" if missing == "both" else missing) in result.stderr
    assert "`commtui status`" in result.stderr and "`commtui list mentions`" in result.stderr
    assert not (tmp_path / "home").exists()


def test_errors_may_go_to_a_file(tmp_path):
    command = f"exec {sys.executable} -m tests.ui.program {tmp_path / 'home'} 5 2> {tmp_path / 'errors'}"
    with Terminal(["sh", "-c", command]) as terminal:
        terminal.until("5 open")
        terminal.press("q")
        assert terminal.process.wait(60) == 0
    assert (tmp_path / "errors").read_bytes() == b""
