"""Every byte cut, every bit of a sample flipped: what is left is always a state that was, whole transactions only."""

import os
import re
import shutil

import pytest

from commtui.store.journal import JournalDB, StoreDamaged
from commtui.store.journal.check import verify
from commtui.store.journal.files import DAMAGED, index_name, log_name, snapshot_name
from commtui.store.journal.format import LOG_HEADER_SIZE
from tests.journal.calls import open_db


def state(db):
    return {
        name: {doc.doc_id: dict(doc) for doc in db.table(name)} for name in sorted(db.tables()) if len(db.table(name))
    }


def written(folder):
    """A store with a few transactions: the bytes of its journal, and (end, state) after each."""
    db = open_db(folder)
    a, b = db.table("a"), db.table("b")
    states = [(LOG_HEADER_SIZE, {})]

    def note():
        states.append((db.journal.log.offset, state(db)))

    a.insert({"s": "open", "n": 1, "text": 'hi\n\t"q" é 🎉'})
    note()
    a.insert_multiple([{"s": "x", "n": n} for n in range(3)])
    note()
    with db.transaction():
        b.insert({"s": None})
        a.update({"s": "done"}, doc_ids=[1, 2])
        a.remove(doc_ids=[3])
    note()
    a.update({"n": 7}, doc_ids=[4])
    note()
    b.truncate()
    note()
    with db.transaction():
        b.insert({"s": "y"})
        db.drop_table("b")
        b = db.table("b")
        b.insert({"s": "z"})
    note()
    db.close()
    return (folder / log_name(0)).read_bytes(), states


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    return written(tmp_path_factory.mktemp("journal") / "s")


def put(folder, **files):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / (name + ".jl")).write_bytes(data)


@pytest.mark.slow
def test_a_journal_cut_at_any_byte_gives_the_last_whole_transaction(journal, tmp_path):
    log, states = journal
    folder = tmp_path / "s"
    for end in range(len(log) + 1):
        tails = (b"",) if end % 2 else (b"\0" * 40, b"\xff" + os.urandom(30))
        for tail in tails:
            put(folder, **{"log-00000000": log[:end] + tail})
            expected = [known for size, known in states if size <= end or size == LOG_HEADER_SIZE][-1]
            (folder / "lock").touch()
            with open_db(folder, read_only=True) as reader:
                assert state(reader) == expected, end
            with open_db(folder) as db:
                assert state(db) == expected, end
                db.table("new").insert({"after": 1})
                after = state(db)
            with open_db(folder) as db:
                assert state(db) == after == {**expected, "new": {1: {"after": 1}}}, end


def without(states, lost):
    """What is left if the transactions `lost` (numbers from 0) never were: replayed on the differences of the
    states."""
    present = {}
    for number in range(len(states) - 1):
        if number in lost:
            continue
        before, after = states[number][1], states[number + 1][1]
        for table in {*before, *after}:
            old, new = before.get(table, {}), after.get(table, {})
            rows = present.setdefault(table, {})
            for ident in old.keys() - new.keys():
                rows.pop(ident, None)
            for ident, document in new.items():
                if old.get(ident) != document:
                    rows[ident] = document
    return {table: rows for table, rows in sorted(present.items()) if rows}


@pytest.mark.slow
def test_a_flipped_bit_takes_its_whole_transaction_and_nothing_else_and_is_named(tmp_path):
    """Each document is put once, so that what is left without a transaction is plain."""
    folder, sample = tmp_path / "s", tmp_path / "sample"
    db = open_db(sample)
    ends = [LOG_HEADER_SIZE]
    for number in range(4):
        with db.transaction():
            for n in range(number % 2 + 1):
                db.table("a").insert({"s": "x", "n": [number, n]})
        ends.append(db.journal.log.offset)
    db.close()
    log = (sample / log_name(0)).read_bytes()
    documents = [[0, 0], [1, 0], [1, 1], [2, 0], [3, 0], [3, 1]]
    for byte in range(LOG_HEADER_SIZE, len(log)):
        hit = [number for number in range(4) if ends[number] <= byte < ends[number + 1]]
        if byte == ends[hit[0] + 1] - 1 and hit[0] < 3:
            hit.append(hit[0] + 1)  # its end of line is gone: it runs into the next one
        expected = [document for document in documents if document[0] not in hit]
        for bit in range(8):
            data = bytearray(log)
            data[byte] ^= 1 << bit
            put(folder, **{"log-00000000": bytes(data)})
            (folder / "lock").touch()
            with open_db(folder, read_only=True) as reader:
                assert [doc["n"] for doc in reader.table("a")] == expected, (byte, bit)
                assert bool(reader.damage) == (hit[-1] < 3)
            report = verify(folder)
            assert not report.sound, (byte, bit)
            assert report.transactions == 4 - len(hit)
            with open_db(folder) as db:
                db.table("b").insert({})
                assert [doc["n"] for doc in db.table("a")] == expected
                assert db.damage, (byte, bit)
                if not (byte % 16 or bit):
                    assert db.compact()
                    side = (folder / DAMAGED).read_bytes()
                    for number in hit:
                        assert bytes(data[ends[number] : ends[number + 1]]).rstrip(b"\n") in side
                    assert verify(folder).findings == ()


