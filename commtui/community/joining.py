"""Which conversation a text belongs to: the one of what it answers, found at once or when the chain above it is known.

Two that turn out to be one are folded, and what stands above a mention is kept with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.resolve import elder
from commtui.model import ids, text
from commtui.model.conversations import folded
from commtui.model.incoming import Status
from commtui.model.records import Above, Context, Conversation, Mention, Outgoing
from commtui.store.store import Store
from commtui.store.write import Write


class Owner(Struct, frozen=True):
    """The account that a batch is for."""

    id: str
    network: str


def sent_by_us(store: Store, owner: Owner, remote_id: str) -> Outgoing | None:
    """The reply or the post of this home that is out as `remote_id`."""
    found = [each for each in store.outgoing.with_remote_id(remote_id) if each.account == owner.id]
    return found[0] if found else None


def home_of(store: Store, owner: Owner, parent: str | None) -> Conversation | None:
    """The conversation of what a mention answers, if that is a mention or a reply of ours."""
    if parent is None:
        return None
    known = store.get(Mention, ids.mention_id(owner.network, owner.id, parent))
    within = known.conversation if known else None
    if within is None:
        ours = sent_by_us(store, owner, parent)
        within = ours.conversation if ours else None
    if within is None:
        said = store.get(Context, _context_id(owner, parent))
        within = said.conversation if said and _is_answer(store, owner, said) else None
    held = store.get(Conversation, within) if within else None
    return elder(store, held) if held else None


def _is_answer(store: Store, owner: Owner, said: Context) -> bool:
    """Whether a text of ours from elsewhere answers somebody: what continues a post of ours is part of that post."""
    while said.ours and said.in_reply_to:
        ours = sent_by_us(store, owner, said.in_reply_to)
        if ours is not None:
            return ours.conversation is not None
        above = store.get(Context, _context_id(owner, said.in_reply_to))
        if above is None or not above.ours:
            return True
        said = above
    return False


def holding(store: Store, identity: str) -> Conversation | None:
    """The conversation of an id, or the one that took it in."""
    found = store.get(Conversation, identity)
    return elder(store, found) if found else None


def fold(store: Store, write: Write, one: Conversation, other: Conversation) -> Conversation:
    """Two conversations that are one: the younger goes into the elder, and its id goes on working."""
    one_first, other_first = (
        min(each.created_at for each in store.mentions.of_conversation(held.id)) for held in (one, other)
    )
    kept, taken = (one, other) if (one_first, one.id) <= (other_first, other.id) else (other, one)
    for mention in store.mentions.of_conversation(taken.id):
        write.put(replace(mention, conversation=kept.id))
    for item in store.outgoing.of_conversation(taken.id):
        write.put(replace(item, conversation=kept.id))
    _fold_context(store, write, kept, taken)
    for note in store.notes.of_conversation(taken.id):
        write.put(replace(note, conversation=kept.id))
    merged = folded(kept, taken)
    write.put(merged)
    write.put(replace(taken, folded_into=kept.id, draft=None))
    return merged


def _fold_context(store: Store, write: Write, kept: Conversation, taken: Conversation) -> None:
    there = {said.remote_id: said for said in store.context.of_conversation(kept.id)}
    for said in store.context.of_conversation(taken.id):
        double = there.get(said.remote_id)
        if double is not None:  # the one by which it is looked for stays
            write.remove(Context, double.id if said.id == _first_context_id(said) else said.id)
        if double is None or said.id == _first_context_id(said):
            write.put(replace(said, conversation=kept.id))


def parents(
    store: Store, write: Write, owner: Owner, conversation: str, chain: Iterable[Status], missing: bool = False
) -> None:
    """The chain above a conversation's first mention, oldest first, fetched once: kept, and looked at again for a link.

    The nearest one that is a mention or a reply of ours (here, or written elsewhere in answer to one) joins the two.
    `missing`: one of the chain is deleted, blocked or hidden.
    """
    held = holding(store, conversation)
    if held is None:
        return
    known = list(chain)
    remote = {each.remote_id: each for each in known}
    home = None
    for status in reversed(known):
        home = home_of(store, owner, status.remote_id)
        if home is None and status.ours and status.in_reply_to in remote:
            home = home_of(store, owner, status.in_reply_to)
        if home is not None:
            break
    for status in known:
        keep_context(store, write, owner, held.id, status)
    held = store.get(Conversation, held.id) or held
    held = replace(held, parents_known=True, above=Above.GONE if missing else Above.WHOLE)
    write.put(held)
    if home is not None and home.id != held.id:
        fold(store, write, home, held)


def _context_id(owner: Owner, remote_id: str, *within: str) -> str:
    """The id of the first one that is kept of a text; `within` another conversation it has another."""
    return ids.derived(ids.CONTEXT, owner.network, owner.id, remote_id, *within)


def _first_context_id(said: Context) -> str:
    return _context_id(Owner(said.account, said.network), said.remote_id)


def keep_context(store: Store, write: Write, owner: Owner, conversation: str, status: Status) -> None:
    """Keeps a text of the thread that is neither a mention nor written here, in each conversation that it stands in."""
    if store.get(Mention, ids.mention_id(owner.network, owner.id, status.remote_id)) or sent_by_us(
        store, owner, status.remote_id
    ):
        return
    first = _context_id(owner, status.remote_id)
    known = [said.id for said in store.context.of_conversation(conversation) if said.remote_id == status.remote_id]
    alone = store.get(Context, first) is None
    write.put(
        Context(
            id=known[0] if known else first if alone else _context_id(owner, status.remote_id, conversation),
            account=owner.id,
            network=owner.network,
            remote_id=status.remote_id,
            conversation=conversation,
            author=text.one_line(text.clean(status.author)),
            author_name=text.one_line(text.clean(status.author_name)),
            text=text.clean(status.text),
            created_at=status.created_at,
            ours=status.ours,
            url=status.url,
            in_reply_to=status.in_reply_to,
        )
    )
