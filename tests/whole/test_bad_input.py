"""Bad input from networks, files and people: a clear line each, nothing lost, nothing raw on the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers.proxy import Proxy
from tests.servers.proxy import redirect as redirected
from tests.whole.home import until
from tests.whole.program import Program
from tests.whole.test_answers import POSTS

NASTY = (
    "before\x1b[2J\x1b]0;owned\x07\x1b]52;c;aGk=\x07\x9b31m\u202eafter "
    "[bold]not markup[/bold] [/] [@click=app.quit]x[/]"
)
SEQUENCE = re.compile(rb"\x1b\[[0-9;:?<=>]*[A-Za-z$\"]+|\x1b[()][A-Z0-9]|\x1b[=>78MHc]|\x1b[P_^][^\x1b]*\x1b\\")
HTML = f"<p>{NASTY}</p><script>alert(1)</script><p>&#27;[31mred &lt;b&gt;</p>"


def connected(desk, server, url: str = "", config: str = ""):
    """A home with the account."""
    home = desk(config)
    home.home.config.write_text(home.home.config.read_text() + 'poll = "5s"\n')
    home.add(url or server.url, server.token("brand"))
    return home


def test_escape_codes_and_brackets_of_a_network_never_reach_the_terminal(desk, quirks):
    server = quirks()
    home = connected(desk, server)
    server.account("ada").display_name = f"Ada {NASTY}"
    server.mention("ada", "hello", html=HTML)
    server.mention("grace", "plain words")
    assert home.run("sync").code == 0
    with Program(home) as inbox:
        inbox.shows("plain words")
        inbox.shows("after")
        inbox.keys("enter")
        inbox.shows(r"\[bold\]not markup\[/bold\]")
        inbox.keys("q", "q")
        assert inbox.ends() == 0
        ours = inbox.data.replace(b"\x1b]22;default\x07", b"")  # the pointer's shape, from Textual
        for bad in (b"\x1b[2J\x1b]0", b"owned", b"]52;", b"\x07", b"\x9b", "\u202e".encode()):
            at = ours.find(bad)
            assert at < 0, ours[max(at - 60, 0) : at + 20]
        left = SEQUENCE.sub(b"", ours)
        assert b"\x1b" not in left, left[left.index(b"\x1b") - 20 :][:60]
    identity = home.list("mentions", "markup")[0]["id"]
    for words in (("list", "mentions"), ("show", identity), ("list", "mentions", "--json")):
        out = home.run(*words).out
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out), words
        assert "[bold]not markup[/bold]" in out


def test_a_status_of_five_megabytes_is_no_more_than_one_long_mention(desk, quirks):
    server = quirks()
    home = connected(desk, server)
    server.mention("ada", "the first")
    server.mention("grace", "big", html="<p>" + "<b>word</b> " * 450_000 + "</p>")
    server.mention("ada", "the last")
    done = home.run("sync")
    assert done.code == 0, done
    rows = home.list("mentions")
    assert {"@brand the first", "@brand the last"} <= {row["text"] for row in rows}
    assert all(len(row["text"]) < 1_000_000 for row in rows)
    with Program(home) as inbox:
        inbox.shows("the last")
        inbox.keys("g", "j", "enter")
        inbox.shows("@grace|the first|the last")


def test_a_typo_in_the_config_is_named_with_its_line_and_the_nearest_key(desk, quirks):
    server = quirks()
    home = connected(desk, server)
    good = home.home.config.read_text()
    server.mention("ada", "hello there")
    with Program(home) as inbox:
        inbox.shows("hello there")
        home.home.config.write_text("hodl = '1h'\n" + good)
        inbox.keys("j")
        inbox.shows(r"config.toml:1: unknown key 'hodl': do you mean `hold`")
        server.mention("ada", "still working")
        inbox.shows("still working")
        for words in (("status",), ("list", "mentions"), ("sync",), ("reply", "m", "x")):
            done = home.run(*words)
            assert done.code == 1 and done.err.count("\n") == 1, done
            assert "config.toml:1" in done.err and "'hodl'" in done.err and "`hold`" in done.err
        assert home.run("doctor").code != 0
        home.home.config.write_text(good)
        inbox.shows("the config is right again")
        inbox.hides("hodl")
    assert home.run("status").code in (0, 3)


def test_what_people_mistype_is_one_line_and_keeps_the_text(desk, quirks):
    server = quirks()
    home = connected(desk, server)
    server.mention("ada", "hello there")
    assert home.run("sync").code == 0
    identity = home.list("mentions")[0]["id"]
    too_long = "long " * 150
    for words, code, said in (
        (("snooze", identity, "when pigs fly"), 2, "when pigs fly"),
        (("post", "x", "--account", "brand", "--at", "yesterday"), 2, "yesterday"),
        (("reply", identity, "   "), 2, "empty"),
        (("reply", identity, too_long), 1, "too many"),
        (("reply", "mnotthere", "x"), 1, "mnotthere"),
        (("post", "x", "--account", "brnad"), 2, "brand"),
        (("statsu",), 2, "status"),
    ):  # fmt: skip
        done = home.run(*words)
        assert done.code in (code, 3 - code), done
        assert said in done.err and done.err.strip().count("\n") <= 1, done
    drafts = [row for row in home.list("replies") if row["state"] == "draft"]
    assert [row["text"].strip() for row in drafts] == [too_long.strip()], "kept as a draft"
    assert home.run("sync").code == 0
    assert server.statuses_of("brand") == []
    assert home.list("mentions")[0]["status"] == "open"


def test_a_text_that_is_too_long_cannot_be_sent_from_the_screen_and_stays(desk, quirks):
    server = quirks(max_characters=20)
    home = connected(desk, server)
    server.mention("ada", "hello there")
    with Program(home) as inbox:
        inbox.shows("hello there")
        inbox.keys("r")
        inbox.shows("esc review")
        inbox.keys("more than twenty characters")
        inbox.shows("too many")
        inbox.keys("esc")
        inbox.shows("e/esc edit")
        assert "y send" not in inbox.text()
        inbox.keys("p")
        inbox.shows("1 open")
    assert [row["state"] for row in home.list("replies")] == ["draft"]
    assert server.count("POST", POSTS) == 0


def test_a_rate_limit_is_obeyed(desk, quirks):
    server = quirks(limit=12, window=3600)
    home = connected(desk, server)
    server.mentions(3)
    assert home.run("sync").code == 0
    while server.count() < 12:
        home.run("account", "check")
    asked = server.count()
    for _ in range(3):
        done = home.run("sync", "--json")
        assert done.json["accounts"][0]["health"] == "limited", done
    with Program(home) as inbox:
        inbox.shows("limited")
        inbox.keys("R")
        inbox.pause(6)  # more than `poll`
    assert server.count() == asked, "what the server said is kept over processes"


def test_a_token_is_in_no_log_and_no_command_line_and_follows_no_redirect(desk, quirks):
    server, other = quirks(), quirks()
    with Proxy(server.url) as proxy:
        home = connected(desk, server, proxy.url)
        token = server.token("brand")
        server.mentions(2)
        assert home.run("sync").code == 0
        process = home.start("run")
        proxy.wait_for("GET", "/api/v./notifications", count=2)
        shown = (Path("/proc") / str(process.pid) / "cmdline").read_bytes()
        process.terminate()
        process.communicate(timeout=30)
        assert token.encode() not in shown
        proxy.rule(redirected(f"{other.url}/api/v1/elsewhere", method="GET"))
        proxy.rule(redirected(f"{other.url}/api/v1/elsewhere", method="POST"))
        identity = home.list("mentions")[0]["id"]
        assert home.run("reply", identity, "to the right one").code == 0
        done = home.run("sync")
        assert done.code in (1, 3), done
        assert all(request.token is None and token not in str(request.body) for request in other.requests)
        assert token not in home.log() + done.out + done.err
    kept = "".join(path.read_text(errors="replace") for path in home.home.data.rglob("*") if path.is_file())
    assert token not in kept
    assert home.list("replies")[0]["state"] != "sent"


@pytest.mark.parametrize("preset", ["strict", "sparse", "broken"])
def test_the_job_on_servers_of_other_makes(desk, quirks, preset):
    server = quirks(preset)
    home = connected(desk, server)
    mentions = server.mentions(7)
    assert home.run("sync").code == 0
    rows = home.list("mentions")
    assert sorted(row["remote_id"] for row in rows) == sorted(mention.id for mention in mentions)
    assert home.run("reply", rows[0]["id"], "an answer").code == 0
    done = home.run("sync")
    assert done.code == 0, done
    (out,) = server.statuses_of("brand")
    assert out.in_reply_to == rows[0]["remote_id"]
    until(lambda: home.list("replies")[0]["state"] == "sent")
