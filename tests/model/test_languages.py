"""The language of a text: what its network says counts, a guess fills the gap, and only words are guessed by."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.community.intake import new_mention
from commtui.model.languages import MOST, Spoken, is_enough, is_told, spoken, words_of
from commtui.model.records import Via
from tests.clock import FakeClock
from tests.triage.desks import OWNER, status


@pytest.mark.parametrize(
    ("told", "guess", "expected"),
    [
        ("de", None, Spoken("de", False)),
        ("de", "fr", Spoken("de", False)),
        ("pt_BR", "es", Spoken("pt-br", False)),
        (None, "de", Spoken("de", True)),
        ("", "de", Spoken("de", True)),
        ("und", "de", Spoken("de", True)),
        ("zxx", "de", Spoken("de", True)),
        ("no language", "de", Spoken("de", True)),
        ("und", None, Spoken("", False)),
        (None, "???", Spoken("", False)),
        (None, None, Spoken("", False)),
    ],
)
def test_a_guess_counts_only_where_the_network_names_no_language(told, guess, expected) -> None:
    mention = new_mention(OWNER, status("1", FakeClock().now()), Via.MENTION, "c1", FakeClock().now())
    assert spoken(replace(mention, language=told, language_guess=guess)) == expected


def test_a_guess_has_a_question_mark() -> None:
    assert [str(Spoken("de", True)), str(Spoken("de", False)), str(Spoken("", False))] == ["de?", "de", ""]


@pytest.mark.parametrize(("tag", "expected"), [("en", True), ("und", False), ("und-latn", False), ("mul", False)])
def test_some_codes_name_no_language(tag, expected) -> None:
    assert is_told(tag) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@brand @a@b.example Guten Tag, ihr!", "Guten Tag, ihr!"),
        ("Der Link: https://shop.example/a?b=c geht nicht", "Der Link: geht nicht"),
        ("#coffee #café neu ＃タグ", "neu"),
        ("write to a.b@c.example please", "write to please"),
        ("order 4711-0815 of v2.3.1 in 3D", "order of in"),
        ("so gut ❤️👍🏽 wirklich", "so gut wirklich"),
        ("मेरा ऑर्डर अभी तक नहीं आया", "मेरा ऑर्डर अभी तक नहीं आया"),
        ("first\nsecond\tthird", "first second third"),
        ("c'est l'été", "c'est l'été"),
        ("WARUM geht NICHTS? Ich rufe bei DHL an", "warum geht nichts? Ich rufe bei dhl an"),
    ],
)
def test_what_is_the_same_in_every_language_is_left_out(text, words) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize("text", ["", "ok", "+1", "haha", "Espresso!", "謝謝", "네 네"])
def test_a_few_letters_are_not_enough(text) -> None:
    assert not is_enough(words_of(text))


@pytest.mark.parametrize(
    "text", ["Danke schön!", "ありがとう", "감사합니다", "非常感谢", "спасибо вам", "धन्यवाद आपका बहुत"]
)
def test_two_words_are_and_four_letters_of_dense_scripts(text) -> None:
    assert is_enough(words_of(text))


@given(st.text(max_size=2000))
def test_any_text_gives_words_on_one_short_line(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MOST
    assert words == " ".join(words.split())
    assert not re.search(r"[@#]\w|://\w", words) and not any(map(str.isdigit, words))
    assert all(mark == " " or mark.isalpha() or unicodedata.category(mark)[0] in "MP" for mark in words)
