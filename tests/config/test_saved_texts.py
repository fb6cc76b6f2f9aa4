"""Saved replies and macros in files: what is read, what is named and left out, and when it is read again."""

from __future__ import annotations

import os
from threading import Event

import pytest
from msgspec.structs import replace

from commtui.config import saved_files, saved_texts
from commtui.config.check import Level, check_replies
from commtui.config.saved_files import LOOKED_AT, SavedFiles
from commtui.config.saved_texts import MOST_FILES, read_folder
from commtui.config.settings import Settings
from commtui.model.saved_replies import SavedReply

BUG = """+++
title = "A bug"
tags = ["bug", "support"]
language = "en"

[variables]
order = ""
version = "2.1"
+++

Sorry, {first_name}!

Which order: {order}? {{name}} { this } stays.
"""


def wrong(home):
    """File -> what is said of it."""
    return {problem.path.name: problem.reason for problem in read_folder(home.replies, {})[0].problems}


def test_a_file_is_a_saved_reply_with_the_files_name(home):
    (home.replies / "bug report.md").write_text(BUG)
    (home.replies / "thanks.md").write_bytes(b"\xef\xbb\xbf\r\nThank you,\r\n{name}!\r\n\r\n")
    (home.replies / "README.md").write_text("What this folder is.")
    (home.replies / ".draft.md").write_text("not yet")
    (home.replies / "notes.txt").write_text("no reply")
    (home.replies / "macros.toml").write_text('[macros]\npraised = ["tag praise", ":done"]\n')
    texts, _ = read_folder(home.replies, {})
    assert texts.problems == ()
    assert texts.replies == {
        "bug report": SavedReply(
            "bug report",
            "Sorry, {first_name}!\n\nWhich order: {order}? {{name}} { this } stays.",
            "A bug",
            ("bug", "support"),
            "en",
            {"order": "", "version": "2.1"},
        ),
        "thanks": SavedReply("thanks", "Thank you,\n{name}!"),
    }
    assert texts.macros == {"praised": ("tag praise", "done")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no text"),
        ("+++\n+++\n \n", "it has no text"),
        ("+++\ntitle = 'x'\ntext", "line 1: a second line of +++ is missing"),
        ("---\ntitle: x\n---\ntext", "line 1: what stands before the text is TOML between lines of +++"),
        ("+++\ntitel = 'x'\n+++\ntext", "line 2: unknown key 'titel': do you mean `title`?"),
        ("+++\nserver = 'x'\n+++\ntext", "line 2: unknown key 'server': known are: title, tags, language, variables"),
        ("+++\n\ntitle = \n+++\ntext", "line 3: not TOML"),
        ("+++\ntitle = 'a'\ntitle = 'b'\n+++\ntext", "line 3: not TOML"),
        ("+++\ntitle = 'x\n+++\ntext", "line 2: not TOML"),
        ("+++\nx = " + "[" * 3000 + "\n+++\ntext", "not TOML: a number is too long, or it is nested too deep"),
        ("+++\ntitle = 3\n+++\ntext", "line 2: `title` must be a string in quotes"),
        ('+++\ntitle = "\\u009b31m"\n+++\ntext', "line 2: `title` must be without control and invisible characters"),
        ("+++\ntags = 'x'\n+++\ntext", "line 2: `tags` must be a list of strings"),
        ("+++\nlanguage = 'German, I think'\n+++\ntext", "line 2: `language` must be the code of a language"),
        ("+++\nvariables = ['order']\n+++\ntext", "line 2: `variables` must be a table"),
        ("+++\n[variables]\nOrder = ''\n+++\ntext", "line 2: `variables` must be names of small letters"),
        ("+++\n[variables]\nname = ''\n+++\ntext", "line 2: `variables` must be names of your own: {name}"),
        ("+++\n[variables]\norder = 1\n+++\ntext", "line 2: `variables` must be a text in quotes for 'order'"),
        ("+++\n+++\n\none\ntwo \x1b[31m", "line 5: control or invisible characters"),
        ("one\u202etwo", "line 1: control or invisible characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line_and_left_out(home, text, said):
    (home.replies / "good.md").write_text("Good.")
    (home.replies / "bad.md").write_text(text)
    texts, _ = read_folder(home.replies, {})
    assert list(texts.replies) == ["good"]
    assert [problem.path.name for problem in texts.problems] == ["bad.md"]
    assert texts.problems[0].reason.startswith(said)


def test_what_is_no_plain_file_is_never_read(home, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    (home.replies / "out.md").symlink_to(secret)
    (home.replies / "up.md").symlink_to("../config.toml")
    (home.replies / "endless.md").symlink_to("/dev/zero")
    (home.replies / "macros.toml").symlink_to(secret)
    (home.replies / "folder.md").mkdir()
    os.mkfifo(home.replies / "pipe.md")
    (home.replies / "large.md").write_text("x" * (saved_texts.MOST_BYTES + 1))
    (home.replies / "latin.md").write_bytes(b"one\ntw\xf6")
    (home.replies / ("n" * 41 + ".md")).write_text("a long name")
    with open(os.fsencode(home.replies) + b"/caf\xe9.md", "w") as file:
        file.write("a name that is no text")
    texts, _ = read_folder(home.replies, {})
    assert (texts.replies, texts.macros) == ({}, {})
    link = "it is a link, which is not followed"
    name = "a saved reply has the name of its file: names of at most 40 characters, not "
    assert wrong(home) == {
        "out.md": link,
        "up.md": link,
        "endless.md": link,
        "macros.toml": link,
        "folder.md": "Is a directory",
        "pipe.md": "it is no file",
        "large.md": "more than 65,536 bytes",
        "latin.md": "line 2: not UTF-8 text",
        "n" * 41 + ".md": name + repr("n" * 40),
        "caf\udce9.md": name + repr("caf\udce9"),
    }
    assert all(str(problem).isprintable() for problem in texts.problems)


def test_the_folder_may_be_a_link_a_file_or_not_there(home, tmp_path):
    home.replies.rmdir()
    assert read_folder(home.replies, {}) == (saved_texts.SavedTexts(), {})
    home.replies.write_text("")
    assert wrong(home) == {"replies": "Not a directory"}
    home.replies.unlink()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "hi.md").write_text("Hi!")
    home.replies.symlink_to(home.replies)
    files = SavedFiles(home.replies)
    assert "symbolic links" in files.current.problems[0].reason
    home.replies.unlink()
    home.replies.symlink_to(tmp_path / "shared")
    assert files.refresh() is True and list(files.current.replies) == ["hi"]
    assert list(read_folder(home.replies, {})[0].replies) == ["hi"]


def test_more_files_than_are_read_are_said(home, monkeypatch):
    monkeypatch.setattr(saved_texts, "MOST_FILES", 3)
    for number in range(5):
        (home.replies / f"{number}.md").write_text("x")
    texts, _ = read_folder(home.replies, {})
    assert list(texts.replies) == ["0", "1", "2"]
    assert wrong(home) == {"replies": "it has more than 3 files: the others are left out"}
    assert MOST_FILES == 10_000
    monkeypatch.setattr(saved_texts, "MOST_IN_ALL", 2)
    assert list(read_folder(home.replies, {})[0].replies) == ["0", "1"]
    assert wrong(home) == {"replies": "more than 2 bytes: the files from 2.md on are left out"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[macros]\nx = 'done'\n", "line 1: `macros` must be a list of command lines for 'x'"),
        ("[macro]\nx = ['done']\n", "line 1: unknown key 'macro': do you mean `macros`?"),
        ("[macros\n", "line 1: not TOML"),
    ],
)
def test_a_wrong_file_of_macros_is_named(home, text, said):
    (home.replies / "macros.toml").write_text(text)
    assert wrong(home)["macros.toml"].startswith(said)


def test_doctor_names_broken_files_names_that_stand_twice_and_braces_without_a_variable(home):
    (home.replies / "thanks.md").write_text("Thank you, {frist_name}!\nYour {order}.")
    (home.replies / "typo.md").write_text("+++\nx\n+++\ntext")
    (home.replies / "macros.toml").write_text('[macros]\npraised = ["done"]\n')
    settings = Settings(saved={"thanks": "Thanks {Name}", "plain": "{{x}} { y }"}, macros={"praised": ("done",)})
    findings = check_replies(home, settings)
    assert {finding.level for finding in findings} == {Level.WARN}
    assert [finding.sentence.removeprefix(f"{home.replies}/") for finding in findings] == [
        "thanks.md: line 1: {frist_name} is no variable, and stays as it is: do you mean {first_name}?",
        "thanks.md: line 2: {order} is no variable, and stays as it is",
        "typo.md: line 2: not TOML: Expected '=' after a key in a key/value pair",
        "'thanks' stands in [saved] of config.toml and in replies/: the config's is used",
        "[saved] thanks: {Name} is no variable, and stays as it is: do you mean {name}?",
    ]
    for file in home.replies.iterdir():
        file.unlink()
    (home.replies / "one.md").write_text("One")
    assert check_replies(home, replace(settings, saved={"two": "Two"}))[0].sentence == "2 saved replies, 1 macro"


def test_a_change_is_noticed_and_only_what_changed_is_read(home, monkeypatch):
    read = []
    real = saved_texts.read_saved_file
    monkeypatch.setattr(
        saved_texts, "read_saved_file", lambda path, stamp: (read.append(path.name), real(path, stamp))[1]
    )
    (home.replies / "a.md").write_text("A")
    (home.replies / "b.md").write_text("B")
    files = SavedFiles(home.replies)
    assert list(files.current.replies) == ["a", "b"]
    assert [files.refresh() for _ in range(3)] == [False] * 3
    assert read == ["a.md", "b.md"]
    with (home.replies / "b.md").open("a") as file:  # in place: the folder is as it was
        file.write("!")
    assert files.refresh() is True and files.current.replies["b"].text == "B!"
    (home.replies / "c.md").write_text("C")
    assert files.refresh() is True and list(files.current.replies) == ["a", "b", "c"]
    (home.replies / "new").write_text("A2")
    os.replace(home.replies / "new", home.replies / "a.md")
    assert files.refresh() is True and files.current.replies["a"].text == "A2"
    (home.replies / "a.md").unlink()
    assert files.refresh() is True and list(files.current.replies) == ["b", "c"]
    assert read == ["a.md", "b.md", "b.md", "c.md", "a.md"]


def test_a_look_at_many_files_asks_some_of_them_in_turn_and_a_thread_reads_them(home, monkeypatch):
    for number in range(3 * LOOKED_AT):
        (home.replies / f"{number:04}.md").write_text("x")
    files = SavedFiles(home.replies)
    assert files.refresh(wait=False) is False
    files._thread.join()
    assert files.refresh(wait=False) is True and len(files.current.replies) == 3 * LOOKED_AT
    asked = []
    real = saved_texts.stamp_of
    monkeypatch.setattr(saved_texts, "stamp_of", lambda path: (asked.append(path), real(path))[1])
    with (home.replies / f"{2 * LOOKED_AT + 1:04}.md").open("a") as file:
        file.write("!")
    looks = 0
    while not files._thread:
        asked.clear()
        assert files.refresh(wait=False) is False
        looks += 1
        if not files._thread:
            assert len(asked) <= LOOKED_AT + 1
    assert looks == 3
    files._thread.join()
    assert files.refresh(wait=False) is True
    assert files.current.replies[f"{2 * LOOKED_AT + 1:04}"].text == "x!"


def test_while_the_first_reading_takes_long_there_is_nothing_yet(home, monkeypatch):
    go = Event()
    monkeypatch.setattr(saved_files, "PATIENCE", 0.0)
    real = saved_texts.read_folder
    monkeypatch.setattr(saved_texts, "read_folder", lambda folder, before: (go.wait(), real(folder, before))[1])
    (home.replies / "a.md").write_text("A")
    files = SavedFiles(home.replies)
    files.refresh(wait=False)
    assert files.current.replies == {} and not files.is_read
    go.set()
    files._thread.join()
    assert files.is_read and list(files.current.replies) == ["a"]
