"""`commtui import posts` and `commtui export posts` on a real home."""

from __future__ import annotations

import csv
import json

import pytest

from commtui.model.records import Outgoing

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"
AT = "2031-03-03 09:00"


@pytest.fixture
def table(busy, tmp_path):
    """Writes lines into a file; returns its path."""

    def write(*lines, name="posts.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    return write


def posts(shell):
    return shell("list", "posts", "--json").json


def test_each_row_becomes_a_post_in_one_step(busy, table, tmp_path):
    (tmp_path / "cup.png").write_bytes(PNG)
    file = table(
        "Message;Accounts;Date;Media;Alt text;CW;Visibility;Late;State;Likes",
        f"Good morning;brand, other;{AT};cup.png;a cup;coffee;unlisted;hold;;3",
        '"Two\nlines";brand;;;;;;;;',
        f"Held before;other;{AT};;;;;;held;",
        "Out;other;2020-01-01;;;;;;sent;",
    )
    dry = busy("import", "posts", file, "--dry-run")
    assert "3 posts would be imported; 1 row left out: sent or discarded" in dry.err and posts(busy) == []
    assert dry.out.splitlines()[0] == (
        "row 2: goes out Mon 3 Mar 2031 09:00 Europe/Berlin on brand, other: Good morning"
    )
    assert "no column is meant by 'Likes'" in dry.err
    done = busy("import", "posts", file)
    assert "3 posts imported" in done.err
    found = posts(busy)
    assert sorted((post["text"], post["account"], post["state"]) for post in found) == [
        ("Good morning", "brand", "scheduled"), ("Good morning", "other", "scheduled"),
        ("Held before", "other", "draft"), ("Two\nlines", "brand", "draft"),
    ]  # fmt: skip
    first = next(post for post in found if post["text"] == "Good morning")
    assert first["scheduled_at"] == "2031-03-03T08:00:00.000Z" and first["post"] in done.out
    desk = busy.desk()
    item = desk.store.get(Outgoing, first["id"])
    desk.store.close()
    assert (item.spoiler, item.visibility, item.late) == ("coffee", "unlisted", "hold")
    assert [(file.url, file.alt) for file in item.media] == [(str(tmp_path / "cup.png"), "a cup")]
    busy("undo")
    assert {post["state"] for post in posts(busy)} <= {"discarded", "draft"}


def test_one_wrong_row_and_nothing_is_written(busy, table):
    file = table(
        "text,accounts,at,visibility,state,media",
        f"fine,brand,{AT},,,",
        "late,brand,2020-01-01 9:00,,,",
        f"who,nobody,{AT},,,",
        f"seen,brand,{AT},everyone,,",
        f"odd,brand,{AT},,soon,",
        f"file,brand,{AT},,,no-such.png",
        f",brand,{AT},,,",
        f"again,brand,{AT},,,",
        f"again,brand,{AT},,,",
        f"commas,brand,{AT},,,,,",
    )
    for words in ((), ("--dry-run",)):
        done = busy("import", "posts", file, *words, code=1)
        problems = dict(line.split(": ", 1) for line in done.err.splitlines() if line.startswith("row "))
        assert list(problems) == [f"row {number}" for number in (3, 4, 5, 6, 7, 8, 10, 11)]
        assert "past" in problems["row 3"] and "brand, other" in problems["row 4"]
        assert problems["row 5"].startswith("visibility: 'everyone' is none of public")
        assert problems["row 6"].startswith("state: 'soon' is none of")
        assert "no-such.png" in problems["row 7"] and problems["row 8"] == "no text"
        assert "at this time already: b" in problems["row 10"] and "8 cells for 6" in problems["row 11"]
        assert "8 rows of 10 cannot be imported: nothing was written" in done.err
        assert posts(busy) == []
    assert "nothing to undo" in busy("undo").err


def test_a_file_is_not_imported_twice(busy, table):
    file = table("text,accounts,at", f"one,brand,{AT}")
    busy("import", "posts", file)
    assert "has this text at this time already" in busy("import", "posts", file, code=1).err
    assert len(posts(busy)) == 1


def test_slots_are_given_one_after_the_other(busy, table):
    config = busy.home.config.read_text()
    busy.home.config.write_text(config.replace('name = "brand"', 'name = "brand"\nslots = ["daily 9:00"]', 1))
    busy("import", "posts", table("text,at", "one,next slot", "two,Next slot"), "--account", "brand")
    times = [post["scheduled_at"] for post in posts(busy)]
    assert len(set(times)) == 2


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_what_is_exported_can_be_imported(busy, tmp_path, name):
    (tmp_path / "a cup.png").write_bytes(PNG)
    busy("post", "Grüße, \"Welt\";\n=1+1 🎉", "--account", "brand", "--account", "other", "--at", AT, "--cw", "x",
         "--media", str(tmp_path / "a cup.png"), "--alt", "a cup, red", "--lang", "de")  # fmt: skip
    busy("post", "DST", "--account", "other", "--at", "2031-10-26 02:30", "--late", "skip")
    busy("post", "never", "--account", "other", "--at", "2031-10-27 02:30")
    busy("discard", busy("list", "posts", "never", "--json").json[0]["id"])
    path = tmp_path / name
    assert "3 rows of posts" in busy("export", "posts", str(path)).err
    assert "is there already" in busy("export", "posts", str(path), code=1).err
    text = path.read_text(encoding="utf-8")
    rows = (
        list(csv.DictReader(text.splitlines(keepends=True)))
        if name == "out.csv"
        else list(map(json.loads, text.splitlines()))
    )
    assert [row["at"] for row in rows][:2] == ["2031-03-03T09:00:00+01:00", "2031-10-26T02:30:00+02:00"]
    before = posts(busy)
    busy("discard", *(post["id"] for post in before if post["state"] != "discarded"))
    done = busy("import", "posts", str(path))
    assert "2 posts imported; 1 row left out" in done.err
    same = ("text", "account", "network", "scheduled_at")
    after = [post for post in posts(busy) if post["state"] == "scheduled"]
    expected = [post for post in before if post["state"] == "scheduled"]
    assert sorted([post[name] for name in same] for post in after) == sorted(
        [post[name] for name in same] for post in expected
    )
    again = tmp_path / f"again-{name}"
    busy("export", "posts", str(again), "is:scheduled")
    kept = ("text", "accounts", "at", "zone", "cw", "media", "alt", "language", "visibility", "late", "state")
    read = again.read_text(encoding="utf-8")
    second = (
        list(csv.DictReader(read.splitlines(keepends=True)))
        if name == "out.csv"
        else list(map(json.loads, read.splitlines()))
    )
    assert [[row[name] for name in kept] for row in second] == [[row[name] for name in kept] for row in rows[:2]]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("import", "posts", "none.csv"), 1, "cannot read none.csv: No such file"),
        (("import", "posts", "posts.txt"), 2, "say --format csv"),
        (("export", "posts", "posts.txt"), 2, "say --format csv"),
        (("export", "posts", "/no/such/folder/posts.csv"), 1, "cannot write /no/such/folder/posts.csv"),
        (("import", "posts", "none.csv", "--column", "likes=Likes"), 2, "no column 'likes'"),
        (("import", "posts", "none.csv", "--column", "text"), 2, "--column takes NAME=VALUE"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(busy, words, code, says):
    assert says in busy(*words, code=code).err


def test_columns_may_be_named_and_a_table_without_text_is_refused(busy, table):
    file = table("Beitrag,Wann", f"eins,{AT}")
    assert "--column text=NAME" in busy("import", "posts", file, "--account", "brand", code=2).err
    busy("import", "posts", file, "--account", "brand", "--column", "text=Beitrag", "--column", "at=wann")
    assert [post["text"] for post in posts(busy)] == ["eins"]
    assert "name at least one account" in busy("import", "posts", table("text", "zwei"), code=1).err
