"""Damage on the disk, met while the program runs or before: told in words that name the record and the way out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commtui.config.edit import add_account, set_value
from commtui.config.settings import Account
from commtui.model.records import Mention
from commtui.sentences.store import damage_line
from commtui.store.damage import Damage
from commtui.store.store import Store
from commtui.store.tinydb_sqlite import SqliteDB
from tests.whole.home import until
from tests.whole.program import Program

BRAND = Account(name="brand", network="demo", user="brand@demo.example", options={"pace": 0})
REPAIR = "commtui doctor --store"
PAGE = 4096


@pytest.fixture
def kept(desk):
    """A home with mentions, and nothing that writes by itself."""
    home = desk()
    add_account(home.home, BRAND)
    assert home.run("sync").code in (0, 3)
    set_value(home.home, "paused", True)
    assert home.run("tag", home.list("mentions")[0]["id"], "bug").code == 0
    return home


def file_of(home):
    return home.home.data / "store.db"


def shows(inbox, pattern):
    """Waits for a sentence, wherever its lines are broken."""
    wanted = re.compile(pattern.replace(" ", ""))
    until(lambda: (inbox.read(), wanted.search("".join(inbox.text().split())))[1], f"{pattern}\n{inbox.text()}")


def place_of(home, identity):
    """Where the first letters of a mention's text stand in the file."""
    data = file_of(home).read_bytes()
    text = json.dumps(home.show(identity)["text"][:12], ensure_ascii=False)[1:-1].encode()
    return data.index(text, data.index(b'"id":"%s"' % identity.encode()))


def spoil(home, place, bytes_=b"\x07"):
    """Changes bytes of the file in place, as a bad sector does."""
    with open(file_of(home), "r+b") as file:
        file.seek(place)
        file.write(bytes_)


@pytest.mark.slow
def test_a_record_that_turns_out_damaged_is_reported_on_the_screen_until_it_is_repaired(kept):
    rows = kept.list("mentions")
    threads = list(dict.fromkeys(row["conversation"] for row in rows))
    many = [row["conversation"] for row in rows]
    at = next(n for n, each in enumerate(many) if many.count(each) == 1 and threads.index(each) > 3)
    place = place_of(kept, rows[at]["id"])
    with Program(kept) as inbox:
        inbox.shows(r"\d+ open")
        spoil(kept, place)
        inbox.keys(*"j" * threads.index(rows[at]["conversation"]))
        inbox.keys("enter")
        shows(inbox, rf"! store.db: the mention {rows[at]['id']} cannot be read; .*{REPAIR}")
        inbox.keys("esc")
        inbox.shows(f"store damaged: {REPAIR}")
        assert kept.run("doctor", "--store").code == 3
        until(lambda: (inbox.keys("j", "k"), inbox.pause(0.3), "damaged" not in inbox.text())[2], "the all-clear")
        assert b"Traceback" not in inbox.data


def test_a_command_that_meets_a_damaged_record_names_it_with_its_file(kept):
    one = kept.list("mentions")[3]["id"]
    spoil(kept, place_of(kept, one))
    done = kept.run("show", one)
    assert (done.code, done.out) == (1, "")
    first, second = done.err.splitlines()
    assert first == f"commtui: no mention {one} here"
    assert second == f"commtui: {file_of(kept)}: the mention {one} cannot be read; the rest works: run `{REPAIR}`"
    assert one not in {row["id"] for row in kept.list("mentions")}
    done = kept.run("doctor", "--store")
    assert done.code == 3
    assert f"BAD   store: the mention {one} cannot be read" in done.out
    assert "kept as store.db.damaged-1" in done.out and f"lost here: the mention {one}" in done.out
    done = kept.run("doctor", "--store")
    assert done.code == 0 and "BAD" not in done.out and "repaired" not in done.out
    assert len(kept.list("mentions", "is:open")) > 10
    assert kept.run("show", one).err == f"commtui: no mention {one} here\n"


