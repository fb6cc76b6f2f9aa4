"""The gate: what may harm a terminal goes out, what people write in any script stays."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from commtui.model import text as text_module
from commtui.model.text import boundary, clean, message_line, one_line, phrase, snippet

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text, with [brackets] and <tags>",
        "one\ntwo\n\nthree\n\n\nfour",
        "Grüße, 世界, שלום, สวัสดี, ½ ≠ ∞",
        "e\u0301 and \u00e9 are left as they are",
        "👩‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️ 👁️‍🗨️ ❤️‍🔥 🕵🏻‍♂️",
        f"🇩🇪 🇫🇷 {ENGLAND}",
        "1️⃣ #️⃣ *️⃣ ☎️ ☎︎ ©️",
        "می‌خواهم",
        "क्‍ष श्‌र",
        "ന്‍ is a chillu",
        "ᠮᠣᠩᠭᠤᠯ ᠪᠢᠴᠢᠭ᠌",
        "left\u200e and right\u200f marks",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred\x1b[0mb", "aredb"),
        ("\x9b1;31mred\x9b0m", "red"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x9d0;title\x9cb", "ab"),
        ("a\x1b]52;c;cm0gLXJmIC8=", "a"),
        ("a\x1b]0;never ended\nnext line", "a\nnext line"),
        ("a\x1bPq#0;2;0;0;0\nsixel\x1b\\b", "ab"),
        ("a\x90pixels\x9cb", "ab"),
        ("a\x1b_apc\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d", "abcd"),
        ("a\x1bc\x1b(B\x1b7b\x1b", "ab"),
        ("a\x1b[", "a"),
        ("a\x1b\x1b[31mb", "ab"),
        ("\x1b\x1b[0m[31m", "[31m"),
        ("bell\x07 back\x08space \x00nul\x7f", "bell backspace nul"),
        ("a\r\nb\rc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\tb\x0bc\x0cd", "a b c d"),
        ("a\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n\n \u3000\nb", "a\n\n\nb"),
        ("user\u202egnp.exe\u202c \u2066x\u2069", "usergnp.exe x"),
        ("ze\u200bro \u2060width\ufeff so\xadft", "zero width soft"),
        ("a\u200db\u200cc\ufe0fd\ufe00", "abcd"),
        ("ب\u200c\u200cب \u200dب", "بب ب"),
        ("👩\u200d x 👩\ufe0f\ufe0f", "👩 x 👩\ufe0f"),
        ("1\ufe0f", "1"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("🏴" + "\U000e0061" * 40 + "\U000e007f", "🏴"),
        ("🍎\U000e0067\U000e0062\U000e0065\U000e007f", "🍎"),
        ("\ud83d\ude00 \ud83d", "😀 \ufffd"),
        ("\ufdd0\uffff\U0010ffffx", "x"),
    ],
)
def test_what_may_harm_goes_out(text: str, expected: str) -> None:
    assert clean(text) == expected


PARTS = [
    *(
        "\x1b",
        "[",
        "]",
        "0;",
        "m",
        "\x07",
        "\\",
        "\x9b",
        "\x9d",
        "\x9c",
        "P",
        "\n",
        "\r",
        "\t",
        " ",
        "a",
        "1",
        "#",
        "\u20e3",
    ),
    *(
        "\u200b",
        "\u200c",
        "\u200d",
        "\ufe0e",
        "\ufe0f",
        "\u202e",
        "\ufeff",
        "👩",
        "🏽",
        "❤",
        "🏴",
        "🇩",
        "ب",
        "क",
        "\u094d",
    ),
    *(
        "\U000e0067",
        "\U000e0062",
        "\U000e0065",
        "\U000e007f",
        "\ud83d",
        "\ude00",
        "\u0301",
        "ᠭ",
        "\u180c",
        "\u2028",
        ENGLAND,
    ),
]
texts = st.lists(st.sampled_from(PARTS), max_size=25).map("".join) | st.text(st.characters(), max_size=30)


@given(texts, st.integers(0, 30) | st.just(1000))
@example("ب\u200bـ\u200cب", 2)
@example("می\u200cخواهم", 4)
def test_cleaning_what_is_clean_changes_nothing(text: str, most: int) -> None:
    once = clean(text, most)
    assert clean(once, most) == once
    assert len(once) <= most
    assert not [c for c in once if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not regex.search("[\u200b\u202a-\u202e\u2060-\u206f\ufeff]|\n{4}", once)


def test_no_character_of_unicode_passes_that_should_not() -> None:
    everything = "\nx".join(map(chr, range(sys.maxunicode + 1)))
    passed = set(clean(everything, len(everything)))
    assert {c for c in passed if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")} == {"\n"}
    gone = {c for c in set(everything) - passed if not 0xD800 <= ord(c) < 0xE000}
    # Nothing that can be seen is lost on the way.
    assert {unicodedata.category(c) for c in gone} <= {"Cc", "Cf", "Cn", "Mn", "Zl", "Zp"}
    assert len(gone) < 4500


def test_every_emoji_base_of_unicode_is_known() -> None:
    known = regex.compile(text_module._EMOJI)
    pictures = regex.compile(r"\p{Extended_Pictographic}")
    assert not [hex(c) for c in range(sys.maxunicode) if pictures.match(chr(c)) and not known.match(chr(c))]
    assert not [
        c
        for c in map(chr, range(sys.maxunicode))
        if known.match(c) and c.isalpha() and not pictures.match(c) and unicodedata.category(c) == "Lo"
    ]


@given(st.text(), st.integers(1, 300))
def test_words_of_a_server_become_one_printable_line(text: str, most: int) -> None:
    line = message_line(text, most)
    assert line.isprintable() and len(line) <= most


def test_a_row_is_one_line() -> None:
    assert one_line("  one\r\n two\n\n\tthree\u2028four ") == "one two three four"


def test_a_snippet_is_cut_between_graphemes() -> None:
    assert snippet("hello", 5) == "hello"
    assert snippet("hello you", 7) == "hello…"
    assert snippet("ab👩‍👩‍👧‍👦cd", 6) == "ab…"
    assert snippet("ab👩‍👩‍👧‍👦cd", 10) == "ab👩‍👩‍👧‍👦…"
    assert snippet("e\u0301e\u0301", 3) == "e\u0301…"
    assert snippet("abc", 0) == ""
    assert clean("x" * 10, 4) == "xxx…"


@given(
    st.lists(st.sampled_from(["a", " ", "👩", "\u200d", "🏽", "\u0301", "🇩", "🇪", "\r", "\n", "한", "ᄒ", "ᅡ"])).map(
        "".join
    )
)
def test_every_boundary_is_one_of_unicodes(text: str) -> None:
    edges = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    for most in range(1, len(text)):
        expected = max(edge for edge in edges if edge <= most) or most
        assert boundary(text, most) == expected


def test_escape_garbage_takes_linear_work() -> None:
    """A pattern that looked ahead again from every place would need minutes for this."""
    for part in ("\x1b]", "\x1b]0;x", "\x9d", "\x1bP\n", "\x1b[0;", "\n ", "\x1b", "🏴\U000e0067", "👩\u200d"):
        assert len(clean(part * 200_000, 10**7)) <= 600_000


def test_regex_is_loaded_only_where_a_cut_meets_what_is_not_ascii() -> None:
    program = (
        "import sys; from commtui.model.text import *\n"
        "clean('plain\\x1b[31m'), clean('Grüße 👩\\u200d👩\\ufe0f'), snippet('x' * 400, 300), one_line('a b')\n"
        "assert 'regex' not in sys.modules\n"
        "snippet('ü' * 400, 300); assert 'regex' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_phrase_is_cut_at_the_end_of_a_word() -> None:
    assert phrase("Thanks for the nudge, Nell", 20) == "Thanks for the…"
    assert phrase("thanks for all the fish", 20) == "thanks for all the…"
    assert phrase("Thanks for", 10) == "Thanks for"
    assert phrase("a" * 30, 20) == "a" * 19 + "…"
    assert phrase("こんにちは、日本語のサポート", 8) == "こんにちは、日…"
