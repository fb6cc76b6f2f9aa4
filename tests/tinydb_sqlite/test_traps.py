"""What TinyDB gets wrong as it comes, each as a test that ours does not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import Query, where

from commtui.store.tinydb_sqlite.values import checksum, dumps, loads
from tests.tinydb_sqlite.calls import open_db


def test_persist_empty_does_not_empty_a_table_that_exists(folder, db):
    db.table("a").insert({"n": 1})
    with open_db(folder) as other:
        assert len(other.table("a", persist_empty=True)) == 1
        other.table("new", persist_empty=True)
    assert db.tables() == {"a", "new"}


def test_a_cached_result_sees_what_another_handle_wrote(folder, db):
    table = db.table("a")
    assert table.search(where("s") == "x") == []
    with open_db(folder) as other:
        other.table("a").insert({"s": "x"})
        assert table.search(where("s") == "x") == [{"s": "x"}]
        other.table("a").update({"s": "y"})
    assert table.search(where("s") == "x") == []


def test_what_is_returned_or_given_aliases_nothing(db):
    table = db.table("a")
    given: dict[str, Any] = {"s": "x", "o": {"deep": [1]}}
    table.insert(given)
    given["o"]["deep"].append(2)
    for read in (
        lambda: table.search(where("s") == "x")[0],
        lambda: table.get(doc_id=1),
        lambda: table.get(where("s") == "x"),
        lambda: table.get(doc_ids=[1])[0],
        lambda: table.all()[0],
    ):
        read()["o"]["deep"].append(3)
        assert read() == {"s": "x", "o": {"deep": [1]}}


def test_an_exception_inside_update_leaves_nothing_half_changed(db):
    table = db.table("a")
    table.insert_multiple([{"n": 1}, {"n": 2}, {"n": 3}])
    heard = []
    db.subscribe(heard.append)

    def fail(document):
        document["n"] += 10
        if document["n"] == 12:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        table.update(fail)
    assert [doc["n"] for doc in table] == [1, 2, 3]
    assert heard == []


def test_two_handles_never_give_the_same_id(folder, db):
    with open_db(folder) as other:
        ids = [handle.table("a").insert({}) for handle in (db, other, other, db)]
    assert ids == [1, 2, 3, 4]


def test_a_table_that_another_handle_dropped_is_made_again(folder, db):
    db.table("a").insert({"s": "x"})
    with open_db(folder) as other, open_db(folder) as third:
        assert len(third.table("a")) == 1
        other.drop_table("a")
        assert third.table("a").all() == [] == list(third.find_text("a", "xyz"))
        db.table("a").insert({"s": "y"})
        assert db.tables() == other.tables() == {"a"}
        assert other.table("a").all() == third.table("a").all() == [{"s": "y"}]
    with open_db(folder) as fresh:
        assert fresh.table("a").all() == [{"s": "y"}]
        assert [part for part in fresh.find_text("a", "y") if part] == [[1]]


def test_an_id_is_not_given_again_after_a_removal(folder, db):
    table = db.table("a")
    table.insert_multiple([{}, {}])
    table.remove(doc_ids=[2])
    assert db.checkpoint()
    with open_db(folder) as other:
        assert other.table("a").insert({}) == 3


def test_queries_with_the_same_hash_that_ask_different_things_do_not_share_a_result(db):
    table = db.table("a")
    table.insert({"s": "Ab", "o": {"x": 1}, "p": {"x": 2}, "l": [1]})
    assert table.count(where("s").matches("ab")) == 0
    assert table.count(where("s").matches("ab", 2)) == 1
    assert table.count(where("s").search("B")) == 0
    assert table.count(where("s").search("B", 2)) == 1
    assert table.count(Query().o.fragment({"x": 1})) == 1
    assert table.count(Query().p.fragment({"x": 1})) == 0
    assert table.count(where("l") == [1]) == 1
    assert table.count(where("l") == (1,)) == 0


def test_getting_by_ids_reads_only_those(db, monkeypatch):
    table = db.table("a")
    table.insert_multiple([{"n": n} for n in range(100)])
    read = []
    monkeypatch.setattr(
        "commtui.store.tinydb_sqlite.documents.checksum", lambda *row: read.append(row) or checksum(*row)
    )
    assert [doc["n"] for doc in table.get(doc_ids=[7, 3, 1000])] == [2, 6]
    assert len(read) == 2


ODD = st.one_of(st.none(), st.floats(), st.integers(), st.sampled_from(["null", "nullnull", ""]))


@given(
    odd=st.dictionaries(
        st.sampled_from(["a", "b", "null"]), st.one_of(ODD, st.lists(ODD), st.fixed_dictionaries({"null": ODD}))
    )
)
def test_numbers_that_json_lacks_are_never_taken_for_null(odd):
    assert repr(loads(dumps(odd))) == repr(odd)


def test_what_json_would_change_silently_comes_back_as_it_was(db):
    table = db.table("a")
    odd = {"big": 1 << 70, "surrogate": "\ud800", "nan": float("inf"), "null": None, "deep": [{"x": -float("inf")}]}
    table.insert(odd)
    assert table.get(doc_id=1) == odd
    assert db.checkpoint()
    assert table.get(doc_id=1) == odd
    table.insert({1: "a number as a key", "t": (1, 2)})
    assert table.get(doc_id=2) == {"1": "a number as a key", "t": [1, 2]}
    with pytest.raises(TypeError):
        table.insert({"when": object()})
    assert len(table) == 2
