"""The commands of campaigns, as people type them."""

from __future__ import annotations

import pytest

from commtui.activity.desk import Desk
from commtui.config.edit import add_account
from commtui.model.records import Outgoing
from tests.triage.desks import BRAND, OTHER, arrive, sent


@pytest.fixture
def home(shell):
    add_account(shell.home, BRAND)
    add_account(shell.home, OTHER)
    shell("campaign", "add", "Open Day", "--goal", "3 posts by 2099-06-01", "--account", "brand", "--account", "other",
          "--intention", "people on the quay", "--tag", "event")  # fmt: skip
    return shell


def publish(desk: Desk, identity: str, remote_id: str) -> None:
    item = desk.store.get(Outgoing, identity)
    assert item is not None
    sent(desk, item, remote_id)


def test_a_campaign_from_its_plan_to_its_figures(home):
    first = home("post", "one", "--campaign", "open day", "--at", "2099-05-01 10:00", "--json").json
    assert {(row["account"], row["campaign"], row["state"]) for row in first} == {
        ("brand", "Open Day", "scheduled"), ("other", "Open Day", "scheduled"),
    }  # fmt: skip
    second = home("post", "two", "--campaign", "OPEN DAY", "--account", "brand", "--at", "2099-07-01 10:00", "--json")
    home("post", "three", "--account", "brand", "--at", "2099-05-02 10:00")
    desk = home.desk()
    publish(desk, second.json[0]["id"], "p2")
    for number, answers in ((1, "p2"), (2, "1"), (3, None)):
        arrive(desk, str(number), answers=answers)
    desk.store.close()

    row = home("campaign", "list", "--json").json[0]
    assert {name: row[name] for name in ("planned", "out", "scheduled", "late", "held", "failed", "drafts")} == {
        "planned": 2, "out": 1, "scheduled": 1, "late": 0, "held": 0, "failed": 0, "drafts": 0,
    }  # fmt: skip
    assert (row["replies"], row["conversations"], row["answered"]) == (2, 1, 0)
    assert (row["goal"], row["so_far"], row["expected"], row["pace"]) == ("3 posts by 2099-06-01", 1, 2, "behind")
    assert home("list", "campaigns", "--json").json == [row]
    text = home("campaign", "show", "open day", COLUMNS="100").out
    assert "goal: 3 posts by 2099-06-01 (Europe/Berlin): 1 of 3 posts, behind" in text
    assert "1 out + 1 scheduled by then = 2 of 3" in text
    assert "posts: 2 planned: 1 out, 1 scheduled" in text and "replies: 2 replies in 1 conversation, 0 answered" in text
    assert "A post counts once" in text and "three" not in text
    shown = home("campaign", "show", row["id"], "--json").json
    assert sorted(post["text"] for post in shown.pop("posts")) == ["one", "one", "two"] and shown == row
    assert "Open Day" in home("list", "campaigns", COLUMNS="120").out

    assert {post["text"] for post in home("list", "posts", 'campaign:"open day"', "--json").json} == {"one", "two"}
    mentions = home("list", "mentions", 'campaign:"Open Day"', "--json").json
    assert [(mention["remote_id"], mention["campaign"]) for mention in mentions] == [
        ("1", "Open Day"),
        ("2", "Open Day"),
    ]
    assert home("list", "mentions", "campaign:other").out == ""
    assert "campaign Open Day" in home("show", mentions[0]["id"]).out
    assert "campaign Open Day" in home("show", first[0]["id"]).out


def test_pause_and_going_on_from_the_shell(home):
    item = home("post", "one", "--campaign", "open day", "--at", "2099-05-01 10:00", "--json").json[0]["id"]
    assert home("campaign", "pause", "open day").err == "campaign Open Day paused: 1 post held\n"
    assert "campaign paused" in home("list", "posts", COLUMNS="120").out
    assert home("status").code == 0  # the person knows of it
    held = home("post", "two", "--campaign", "open day", "--account", "brand")
    assert "held" in held.out and "campaign Open Day is paused" in held.err
    assert home("campaign", "resume", "open day").err == "campaign Open Day goes on: 2 posts scheduled again\n"
    assert home("show", item, "--json").json["state"] == "scheduled"
    assert "campaign resume of Open Day" in home("undo").err
    assert home("show", item, "--json").json["reason"] == "campaign-paused"
    log = home("log", home("campaign", "list", "--json").json[0]["id"], "--json").json
    assert [step["verb"] for step in log if step["verb"].startswith("campaign")] == [
        "campaign add", "campaign pause", "campaign resume",
    ]  # fmt: skip
    home("campaign", "end", "open day")
    assert "has ended" in home("post", "three", "--campaign", "open day", code=1).err
    assert "is:rnning" in home("campaign", "list", "is:rnning", code=2).err
    assert home("campaign", "list", "is:done", "quay", "tag:event", "--json").json[0]["name"] == "Open Day"
    assert home("campaign", "list", "is:running", "--json").json == []


def test_what_is_wrong_is_said_and_nothing_is_made(home):
    assert "no campaign 'winter'; there are: Open Day" in home("campaign", "show", "winter", code=2).err
    assert "there is a campaign Open Day already" in home("campaign", "add", "open DAY", code=1).err
    assert "is no goal" in home("campaign", "add", "winter", "--goal", "many posts", code=2).err
    assert "no account 'nobody'" in home("campaign", "edit", "open day", "--account", "nobody", code=2).err
    assert "no campaign 'winter'" in home("post", "x", "--campaign", "winter", code=2).err
    assert len(home("campaign", "list", "--json").json) == 1
    assert home("list", "posts", "--json").json == []
