"""`commtui post --repeat` and `commtui series`."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_a_series_is_made_listed_shown_changed_and_ended(busy: Shell) -> None:
    done = busy("post", "Tip of the week", "--account", "brand", "--repeat", "every mon,thu 9:00")
    made = done.out.strip()
    assert made[0] == "s" and "posts scheduled; the next goes out" in done.err
    row = busy("series", "list", "--json").json[0]
    assert (row["id"], row["repeat"], row["zone"]) == (made, "every mon,thu 9:00", "Europe/Berlin")
    assert row["rule"][1].startswith("RRULE:FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=MO,TH;BYHOUR=9;")
    assert row["accounts"] == ["brand"] and row["ends_at"] is None and row["skipped"] == []
    listed = busy("series", "list", COLUMNS="120").out
    assert made in listed and "every mon,thu 9:00" in listed and "Tip of the week" in listed
    posts = busy("list", "posts", "--json").json
    assert {post["series"] for post in posts} == {made} and len(posts) in (17, 18)
    assert "[repeats]" in busy("list", "posts", COLUMNS="120").out
    assert f"of series {made}" in " ".join(busy("show", posts[0]["id"]).out.split())
    shown = busy("series", "show", made, COLUMNS="200").out
    assert "Tip of the week" in shown and "next: " in shown and posts[0]["id"] in shown
    whole = busy("series", "show", posts[0]["id"], "--json").json
    assert whole["id"] == made and [post["id"] for post in whole["posts"]] == [post["id"] for post in posts]
    assert "none on" in busy("series", "skip", made).err
    changed = busy("series", "edit", made, "Better tip", "--repeat", "every fri 10:00").err
    assert f"series {made} changed, and with it" in changed
    assert {post["text"] for post in busy("list", "posts", "is:scheduled", "--json").json} == {"Better tip"}
    assert "posts discarded; nothing is to come" in busy("series", "end", made).err
    assert "none to come" in busy("series", "list", COLUMNS="120").out
    assert busy("list", "posts", "is:scheduled", "--json").json == []
    for _ in range(4):
        busy("undo")
    assert busy("series", "list", "--json").json == []
    assert made in busy("log", made).out and "undone: series add" in busy("log", made).out


def test_wrong_words_change_nothing_and_say_why(busy: Shell) -> None:
    def refused(*words: str, code: int = 2) -> str:
        return busy(*words, code=code).err

    post = ("post", "x", "--account", "brand", "--repeat")
    assert "'foo' is no day" in refused(*post, "every foo")
    assert "leave out --at" in refused(*post, "every mon", "--at", "fri")
    assert "unknown" in refused("series", "show", "szzzz", code=1) or "no series" in refused(
        "series", "show", "szzzz", code=1
    )
    made = busy(*post, "every mon 9:00").out.strip()
    assert "nothing to change" in refused("series", "edit", made)
    assert "cannot be read" in refused("series", "skip", made, "soonish")
    assert "has no post on that day" in refused("series", "skip", made, "2040-01-03 9:00")
    plain = busy("post", "plain", "--account", "brand", "--at", "2040-01-03", "--json").json[0]["id"]
    assert plain in refused("series", "end", plain, code=1)
    assert len(busy("series", "list", "--json").json) == 1


def test_a_series_in_json_and_in_a_zone(busy: Shell) -> None:
    made = busy("post", "x", "--account", "brand", "--repeat", "daily 9:00 Asia/Tokyo for 2 times", "--json").json
    assert made["zone"] == "Asia/Tokyo" and made["next_at"].endswith("T00:00:00.000Z")
    assert len(busy("list", "posts", "--json").json) == 2


def test_the_list_says_whose_campaign_is_paused(busy: Shell) -> None:
    busy("campaign", "add", "Advent", "--account", "brand")
    busy("post", "Tip", "--account", "brand", "--campaign", "Advent", "--repeat", "every mon 9:00")
    busy("post", "Plain", "--account", "brand", "--repeat", "every tue 9:00")
    assert "paused" not in busy("series", "list", COLUMNS="120").out
    busy("campaign", "pause", "Advent")
    tip, plain = sorted(busy("series", "list", COLUMNS="120").out.splitlines(), key=lambda line: "Plain" in line)
    assert tip.endswith("[campaign paused] Tip") and "paused" not in plain
    busy("campaign", "resume", "Advent")
    assert "paused" not in busy("series", "list", COLUMNS="120").out
