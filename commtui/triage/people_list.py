"""The list of people, and who may be whom: suggestions, by which nothing is linked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.activity.errors import BadQuery
from commtui.activity.resolve import elder
from commtui.model import ids
from commtui.model.authors import person_of
from commtui.model.people import Mark, linked, mark_of, merged_tags
from commtui.model.query_terms import QueryError
from commtui.model.records import Mention
from commtui.model.suggestions import nearest
from commtui.store.people import Said
from commtui.store.store import Store
from commtui.triage.people import Author, Profile, authors_by

AT_ONCE: Final = 200
"""People whose last mentions are read at once."""
LOOKED_AT: Final = 200
"""Mentions that say a name and are looked at for a suggestion, the last ones."""
SUGGESTED_MOST: Final = 3
NAME_LEAST: Final = 3
"""Characters of a name or of a handle's first part that say something."""


class Listed(NamedTuple):
    """A row of the list of people."""

    authors: tuple[Author, ...]
    mark: Mark | None
    mentions: int
    conversations: int
    last_at: datetime
    tags: tuple[str, ...]
    """Their own tags."""


def listed(desk: Desk, words: str = "") -> Iterator[Listed]:
    """Yields the people whom all words of a query are about, who wrote last first. Raises BadQuery.

    A word is a part of a handle or a name; `is:` takes a mark, `tag:` a tag of the person, `net:` a network.
    """
    terms = [_term(word[0], word.start()) for word in re.finditer(r"\S+", words.casefold())]
    return (person for person in _all(desk) if all(_matches(person, *term) for term in terms))


def _term(word: str, at: int) -> tuple[str, str]:
    key, colon, value = word.partition(":")
    if not colon or key not in ("is", "tag", "net"):
        return "", word
    if key == "is" and value not in tuple(Mark):
        marks = tuple(mark.value for mark in Mark)
        raise BadQuery(QueryError("value", at, key, value, nearest(value, marks), known=marks))
    return key, value


def _matches(person: Listed, key: str, value: str) -> bool:
    match key:
        case "is":
            return person.mark == value
        case "tag":
            return value in person.tags
        case "net":
            return any(author.network == value for author in person.authors)
    return any(value in f"{author.handle} {author.name}".casefold() for author in person.authors)


def _all(desk: Desk) -> Iterator[Listed]:
    store = desk.store
    by_author: dict[str, list[Said]] = {}
    for mention in store.people.said(store.people.all()):
        by_author.setdefault(mention.person, []).append(mention)
    written = {record.id: record for record in store.people.everything_written()}
    elders = _elders(store)
    said = {
        group: [mention for author in group for mention in by_author.get(author, ())]
        for group in _groups(store, by_author)
    }
    last = {group: max(mention.at for mention in mentions) for group, mentions in said.items()}
    in_order = sorted(said, key=lambda each: (last[each], each), reverse=True)
    for begin in range(0, len(in_order), AT_ONCE):
        page = in_order[begin : begin + AT_ONCE]
        newest = _newest(
            store, {author: by_author[author] for group in page for author in group if author in by_author}
        )
        for group in page:
            last_in: dict[str, datetime] = {}
            for mention in said[group]:
                conversation = elders.get(mention.conversation, mention.conversation)
                last_in[conversation] = max(mention.at, last_in.get(conversation, mention.at))
            records = [written[author] for author in group if author in written]
            yield Listed(
                authors=authors_by(group, newest),
                mark=mark_of(any(record.vip for record in records), last_in.values(), desk.now),
                mentions=len(said[group]),
                conversations=len(last_in),
                last_at=last[group],
                tags=merged_tags(record.tags for record in records),
            )


def _elders(store: Store) -> dict[str, str]:
    """Returns the conversations that others took in, and which."""
    return {record.id: elder(store, record).id for record in store.people.folded()}


def _newest(store: Store, said: dict[str, list[Said]]) -> dict[str, Mention | None]:
    """Returns the last mention of each of some authors, by one statement."""
    numbers = {author: max(mentions, key=lambda each: each.at).number for author, mentions in said.items()}
    found = store.get_each(Mention, (ids.from_number(ids.MENTION, number) for number in numbers.values()))
    return {author: found.get(ids.from_number(ids.MENTION, number)) for author, number in numbers.items()}


def _groups(store: Store, authors: Iterable[str]) -> set[tuple[str, ...]]:
    """Returns the people who some authors are."""
    neighbours: dict[str, set[str]] = {}
    for link in store.people.all_links():
        neighbours.setdefault(link.one, set()).add(link.other)
        neighbours.setdefault(link.other, set()).add(link.one)
    return {linked(author, lambda each: neighbours.get(each, ())) for author in authors}


def suggestions(store: Store, person: Profile) -> tuple[Author, ...]:
    """Returns authors who may be the same person: of the same name, and with the same first part of the handle, on
    another network or server. At most a few."""
    known = {author.id for author in person.authors}
    found: dict[str, Author] = {}
    for author in person.authors:
        name, user = author.name.casefold().strip(), user_of(author.handle)
        if len(name) < NAME_LEAST or len(user) < NAME_LEAST:
            continue
        for mention in store.people.of_name(user, LOOKED_AT):
            other = person_of(mention)
            if (
                other not in known
                and user_of(mention.author) == user
                and mention.author_name.casefold().strip() == name
            ):
                found[other] = Author(other, mention.network, mention.author, mention.author_name)
    return tuple(found.values())[:SUGGESTED_MOST]


def user_of(handle: str) -> str:
    """Returns the first part of a handle: `rolf` of `@rolf@kaffe.example` and of `@rolf.bsky.social`."""
    return handle.removeprefix("@").partition("@")[0].partition(".")[0].casefold()