def snapshot(tmp_path):
    folder = tmp_path / "snapshot"
    with open_db(folder) as db:
        db.table("a").insert_multiple([{"s": s, "n": n} for n, s in enumerate("xyx")])
        db.table("b").insert({"s": "kept"})
        db.compact()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_a_flipped_bit_in_a_snapshot_takes_one_document_and_is_named(tmp_path):
    files = snapshot(tmp_path)
    name = snapshot_name(1)
    folder = tmp_path / "s"
    data = files[name]
    noticed = 0
    for byte in range(len(data)):
        changed = bytearray(data)
        changed[byte] ^= 1 << byte % 8
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for other, content in files.items():
            (folder / other).write_bytes(bytes(changed) if other == name else content)
        if byte % 2:
            (folder / index_name(1)).unlink()
        with open_db(folder) as db:
            left = [(doc["n"], doc["s"]) for doc in db.table("a")] + [doc["s"] for doc in db.table("b")]
            whole = [(0, "x"), (1, "y"), (2, "x"), "kept"]
            assert [item for item in whole if item in left] == left, (byte, left)
            assert len(left) >= 2
            if len(left) < 4:
                noticed += 1
                assert db.damage, byte
                assert db.compact()
                kept = (folder / DAMAGED).read_bytes()
                assert bytes(changed[db.damage[0].offset : sum(db.damage[0][1:3])]).rstrip(b"\n") in kept
        if len(left) == 4:
            assert verify(folder).findings, byte
    assert noticed > 100


@pytest.mark.slow
def test_a_flipped_bit_in_an_index_changes_no_answer(tmp_path):
    files = snapshot(tmp_path)
    name = index_name(1)
    folder = tmp_path / "s"
    for byte in range(0, len(files[name]), 3):
        changed = bytearray(files[name])
        changed[byte] ^= 1 << byte % 8
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for other, content in files.items():
            (folder / other).write_bytes(bytes(changed) if other == name else content)
        with open_db(folder) as db:
            assert [doc["n"] for doc in db.table("a")] == [0, 1, 2]
            assert list(db.ordered("a", "s", "x", "n")) == [1, 3], byte
            assert db.counts("a", "s") == {"x": 2, "y": 1}, byte
            assert db.table("a").get(doc_id=2) == {"s": "y", "n": 1}
            assert db.raw("b", 1) == b'{"s":"kept"}'
            assert list(db.ids_between("a", 2, 9)) == [2, 3]
            assert not db.damage


def test_a_repair_saves_what_is_readable_and_says_what_it_did(journal, tmp_path):
    log, states = journal
    folder = tmp_path / "s"
    data = bytearray(log)
    middle = states[2][0] + 20
    data[middle] ^= 4
    put(folder, **{"log-00000000": bytes(data) + b"torn"})
    (folder / "snap-00000009.tmp").write_bytes(b"left behind")
    report = verify(folder)
    assert not report.sound
    kinds = [(finding.file, finding.harmless) for finding in report.findings]
    assert ("log-00000000.jl", False) in kinds and ("snap-00000009.tmp", True) in kinds
    assert any("1 change is missing before change 4" in finding.what for finding in report.findings)
    assert (folder / log_name(0)).read_bytes().endswith(b"torn")  # looking changes nothing
    done = verify(folder, repair=True)
    assert done.actions and done.side_file == folder / DAMAGED
    lost = bytes(data[states[2][0] : states[3][0]])
    assert lost in done.side_file.read_bytes()
    assert verify(folder).findings == ()
    with JournalDB(folder) as db:
        assert state(db) == without(states, {2})


def test_a_repair_opens_a_store_whose_snapshot_is_empty_or_whose_journal_is_gone(tmp_path):
    folder = tmp_path / "s"
    with open_db(folder) as db:
        db.table("a").insert({"n": 1})
        db.compact()
        db.table("a").insert({"n": 2})
    (folder / log_name(1)).unlink()
    report = verify(folder, repair=True)
    assert "is missing" in report.findings[0].what
    with open_db(folder) as db:
        assert [doc["n"] for doc in db.table("a")] == [1]
        db.table("a").insert({"n": 3})
    assert verify(folder).findings == ()


def test_a_store_without_its_snapshot_is_refused_not_taken_for_an_empty_one(tmp_path):
    folder = tmp_path / "s"
    with open_db(folder) as db:
        db.table("a").insert({"n": 1})
        db.compact()
        db.table("a").insert({"n": 2})
    for broken in (None, b""):
        for name in (snapshot_name(1), index_name(1)):
            (folder / name).unlink(missing_ok=True)
        if broken is not None:
            (folder / snapshot_name(1)).write_bytes(broken)
        with pytest.raises(StoreDamaged, match=re.escape(StoreDamaged.repair)):
            open_db(folder)
    assert not verify(folder).sound
    done = verify(folder, repair=True)
    assert any("aside" in action for action in done.actions)
    with open_db(folder) as db:
        assert [doc["n"] for doc in db.table("a")] == [2]
