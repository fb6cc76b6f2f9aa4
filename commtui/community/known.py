"""Texts that are stored already, by what a network calls them now.

An edit changes a text's id on some servers. Its address in the fediverse (`uri`, else `url`) stays.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from commtui.model import ids
from commtui.model.authors import person_id
from commtui.model.erasing import is_from_before
from commtui.model.incoming import Status
from commtui.model.records import Mention, Outgoing, Person
from commtui.model.states import OutgoingState
from commtui.store.store import Store
from commtui.store.write import Write


class Owner(Struct, frozen=True):
    """The account that a batch was fetched for."""

    id: str
    network: str


def mention_with_id(store: Store, owner: Owner, remote_id: str) -> Mention | None:
    """Returns the mention that the network calls so, or called so when it came."""
    first = store.get(Mention, ids.mention_id(owner.network, owner.id, remote_id))
    if first is not None:
        return first
    return next((mention for mention in store.mentions.with_remote_id(remote_id) if mention.account == owner.id), None)


def mention_of(store: Store, owner: Owner, status: Status) -> Mention | None:
    """Returns the mention that a status is, by its id, else by its address and author."""
    known = mention_with_id(store, owner, status.remote_id)
    if known is not None or not (address := status.uri or status.url):
        return known
    for mention in store.mentions.with_uri(address):
        if mention.account == owner.id and mention.author_id == status.author_id:
            return mention
    return None


def was_erased(store: Store, owner: Owner, status: Status) -> bool:
    """Whether a text that is not stored is of somebody who was erased, and from before that."""
    author = person_id(owner.network, status.author_id, status.author)
    person = store.get(Person, author) if author else None
    return person is not None and is_from_before(person.erased_at, status.created_at)


def rename_mention(store: Store, write: Write, mention: Mention, remote_id: str) -> Mention:
    """Stores what the network calls a mention now, also with what is on its way to answer it. Returns the mention."""
    renamed = replace(mention, remote_id=remote_id)
    write.put(renamed)
    for item in store.outgoing.of_conversation(mention.conversation):
        if item.in_reply_to == mention.id and item.state is not OutgoingState.SENT:
            write.put(replace(item, in_reply_to_remote=remote_id))
    _rename_parent(store, write, mention.account, mention.remote_id, remote_id)
    return renamed


def _rename_parent(store: Store, write: Write, account: str, old: str, new: str) -> None:
    """Stores the new name of what mentions answer."""
    for answer in store.mentions.answers_to(old):
        if answer.account == account:
            write.put(replace(answer, in_reply_to=new))


def sent_by_us(store: Store, owner: Owner, remote_id: str) -> Outgoing | None:
    """Returns the reply or post of this home that was published as `remote_id`."""
    items = store.outgoing.with_remote_id(remote_id)
    return next((item for item in items if item.account == owner.id), None)


def recognize_ours(store: Store, write: Write, owner: Owner, status: Status) -> Outgoing | None:
    """Returns the reply or post of this home that a status of ours is; stores what the network calls it now."""
    known = sent_by_us(store, owner, status.remote_id)
    if known is not None or not status.ours:
        return known
    for item in store.outgoing.with_url(status.url or ""):
        if item.account == owner.id and item.state is OutgoingState.SENT:
            renamed = replace(item, remote_id=status.remote_id)
            write.put(renamed)
            _rename_parent(store, write, item.account, item.remote_id or "", status.remote_id)
            return renamed
    return None
