"""People: the records of what is not derived from what they wrote, and the rules of what is.

A person is an author (model/authors.py), or several whom somebody linked by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from commtui.model import ids
from commtui.model.clock import AwareDatetime
from commtui.model.strings import Id, Text

REGULAR_CONVERSATIONS: Final = 3
REGULAR_WITHIN: Final = timedelta(days=90)


class Mark(StrEnum):
    """What a person is to us. The first of these that is true is shown."""

    VIP = "vip"
    """Somebody marked them so."""
    REGULAR = "regular"
    """At least REGULAR_CONVERSATIONS of their conversations have a message of the last REGULAR_WITHIN."""
    NEW = "new"
    """This is their first conversation."""


class PersonNote(Struct, frozen=True, kw_only=True):
    """An internal note on a person, never sent."""

    who: str
    at: AwareDatetime
    text: Text


class Person(Struct, frozen=True, kw_only=True):
    """What people of ours wrote down about one author."""

    id: Id
    tags: tuple[str, ...] = ()
    notes: tuple[PersonNote, ...] = ()
    vip: bool = False
    erased_at: AwareDatetime | None = None
    """When all that they had written until then was erased."""


class Link(Struct, frozen=True, kw_only=True):
    """Two authors are one person, as somebody says."""

    id: Id
    one: Id
    other: Id
    who: str
    at: AwareDatetime


def link_id(one: str, other: str) -> str:
    """Returns the id of the link between two authors: there is one, whoever is named first."""
    return ids.derived(ids.LINK, *sorted((one, other)))


def linked(author: str, neighbours: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Returns the ids of all authors who are one person with `author`, themselves included, sorted.

    `neighbours`: those whom a link joins with an author.
    """
    found, new = {author}, [author]
    while new:
        for other in neighbours(new.pop()):
            if other not in found:
                found.add(other)
                new.append(other)
    return tuple(sorted(found))


def mark_of(vip: bool, conversations: Collection[datetime], now: datetime) -> Mark | None:
    """Returns the mark of a person. `conversations`: when they last wrote in each of theirs."""
    if vip:
        return Mark.VIP
    if sum(now - at < REGULAR_WITHIN for at in conversations) >= REGULAR_CONVERSATIONS:
        return Mark.REGULAR
    return Mark.NEW if len(conversations) == 1 else None


def merged_tags(tags: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Returns the tags of several lists, the most frequent first, equal ones in the order in which they came."""
    named = [tag for some in tags for tag in some]
    return tuple(sorted(dict.fromkeys(named), key=lambda tag: -named.count(tag)))
