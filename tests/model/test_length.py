"""Length as the networks count it, and long texts as threads."""

from __future__ import annotations

import subprocess
import sys

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from commtui.model.abilities import Limits
from commtui.model.length import Excess, excess, length, split

PLAIN = Limits(characters=500)
MASTODON = Limits(characters=500, counting="mastodon", per_url=23)
BLUESKY = Limits(characters=300, bytes=3000, counting="graphemes")
FAMILY = "👩‍👩‍👧‍👦"
URL = "x" * 23


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", ""),
        ("plain", "plain"),
        (FAMILY + "e\u0301", "ab"),
        ("see https://example.com/a/very/long/path?with=a&query=too#here now", f"see {URL} now"),
        ("http://a.io", URL),
        ("(https://example.com/a_(b)).", f"({URL})."),
        ("https://example.com/a, https://example.com.", f"{URL}, {URL}."),
        ("https://example.com?q=1! https://example.com/?", f"{URL}! {URL}?"),
        ("https://example.com/a./?x", URL),
        ("HTTPS://EXAMPLE.COM", URL),
        ("https://münchen.example/ä", URL),
        ("example.com http://localhost/x https://1.2", "example.com http://localhost/x https://1.2"),
        ("xhttps://example.com", "xhttps://example.com"),
        ("@user@example.com hi @other@sub.example.co.uk, @local", "@user hi @other, @local"),
        ("@a.b-c@example.com.", "@a.b-c."),
        ("mail me@example.com", "mail me@example.com"),
        ("https://example.com/@user@other.example/1 /@user@host.example", f"{URL} /@user@host.example"),
    ],
)
def test_mastodon_counts_links_as_23_and_mentions_without_their_host(text: str, counted: str) -> None:
    assert length(text, MASTODON) == len(counted)


def test_the_content_warning_counts_and_media_have_a_limit() -> None:
    assert length("abc", MASTODON, "warn") == 7
    assert excess("a" * 500, MASTODON) == ()
    assert excess("a" * 497, MASTODON, "warn") == (Excess(501, 500, "character"),)
    assert excess("", PLAIN, media=5) == (Excess(5, 4, "attachment"),)
    assert excess("a" * 10**6, Limits()) == ()


def test_code_points_graphemes_and_bytes_are_bounds_of_their_own() -> None:
    assert length(FAMILY, PLAIN) == 7
    assert length(FAMILY, BLUESKY) == 1
    assert length("a\r\nb", BLUESKY) == 3
    assert excess(FAMILY * 120, BLUESKY) == ()
    assert excess(FAMILY * 121, BLUESKY) == (Excess(3025, 3000, "byte"),)
    assert excess("a" * 301, BLUESKY) == (Excess(301, 300, "character"),)
    assert excess(FAMILY * 301, BLUESKY) == (Excess(301, 300, "character"), Excess(7525, 3000, "byte"))
    assert str(Excess(7525, 3000, "byte")) == "7,525 bytes, 4,525 too many (limit 3,000)"
    assert length("https://example.com", Limits(counting="characters", per_url=5)) == 5
    with pytest.raises(ValueError, match="unknown counting rule 'words': characters, mastodon, graphemes"):
        length("a", Limits(counting="words"))


def test_a_thread_is_cut_at_paragraphs_then_lines_then_sentences_then_words() -> None:
    def at(most: int, text: str) -> tuple[str, ...]:
        return split(text, Limits(characters=most))

    assert at(20, "short") == ("short",)
    assert at(20, "One para.\n\nAnd. Another one.") == ("One para.", "And. Another one.")
    assert at(20, "One line here\nand one more here") == ("One line here", "and one more here")
    assert at(20, "One sentence. And another.") == ("One sentence.", "And another.")
    assert at(20, "One sentence end. And") == ("One sentence end.", "And")
    assert at(12, "only words without marks") == ("only words", "without", "marks")
    assert at(12, "a. only words") == ("a. only", "words")
    assert at(4, "abcdefghij") == ("abcd", "efgh", "ij")
    assert at(8, f"ab {FAMILY}{FAMILY} c") == ("ab", FAMILY, f"{FAMILY}", "c")
    assert at(6, "一二三。四五六七") == ("一二三。", "四五六七")
    assert at(5, "") == ("",)
    assert split("one two", Limits(characters=9), head="@you ") == ("@you one", "@you two")
    assert split("one two", Limits()) == ("one two",)
    with pytest.raises(ValueError, match="no room"):
        split("one two", Limits(characters=4), spoiler="warn")


def test_a_link_is_never_cut_where_it_counts_as_less_than_it_is() -> None:
    link = "https://example.com/" + "x" * 400
    for words, links in ((90, [2]), (91, [1, 1]), (95, [1, 1]), (96, [0, 2])):
        parts = split(f"{'word ' * words} {link} {link}", MASTODON)
        assert [part.count(link) for part in parts] == links


PARTS = [
    "a",
    "word ",
    " ",
    "\n",
    "\n\n",
    ". ",
    "。",
    FAMILY,
    "e\u0301",
    "🇩",
    "한",
    "https://example.com/x",
    "@you@a.example ",
    "(",
]


@given(
    text=st.lists(st.sampled_from(PARTS), max_size=60).map("".join) | st.text(max_size=80),
    most=st.integers(25, 60),
    rule=st.sampled_from(["characters", "mastodon", "graphemes"]),
    size=st.none() | st.integers(60, 100),
    head=st.sampled_from(["", "@you "]),
)
@example(text="word https://example.com/x" * 9, most=25, rule="mastodon", size=None, head="")
def test_every_part_fits_and_nothing_is_lost(text: str, most: int, rule: str, size: int | None, head: str) -> None:
    limits = Limits(characters=most, bytes=size, counting=rule, per_url=23 if rule == "mastodon" else None)
    parts = split(text, limits, head=head)
    assert [excess(part, limits) for part in parts] == [()] * len(parts)
    assert "".join("".join(part.removeprefix(head).split()) for part in parts) == "".join(text.split())
    assert all(part.removeprefix(head) for part in parts) or parts == (head,)


@given(st.text(max_size=40) | st.lists(st.sampled_from(PARTS)).map("".join))
def test_without_links_and_mentions_mastodon_counts_graphemes(text: str) -> None:
    bare = text.replace("@", "").replace("/", "")
    assert length(bare, MASTODON) == len(regex.findall(r"\X", bare))


@pytest.mark.timeout(60)
def test_garbage_is_counted_in_linear_work() -> None:
    for part in (
        "https://",
        "https://a.",
        "https://a.bc/(",
        "https://a.bc/((",
        "@",
        "@a",
        "@a@",
        "@a.",
        "@a@b..",
        "a.-",
        "://",
    ):
        assert length(part * (200_000 // len(part)), MASTODON)


def test_regex_is_loaded_only_for_what_is_not_ascii() -> None:
    program = (
        "import sys; from commtui.model.length import *; from commtui.model.abilities import Limits\n"
        "limits = Limits(characters=20, counting='mastodon', per_url=23)\n"
        "split('plain words and more words, https://example.com', Limits(characters=23)), excess('plain', limits)\n"
        "assert 'regex' not in sys.modules; length('ü', limits); assert 'regex' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
