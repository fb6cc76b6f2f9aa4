"""A query's text and its clauses: what is read, what is refused and where, and that what is printed is read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.query_terms import HAS, IS, KEYS, VALUES, QueryError, Term, parse, printed

words = st.text(st.characters(codec="utf-8", exclude_characters='"', exclude_categories=("Cs", "Cc")), min_size=1).map(
    str.casefold
)
times = st.sampled_from(("today", "last week", "2h", "2026-11-27", "2026-11-27t13:30z", "14:30"))


@st.composite
def terms(draw):
    key = draw(st.sampled_from(("", "", *KEYS)))
    if key in VALUES:
        value = draw(st.sampled_from(VALUES[key]))
    elif key in ("since", "until"):
        value = draw(times)
    elif key == "due":
        value = draw(st.sampled_from(("<2h", ">1d", "< 2 hours", "today", "tomorrow")))
    elif key == "lang":
        value = draw(st.sampled_from(("de", "pt-br", "gsw")))
    else:
        value = draw(words.filter(str.isascii) if key == "from" else words)
    return Term(key, value, draw(st.booleans()))


queries = st.lists(st.lists(terms(), min_size=1, max_size=3).map(tuple), max_size=4).map(tuple)


@given(queries)
def test_what_is_printed_is_read_as_the_same_query(query):
    assert parse(printed(query)) == query


pieces = st.lists(
    st.sampled_from(
        (
            " ",
            "or",
            "OR",
            "-",
            '"',
            ":",
            "(",
            ")",
            "is:",
            "open",
            "since:",
            "monday",
            "x",
            "tag:",
            "a b",
            "//",
            "é",
            "1",
        )
    ),
    max_size=8,
).map("".join)


@given(st.one_of(pieces, st.text(max_size=20)))
def test_any_text_is_a_query_that_is_read_again_or_an_error_within_the_text(text):
    try:
        query, at = parse(text), None
    except QueryError as error:
        query, at = (), error.at
    assert at is None or 0 <= at < len(text)
    assert parse(printed(query)) == query


def test_or_binds_closer_than_the_space_and_a_minus_closest():
    a, b, c, d = (Term("", letter) for letter in "abcd")
    assert parse("a b or c d") == ((a,), (b, c), (d,))
    assert parse("a or b OR c") == ((a, b, c),)
    assert parse("-a or b") == ((Term("", "a", True), b),)
    assert parse('a "or" b') == ((a,), (Term("", "or"),), (b,))
    assert parse("  ") == ()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('"a  Phrase"', [Term("", "a  phrase")]),
        ('-"not this"', [Term("", "not this", True)]),
        ('tag:"two words" X', [Term("tag", "two words"), Term("", "x")]),
        ("IS:Open", [Term("is", "open")]),
        ("https://example.org/a 12:30 - -- nobody:x", [
            Term("", "https://example.org/a"), Term("", "12:30"), Term("", "-"), Term("", "-", True),
            Term("", "nobody:x"),
        ]),
        ('"is:open"', [Term("", "is:open")]),
        (':( f(x) "(" -"(a" tag:"(b"', [
            Term("", ":("), Term("", "f(x)"), Term("", "("), Term("", "(a", True), Term("tag", "(b"),
        ]),
        ('say"hi', [Term("", 'say"hi')]),
        ("lang:PT-br", [Term("lang", "pt-br")]),
        ("from:@ada@bücher.example", [Term("from", "@ada@xn--bcher-kva.example")]),
    ],
)  # fmt: skip
def test_terms(text, terms):
    assert parse(text) == tuple((term,) for term in terms)


@pytest.mark.parametrize(
    ("text", "problem", "at", "nearest"),
    [
        ("tag:x is:opne", "value", 6, "open"),
        ("has:picture", "value", 0, None),
        ("has:imag", "value", 0, "image"),
        ("via:direkt", "value", 0, "direct"),
        ("priority:hgih", "value", 0, "high"),
        ("a lang:german", "value", 2, None),
        ("form:ada", "key", 0, "from"),
        ("-form:ada", "key", 1, "from"),
        ("network:bluesky", "key", 0, "net"),
        ("before:monday", "key", 0, "until"),
        ("is:", "empty", 0, None),
        ("x -tag:", "empty", 2, None),
        ('tag:""', "empty", 0, None),
        ('""', "empty", 0, None),
        ('a "b', "quote", 2, None),
        ('from:"b c', "quote", 5, None),
        ("from:gus or (", "bracket", 12, None),
        ("(a or b)", "bracket", 0, None),
        ("is:open -(a", "bracket", 9, None),
        ("from:(a", "bracket", 5, None),
        ("a )", "bracket", 2, None),
        ("or a", "or", 0, None),
        ("a or", "or", 2, None),
        ("straße OR ", "or", 7, None),
        ("a or or b", "or", 5, None),
        ("or", "or", 0, None),
        ("x since:soon", "time", 2, None),
        ("until:tomorrow", "time", 0, None),
        ("due:2h", "time", 0, None),
        ("x due:<soon", "time", 2, None),
    ],
)
def test_what_is_no_query_is_an_error_with_its_place_and_what_may_be_meant(text, problem, at, nearest):
    with pytest.raises(QueryError) as raised:
        parse(text)
    error = raised.value
    assert (error.problem, error.at, error.nearest) == (problem, at, nearest)
    assert error.known == VALUES.get(error.key, ())
    assert str(error.error or "").startswith(repr(error.given) if problem == "time" else "")
    assert (error.error is not None) == (problem == "time")


def test_the_words_of_is_and_has_are_those_of_the_records():
    assert {"open", "direct", "sent", "reply"} <= set(IS) and "image" in HAS and len(set(IS)) == len(IS)
