"""First names: what is left out of a shown name, and what is never lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.first_names import TITLES, first_name

HANDLE = "@lovelace@example.org"
NAMES = st.text(st.sampled_from("abcdeéüñßжэابپクद"), min_size=2, max_size=8).filter(
    lambda name: name.casefold() not in {*TITLES, "the"} and not any(letter in "ク" for letter in name)
)
AROUND = st.sampled_from(["", "🎉", "👩‍🚀", "🇩🇪 ", ":verified:", "★", "~", "[bot] ", "1️⃣", " ", "(she/her) "])
BEHIND = st.sampled_from(
    ["", " | looking for work", " (they/them)", ", PhD", " - dev", " / brand", " @ Example", "; on leave", " 🌸"]
)
SHOWN = st.text(
    st.one_of(st.characters(), st.sampled_from("abJ.Dr '’-–|(){}[]:;,@/\\_🎉👩‍🚀\u200c\u200d\u20e3\ufe0f\u0301¨山кép")),
    max_size=20,
)


@pytest.mark.parametrize(
    ("shown", "called"),
    [
        ("Ada Lovelace", "Ada"),
        ("  Ada   Lovelace ", "Ada"),
        ("ada", "ada"),
        ("Dr. Grace Hopper", "Grace"),
        ("Prof. Dr. h.c. Grace Hopper", "Grace"),
        ("Dr.Grace Hopper", "Grace"),
        ("Grace Hopper PhD", "Grace"),
        ("Dr.", "Dr"),
        ("J. R. R. Tolkien", "J. R. R. Tolkien"),
        ("Dr. J. Smith 🎉", "J. Smith"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("D'Arcy O’Neil", "D'Arcy"),
        ("Ada🌸Lovelace", "Ada"),
        ("Ada (she/her)", "Ada"),
        ("(she/her) Ada | looking for work", "Ada"),
        ('"Amazing" Grace', "Amazing"),
        ("𝓐𝓭𝓪 𝓛.", "Ada"),
        ("María José", "María"),
        ("Mari\u0301a José", "María"),
        ("علی‌رضا کریمی", "علی‌رضا"),
        ("山田 太郎 🎌", "山田 太郎"),
        ("김민수", "김민수"),
        ("The Verge", "The Verge"),
        ("ada.lovelace", "ada"),
        ("@ada@example.org", "ada"),
        ("https://ada.example", "https"),
        ("🎉🎉", "lovelace"),
        ("42", "lovelace"),
        ("", "lovelace"),
        ("\u0301", "lovelace"),
        ("¨'Ada", "Ada"),
    ],
)
def test_a_person_is_called_by(shown, called):
    assert first_name(shown, HANDLE) == called


@pytest.mark.parametrize(
    ("handle", "called"),
    [
        ("@ada@example.org", "ada"),
        ("@ada.l@example.org", "ada.l"),
        ("@ada.bsky.social", "ada"),
        ("ada", "ada"),
        ("@", "@"),
        ("", ""),
    ],
)
def test_without_a_name_the_handle_has_one(handle, called):
    assert first_name("✨", handle) == called


@given(AROUND, NAMES, NAMES, BEHIND)
def test_what_stands_around_a_name_changes_nothing(before, first, last, behind):
    composed = unicodedata.normalize("NFKC", first)
    assert first_name(f"{before}{first} {last}{behind}", HANDLE) == composed
    assert first_name(f"Dr. {before}{first} {last}", HANDLE) == composed


@given(SHOWN, st.text(min_size=1, max_size=20))
def test_there_is_always_a_name_without_anything_that_hides_or_glitters(shown, handle):
    called = first_name(shown, handle)
    assert called
    if called not in (handle, first_name("", handle)):
        assert any(map(str.isalpha, called))
        assert not [
            letter for letter in called if unicodedata.category(letter)[0] in "SC" and letter not in "\u200c\u200d"
        ]
        assert called == called.strip() and "\n" not in called


@given(SHOWN)
def test_a_first_name_is_its_own_first_name(shown):
    called = first_name(shown, HANDLE)
    assert first_name(called, HANDLE) == called
