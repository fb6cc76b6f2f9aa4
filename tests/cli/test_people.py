"""The commands about people: list, show, link, mark, export, erase."""

from __future__ import annotations

import json
import stat

from commtui.outgoing.unsent_edits import FILE, Edit, UnsentEdits
from tests.triage.desks import arrive

ADA, GRACE = "@ada@example.org", "@grace@example.org"


def test_people_are_listed_and_found(busy):
    rows = busy("list", "people", COLUMNS="120").out.splitlines()
    assert [ADA in rows[2], GRACE in rows[1], "@alan@example.org" in rows[0]] == [True] * 3
    assert all(row.startswith("u") and "new" in row for row in rows)
    assert busy("list", "people", "grace", "--json").json == [
        {
            "id": busy("list", "people", "grace", "--json").json[0]["id"],
            "network": "demo",
            "author": GRACE,
            "author_name": "Grace",
            "authors": [
                {"id": rows[1].split()[0], "network": "demo", "author": GRACE, "author_name": "Grace"},
            ],
            "mark": "new",
            "mentions": 1,
            "conversations": 1,
            "last_at": busy("list", "people", "--limit", "2", "--json").json[1]["last_at"],
            "tags": [],
        }
    ]
    assert busy("list", "people", "is:vip").out == ""
    assert "is:vop" in busy("list", "people", "is:vop", code=2).err


def test_a_person_is_shown_with_the_rule_of_their_mark(busy):
    ada = busy("people", "show", ADA, "--json").json
    assert (ada["mark"], ada["rule"]) == ("new", "this is their first conversation")
    assert busy("people", "show", busy.ids[0]).out.startswith(f"{ada['id']}  {ADA}  Ada  (demo)\nnew: this is their")
    assert busy("people", "mark", ADA, "vip").err == f"vip: {ada['id']} {ADA}\n"
    shown = busy("people", "show", ada["id"][:7], COLUMNS="100").out
    assert "vip: somebody marked them so" in shown
    assert "1 message, 0 answers; 1 conversation, 1 open" in shown
    assert "where is my parcel? [not markup]" in shown


def test_a_link_is_made_and_undone_by_hand(busy):
    done = busy("people", "link", ADA, "@grace")
    assert "one person: " in done.err and ADA in done.err and GRACE in done.err
    busy("people", "tag", GRACE, "press")
    busy("people", "note", ADA, "-", stdin="met at the fair\n")
    shown = busy("people", "show", ADA, COLUMNS="100").out
    assert GRACE in shown and "tags: #press" in shown and "met at the fair" in shown
    for _ in range(3):
        busy("undo")
    assert GRACE not in busy("people", "show", ADA).out
    assert "nothing to change" in busy("people", "unlink", ADA).err
    assert "nobody here is @nobody" in busy("people", "show", "@nobody", code=1).err
    assert "nothing to link" in busy("people", "link", ADA, busy.ids[0], code=2).err
    assert "what?" in busy("people", "mark", ADA, "regular", code=2).err


def test_an_export_has_everything_of_the_person_and_nothing_of_others(busy, tmp_path):
    busy("note", busy.ids[0], "SECRET note")
    busy("reply", busy.ids[0], "dear Ada", "--hold", "1h")
    busy("done", busy.ids[0], busy.ids[1])
    desk = busy.desk()
    arrive(desk, "9", "a word of Bob's", answers="1", author="@bob@example.org", author_id="bob")
    desk.store.close()
    target = tmp_path / "ada.json"
    assert ADA in busy("people", "export", ADA, str(target)).err
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    value = json.loads(target.read_text())
    assert value.pop("made_at") and busy("people", "export", ADA).json["mentions"] == value["mentions"]
    assert [mention["text"] for mention in value["mentions"]] == ["where is my parcel? [not markup]"]
    assert [reply["text"] for reply in value["replies"]] == ["dear Ada"]
    assert [note["text"] for note in value["notes"]] == ["SECRET note"]
    assert [step["verb"] for step in value["log"]] == ["note", "reply", "done"]
    assert "Bob" not in target.read_text() and busy.ids[1] not in target.read_text()
    assert "there already" in busy("people", "export", ADA, str(target), code=1).err


def test_erasing_asks_unless_it_is_told_not_to(busy):
    for number in (0, 1):
        busy("reply", busy.ids[number], "hello", "--hold", "1h")
    replies = {item["in_reply_to"]: item["id"] for item in busy("list", "replies", "--json").json}
    edits = UnsentEdits(busy.home.state / FILE)
    for number in (0, 1):
        edits.put(replies[busy.ids[number]], Edit("SECRET of an edit"), lambda items: items)
    asked = busy("people", "erase", ADA, code=2).err
    assert f"erase {ADA} and their 1 message: it cannot be undone; add --yes" in asked
    assert busy("people", "show", ADA).out
    done = busy("people", "erase", ADA, "--yes").err
    assert f"erased {ADA}: 1 message" in done and "the log keeps who did what when" in done
    assert "nobody here is" in busy("people", "erase", ADA, "--yes", code=1).err
    assert ADA not in busy("list", "mentions", "is:done", "--json").out
    assert "(erased)" in busy("list", "mentions", "is:done").out
    assert edits.get(replies[busy.ids[0]]) is None
    assert edits.get(replies[busy.ids[1]]) == Edit("SECRET of an edit")
    store = busy.home.data / "store.db"
    assert b"where is my parcel" not in store.read_bytes()
