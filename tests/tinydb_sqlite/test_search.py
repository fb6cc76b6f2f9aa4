"""Finding a word: by the index and by reading, words of two letters and pairs of Chinese characters too."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tinydb.table import Document

from commtui.store.tinydb_sqlite import SqliteDB
from commtui.store.tinydb_sqlite import search as search_module
from commtui.store.tinydb_sqlite.search import Among, Between, Chosen

LETTERS = "sSßſtiIİkKfﬁ̇nŉjJǰaé́ÉẞяЯюжΣσς漢字한😀👩🏽‍💻️ ̱h٣x-\\\"\n\u2028\u00a0\x00\ud800*'()@#"
texts = st.text(st.sampled_from(LETTERS), max_size=8)
words = texts.map(str.casefold)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 6), texts),
        st.tuples(st.just("archive"), st.integers(1, 6), st.just("")),
        st.tuples(st.just("remove"), st.integers(1, 6), st.just("")),
        st.tuples(st.just("truncate"), st.just(0), st.just("")),
    ),
    max_size=8,
)


def apply(db, steps):
    table = db.table("t")
    for what, doc_id, text in steps:
        if what == "remove":
            table.remove(doc_ids=[doc_id])
        elif what == "archive":
            db.archive("t", [doc_id])
        elif what == "truncate":
            table.truncate()
        else:
            db.archive("t", [doc_id], back=True)
            table.upsert(Document({"text": text, "tags": [text, "é"], "other": "漢字 nowhere"}, doc_id=doc_id))


def found(db, word, archived=False):
    parts = list(db.find_text("t", word, Chosen(archived)))
    ids = [doc_id for part in parts for doc_id in part]
    assert len(ids) == len(set(ids))
    return set(ids)


@settings(max_examples=100, deadline=None)
@given(changes, st.lists(words, min_size=1, max_size=6), st.sampled_from((1, 2, 500)), st.booleans())
@example([("put", 1, "Straße"), ("put", 2, "STRASSE")], ["strasse", "asse", "stras", "s", "ss"], 1, False)
@example([("put", 1, "ab"), ("put", 2, "漢字漢")], ["漢", "字漢", "漢字漢", "é", "b", "ab", "abc", ""], 500, False)
@example([("put", 1, "@\\@"), ("put", 2, 'say "no"\n\ud800 ÄRGER')], ["@\\@", "\\", '"no"\n', "ärger"], 1, True)
@example([("put", 1, "don't @me #now (a*b)")], ["n't", "@m", "#", "(a*", "*b)", "'"], 500, False)
def test_every_document_with_the_word_is_found(steps, asked, size, plain):
    searched = {} if plain else {"t": ["text", "tags"]}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_module, "SLICE", size)
        patched.setattr(search_module, "SCANNED", size)
        with SqliteDB(Path(folder) / "x.db", searched=searched) as db:
            apply(db, steps)
            for word in asked:
                for archived, table in ((False, db.table("t")), (True, db.archived("t"))):
                    said = {document.doc_id for document in table if word in document["text"].casefold()}
                    ids = found(db, word, archived)
                    assert ids >= said if word.strip() else True, word
                    assert ids <= {document.doc_id for document in table}
                assert found(db, word, None) == found(db, word) | found(db, word, True)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.booleans()), max_size=12),
    st.sampled_from((None, [], ["a"], ["a", "c"])),
    st.sampled_from((None, ("x", "y"), ("y", "y"), ("z", "x"))),
    st.sampled_from((None, False, True)),
    st.sampled_from((1, 2, 500)),
    st.sampled_from(("word", "w")),
    st.booleans(),
)
def test_of_chosen_documents_no_others_are_found(rows, values, bounds, archived, size, word, plain):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_module, "SLICE", size)
        patched.setattr(search_module, "SCANNED", size)
        searched = {} if plain else {"t": ["text"]}
        with SqliteDB(Path(folder) / "x.db", indexes={"t": ["of", "at"]}, searched=searched) as db:
            for of, at, is_old in rows:
                number = db.table("t").insert({"of": of, "at": at, "text": "a word"})
                if is_old:
                    db.archive("t", [number])
            among = None if values is None else Among("of", values)
            between = None if bounds is None else Between("at", *bounds)
            parts = list(db.find_text("t", word, Chosen(archived, among, between)))
            wanted = [
                number
                for number, (of, at, is_old) in enumerate(rows, 1)
                if archived in (None, is_old)
                and (values is None or of in values)
                and (bounds is None or bounds[0] <= at <= bounds[1])
            ]
            assert [doc_id for part in parts for doc_id in part] == wanted[::-1]


def test_a_word_that_is_nowhere_finds_nothing(tmp_path):
    with SqliteDB(tmp_path / "x.db", searched={"t": ["text"]}) as db:
        db.table("t").insert_multiple({"text": f"number {n:05d} 漢字"} for n in range(1000))
        assert found(db, "00421") == {422}
        assert found(db, "字漢") == found(db, "zz") == found(db, "nobody") == set()
        assert len(found(db, "漢字")) == len(found(db, "be")) == 1000


def test_the_newest_come_first_in_slices(tmp_path):
    with SqliteDB(tmp_path / "x.db", searched={"t": ["text"]}) as db:
        db.table("t").insert_multiple({"text": f"a word {n}"} for n in range(1, 1201))
        for word in ("word", "wo", "w"):
            parts = list(db.find_text("t", word))
            assert len(parts) > 1 and [doc_id for part in parts for doc_id in part] == list(range(1200, 0, -1))


def test_words_that_are_declared_later_are_indexed_when_it_is_opened(tmp_path):
    with SqliteDB(tmp_path / "x.db") as db:
        db.table("t").insert_multiple([{"text": "hello there", "name": "ada"}, {"text": "good-bye"}])
        old = SqliteDB(tmp_path / "x.db")
        assert found(db, "hello") == {1}
    with SqliteDB(tmp_path / "x.db", searched={"t": ["text"]}) as db:
        assert found(db, "hello") == {1} and found(db, "ada") == set()
        old.table("t").insert({"text": "hello again"})  # a handle that was open before keeps them up
        assert found(db, "hello") == {1, 3}
    old.close()
    with SqliteDB(tmp_path / "x.db", searched={"t": ["text", "name"]}) as db:
        assert found(db, "hello") == {1, 3} and found(db, "ada") == {1}
        db.table("t").remove(doc_ids=[1])
        assert found(db, "ada") == set()
    with SqliteDB(tmp_path / "x.db") as db:  # one that declares none keeps them up
        db.table("t").insert({"text": "hello", "name": "grace"})
    with SqliteDB(tmp_path / "x.db", searched={"t": ["text", "name"]}) as db:
        assert found(db, "grace") == {4}
