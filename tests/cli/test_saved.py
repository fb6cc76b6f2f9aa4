"""Saved replies and macros on the command line: listed, shown, sent with values, refused without."""

from __future__ import annotations

from commtui.triage.verbs import VERBS

BUG = """+++
title = "A bug"
tags = ["bug"]
language = "en"

[variables]
order = ""
version = "2.1"
+++
Sorry, {first_name}! Order {order}, version {version}? {nothing}

{account}
"""


def fill(shell):
    (shell.home.replies / "bug.md").write_text(BUG)
    (shell.home.replies / "plain.md").write_text("Hello {name}.")
    (shell.home.replies / "macros.toml").write_text(
        '[macros]\nbroken = ["tag broken", "saved bug", "note asked {author}"]\npraised = ["tag praise", "done"]\n'
    )
    with shell.home.config.open("a") as config:
        config.write('[saved]\nthanks = "Thank you, {first_name}!"\n')


def texts(shell):
    return [row["text"] for row in shell("list", "replies", "--json").json]


def test_they_are_listed_and_shown(busy):
    assert "no saved replies yet: write a file NAME.md in replies/" in busy("saved", "list").err
    fill(busy)
    listed = busy("saved", "list")
    assert [line.split(maxsplit=1) for line in listed.out.splitlines()] == [
        ["thanks", "Thank you, {first_name}!"],
        ["bug", "en     A bug"],
        ["plain", "Hello {name}."],
    ]
    assert "replies/bug.md: line 10: {nothing} is no variable, and stays as it is" in listed.err
    rows = busy("saved", "list", "--json").json
    assert rows[1] == busy("saved", "show", "bug", "--json").json
    assert rows[1] == {
        "name": "bug",
        "title": "A bug",
        "tags": ["bug"],
        "language": "en",
        "variables": {"order": "", "version": "2.1"},
        "asks": ["order", "version"],
        "text": "Sorry, {first_name}! Order {order}, version {version}? {nothing}\n\n{account}",
        "file": "replies/bug.md",
    }
    assert (rows[0]["file"], rows[0]["title"], rows[0]["language"]) == ("config.toml", None, None)
    assert busy("saved", "show", "plain").out == "Hello {name}.\n"
    assert "no saved reply 'plan'; there are: thanks, bug, plain" in busy("saved", "show", "plan", code=2).err


def test_one_is_shown_as_it_would_answer_and_nothing_is_sent(busy):
    fill(busy)
    shown = busy("saved", "show", "bug", "--to", busy.ids[1], "--set", "order=7").out
    assert shown == "Sorry, Grace! Order 7, version 2.1? {nothing}\n\nbrand\n"
    assert busy("saved", "show", "plain", "--to", busy.ids[0], "--json").json["text"] == "Hello Ada."
    assert "{order} of bug has no value" in busy("saved", "show", "bug", "--to", busy.ids[1], code=2).err
    assert "--to ID is missing" in busy("saved", "show", "bug", "--set", "order=7", code=2).err
    assert "no mention" in busy("saved", "show", "plain", "--to", "mzzzzzzzzzz", code=1).err
    assert texts(busy) == []


def test_one_is_sent_with_the_values_that_are_set(busy):
    fill(busy)
    done = busy("reply", busy.ids[0], "--saved", "bug", "--set", "order=42=x", "--hold", "5m", "--json")
    assert done.json["text"] == "Sorry, Ada! Order 42=x, version 2.1? {nothing}\n\nbrand"
    assert "note: {nothing} is no variable: it is sent as it stands" in done.err
    busy("reply", busy.ids[1], "--saved", "bug", "--set", "version=3", "--set", "order={me}", "--hold", "5m")
    busy("reply", busy.ids[2], "--saved", "thanks", "--hold", "5m")
    assert set(texts(busy)) == {
        "Sorry, Ada! Order 42=x, version 2.1? {nothing}\n\nbrand",
        "Sorry, Grace! Order {me}, version 3? {nothing}\n\nbrand",
        "Thank you, Alan!",
    }


def test_without_what_it_needs_nothing_is_sent(busy):
    fill(busy)
    first = busy.ids[0]
    for words, said in (
        (("--saved", "bug"), "{order} of bug has no value: give it by --set order=VALUE"),
        (("--saved", "bug", "--set", "order="), "{order} of bug has no value"),
        (("--saved", "bug", "--set", "ordr=4"), "no variable 'ordr'; there are: order, version"),
        (("--saved", "bug", "--set", "order"), "--set takes NAME=VALUE, not 'order'"),
        (("--saved", "none"), "no saved reply 'none'; there are: thanks, bug, plain"),
        (("--saved", "bug", "--set", "order=1", "text"), "either TEXT or --saved NAME"),
        (("--set", "order=1", "text"), "--saved NAME is missing"),
    ):
        assert said in busy("reply", first, *words, code=2).err
    assert texts(busy) == []


def test_a_macro_is_one_step_on_several_and_undone_as_one(busy):
    fill(busy)
    assert "{order} of bug has no value" in busy("macro", *busy.ids, "broken", code=2).err
    assert (
        "no variable 'x'; there are: order, version" in busy("macro", busy.ids[0], "broken", "--set", "x=1", code=2).err
    )
    assert "no macro 'brokn'; there are: broken, praised" in busy("macro", busy.ids[0], "brokn", code=2).err
    assert "NAME is missing" in busy("macro", "broken", code=2).err
    assert texts(busy) == []
    done = busy("macro", *busy.ids, "broken", "--set", "order={name}")
    assert "macro broken on" in done.err and "tag broken; saved bug; note asked {author}" in done.err
    assert "nothing is running that sends" in done.err
    assert set(texts(busy)) == {
        f"Sorry, {name}! Order {{name}}, version 2.1? {{nothing}}\n\nbrand" for name in ("Ada", "Grace", "Alan")
    }
    busy("undo")
    rows = busy("list", "mentions", "--json").json
    assert [(row["status"], row["tags"]) for row in rows] == [("open", [])] * 3
    assert {row["state"] for row in busy("list", "replies", "--json").json} == {"draft"}


def test_doctor_names_a_macro_with_a_line_that_cannot_be(busy):
    fill(busy)
    (busy.home.replies / "macros.toml").write_text(
        '[macros]\na = ["tag"]\nb = ["tag x", "publish"]\nc = ["saved none"]\nd = ["done"]\ne = ["note {nmae}"]\n'
    )
    found = [check["sentence"] for check in busy("doctor", "--json", code=None).json if check["subject"] == "macros"]
    allowed = sorted(["reply", "saved", *(verb.id for verb in VERBS.values() if verb.in_macros)])
    assert found == [
        "macro a, line 1: tag needs something after it",
        f"macro b, line 2: 'publish' can't be in a macro; these can: {', '.join(allowed)}",
        "macro c: no saved reply 'none'; there are: thanks, bug, plain",
        "macro e, line 1: {nmae} is no variable, and stays as it is: do you mean {name}?",
    ]
