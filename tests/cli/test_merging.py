"""Merging, splitting, a mute with an end and the list of engagement, as people run them."""

from __future__ import annotations

import sys

import pytest

from commtui.community import intake
from commtui.model.clock import from_iso
from commtui.model.records import Via
from tests.triage.desks import BRAND, OWNER, arrive
from tests.ui.terminal import Terminal


def test_two_are_merged_and_split_by_their_ids(busy):
    one, two = busy.ids[:2]
    done = busy("merge", one, two)
    assert "merged 2 into one: c" in done.err, done.err
    found = {row["id"]: row["conversation"] for row in busy("list", "mentions", "--json").json}
    assert found[one] == found[two]
    assert busy("show", two, "--json").json["conversation"] == found[one]
    assert "split into 2: c" in busy("split", found[one]).err
    found = {row["id"]: row["conversation"] for row in busy("list", "mentions", "--json").json}
    assert found[one] != found[two]
    assert "undo: split of" in busy("undo").err
    refused = busy("merge", one, one, code=1)
    assert refused.out == "" and "at least two" in refused.err
    assert "nothing would be left" in busy("split", busy.ids[2], code=1).err


def test_direct_and_public_messages_are_merged_where_it_is_said(busy):
    desk = busy.desk()
    direct = arrive(desk, "dm1", via=Via.DIRECT, visibility="direct").id
    desk.store.close()
    asked = busy("merge", direct, busy.ids[0], code=2)
    assert "merge direct with public? replies are as public as the newest; add --yes" in asked.err
    assert busy("log", "--json").json == []
    assert "merged 2 into one" in busy("merge", "--yes", direct, busy.ids[0]).err


@pytest.mark.parametrize(("answer", "said"), [("n", "commtui: nothing was merged"), ("y", "merged 2 into one")])
def test_on_a_terminal_it_asks(busy, answer, said):
    desk = busy.desk()
    direct = arrive(desk, "dm1", via=Via.DIRECT, visibility="direct").id
    desk.store.close()
    command = [sys.executable, "-m", "commtui", "--home", str(busy.home.config.parent), "merge", direct, busy.ids[0]]
    with Terminal(command) as terminal:
        terminal.says("merge direct with public? replies are as public as the newest  y/n")
        terminal.press(answer, "enter")
        terminal.says(said)
    assert len(busy("log", "--json").json) == (answer == "y")


def test_a_mute_takes_a_time_or_none(busy):
    one, two = busy.ids[:2]
    assert "muted until " in busy("mute", one, two, "7d").err
    flat = busy("show", one, "--json").json
    assert flat["muted"] is True and from_iso(flat["muted_until"]) > from_iso(flat["created_at"])
    assert "muted until " in busy("show", one).out and "muted" in busy("list", "mentions", "is:muted").out
    assert "muted: " in busy("mute", one).err
    assert busy("show", one, "--json").json["muted_until"] is None
    busy("mute", one, "yesterday", code=2)
    assert "unmuted: " in busy("unmute", one).err
    assert busy("show", one, "--json").json["muted"] is False


def test_engagement_is_listed_by_post(busy):
    assert busy("list", "engagement").out == ""
    desk = busy.desk()
    with desk.store.write() as write:
        for who in ("@ada@example.org", "@bo@example.org"):
            intake.add_engagement(desk.store, write, OWNER, "like", "p1", who, desk.now)
        intake.add_engagement(desk.store, write, OWNER, "boost", "p1", "@cy@example.org", desk.now)
        intake.add_engagement(desk.store, write, OWNER, "follow", None, "@dee@example.org", desk.now)
    rows = busy("list", "engagement", "--json").json
    assert {row["kind"]: (row["likes"], row["boosts"], row["follows"]) for row in rows} == {
        "engagement": (2, 1, 0),
        "follows": (0, 0, 1),
    }
    assert rows[0]["account"] == BRAND.name
    text = busy("list", "engagement").out
    assert "2 likes 1 boost" in text and "1 follow" in text and "@dee@example.org" in text
    assert len(busy("list", "engagement", "dee", "--json").json) == 1
