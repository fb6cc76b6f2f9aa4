"""Languages are guessed in the program as it is run: shown, found, and killed midway nothing is lost or comes twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtui.system.languages import has_library
from tests import fake_languages as fake
from tests.whole.home import ROOT

COUNT = 60
GERMAN = "wann wird mein Paket endlich geliefert, Nummer {}?"


def with_library(home, folder: Path, answer: str) -> dict[str, str]:
    """The environment in which our library stands in the place of the real one."""
    return {"PYTHONPATH": f"{fake.write_library(folder, answer)}:{ROOT}"}


def say(server, count: int, language: str | None = None) -> None:
    for n in range(count):
        server.mention("ada", GERMAN.format(n), language=language)


@pytest.mark.slow
def test_the_program_killed_while_it_guesses_loses_nothing_and_nothing_comes_twice(desk, quirks, tmp_path):
    server, home = quirks(max_limit=20), desk("detect_language = true\n")
    say(server, COUNT)
    home.add(server.url, server.token("brand"))
    for _ in range(3):
        assert home.run("sync", **with_library(home, tmp_path, fake.KILLS_THE_PROGRAM)).code == -9
        assert home.list("mentions") == []
    assert home.run("sync", **with_library(home, tmp_path, fake.SAYS_GERMAN)).code == 0
    come = home.list("mentions")
    assert len({row["text"] for row in come}) == len(come) == COUNT
    assert {(row["language"], row["language_guessed"]) for row in come} == {("de", True)}
    assert len(home.list("mentions", "lang:de")) == COUNT


@pytest.mark.parametrize("answer", [fake.CRASHES, fake.RAISES])
def test_a_library_that_fails_costs_no_mention(desk, quirks, tmp_path, answer):
    server, home = quirks(), desk("detect_language = true\n")
    say(server, 5)
    home.add(server.url, server.token("brand"))
    assert home.run("sync", **with_library(home, tmp_path, answer)).code == 0
    assert [row["language"] for row in home.list("mentions")] == [None] * 5
    assert home.log().count("languages are not guessed") == 1


@pytest.mark.skipif(not has_library(), reason="needs py3langid, the extra languages")
def test_a_guess_is_shown_with_a_question_mark_and_what_the_network_names_without(desk, quirks):
    server, home = quirks(), desk("detect_language = true\n")
    say(server, 1)
    say(server, 1, language="nl")
    home.add(server.url, server.token("brand"))
    assert home.run("sync").code == 0
    rows = home.run("list", "mentions").out.splitlines()
    assert ["[de?]" in row for row in rows] == [True, False] and ["[nl]" in row for row in rows] == [False, True]
    shown = [home.run("show", row["id"]).out for row in home.list("mentions", "lang:de")]
    assert len(shown) == 1 and "mention, public, de?" in shown[0]
    home.home.config.write_text(home.home.config.read_text().replace("detect_language = true\n", ""))
    assert "de?" not in home.run("list", "mentions").out
