"""Damage on the disk, met while the program runs or before: told in words that name the file and the way out."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from commtui.config.edit import add_account, set_value
from commtui.config.settings import Account
from commtui.model.records import Mention
from commtui.store.damage import in_words
from commtui.store.journal import Damage
from commtui.store.journal.format import encode
from commtui.store.store import Store
from tests.whole.home import until
from tests.whole.program import Program

BRAND = Account(name="brand", network="demo", user="brand@demo.example", options={"pace": 0})
REPAIR = "commtui doctor --store"


@pytest.fixture
def kept(desk):
    """A home with mentions in a snapshot, and nothing that writes by itself."""
    home = desk()
    add_account(home.home, BRAND)
    assert home.run("sync").code in (0, 3)
    set_value(home.home, "paused", True)
    store = home.store()
    assert store.db.compact()
    store.close()
    assert home.run("tag", home.list("mentions")[0]["id"], "bug").code == 0
    return home


def file_of(home, kind, end=".jl"):
    (found,) = home.home.data.glob(f"{kind}-*{end}")
    return found


def shows(inbox, pattern):
    """Waits for a sentence, wherever its lines are broken."""
    wanted = re.compile(pattern.replace(" ", ""))
    until(lambda: (inbox.read(), wanted.search("".join(inbox.text().split())))[1], f"{pattern}\n{inbox.text()}", 20)


def spoil(home, identity):
    """Changes one letter of a mention in the snapshot, in place, as a bad sector does; the file's name."""
    snapshot = file_of(home, "snap")
    data = snapshot.read_bytes()
    text = json.dumps(home.show(identity)["text"][:12], ensure_ascii=False)[1:-1].encode()
    begin = data.index(b'"id":"%s"' % identity.encode())
    at = data.index(text, begin)
    assert data.index(b"\n", begin) > at
    with open(snapshot, "r+b") as file:
        file.seek(at)
        file.write(b"\x07")
    return snapshot.name


@pytest.mark.slow
def test_a_record_that_turns_out_damaged_is_told_on_the_screen_until_it_is_repaired(kept):
    rows = kept.list("mentions")
    threads = list(dict.fromkeys(row["conversation"] for row in rows))
    many = [row["conversation"] for row in rows]
    place = next(n for n, each in enumerate(many) if many.count(each) == 1 and threads.index(each) > 3)
    with Program(kept) as inbox:
        inbox.shows(r"\d+ open")
        name = spoil(kept, rows[place]["id"])
        inbox.keys(*"j" * threads.index(rows[place]["conversation"]))
        inbox.keys("enter")
        shows(inbox, rf"! data/{name}, byte \d+: the mention {rows[place]['id']} cannot be read; .*{REPAIR}")
        inbox.keys("esc")
        inbox.shows(f"store damaged: {REPAIR}")
        assert kept.run("doctor", "--store").code == 3
        until(lambda: (inbox.keys("j", "k"), inbox.pause(0.3), "damaged" not in inbox.text())[2], "the all-clear", 15)
        assert b"Traceback" not in inbox.data


@pytest.mark.slow
def test_a_change_of_another_process_that_cannot_be_read_is_told_on_the_screen_and_by_commands(kept):
    with Program(kept) as inbox:
        inbox.shows(r"\d+ open")
        log = file_of(kept, "log")
        bad = encode(3, [("p", "notes", 1, b'{"text":"lost"}')]).replace(b"lost", b"l0st")
        with open(log, "ab") as file:  # as a disk that forgot a part of what it had taken
            file.write(bad + encode(4, [("p", "notes", 2, b'{"text":"kept","conversation":"c"}')]))
        shows(inbox, rf"! data/{log.name}, byte \d+: a change cannot be read; .*{REPAIR}")
        done = kept.run("status")
        assert done.code in (0, 3) and f"{log}, byte " in done.err and REPAIR in done.err
        assert done.err.count("\n") == 1


