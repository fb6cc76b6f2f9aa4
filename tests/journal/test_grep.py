"""Looking for a word in a table finds the documents whose JSON, casefolded, has it: of snapshot and journal alike."""

import json
import tempfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commtui.store.journal import JournalDB
from commtui.store.journal import needle as needles

LETTERS = 'sSßſtiIİkKfﬁ̇nŉjJǰaé́ÉẞяЯюжΣσς漢字한😀👩🏽‍💻️ ̱h٣x-\\"\n\u2028\u00a0'
texts = st.text(st.sampled_from(LETTERS), max_size=8)
words = texts.map(str.casefold).filter(lambda text: not set(text) & set('"\\\n'))
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 6), texts),
        st.tuples(st.just("odd"), st.integers(1, 6), texts),
        st.tuples(st.just("remove"), st.integers(1, 6), st.none()),
    ),
    max_size=8,
)


def apply(table, steps):
    from tinydb.table import Document

    for what, ident, text in steps:
        if what == "remove":
            if table.contains(doc_id=ident):
                table.remove(doc_ids=[ident])
        else:  # what orjson refuses is kept in other JSON
            more = {"odd": 1 << 70} if what == "odd" else {}
            table.upsert(Document({"text": text, "tags": [text], **more}, doc_id=ident))


def plainly(db, word):
    said = {each.doc_id: json.dumps(dict(each), ensure_ascii=False, separators=(",", ":")) for each in db.table("t")}
    return sorted(ident for ident, text in said.items() if word in text.casefold())


@settings(max_examples=300, deadline=None)
@given(changes, changes, st.lists(words, min_size=1, max_size=6), st.sampled_from((1, 64, needles.PIECE)))
@example([("put", 1, "Straße"), ("put", 2, "STRASSE")], [("put", 3, "straſse")], ["strasse", "asse", "stras", "s"], 64)
@example([("put", 1, "İstanbul"), ("put", 2, "ﬁne K")], [], ["i\u0307stanbul", "stanbul", "ine", "fi", "k", "i"], 1)
@example([("put", 1, "ab"), ("odd", 2, "漢字é")], [("remove", 1, None)], ["漢", "é", "e", "ab", ""], 64)
def test_a_word_is_found_where_the_casefolded_json_has_it(before, after, asked, piece):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched, JournalDB(folder) as db:
        patched.setattr(needles, "PIECE", piece)
        apply(db.table("t"), before)
        db.compact()
        db.refresh()
        apply(db.table("t"), after)
        for word in asked:
            assert sorted(db.grep("t", word)) == plainly(db, word), word


def test_the_characters_that_fold_to_ascii_are_all_named():
    every = [character for character in map(chr, range(128, 0x110000)) if not character.casefold().isascii()]
    some = [character for character in map(chr, range(128, 0x110000)) if any(map(str.isascii, character.casefold()))]
    assert sorted(needles.FOLD_TO_ASCII) == some
    assert set(every) | set(some) == set(map(chr, range(128, 0x110000)))


def test_a_character_without_cases_is_what_no_other_character_folds_to():
    parts = {part for each in map(chr, range(0x110000)) if each.casefold() != each for part in each.casefold()}
    assert {part for part in parts if part.upper() == part == part.lower()} == needles.PARTS_OF_FOLDINGS


def test_what_is_written_while_a_search_goes_on_changes_nothing_of_it(tmp_path):
    with JournalDB(tmp_path) as db:
        db.table("t").insert_multiple({"text": f"word {n}"} for n in range(50))
        db.compact()
        db.refresh()
        found = db.grepping("t", "word")
        first = next(found)
        db.table("t").remove(doc_ids=[7])
        db.table("t").insert({"text": "another word"})
        db.compact()
        db.refresh()
        assert sorted([*first, *(ident for part in found for ident in part)]) == list(range(1, 51))
        assert sorted(db.grep("t", "word")) == [each for each in range(1, 52) if each != 7]


def test_a_damaged_line_that_may_hold_the_word_is_named_and_not_found(tmp_path):
    with JournalDB(tmp_path) as db:
        db.table("t").insert_multiple({"text": f"word {n}"} for n in range(3))
        db.compact()
    (snapshot,) = tmp_path.glob("snap-*.jl")
    snapshot.write_bytes(snapshot.read_bytes().replace(b"word 1", b"word I"))
    with JournalDB(tmp_path) as db:
        assert sorted(db.grep("t", "word")) == [1, 3]
        (damage,) = db.damage
        assert damage.what == "document 2 of t"


def test_the_documents_that_cannot_hold_the_word_are_not_looked_at_singly(tmp_path, monkeypatch):
    with JournalDB(tmp_path) as db:
        db.table("t").insert_multiple({"text": f"number {n:05d}"} for n in range(1000))
        db.compact()
        db.refresh()
        looked_at = []
        within = needles.Needle.within
        monkeypatch.setattr(needles.Needle, "within", lambda self, raw: looked_at.append(raw) or within(self, raw))
        assert db.grep("t", "00421") == [422]
        assert db.grep("t", "漢字") == []
        assert len(looked_at) == 1
