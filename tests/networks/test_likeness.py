"""Two texts are one where they differ in what servers change, and in nothing that a person wrote."""

from __future__ import annotations

import itertools
import re
import string
from re import _compiler, _parser  # type: ignore[attr-defined]  # typeshed does not know them
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.networks import likeness
from commtui.networks.html import to_text
from commtui.networks.likeness import same_text
from tests.servers.quirks.rewriting import content

SAME = [
    ("see www.example.org/a", "see http://www.example.org/a"),
    ("see https://example.org/ä", "see https://example.org/%C3%A4"),
    ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
    ("AT&amp;T", "AT&amp;amp;T"),
    ("hi :smile: there", "hi 😄 there"),
    ("hi:blobcat_2:", "hi"),
    ("hi :)", "hi 🙂"),
    ("I <3 you", "I ❤️ you"),
    (">:( no", "😠 no"),
    ("ha :D", "ha 😃"),
    ("<b>x</b> y", "x y"),
    ("<b>x</b> y", "<b>x</b> y"),
    ("a<br>b", "a\nb"),
    ("a<br>b", "a<br>b"),
    ("a ![alt text](https://x.example/y.png) b", "a b"),
    ("a ![alt text](https://x.example/y.png) b", "a alt text b"),
    ("a ![alt text](https://x.example/y.png) b", "a https://x.example/y.png b"),
    ("a[^1] b", "a b"),
    ("a[^1] b", "a1 b"),
    ("a<!-- hidden --> b", "a b"),
    ("a<!-- hidden --> b", "a<!-- hidden --> b"),
    ("**bold** _it_ `code` # head", "bold it code head"),
    ("1. one\n2. two", "one\ntwo"),
    ("3. three\n4. four", "1. three\n2. four"),
    ("1. one\n1. two", "1. one\n2. two"),
    ("so:\n```python\nx = 1\n```", "so:\nx = 1"),
    ("see https://x.example/a?utm_source=b&id=3", "see https://x.example/a?id=3"),
    ("see https://x.example/a?fbclid=b", "see x.example/a"),
    ("see https://bücher.example", "see https://xn--bcher-kva.example/"),
    ("ftp://x.example/a", "x.example/a"),
    ("[here](https://x.example) it is", "here it is"),
    ('[here](https://x.example "Title") it is', "here (https://x.example) it is"),
    ("[url=https://x.example]here[/url] it is", "here (https://x.example) it is"),
    ("[url=https://x.example]here[/url] it is", "here it is"),
    ("a <script>b()</script> c", "a c"),
    ("1 < 2 and 3 > 2", "1 2"),
    ("if a<b then", "if a"),
    ("fine :+1:", "fine 👍"),
    ("o/ all D: \\o/", "👋 all 😧 🙌"),
    ("2x4", "2×4"),
    ("مـرحبا", "مرحبا"),
    ("[b]x[/b] and $[x2 y]", "x and y"),
    ("<https://x.example/a>", "https://x.example/a"),
    ("thanks", "@ada@x.example thanks"),
    ("@ada@x.example @bob thanks", "thanks"),
    ("hi @ada@x.example", "hi @ADA"),
    ("“quoted” -- really...", '"quoted" — really…'),
    ("½ price (c) us", "1/2 price © us"),
    ("key 1️⃣", "key :one:"),
    ("Ünïcode\n\n  blanks", "ünïcode blanks"),
    ("🎉", "🎉"),
    ("", ""),
]
OTHER = [
    ("10 EUR", "100 EUR"),
    ("new: https://x.example/1", "new: https://x.example/2"),
    ("at 10:30", "at 10:45"),
    ("1. one", "2. one"),
    ("1. one\n2. two", "1. two\n2. one"),
    ("see https://x.example/a?id=3", "see https://x.example/a?id=4"),
    ("[url=https://x.example/1]here[/url]", "[url=https://x.example/2]here[/url]"),
    ("1 < 2 and 3 > 2", "1 3"),
    ("कि", "का"),
    ("🎉", "🙈"),
    ("🎉", ":tada:"),  # the same, but nothing tells
    ("", "x"),
    ("@ada", "@bob"),
    ("the first", "the second"),
    ("good morning", "good morning all"),
    ("<b>x</b>", "<b>y</b>"),
    ("see [it](https://x.example/1)", "see [it](https://x.example/2)"),
    ("![a](https://x.example/1)", "![a](https://x.example/2)"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_servers_change_makes_no_other_text(one: str, other: str) -> None:
    assert same_text(one, other) and same_text(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_a_person_changed_makes_another(one: str, other: str) -> None:
    assert not same_text(one, other) and not same_text(other, one)


@given(st.text(max_size=200))
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert same_text(text, text)


LETTERS = st.text(string.ascii_lowercase + string.digits + " ", min_size=1, max_size=40)


@given(LETTERS, LETTERS)
def test_letters_and_digits_and_their_order_count(one: str, other: str) -> None:
    differ = one.replace(" ", "") != other.replace(" ", "")
    assert not (same_text(f"x{one}", f"x{other}") and differ)


WAYS = ("www", "entities", "shortcodes", "smileys", "strips", "renders", "markdown", "typography")
PIECES = st.sampled_from(
    [
        "word", "10 EUR", "www.example.org", "AT&amp;T", "&lt;", ":smile:", ":)", "<3", ">:(", "<b>x</b>", "a<br>b",
        "![alt](https://x.example/a.png)", "see[^1]", "<!-- note -->", "**bold**", "`code`", '"quoted"', "it's...",
        "https://example.org/a/very/long/path/that/is/shortened", "@ada", "#tag", "é", "日本語",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=6), st.sets(st.sampled_from(WAYS)))
def test_the_text_is_known_as_the_servers_of_the_tests_show_it(pieces: list[str], ways: set[str]) -> None:
    text = " ".join(["we", *pieces])
    assert same_text(text, to_text(content(text, ways, True, "quirks.example"), {}, "quirks.example"))


PAIRS = {name: value for name, value in vars(likeness).items() if isinstance(value, tuple) and name.isupper()
         and all(isinstance(part, re.Pattern) for part in value)}  # fmt: skip
PATTERNS = {name: value for name, value in vars(likeness).items() if isinstance(value, re.Pattern)} | {
    f"{name} {number}": part for name, pair in PAIRS.items() for number, part in enumerate(pair)
}


def test_no_pattern_searches_to_the_end_of_the_text_from_each_of_its_places():
    """20,000 characters of `<!--` or `[url=x]y` took seconds, in which nothing else could run."""
    assert len(PATTERNS) > 15 and len(PAIRS) == 4
    for name, pattern in PATTERNS.items():
        assert not re.search(r"(?<!\\)\.(?:\*|\+|\{)", pattern.pattern), name


def test_no_pattern_has_two_repeats_in_a_row_that_take_the_same_letters():
    """Where nothing follows that ends them, each division of the text among the two is tried."""
    for name, pattern in PATTERNS.items():
        for one, other in itertools.pairwise(_parser.parse(pattern.pattern, pattern.flags)):
            sets = [_letters_of(*part) for part in (one, other)]
            assert not sets[0] & sets[1], name


def _letters_of(kind: Any, value: Any) -> set[str]:
    """The ASCII characters of which an endless repeat takes any number; none for other parts of a pattern."""
    if kind is _parser.SUBPATTERN and len(value[-1]) == 1:
        return _letters_of(*value[-1][0])
    if kind not in (_parser.MAX_REPEAT, _parser.MIN_REPEAT) or value[1] != _parser.MAXREPEAT or len(value[2]) != 1:
        return set()
    one = _compiler.compile(value[2])
    return {letter for letter in map(chr, range(128)) if one.fullmatch(letter)}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(
    "piece", ["<!--", "-->", "[url=", "[url=x]y", "<script [url=]", "<style>", "</script ", "[/url]"]
)
def test_what_stands_between_is_searched_for_once_in_the_whole_text(name, piece):
    looked = []

    class Counting:
        def __init__(self, pattern):
            self.pattern = pattern

        def search(self, text, at):
            match = self.pattern.search(text, at)
            looked.append((match.end() if match else len(text)) - at)
            return match

    text = piece * (likeness.MOST // len(piece))
    opening, closing = (cast("re.Pattern[str]", Counting(pattern)) for pattern in PAIRS[name])
    likeness._pairs(text, opening, closing)
    assert sum(looked) <= 2 * len(text)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("_COMMENT", r"<!--.*?-->"), ("_SCRIPT", r"<script\b.*?</script\s*>"), ("_STYLE", r"<style\b.*?</style\s*>")],
)
@given(data=st.data())
def test_what_browsers_hide_is_left_out_as_one_pattern_would_leave_it_out(name, pattern, data):
    pieces = ["<!--", "-->", "-", ">", "<", "a", "\n", "--", "<script", "</SCRIPT", "<Style>", "</style>", " "]
    text = data.draw(st.lists(st.sampled_from(pieces), max_size=30).map("".join))
    change = likeness._between(PAIRS[name], likeness._nothing)
    assert list(change(text))[-1] == re.sub(pattern, "", text, flags=re.DOTALL | re.IGNORECASE)


@given(st.lists(st.sampled_from(["[url=", "x", "]", "[/url]", "[URL=a]", "\n", "["]), max_size=30).map("".join))
def test_links_of_bbcode_are_shown_as_one_pattern_would_show_them(text):
    pattern = re.compile(r"\[url=([^\[\]\s]*)\](.*?)\[/url\]", re.DOTALL | re.IGNORECASE)
    shown = list(likeness._between(PAIRS["_BBCODE_LINK"], lambda text, address: f"{text} {address}")(text))
    assert shown[-1] == pattern.sub(r"\2 \1", text)


@pytest.mark.parametrize("shown", ["the price", "the price <!-- 10 EUR"])
def test_what_stands_behind_the_beginning_of_a_comment_still_counts(shown):
    assert same_text("the price <!-- 10 EUR", shown) is (shown != "the price")
