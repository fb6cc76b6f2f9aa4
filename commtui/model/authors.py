"""The id of a person: derived from what a network calls an author for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model import ids

if TYPE_CHECKING:  # the store derives its columns without the records, whose import costs 30 ms
    from commtui.model.records import Mention


def person_id(network: str, author_id: str, author: str) -> str:
    """Returns the id of an author, equal on every machine; empty where there is none.

    An `author_id` that holds everywhere (a DID, an address) is the person's, whatever the handle becomes. Mastodon's
    is a number of one server's own, where another server's number may be somebody else's: there the handle is
    lasting, and equal wherever it is seen from.
    """
    lasting = author_id if ":" in author_id else author.removeprefix("@").casefold()
    return ids.derived(ids.PERSON, network, lasting) if lasting else ""


def person_of(mention: Mention) -> str:
    """Returns the id of the author of a mention; empty where it was erased."""
    return "" if mention.erased else person_id(mention.network, mention.author_id, mention.author)
