"""Finds the author whom somebody names: by the id of a person, a handle, or the id of anything in a conversation."""

from __future__ import annotations

from typing import Final

from commtui.activity import resolve
from commtui.activity.errors import AmbiguousId, UnknownPerson
from commtui.model import ids
from commtui.model.authors import person_of
from commtui.model.records import Conversation, Mention, Outgoing, Person
from commtui.store.store import Store

LOOKED_AT: Final = 500
"""Mentions that say a handle and are looked at for its author, the last ones."""


def author(store: Store, given: str) -> str:
    """Returns the id of an author. Raises UnknownPerson, UnknownId, AmbiguousId.

    `given`: an id of a person, `u...`, or its unique beginning; a handle, `@user@host` or `@user`; the id of a mention
    or a conversation, whose author is meant, or of a reply of ours, whom it answers.
    """
    given = given.strip()
    if given[:1] == ids.PERSON and ids.prefix_range(given) is not None:
        return _with_prefix(store, given.lower())
    if given[:1] in resolve.KIND_NAMES and "@" not in given and "." not in given:
        return _of_item(store, given)
    return _of_handle(store, given)


def _with_prefix(store: Store, given: str) -> str:
    found = store.people.all(given)
    if len(found) > 1:
        most = resolve.NAMED_MOST
        raise AmbiguousId(given, found[:most], max(0, len(found) - most))
    if not found and store.get(Person, given) is not None:  # erased: nothing that they wrote names them
        return given
    if not found:
        raise UnknownPerson(given)
    return found[0]


def _of_item(store: Store, given: str) -> str:
    record = resolve.item(store, given)
    if isinstance(record, Outgoing):
        record = store.get(Mention, record.in_reply_to or "") or record
    if isinstance(record, Conversation):
        record = store.get(Mention, resolve.elder(store, record).newest) or record
    found = person_of(record) if isinstance(record, Mention) else ""
    if not found:
        raise UnknownPerson(given)
    return found


def _names_of(author: str) -> tuple[str, str]:
    """Returns a handle, and its first part."""
    handle = author.removeprefix("@").casefold()
    return handle, handle.partition("@")[0]


def _of_handle(store: Store, given: str) -> str:
    wanted = given.removeprefix("@").casefold()
    mentions = store.people.of_name(wanted, LOOKED_AT) if wanted else []
    found = sorted({person_of(each) for each in mentions if wanted in _names_of(each.author)} - {""})
    if len(found) > 1:
        raise AmbiguousId(given, found)
    if not found:
        raise UnknownPerson(given)
    return found[0]
