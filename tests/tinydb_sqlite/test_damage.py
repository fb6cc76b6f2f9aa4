"""Rot: a bit flipped anywhere is named or without effect, the other documents go on, a repair brings them over."""

import random
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from tinydb import where
from tinydb.table import Document

from commtui.store.tinydb_sqlite import Damage, StoreDamaged, StoreError, StoreMissing
from commtui.store.tinydb_sqlite.check import check
from commtui.store.tinydb_sqlite.journal_pages import damaged_journal_pages
from commtui.store.tinydb_sqlite.search import EVERY
from tests.tinydb_sqlite.calls import open_db

NUMBER = 120


def document(table, n):
    return {"s": "xyz"[n % 3], "n": n, "o": {"x": n}, "text": f"{table} {n} " + "lorem ipsum " * 20}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    with open_db(folder) as db:
        for table in "abc":
            db.table(table).insert_multiple([document(table, n) for n in range(NUMBER)])
        db.archive("a", list(range(100, NUMBER)))
        db.table("c").remove(doc_ids=[NUMBER])
        db.set_user_version(7)
    return folder / "store.db"


def contents(db):
    """Everything that the calls give, by id: what is read may be missing, but never wrong."""
    found = {}
    for table in "abc":
        every = [*db.table(table), *db.archived(table)]
        for s in "xyz":
            every += db.table(table).search(where("s") == s)
        found[table] = {row.doc_id: dict(row) for row in every}
        for row in every:
            assert found[table][row.doc_id] == row == document(table, row.doc_id - 1)
    return found


def everything():
    whole = {table: {n + 1: document(table, n) for n in range(NUMBER)} for table in "abc"}
    del whole["c"][NUMBER]
    return whole


def missing(found):
    return {(table, doc_id) for table, rows in everything().items() for doc_id in rows if doc_id not in found[table]}


def flip(path, byte, bit):
    data = bytearray(path.read_bytes())
    data[byte] ^= 1 << bit
    path.write_bytes(bytes(data))


@pytest.mark.slow
def test_a_flipped_bit_anywhere_gives_no_wrong_document_is_named_and_repaired(sample, tmp_path):
    size = sample.stat().st_size
    rng = random.Random(3)
    named, lost_by_repair = 0, 0
    for number in range(400):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "store.db"
        shutil.copy(sample, path)
        byte = number if number < 100 else rng.randrange(size)
        flip(path, byte, rng.randrange(8))
        try:
            with open_db(folder) as db:
                gone = missing(contents(db))
                told = {(damage.table, damage.doc_id) for damage in db.damage}
        except StoreError:
            gone, told = None, None
        report = None
        try:
            report = check(path, repair=True)
        except StoreError:
            assert byte < 4096, (number, byte)  # the first page tells what the others are
        if gone is None or gone or told:
            named += 1
            assert report is None or not report.is_sound, (number, byte, gone, told)
        if report is None or report.is_sound:
            continue
        with open_db(folder) as db:
            lost = missing(contents(db))
            assert lost <= {(loss.table, loss.doc_id) for loss in report.salvage.lost}, (number, byte)
            lost_by_repair += len(lost)
            assert not db.damage
            db.table("a").insert({"after": True})
            assert byte < 4096 or db.user_version == 7
            assert list(db.ordered("a", "s", "x", "n")) == db.having("a", "s", "x")
        assert check(path).is_sound
        assert Path(report.salvage.kept).exists()
        shutil.rmtree(folder)
    assert named > 100 and lost_by_repair < 400  # a flipped bit costs the document that it stands in


def test_a_document_that_rotted_is_named_and_the_others_go_on(tmp_path, sample):
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    at = path.read_bytes().index(b'"text":"b 17 lorem')
    flip(path, at + 20, 0)
    with open_db(tmp_path) as db:
        assert len(db.table("b").all()) == NUMBER - 1
        assert db.table("b").get(doc_id=18) is None and db.raw("b", 18) is None
        assert db.damage == (Damage("b", 18),)
        assert db.table("b").update({"more": 1}) == [number for number in range(1, NUMBER + 1) if number != 18]
        db.table("b").upsert(Document({"s": "again"}, doc_id=18))  # what rotted can be written anew
        assert db.table("b").get(doc_id=18) == {"s": "again"}
    assert check(path).is_sound


def test_a_handle_goes_on_with_the_repaired_file_and_the_damaged_one_is_kept(tmp_path, sample):
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    with open_db(tmp_path) as db:
        heard = []
        db.subscribe(heard.append)
        db.table("b").insert({"s": "new"})
        db.checkpoint()
        assert list(db.ordered("b", "s", "x", "n"))
        place = path.read_bytes().index(b'"text":"b 17 lorem') + 20
    flip(path, place, 0)
    with open_db(tmp_path) as db, open_db(tmp_path) as other:
        db.subscribe(heard.append)
        report = check(path, repair=True)
        assert report.damaged == report.salvage.lost == (Damage("b", 18),)
        assert report.documents == report.salvage.documents == 3 * NUMBER - 1
        assert db.refresh() and heard[-1]["b"] is None
        assert len(db.table("b")) == NUMBER
        assert other.table("b").insert({"s": "newer"}) == NUMBER + 2
        assert db.refresh() and heard[-1] == {"b": {NUMBER + 2}}
        assert db.table("b").get(doc_id=NUMBER + 2) == {"s": "newer"}
        assert next(db.find_text("a", "xx"), []) == []
        assert sorted(doc_id for part in db.find_text("a", "x", EVERY) for doc_id in part) == list(
            range(1, NUMBER + 1, 3)
        )
    assert {path.name for path in tmp_path.iterdir()} >= {"store.db", "store.db-turn", "store.db.damaged-1"}
    assert not (tmp_path / "store.db-wal").exists()


