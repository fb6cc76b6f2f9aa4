"""Two people, each in an inbox of their own, on one home: who takes or answers a conversation is seen by the other."""

from __future__ import annotations

import re

import pytest

from tests.whole.home import ended, until
from tests.whole.program import Program
from tests.whole.test_answers import replies

SINCE = r"since \d\d:\d\d"


@pytest.fixture
def home(desk, quirks):
    """A home of several people, who are who runs the program, with two mentions."""
    server, made = quirks(), desk()
    made.home.config.write_text(made.config.replace('me = "me"', "").replace('"0s"', '"1h"'))
    made.add(server.url, server.token("brand"))
    server.mention("ada", "how much is it?")
    server.mention("bob", "where is it?")
    assert made.run("sync").code == 0
    return made


def flowing(inbox):
    return re.sub(r"\s+", " ", inbox.text())


def says(inbox, pattern):
    """Waits until the screen says it, wherever its lines are broken, without a key."""
    return until(lambda: (inbox.read(), re.search(pattern, flowing(inbox)))[1], f"{pattern} in\n{inbox.text()}")


@pytest.mark.slow
def test_who_opens_the_composer_is_seen_by_the_other_at_once_and_a_second_answer_is_asked_about(home):
    with Program(home, USER="anna") as anna, Program(home, USER="kim") as kim:
        anna.shows("2 open")
        kim.shows("2 open")
        anna.keys("r")
        anna.shows("reply to")
        kim.keys("r")
        assert int(says(kim, rf"anna has it open, too \(process (\d+)\) {SINCE}")[1]) == anna.pid
        assert int(says(anna, rf"kim has it open, too \(process (\d+)\) {SINCE}")[1]) == kim.pid
        anna.keys("ten euros", "esc", "y")
        until(lambda: (anna.read(), "ten euros" in replies(home))[1], "the first answer")
        until(lambda: (kim.read(), "anna has it open" not in flowing(kim))[1], "anna's composer is closed")
        kim.keys("twelve", "esc", "y")
        says(kim, r"anna answered [^:]+ ago: 'ten euros'; y sends this one, too")
        assert {text: row["state"] for text, row in replies(home).items()} == {
            "ten euros": "scheduled", "twelve": "draft",
        }  # fmt: skip
        kim.keys("y")
        until(lambda: (kim.read(), replies(home)["twelve"]["state"] == "scheduled")[1], "the second answer")


@pytest.mark.slow
def test_who_takes_a_conversation_is_named_to_the_other_by_claim_composer_and_shell(home):
    with Program(home, USER="anna") as anna, Program(home, USER="kim") as kim:
        anna.shows("2 open")
        kim.shows("2 open")
        kim.keys("r")
        kim.shows("reply to")
        anna.keys("A")
        until(lambda: (anna.read(), {row["assignee"] for row in home.list("mentions")} == {None, "anna"})[1], "claim")
        says(kim, rf"assigned to anna {SINCE}")
        kim.keys("esc", "d", "A")
        says(kim, r"is assigned to anna since \w+ \d+ \w+ \d\d:\d\d; a me enter takes it over")
        (mine,) = (row["id"] for row in home.list("mentions") if row["assignee"])
        anna.keys("r")
        anna.shows("reply to")
        done = home.run("reply", mine, "by the shell", USER="lou")
        assert done.code == 0
        notes = rf"note: assigned to anna {SINCE}\nnote: anna has it open, too \(process {anna.pid}\) {SINCE}\n"
        assert re.match(notes, done.err), done.err
        refused = ended(home.start("claim", mine, USER="lou"))
        assert refused.code == 1 and re.search(r"is assigned to anna since .+ takes it over", refused.err)
