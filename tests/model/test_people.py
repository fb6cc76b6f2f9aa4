"""Who is one person by links, and which mark they have: pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.authors import person_id
from commtui.model.people import REGULAR_CONVERSATIONS, REGULAR_WITHIN, Mark, link_id, linked, mark_of, merged_tags

AUTHORS = "abcdefgh"
LINKS = st.sets(st.tuples(st.sampled_from(AUTHORS), st.sampled_from(AUTHORS)).filter(lambda pair: pair[0] < pair[1]))
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def people_by(links: set[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The person of each author, as the program finds them: by going along the links."""

    def neighbours(author: str) -> list[str]:
        return [other for pair in links if author in pair for other in pair if other != author]

    return {author: linked(author, neighbours) for author in AUTHORS}


def people_merged(links: set[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The same by a slow and obvious way: sets that are merged, one link after the other."""
    groups = [{author} for author in AUTHORS]
    for one, other in links:
        first = next(group for group in groups if one in group)
        second = next(group for group in groups if other in group)
        if first is not second:
            groups.remove(second)
            first |= second
    return {author: tuple(sorted(group)) for group in groups for author in group}


@given(LINKS)
def test_who_is_one_person_is_as_if_sets_were_merged(links: set[tuple[str, str]]) -> None:
    assert people_by(links) == people_merged(links)


@given(LINKS, st.data())
def test_a_link_that_is_taken_away_leaves_what_there_was_before_it(
    links: set[tuple[str, str]], data: st.DataObject
) -> None:
    pair = data.draw(st.sampled_from([(one, other) for one in AUTHORS for other in AUTHORS if one < other]))
    before = people_by(links - {pair})
    assert people_by((links | {pair}) - {pair}) == before


@given(LINKS)
def test_each_author_is_of_one_person_alone(links: set[tuple[str, str]]) -> None:
    people = set(people_by(links).values())
    assert sorted(author for person in people for author in person) == sorted(AUTHORS)


def test_a_link_has_one_id_whoever_is_named_first() -> None:
    assert link_id("ua", "ub") == link_id("ub", "ua") != link_id("ua", "uc")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("mastodon", "12", "@ada@example.org"), ("mastodon", "977", "@Ada@example.org"), True),  # by two servers
        (("mastodon", "12", "@ada@example.org"), ("mastodon", "12", "@bob@example.org"), False),
        (("mastodon", "12", "@ada@example.org"), ("pixelfed", "12", "@ada@example.org"), False),
        (("bluesky", "did:plc:a", "@ada.bsky.social"), ("bluesky", "did:plc:a", "@ada.example"), True),  # renamed
        (("bluesky", "did:plc:a", "@ada.example"), ("bluesky", "did:plc:b", "@ada.example"), False),  # passed on
        (("mastodon", "", "@ada@example.org"), ("mastodon", "12", "ada@example.org"), True),
    ],
)
def test_a_person_is_known_by_what_lasts(one: tuple[str, ...], other: tuple[str, ...], same: bool) -> None:
    assert (person_id(*one) == person_id(*other)) is same


def test_nobody_has_no_id() -> None:
    assert person_id("mastodon", "", "") == ""


@given(
    st.lists(st.integers(0, 400).map(lambda days: NOW - timedelta(days=days)), max_size=8),
    st.booleans(),
)
def test_the_mark_is_the_first_whose_rule_is_true(conversations: list[datetime], vip: bool) -> None:
    recent = len([at for at in conversations if NOW - at < REGULAR_WITHIN])
    expected = [
        mark
        for mark, is_true in (
            (Mark.VIP, vip),
            (Mark.REGULAR, recent >= REGULAR_CONVERSATIONS),
            (Mark.NEW, len(conversations) == 1),
        )
        if is_true
    ]
    assert mark_of(vip, conversations, NOW) == (expected[0] if expected else None)


def test_the_limits_of_a_regular() -> None:
    at = NOW - REGULAR_WITHIN
    inside = [at + timedelta(seconds=1)] * (REGULAR_CONVERSATIONS - 1)
    assert mark_of(False, [*inside, at + timedelta(seconds=1)], NOW) is Mark.REGULAR
    assert mark_of(False, [*inside, at], NOW) is None


def test_the_most_frequent_tag_stands_first() -> None:
    assert merged_tags([("bug", "angry"), ("angry",), ()]) == ("angry", "bug")
