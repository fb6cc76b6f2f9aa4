"""Kept orders: read in parts while others write, and moved after a change, they are what reading them anew gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb.table import Document

from commtui.store.tinydb_sqlite import SqliteDB, orders, sorted_ids
from commtui.store.tinydb_sqlite.connection import Connection

VALUE = st.one_of(st.none(), st.integers(-2, 2), st.floats(-1, 1), st.sampled_from(["", "a", "b", "ü"]), st.just([1]))
WRITE = st.tuples(st.integers(1, 14), st.sampled_from(["x", "x", "y", None]), VALUE)
"""(id, the field or None to remove the document, what sorts it)"""
ORDERED = {"t": [("f", "by")]}


def write(db: SqliteDB, change) -> None:
    doc_id, field, by = change
    table = db.table("t")
    if field is None:
        table.remove(doc_ids=[doc_id])
    elif table.get(doc_id=doc_id) is None:
        table.insert(Document({"f": field, "by": by}, doc_id=doc_id))
    else:
        table.update({"f": field, "by": by}, doc_ids=[doc_id])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(WRITE, max_size=20),
    st.lists(st.tuples(st.lists(WRITE, max_size=4), st.integers(1, 5)), max_size=8),
    st.integers(0, 5),
    st.integers(1, 3),
)
def test_an_order_that_is_read_in_parts_ends_as_it_is(first, rounds, few, block):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(orders, "FEW", few)
        patched.setattr(sorted_ids, "BLOCK", block)
        db, other = (SqliteDB(Path(folder) / "t.db", ordered=ORDERED) for _ in range(2))
        for change in first:
            write(other, change)
        for changes, at_once in rounds:
            db.kept_ids("t", "f", "x", "by", at_once=at_once)
            for change in changes:
                write(other, change)
        for _ in range(50):
            ids = db.kept_ids("t", "f", "x", "by", at_once=2)
        with SqliteDB(Path(folder) / "t.db", ordered=ORDERED) as fresh:
            assert ids.is_whole and list(ids) == list(fresh.ordered("t", "f", "x", "by"))
        assert list(db.kept_ids("t", "f", "x", "by")) == list(ids)
        db.close()
        other.close()


@settings(deadline=None, max_examples=60)
@given(st.lists(WRITE, max_size=20), st.lists(WRITE.filter(lambda change: change[1]), max_size=6), st.integers(1, 3))
def test_others_stand_among_the_ids_of_an_order_as_if_they_belonged_to_it(first, later, block):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(sorted_ids, "BLOCK", block)
        with SqliteDB(Path(folder) / "t.db", ordered=ORDERED) as db:
            for changes in (first, later):
                for change in changes:
                    write(db, change)
                others = [document.doc_id for document in db.table("t") if document["f"] == "y"]
                joined = db.kept_ids("t", "f", "x", "by", also=others)
                assert not others or db.kept_ids("t", "f", "x", "by", also=others) is joined
                with db.transaction():
                    db.table("t").update({"f": "x"}, doc_ids=others)
                assert list(joined) == list(db.ordered("t", "f", "x", "by"))
                with db.transaction():
                    db.table("t").update({"f": "y"}, doc_ids=others)


@pytest.fixture
def db(tmp_path):
    with SqliteDB(tmp_path / "t.db", ordered=ORDERED) as db:
        db.table("t").insert_multiple(
            Document({"f": "x", "by": f"{number:06}"}, doc_id=number * 7919 % 10007) for number in range(1, 3001)
        )
        yield db


def statements(monkeypatch) -> list[str]:
    """The statements that are run from now on."""
    found: list[str] = []
    real = Connection.all

    def counted(self, sql, values=()):
        found.append(sql)
        return real(self, sql, values)

    monkeypatch.setattr(Connection, "all", counted)
    return found


def test_no_call_reads_more_than_it_may(db):
    sizes, length = [], 0
    for _ in range(3000 // 250):
        ids = db.kept_ids("t", "f", "x", "by", at_once=250)
        sizes.append(len(ids) - length)
        length = len(ids)
    assert sizes == [250] * 12 and not ids.is_whole
    ids = db.kept_ids("t", "f", "x", "by", at_once=250)
    assert ids.is_whole and len(ids) == 3000
    assert db.kept_ids("t", "f", "x", "by", at_once=1) is ids


def test_what_was_there_is_given_until_all_is_read_anew(db):
    ids = db.kept_ids("t", "f", "x", "by")
    changed = ids[:1000]
    db.table("t").update({"f": "y"}, doc_ids=changed)
    assert db.kept_ids("t", "f", "x", "by", at_once=1500) is ids
    now = db.kept_ids("t", "f", "x", "by", at_once=1500)
    assert list(now) == ids[1000:]


def test_more_than_can_be_moved_at_once_are_read_anew_in_slices(db, monkeypatch):
    monkeypatch.setattr(orders, "MOVED", 200)
    ids = db.kept_ids("t", "f", "x", "by")
    db.table("t").update({"f": "y"}, doc_ids=ids[:200])
    moved = db.kept_ids("t", "f", "x", "by", at_once=1000)
    assert list(moved) == ids[200:]
    db.table("t").update({"f": "y"}, doc_ids=ids[200:401])
    assert db.kept_ids("t", "f", "x", "by", at_once=1000) is moved
    db.table("t").update({"f": "y"}, doc_ids=ids[-250:])  # while they are read: they do not begin again
    assert db.kept_ids("t", "f", "x", "by", at_once=1000) is moved
    assert list(db.kept_ids("t", "f", "x", "by", at_once=1000)) == ids[401:-250]


def test_a_few_hundred_of_many_thousand_are_moved_by_a_few_statements(db, monkeypatch):
    ids = db.kept_ids("t", "f", "x", "by")
    changed = ids[:200]
    db.table("t").update({"f": "y"}, doc_ids=changed)
    found = statements(monkeypatch)
    now = db.kept_ids("t", "f", "x", "by")
    assert list(now) == ids[200:]
    assert len([sql for sql in found if '"t"' in sql]) <= 5
    assert all("ORDER BY" not in sql for sql in found), "it is not sorted anew"


def test_one_row_says_what_changed_in_a_table_and_one_what_sorts_it(db, monkeypatch):
    ids = db.kept_ids("t", "f", "x", "by")
    changed = ids[:200]
    with SqliteDB(db.path, ordered=ORDERED) as other:
        other.table("t").update({"f": "y"}, doc_ids=changed)
    rows: list[int] = []
    real = Connection.all

    def counted(self, sql, values=()):
        found = real(self, sql, values)
        rows.append(len(found))
        return found

    monkeypatch.setattr(Connection, "all", counted)
    assert db.kept_ids("t", "f", "x", "by")[0] == ids[200]
    assert max(rows) == 1, "a thread that computes would take its turn between two rows"