@pytest.mark.slow
def test_whichever_page_is_lost_the_doctor_makes_all_of_its_checks(kept):
    file = file_of(kept)
    whole = file.read_bytes()
    reported = set()
    for page in range(len(whole) // PAGE):
        for of_sqlite in ("store.db-wal", "store.db-shm"):
            (file.parent / of_sqlite).unlink(missing_ok=True)
        file.write_bytes(whole)
        spoil(kept, page * PAGE, bytes(PAGE))
        done = kept.run("doctor")
        assert "sending: " in done.out and "terminal: " in done.out and done.err == "", page
        bad = [line for line in done.out.splitlines() if line.startswith("BAD")]
        assert all(line.startswith("BAD   store: ") for line in bad) and (not bad or done.code == 3)
        reported.add(len(bad))
    assert reported == {0, 1}


def test_a_page_that_is_lost_is_refused_in_a_line_and_the_rest_is_saved(kept):
    before = kept.list("mentions")
    one = before[3]["id"]
    spoil(kept, place_of(kept, one) // PAGE * PAGE, bytes(PAGE))
    refused = [kept.run(*words) for words in (("list", "mentions"), ("show", one), ("note", one, "hello"))]
    for done in refused:
        if done.code:
            assert done.err.count("\n") == 1 and (REPAIR in done.err or "no mention" in done.err), done
    assert any(done.code == 1 and REPAIR in done.err for done in refused)
    done = kept.run("doctor", "--store")
    assert done.code == 3 and "the structure of the file is damaged" in done.out and "restore FILE" in done.out
    assert kept.run("doctor", "--store").code == 0
    left = kept.list("mentions")
    assert len(before) - 10 <= len(left) < len(before)
    assert all(row in before for row in left)


def test_a_file_that_is_no_database_is_refused_in_a_line(kept):
    file_of(kept).write_bytes(b"nothing that anybody knows" * 1000)
    for words in (("status",), ("list", "mentions")):
        done = kept.run(*words)
        assert done.code == 1 and REPAIR in done.err and done.err.count("\n") == 1, done
    with Program(kept) as inbox:
        assert inbox.ends() == 1
        assert REPAIR.encode() in inbox.data


def test_a_home_in_which_nothing_was_kept_is_no_damage(desk):
    done = desk().run("doctor", "--store")
    assert (done.code, done.out) == (0, "ok    store: nothing was kept here yet\n")


def test_what_is_damaged_has_our_names(tmp_path):
    reply = Damage("Outgoing", tmp_path / "store.db", ("r0000000005", "p0000000005"))
    assert "the reply or post r0000000005 or p0000000005 cannot be read" in damage_line(reply)
    assert "the step of the log cannot be read" in damage_line(Damage("Activity", tmp_path / "store.db", ()))


def test_each_damage_is_reported_once(tmp_path):
    from tests.store.test_store import mention

    store = Store(tmp_path)
    with store.write() as write:
        write.put(mention(1))
    store._db._sqlite.connection.run("UPDATE mentions SET doc = replace(doc, 'a', 'b')")
    assert store.get(Mention, mention(1).id) is None
    assert [damage.ids for damage in store.damage] == [(mention(1).id,)]
    assert store.damage_not_told("log") == store.damage_not_told("screen") == store.damage
    assert store.damage_not_told("log") == store.damage_not_told("screen") == []
    store.close()


def test_a_damaged_journal_is_named_and_what_stands_before_the_damage_is_kept(kept):
    before, file = kept.list("mentions"), file_of(kept)
    journal = Path(f"{file}-wal")
    with SqliteDB(file) as db:
        for number in range(20):
            db.table("other").insert({"n": number})
        rotten, whole = bytearray(journal.read_bytes()), file.read_bytes()
    rotten[len(rotten) // 2] ^= 1
    file.write_bytes(whole)  # as a power cut leaves them
    journal.write_bytes(rotten)
    done = kept.run("doctor", "--store")
    assert done.code == 3 and "the newest changes cannot be read: SQLite's journal is damaged" in done.out
    assert kept.run("doctor", "--store").code == 0
    assert kept.list("mentions") == before
