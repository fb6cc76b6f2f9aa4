"""Every field of every record through every output: nothing that comes out acts on a terminal, or hides there.

A field that is added later is covered by itself: the records are filled by the types of their fields.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commtui.cli import app
from commtui.cli.registry import COMMANDS, FAMILIES
from commtui.config.paths import Home, find_home
from commtui.main.home import Home as MainHome
from commtui.store.schema import TABLES
from commtui.system.streams import GatedStream
from commtui.triage.verbs import VERBS
from tests.nasty import NASTY, nasty_text, raw
from tests.poisoned import kinds_written, name_files, poison

STORABLE = [text for text in NASTY if not any("\ud800" <= letter <= "\udfff" for letter in text)]
"""A store can't hold half a surrogate pair: such a text is shown by the tests of what is cleaned."""
TEXTS = st.lists(nasty_text().filter(lambda text: text.isascii() or _is_utf8(text)), min_size=1, max_size=3)
EVER = ("--since", "2026-01-01", "--until", "2031-01-01")
SHOWN = (
    ["status"], ["status", "--json"], ["status", "--format", "tmux"],
    ["list", "mentions"], ["list", "mentions", "--json"], ["list", "mentions", "is:open"],
    ["list", "replies"], ["list", "replies", "--json"], ["list", "posts"], ["list", "posts", "--json"],
    ["calendar", *EVER], ["calendar", *EVER, "--json"], ["calendar", *EVER, "--format", "csv"], ["calendar", "--month"],
    ["list", "people"], ["list", "people", "--json"], ["list", "campaigns"], ["campaign", "list"],
    ["campaign", "list", "--json"], ["series", "list"],
    ["series", "list", "--json"], ["rules", "list"], ["rules", "test"], ["saved", "list"],
    ["log"], ["log", "--json"], ["log", "--limit", "2"],
    ["account", "list"], ["account", "list", "--json"],
    ["doctor"], ["doctor", "--json"], ["doctor", "--store"], ["config", "check"],
)  # fmt: skip
OTHERS = {"show", "sync", "run", "backup", "restore", "undo", "account add", "account check", "account remove",
          "people show", "people export", "people erase", "rules explain", "saved show", "macro", "export posts",
          "import posts",
          "campaign add", "campaign show", "campaign edit", "campaign pause", "campaign resume",
          "campaign end", "series show", "series edit", "series skip", "series end"}  # fmt: skip
"""Commands that show no records, or that have tests of their own here."""
MAYBE_NOTHING = frozenset(("log", "doctor", "rules", "saved"))
"""Commands that may have nothing to show."""


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def test_no_kind_of_record_is_left_out() -> None:
    assert kinds_written() == {table.kind for table in TABLES}


def test_no_command_that_shows_something_is_left_out() -> None:
    shown = {" ".join(words[:2]) if words[0] in FAMILIES else words[0] for words in SHOWN}
    verbs = {verb.word for verb in VERBS.values()} | {"reply", "post", "edit"}
    assert set(COMMANDS) - verbs - OTHERS <= shown


class Program:
    """Commands of the program in this process, behind the gate as the program has it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.at(folder)
        self.home.prepare()

    def __call__(self, *words: str) -> tuple[str, str]:
        """What a command prints on stdout and on stderr."""
        before, homes = (sys.stdout, sys.stderr), list[MainHome]()
        kept = [io.BytesIO(), io.BytesIO()]

        def opened(folder: str | None) -> MainHome:
            homes.append(MainHome(find_home(folder, os.environ), {}))
            return homes[-1]

        sys.stdout, sys.stderr = (GatedStream(file, "utf-8", "replace") for file in kept)
        try:
            app.main(["--home", str(self.home.data.parent), *words], opened)
            for home in homes:
                home.close()
            sys.stdout.flush()
            sys.stderr.flush()
            out, err = (file.getvalue().decode() for file in kept)
        finally:
            sys.stdout, sys.stderr = before
        assert "a fault of commtui" not in err, (words, err)
        return out, err


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_nor_whatever_the_strings_are(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    check_commands(tmp_path_factory.mktemp("home") / "home", texts)


def test_no_command_prints_what_acts_on_a_terminal(tmp_path: Path) -> None:
    check_commands(tmp_path / "home", ["".join(STORABLE), *STORABLE])


def test_names_of_files_are_shown_with_escapes(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")
    name_files(
        program.home, cycle(["\x1b[31m\u202e", "\x9d0;pwn\x9c", "one\ntwo\x85three", "a\u2028b\u200bc"]).__next__
    )
    for command in (["doctor"], ["config", "check"]):
        out, err = program(*command)
        assert not raw(out + err), (command, raw(out + err))
        for folder in ("themes/", "replies/", "secrets/"):
            for number, seen in enumerate((r"\x1b", r"\x9d", r"one\ntwo\x85", r"a\u2028")):
                assert re.search(rf"{folder}{number}\S*{re.escape(seen)}", out), (command, folder, seen, out)
        begins = {line.split(maxsplit=1)[0] if line[0] != " " else "" for line in out.splitlines()}
        assert begins <= {"ok", "warn", "BAD", ""}, "a name makes no line of its own"
    out, err = program("saved", "list")
    lines = (out + err).splitlines()
    assert [line.startswith("commtui: replies/") for line in lines] == [True] * 8 + [False], lines
    assert not raw(out + err) and r"one\ntwo\x85" in err


@pytest.mark.slow
def test_no_verb_prints_what_acts_on_a_terminal(tmp_path: Path) -> None:
    """What a verb says of what it did, or why it did not, names authors and texts."""
    program = Program(tmp_path / "home")
    named = poison(program.home, cycle(["".join(STORABLE), *STORABLE]).__next__)
    hostile = "".join(STORABLE).replace("\0", "")
    said = 0
    for verb in VERBS.values():
        for number, identity in enumerate(named):
            words = ([], ["2h"], [hostile])[number % 3]
            out, err = program(verb.word, identity, *words)
            assert not raw(out + err), (verb.word, identity, words, raw(out + err))
            said += bool(out + err)
        for words in (["undo"], ["undo", "--redo"]):
            out, err = program(*words)
            assert not raw(out + err), (verb.word, words, raw(out + err))
    assert said > len(VERBS)


def check_commands(folder: Path, texts: list[str]) -> None:
    """Fills a home with these strings, and looks at what each command prints."""
    program = Program(folder)
    named = poison(program.home, cycle(texts).__next__)
    shows = [words for identity in named for words in (["show", identity], ["show", identity, "--json"])]
    shows += [
        ["people", *words, identity] for identity in named[:2] for words in (["show", "--json"], ["show"], ["export"])
    ]
    [campaign] = json.loads(program("campaign", "list", "--json")[0])
    shows += [["campaign", "show", campaign["id"]], ["campaign", "show", campaign["id"], "--json"]]
    shows += [["rules", "explain", identity] for identity in named[:2]]
    for words in [*SHOWN, *shows, ["log", named[0]]]:
        out, err = program(*words)
        assert not raw(out + err), (words, raw(out + err))
        assert out or words[0] in MAYBE_NOTHING or "people" in words, words
        if "--json" in words or "export" in words:
            assert not out or json.loads(out) is not None  # nobody is somebody without a handle
        if "tmux" in words:
            assert "#" not in out and out.count("\n") == 1