def test_a_command_that_meets_a_damaged_record_names_it_with_its_file(kept):
    one = kept.list("mentions")[3]["id"]
    name = spoil(kept, one)
    done = kept.run("show", one)
    assert (done.code, done.out) == (1, "")
    first, second = done.err.splitlines()
    assert first == f"commtui: no mention {one} here"
    assert (
        f"data/{name}, byte " in second
        and f"the mention {one} cannot be read; the rest works: run `{REPAIR}`" in second
    )
    assert one not in {row["id"] for row in kept.list("mentions")}
    done = kept.run("doctor", "--store")
    assert done.code == 3
    assert f"BAD   store data: the mention {one} (it seems) cannot be read ({name}, byte " in done.out
    assert "kept 1 unreadable part in" in done.out and "damaged.txt" in done.out
    assert kept.run("doctor", "--store").code == 0
    assert one.encode() in (kept.home.data / "damaged.txt").read_bytes()


def said(home):
    """What `doctor --store` prints, and that the second time nothing is left."""
    done = home.run("doctor", "--store")
    again = home.run("doctor", "--store")
    assert again.code == 0 and "BAD" not in again.out and "repaired" not in again.out
    return done


def test_a_cut_journal_and_a_lost_index_cost_nothing_and_are_told(kept):
    before = kept.list("mentions")
    with open(file_of(kept, "log"), "ab") as file:
        file.write(encode(9, [("p", "notes", 1, b"{}")])[:-9])
    done = said(kept)
    assert done.code == 0 and "the beginning of a change that was never finished" in done.out
    file_of(kept, "snap", ".idx").unlink()
    assert kept.list("mentions") == before
    done = said(kept)
    assert done.code == 0 and "the index is missing or unreadable; it can be made again" in done.out
    assert kept.list("mentions") == before


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_lost_snapshot_is_refused_in_a_line_and_can_still_be_put_back_after_the_repair(kept, how):
    before = kept.list("mentions")
    snapshot, log = file_of(kept, "snap"), file_of(kept, "log")
    spare = kept.folder / "spare.jl"
    shutil.copy2(snapshot, spare)
    snapshot.unlink() if how == "gone" else snapshot.write_bytes(b"")
    for words in (("status",), ("list", "mentions"), ("done", before[0]["id"])):
        done = kept.run(*words)
        assert done.code == 1 and f"run `{REPAIR}`" in done.err and done.err.count("\n") == 1, done
    with Program(kept) as inbox:
        assert inbox.ends() == 1
        assert REPAIR.encode() in inbox.data
    done = said(kept)
    assert done.code == 3
    assert "restore FILE" in done.out and f"{log.name}.kept" in done.out
    aside = log.with_name(f"{log.name}.kept")
    for path in [*kept.home.data.glob("*.jl"), *kept.home.data.glob("*.idx")]:
        path.unlink()
    shutil.copy2(spare, snapshot)
    aside.rename(log)
    assert kept.list("mentions") == before


def test_a_snapshot_cut_short_is_told_without_changes_that_are_not_missing(kept):
    snapshot = file_of(kept, "snap")
    data = snapshot.read_bytes()
    snapshot.write_bytes(data[: len(data) // 2])
    done = said(kept)
    assert done.code == 3
    assert "the end of the snapshot is missing, with the records in it" in done.out
    assert "missing before change" not in done.out


def test_a_home_in_which_nothing_was_kept_is_no_damage(desk):
    done = desk().run("doctor", "--store")
    assert (done.code, done.out) == (0, "ok    store: nothing was kept here yet\n")


def test_what_is_damaged_has_our_names():
    assert in_words("document 5 of log") == "the step of the log cannot be read"
    assert in_words("a document (outgoing 5, it seems) cannot be read") == (
        "the reply or post r0000000005 or p0000000005 (it seems) cannot be read"
    )
    assert in_words("a document cannot be read") == "a record cannot be read"
    assert in_words("the version line was changed") == "the version line was changed"


def test_who_asks_is_told_each_damage_once(tmp_path):
    store = Store(tmp_path)
    store.db.journal.damage.found.append(Damage("log-00000000.jl", 40, 9, "a transaction that is not whole"))
    assert store.damaged
    assert len(store.damage_not_told("log")) == len(store.damage_not_told("screen")) == 1
    assert store.damage_not_told("log") == store.damage_not_told("screen") == []
    assert store.get(Mention, "m0000000000") is None
    store.close()
