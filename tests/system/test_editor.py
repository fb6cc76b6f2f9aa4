"""The person's editor: which one, what it saved, and what becomes of a text when it fails."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.model.text import clean
from commtui.system import editor
from commtui.system.editor import EditorError, Failure, edit


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def script(tmp_path: Path, body: str) -> str:
    path = tmp_path / "editor.py"
    path.write_text(f"import os, sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{body}\n", encoding="utf-8")
    return shlex.join([sys.executable, str(path)])


def test_the_saved_text_is_returned_and_no_file_is_left(tmp_path, temporary):
    command = script(tmp_path, "path.write_text(path.read_text() + 'two ☕', encoding='utf-8')")
    assert edit("one\n", {"EDITOR": command}) == "one\ntwo ☕"
    assert list(temporary.iterdir()) == []


def test_a_text_saved_as_it_was_is_told_from_one_that_was_not_saved(tmp_path, temporary):
    assert edit("one", {"EDITOR": script(tmp_path, "path.write_text(path.read_text())")}) == "one"
    assert edit("one", {"EDITOR": script(tmp_path, "")}) is None
    assert edit("one", {"EDITOR": script(tmp_path, "path.unlink()")}) is None
    assert list(temporary.iterdir()) == []


def test_visual_comes_before_editor_and_blank_ones_are_passed_over(tmp_path):
    command = script(tmp_path, "path.write_text('visual')")
    assert edit("", {"VISUAL": command, "EDITOR": "false"}) == "visual"
    assert edit("", {"VISUAL": " ", "EDITOR": command}) == "visual"


@pytest.mark.parametrize(("end", "code"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", -9)])
def test_what_was_saved_before_a_bad_end_is_kept_in_its_file(tmp_path, temporary, end, code):
    with pytest.raises(EditorError) as failed:
        edit("one", {"EDITOR": script(tmp_path, f"path.write_text('an hour of work')\n{end}")})
    assert (failed.value.failure, failed.value.code) == (Failure.ENDED_BADLY, code)
    assert failed.value.saved is not None and failed.value.saved.read_text() == "an hour of work"


def test_a_bad_end_without_a_save_leaves_no_file(tmp_path, temporary):
    with pytest.raises(EditorError) as failed:
        edit("one", {"EDITOR": script(tmp_path, "sys.exit(1)")})
    assert failed.value.saved is None
    assert list(temporary.iterdir()) == []


def test_what_is_not_utf_8_is_kept_in_its_file(tmp_path):
    with pytest.raises(EditorError) as failed:
        edit("one", {"EDITOR": script(tmp_path, r"path.write_bytes(b'caf\xe9')")})
    assert failed.value.failure == Failure.NOT_TEXT
    assert failed.value.saved is not None and failed.value.saved.read_bytes() == b"caf\xe9"


def test_what_cannot_be_started_is_told_apart(tmp_path, temporary, monkeypatch):
    for environ, failure, command in (
        ({"EDITOR": str(tmp_path / "missing")}, Failure.NOT_STARTED, str(tmp_path / "missing")),
        ({"VISUAL": "vi 'x"}, Failure.BAD_QUOTES, "VISUAL"),
    ):
        with pytest.raises(EditorError) as failed:
            edit("one", environ)
        assert (failed.value.failure, failed.value.command) == (failure, command)
    monkeypatch.setattr(editor, "EDITORS", ("no-such-editor-here",))
    with pytest.raises(EditorError) as failed:
        edit("one", {})
    assert failed.value.failure == Failure.NO_EDITOR
    assert list(temporary.iterdir()) == []


MODELINES = (
    "vim: set shiftwidth=7:",
    "a\nvi:sw=7",
    "# vim: set sw=7 :",
    "# ex: sw=7",
    "Vim: set sw=7:",
    "vim700: sw=7",
    "vim>600: sw=7",
    "/* vim: set sw=7 : */",
    "one\n\tvim:sw=7\ntwo",
)
OTHERS = (
    "-*- mode: text; eval: (shell) -*-",
    "Local Variables:\neval: (shell)\nEnd:",
    "local variables:",
    "kak: autoreload",
    "kate: indent-width 7;",
    ":mode=perl:tabSize=7:",
)
KNOWN = re.compile(r"(?i)(?:^|\s)(?:vim?|ex|kak|kakoune|kate)[<=>]?\d*:|-\*-|local variables:|:mode=")


@pytest.mark.parametrize(
    "text", [*MODELINES, *OTHERS, "we use vim: it is good, see https://ex.example:80/", "vim\u200b:"]
)
def test_no_line_of_a_text_is_a_setting_of_the_editor_and_the_text_comes_back_as_it_was(tmp_path, text):
    seen = tmp_path / "seen"
    command = script(tmp_path, f"Path({str(seen)!r}).write_bytes(path.read_bytes())\npath.write_text(path.read_text())")
    assert edit(text, {"EDITOR": command}) == clean(text)
    assert not KNOWN.search(seen.read_text())


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not installed")
@pytest.mark.parametrize("text", MODELINES)
def test_vim_obeys_no_text(tmp_path, text):
    told = tmp_path / "told"
    vim = "vim -N -es -u NONE --cmd 'set modeline modelines=1000'"
    told_of = f"""-c 'call writefile([string(&sw)], "{told}")' -c 'w!' -c 'qa!'"""
    (tmp_path / "plain").write_text(text + "\n")
    subprocess.run(f"{vim} {tmp_path}/plain {told_of}", shell=True, check=False, stdin=subprocess.DEVNULL)
    assert told.read_text() == "7\n", "vim does not take this for a setting: the test shows nothing"
    wrapper = tmp_path / "editor.sh"
    wrapper.write_text(f'#!/bin/sh\nexec {vim} "$1" {told_of} </dev/null\n')
    wrapper.chmod(0o755)
    assert edit(text + "\n", {"EDITOR": str(wrapper)}) == clean(text + "\n")
    assert told.read_text() == "8\n"


def test_the_file_is_the_owners_alone(tmp_path):
    modes = tmp_path / "modes"
    told = "f'{path.stat().st_mode & 0o777:o} {path.parent.stat().st_mode & 0o777:o}'"
    command = script(tmp_path, f"Path({str(modes)!r}).write_text({told})")
    before = os.umask(0)
    try:
        edit("x", {"EDITOR": command})
    finally:
        os.umask(before)
    assert modes.read_text() == "600 700"