def test_a_repair_that_was_killed_is_ended_by_who_opens_it_next(tmp_path, sample):
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    with open_db(tmp_path / "other") as fresh:
        fresh.table("a").insert({"fresh": 1})
    (tmp_path / "other" / "store.db").rename(tmp_path / "store.db.replacement")
    with open_db(tmp_path) as db:
        assert db.table("a").all() == [{"fresh": 1}]
    assert not (tmp_path / "store.db.replacement").exists()


def test_a_rotten_journal_is_named(tmp_path):
    with open_db(tmp_path / "s") as db:
        for n in range(20):
            db.table("a").insert(document("a", n))
        for name in ("store.db", "store.db-wal"):
            shutil.copy(tmp_path / "s" / name, tmp_path / name)
    journal = tmp_path / "store.db-wal"
    assert not damaged_journal_pages(journal.read_bytes())
    assert not damaged_journal_pages(journal.read_bytes()[:-5000])  # what a power cut may leave is no damage
    flip(journal, journal.stat().st_size // 2, 1)
    rotten = journal.read_bytes()
    assert damaged_journal_pages(rotten) > 3
    report = check(tmp_path / "store.db", repair=True)
    assert report.journal > 3 and not report.is_sound and report.salvage.documents < 20
    assert (tmp_path / "store.db.damaged-1-wal").read_bytes() == rotten
    assert check(tmp_path / "store.db").is_sound


def test_a_journal_that_rots_while_a_handle_is_open_loses_no_document_that_it_can_read(tmp_path):
    with open_db(tmp_path) as db:
        for n in range(20):
            db.table("a").insert(document("a", n))
        journal = tmp_path / "store.db-wal"
        with open(journal, "r+b") as file:
            file.seek(journal.stat().st_size // 2)
            byte = file.read(1)[0]
            file.seek(-1, 1)
            file.write(bytes([byte ^ 1]))
        before = len(db.table("a").all())
        report = check(tmp_path / "store.db", repair=True)
        assert report.journal and report.salvage.documents == before == 20
        assert db.refresh() and len(db.table("a").all()) == 20


def test_a_rotten_index_of_words_is_named_and_made_anew(tmp_path):
    path = tmp_path / "store.db"
    with open_db(tmp_path) as db:
        db.table("a").insert_multiple([document("a", n) for n in range(NUMBER)])
    connection = sqlite3.connect(path)
    connection.execute("""UPDATE "a:words_data" SET block = zeroblob(length(block)) WHERE id > 10""")
    connection.commit()
    connection.close()
    assert not check(path).is_sound
    assert check(path, repair=True).salvage.documents == NUMBER
    with open_db(tmp_path) as db:
        assert [doc_id for ids in db.find_text("a", "x") for doc_id in ids] == list(range(NUMBER - 2, 0, -3))
    assert check(path).is_sound


def test_documents_are_recovered_where_the_list_of_tables_cannot_be_read(tmp_path, sample):
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    connection = sqlite3.connect(path)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = '%tables'").fetchone()
    connection.close()
    with open(path, "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    report = check(path, repair=True, tables=["a", "b", "c", "never made"])
    assert report.structure and report.salvage.documents == 3 * NUMBER - 1 and not report.salvage.lost
    with open_db(tmp_path) as db:
        assert not missing(contents(db))
    assert check(path).is_sound


def test_a_store_that_others_write_meanwhile_is_sound(tmp_path, sample):
    path = tmp_path / "store.db"
    shutil.copy(sample, path)
    stop = threading.Event()

    def write():
        with open_db(tmp_path) as db:
            while not stop.is_set():
                with db.transaction(durable=False):
                    db.table("a").insert({"s": "x", "n": 1})
                    db.table("a").update({"s": "y"}, doc_ids=[1, 2])
                    db.table("a").update({"s": "z"}, doc_ids=[1, 2])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [check(path, repair=True) for _ in range(5)]
    finally:
        stop.set()
        writer.join()
    assert all(report.is_sound and report.salvage is None for report in reports), reports


def test_what_is_no_store_is_refused(tmp_path):
    path = tmp_path / "store.db"
    with pytest.raises(StoreMissing):
        check(path)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreDamaged):
        open_db(tmp_path)
    assert not check(path).is_sound
    with pytest.raises(StoreDamaged):
        check(path, repair=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store.db", "store.db-next", "store.db-turn"]
    assert path.read_bytes() == b"no database" * 1000


def test_a_description_with_bytes_that_are_no_text_is_damage(sample, tmp_path):
    path = tmp_path / "store.db"
    data = sample.read_bytes().replace(b"CREATE INDEX", b"CR\xc5ATE INDEX"[:12], 1)
    path.write_bytes(data)
    with pytest.raises(StoreDamaged, match="no text"):
        open_db(tmp_path)
