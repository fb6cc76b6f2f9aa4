"""The whole main job on the screen and beside it: mentions in, triage by keys, answers and posts out."""

from __future__ import annotations

import signal

import pytest

from tests.whole.home import Desk, until
from tests.whole.program import Program


def settled(home: Desk, server, url: str = "") -> None:
    """An account in step, polled often enough for a test."""
    home.home.config.write_text(home.config.replace('hold = "0s"', 'hold = "1s"') + 'poll = "5s"\n')
    home.add(url or server.url, server.token("brand"))


def test_a_mention_comes_up_while_the_screen_is_open_and_its_author_sees_the_answer(desk, mastodon):
    home = desk()
    settled(home, mastodon)
    first = mastodon.post("ada", "@brand where is my parcel?")
    with Program(home) as inbox:
        inbox.shows("where is my parcel")
        second = mastodon.post("grace", "@brand the tide tables are wrong")
        inbox.shows("tide tables are wrong")
        inbox.shows(r"^ *> ?.*where is my parcel|where is my parcel")
        inbox.keys("r")
        inbox.shows("esc review and send")
        inbox.keys("On its way, Ada!")
        inbox.shows(r"On its way, Ada!")
        inbox.keys("esc")
        inbox.shows("y send")
        inbox.keys("y")
        answers = until(lambda: (inbox.read(), mastodon.context(first["id"])["descendants"])[1], "the answer")
        assert [(a["in_reply_to_id"], a["account"]["username"]) for a in answers] == [(first["id"], "brand")]
        assert "On its way, Ada!" in answers[0]["content"]
        until(lambda: (inbox.read(), home.list("replies")[0]["state"] == "sent")[1], "sent")
        assert mastodon.context(second["id"])["descendants"] == []
        standing = home.status()
        assert (standing["open"], standing["waiting"], standing["outgoing"]) == (1, 1, {"sent": 1})
        mastodon.post("ada", "@brand thank you!", in_reply_to=answers[0]["id"])
        inbox.shows("thank you!")
        assert home.status()["open"] == 2
        inbox.keys("q")
        assert inbox.ends() == 0
    rows = home.list("mentions")
    assert len({row["conversation"] for row in rows}) == 2 and len(rows) == 3


def test_an_answer_that_is_recalled_in_its_hold_window_never_leaves(desk, mastodon, proxy):
    home = desk()
    settled(home, mastodon, proxy.url)
    home.home.config.write_text(home.home.config.read_text().replace('hold = "1s"', 'hold = "20s"'))
    mastodon.post("ada", "@brand hello there")
    with Program(home) as inbox:
        inbox.shows("hello there")
        inbox.keys("r", "Too soon", "esc")
        inbox.shows("y send")
        inbox.keys("y")
        until(lambda: (inbox.read(), home.list("replies"))[1], "the reply")
        assert home.list("replies")[0]["state"] == "scheduled"
        inbox.keys("u")
        until(lambda: (inbox.read(), home.list("replies")[0]["state"] == "draft")[1], "recalled")
        assert home.show(home.list("replies")[0]["id"])["text"] == "Too soon", "the text is kept"
        assert home.status()["open"] == 1
    assert proxy.count("POST", "/api/v1/statuses") == 0


def test_what_is_typed_ahead_meets_the_screen_that_its_keys_open(desk, mastodon):
    home = desk()
    settled(home, mastodon)
    mastodon.post("ada", "@brand hello there")
    text = "e x e done, s m A: not one of these is a command"
    with Program(home) as inbox:
        inbox.shows("hello there")
        inbox.keys(f"r{text}")
        inbox.shows(text)
        inbox.keys("esc", "p")
        inbox.shows("1 open")
        (draft,) = until(lambda: home.list("replies"), "the draft")
        assert (draft["text"], draft["state"]) == (text, "draft")
        (row,) = home.list("mentions")
        assert (row["status"], row["assignee"], row["tags"], row["snoozed_until"]) == ("open", None, [], None)


def test_a_post_leaves_at_its_time_and_triage_by_keys_is_seen_by_a_shell(desk, mastodon):
    home = desk()
    settled(home, mastodon)
    mention = mastodon.post("ada", "@brand lovely harbour")
    assert home.run("post", "The lighthouse opens", "--account", "brand", "--at", "4s").code == 0
    with Program(home) as inbox:
        inbox.shows("lovely harbour")
        until(lambda: (inbox.read(), mastodon.statuses("brand"))[1], "the post")
        (out,) = mastodon.statuses("brand")
        row = until(lambda: [post for post in home.list("posts") if post["state"] == "sent"], "sent")[0]
        assert row["remote_id"] == out["id"] and row["sent_at"] >= row["scheduled_at"]
        inbox.keys("e")
        until(lambda: (inbox.read(), home.status()["open"] == 0)[1], "done")
        inbox.keys("u")
        until(lambda: (inbox.read(), home.status()["open"] == 1)[1], "undone")
        inbox.shows("lovely harbour")
        inbox.keys(" ", "f")
        inbox.shows(r"favourite @ada.*y yes")
        inbox.keys("y")
        until(lambda: (inbox.read(), mastodon.status(mention["id"])["favourites_count"] == 1)[1], "favourite")
        assert home.run("done", home.list("mentions")[0]["id"]).code == 0
        inbox.hides("lovely harbour")
        assert home.run("undo").code == 0
        inbox.shows("lovely harbour")


@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
def test_the_inbox_of_a_real_server_at_other_sizes(desk, mastodon, size):
    home = desk()
    settled(home, mastodon)
    mastodon.post("ada", "@brand ahoy")
    with Program(home, size=size) as inbox:
        inbox.shows("ahoy")
        inbox.keys("q")
        assert inbox.ends() == 0


def test_unbroken_typing_is_written_while_it_goes_on_and_outlives_kill_9(desk, mastodon):
    home = desk()
    settled(home, mastodon)
    mastodon.post("ada", "@brand hello there")
    text = "one two three four five six seven eight nine ten"
    with Program(home) as inbox:
        inbox.shows("hello there")
        inbox.keys("r")
        inbox.shows("esc review and send")
        for letter in text:
            inbox.keys(letter)
            inbox.pause(0.08)
        assert inbox.kill(signal.SIGKILL) == -signal.SIGKILL
    (draft,) = home.list("replies")
    assert draft["state"] == "draft"
    assert text.startswith(draft["text"]) and len(draft["text"]) > len(text) // 2
    with Program(home) as inbox:
        inbox.shows("one two three four five")
