"""The person's editor: which one, what it saved, and what becomes of a text when it fails."""

import shlex
import sys
from pathlib import Path

import pytest

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
