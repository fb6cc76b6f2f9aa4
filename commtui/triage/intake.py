"""A batch comes in: each mention finds its conversation, once; what changed on the network changes here.

All of a batch and its cursor is one transaction. Local triage wins over the network's copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from commtui.model import ids, text
from commtui.model.incoming import Status
from commtui.model.records import Above, Context, Conversation, Engagement, Mention, Note, Outgoing, Via
from commtui.model.states import ConversationStatus
from commtui.store.store import Store, Write
from commtui.triage.resolve import elder

ROW_TEXT = 300
PEOPLE_KEPT = 10


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that a batch is for."""

    id: str
    network: str


def mention_of(owner: Owner, status: Status, via: Via, conversation: str) -> Mention:
    """The record of a status, its texts gated."""
    return Mention(
        id=ids.mention_id(owner.network, owner.id, status.remote_id),
        account=owner.id,
        network=owner.network,
        remote_id=status.remote_id,
        via=via,
        conversation=conversation,
        author=text.one_line(text.clean(status.author)),
        author_name=text.one_line(text.clean(status.author_name)),
        text=text.clean(status.text),
        created_at=status.created_at,
        author_id=status.author_id,
        url=status.url,
        in_reply_to=status.in_reply_to,
        root=status.root,
        extra=dict(status.extra),
        visibility=status.visibility,
        spoiler=text.one_line(text.clean(status.spoiler)),
        language=status.language,
        media=tuple(replace(each, alt=text.clean(each.alt)) for each in status.media),
        labels=status.labels,
        edited=status.edited,
    )


def take_in(store: Store, write: Write, owner: Owner, status: Status, via: Via) -> Mention | None:
    """Takes a mention in; None if it is here already (then an edit may have been seen) or is our own."""
    identity = ids.mention_id(owner.network, owner.id, status.remote_id)
    if status.ours:
        return None
    if store.get(Mention, identity) is not None:
        edited(store, write, owner, status)
        return None
    held = _home_of(store, owner, status.in_reply_to)
    made = mention_of(owner, status, via, held.id if held else ids.conversation_id(identity))
    write.put(made)
    if held is None:
        write.put(_opened(store, owner, made))
    else:
        write.put(_joined(held, made))
    _fold_answers(store, write, made)
    return made


def _ours(store: Store, owner: Owner, remote_id: str) -> Outgoing | None:
    found = [each for each in store.find(Outgoing, "remote_id", remote_id) if each.account == owner.id]
    return found[0] if found else None


def _home_of(store: Store, owner: Owner, parent: str | None) -> Conversation | None:
    """The conversation of what a mention answers, if that is a mention or a reply of ours."""
    if parent is None:
        return None
    known = store.get(Mention, ids.mention_id(owner.network, owner.id, parent))
    within = known.conversation if known else None
    if within is None:
        ours = _ours(store, owner, parent)
        within = ours.conversation if ours else None
    if within is None:
        said = store.get(Context, _context_id(owner, parent))
        within = said.conversation if said and _is_answer(store, owner, said) else None
    held = store.get(Conversation, within) if within else None
    return elder(store, held) if held else None


def _is_answer(store: Store, owner: Owner, said: Context) -> bool:
    """Whether a text of ours from elsewhere answers somebody: what continues a post of ours is part of that post."""
    while said.ours and said.in_reply_to:
        ours = _ours(store, owner, said.in_reply_to)
        if ours is not None:
            return ours.conversation is not None
        above = store.get(Context, _context_id(owner, said.in_reply_to))
        if above is None or not above.ours:
            return True
        said = above
    return False


def _opened(store: Store, owner: Owner, made: Mention) -> Conversation:
    post = _ours(store, owner, made.in_reply_to) if made.in_reply_to else None
    return Conversation(
        id=made.conversation,
        account=owner.id,
        network=owner.network,
        status=ConversationStatus.OPEN,
        since=made.created_at,
        newest=made.id,
        newest_at=made.created_at,
        author=made.author,
        author_name=made.author_name,
        text=text.snippet(made.text, ROW_TEXT),
        via=made.via,
        visibility=made.visibility,
        newest_edited=made.edited,
        parents_known=made.in_reply_to is None or post is not None,
    )


def _joined(held: Conversation, made: Mention) -> Conversation:
    """The conversation with a new mention in it: open again, and awake."""
    was_open = held.status is ConversationStatus.OPEN and not held.snoozed_for_answer and not held.snoozed_until
    held = replace(
        held,
        status=ConversationStatus.OPEN,
        since=min(held.since, made.created_at) if was_open else made.created_at,
        snoozed_until=None,
        snoozed_for_answer=False,
        done_at=None,
        unread=True,
        mentions=held.mentions + 1,
    )
    return _showing(held, made) if made.created_at >= held.newest_at else held


def _showing(held: Conversation, made: Mention) -> Conversation:
    return replace(
        held,
        newest=made.id,
        newest_at=made.created_at,
        author=made.author,
        author_name=made.author_name,
        text=text.snippet(made.text, ROW_TEXT),
        via=made.via,
        visibility=made.visibility,
        newest_edited=made.edited,
        newest_deleted=made.deleted,
    )


def _fold_answers(store: Store, write: Write, made: Mention) -> None:
    """Mentions that came before what they answer: their conversations and this one become one."""
    for answer in store.find(Mention, "in_reply_to", made.remote_id):
        if answer.account == made.account:
            one, other = (_held(store, each.conversation) for each in (made, answer))
            if one and other and one.id != other.id:
                fold(store, write, one, other)


def _held(store: Store, identity: str) -> Conversation | None:
    found = store.get(Conversation, identity)
    return elder(store, found) if found else None


def fold(store: Store, write: Write, one: Conversation, other: Conversation) -> Conversation:
    """Two conversations that are one: the younger goes into the elder, and its id goes on working."""
    one_first, other_first = (
        min(each.created_at for each in store.find(Mention, "conversation", held.id)) for held in (one, other)
    )
    kept, taken = (one, other) if (one_first, one.id) <= (other_first, other.id) else (other, one)
    for mention in store.find(Mention, "conversation", taken.id):
        write.put(replace(mention, conversation=kept.id))
    for item in store.find(Outgoing, "conversation", taken.id):
        write.put(replace(item, conversation=kept.id))
    _fold_context(store, write, kept, taken)
    for note in store.find(Note, "conversation", taken.id):
        write.put(replace(note, conversation=kept.id))
    both = (kept, taken)
    statuses = [each.status for each in both]
    newest = max(both, key=lambda each: each.newest_at)
    open_ones = [each for each in both if each.status is ConversationStatus.OPEN]
    awake = len(open_ones) != sum(1 for each in open_ones if each.snoozed_until or each.snoozed_for_answer)
    merged = replace(
        kept,
        status=next(
            status
            for status in (ConversationStatus.OPEN, ConversationStatus.WAITING, ConversationStatus.DONE)
            if status in statuses
        ),
        since=min((each.since for each in open_ones), default=kept.since),
        mentions=kept.mentions + taken.mentions,
        unread=kept.unread or taken.unread,
        muted=kept.muted or taken.muted,
        snoozed_until=None if awake else kept.snoozed_until or taken.snoozed_until,
        snoozed_for_answer=not awake and (kept.snoozed_for_answer or taken.snoozed_for_answer),
        assignee=kept.assignee or taken.assignee,
        tags=tuple(sorted({*kept.tags, *taken.tags})),
        campaign=kept.campaign or taken.campaign,
        draft=kept.draft or taken.draft,
        newest=newest.newest,
        newest_at=newest.newest_at,
        author=newest.author,
        author_name=newest.author_name,
        text=newest.text,
        via=newest.via,
        visibility=newest.visibility,
        newest_edited=newest.newest_edited,
        newest_deleted=newest.newest_deleted,
    )
    write.put(merged)
    write.put(replace(taken, folded_into=kept.id, draft=None))
    return merged


def _fold_context(store: Store, write: Write, kept: Conversation, taken: Conversation) -> None:
    there = {said.remote_id: said for said in store.find(Context, "conversation", kept.id)}
    for said in store.find(Context, "conversation", taken.id):
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
    held = _held(store, conversation)
    if held is None:
        return
    known = list(chain)
    remote = {each.remote_id: each for each in known}
    home = None
    for status in reversed(known):
        home = _home_of(store, owner, status.remote_id)
        if home is None and status.ours and status.in_reply_to in remote:
            home = _home_of(store, owner, status.in_reply_to)
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
    if store.get(Mention, ids.mention_id(owner.network, owner.id, status.remote_id)) or _ours(
        store, owner, status.remote_id
    ):
        return
    first = _context_id(owner, status.remote_id)
    known = [
        said.id for said in store.find(Context, "conversation", conversation) if said.remote_id == status.remote_id
    ]
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


def edited(store: Store, write: Write, owner: Owner, status: Status) -> None:
    """The text changed on the network: marked edited; open again only if it grew by more than a link."""
    known = store.get(Mention, ids.mention_id(owner.network, owner.id, status.remote_id))
    if known is None:
        return
    body = text.clean(status.text)
    if body == known.text:
        return
    new = replace(known, text=body, spoiler=text.one_line(text.clean(status.spoiler)), edited=True)
    write.put(new)
    held = _held(store, known.conversation)
    if held is None:
        return
    if grew(known.text, body):
        held = replace(
            held,
            status=ConversationStatus.OPEN,
            since=held.since if held.status is ConversationStatus.OPEN else status.created_at,
            snoozed_for_answer=False,
            snoozed_until=None,
            done_at=None,
            unread=True,
        )
    write.put(_showing(held, new) if held.newest == known.id else held)


def grew(old: str, new: str) -> bool:
    """Whether a text has more to say than before: longer, links not counted."""

    def words(body: str) -> list[str]:
        return [word for word in body.split() if "://" not in word]

    return len(" ".join(words(new))) > len(" ".join(words(old)))


def deleted(store: Store, write: Write, owner: Owner, remote_id: str) -> None:
    """It is gone on the network: its row stays, and says so."""
    known = store.get(Mention, ids.mention_id(owner.network, owner.id, remote_id))
    if known is None or known.deleted:
        return
    write.put(replace(known, deleted=True))
    held = _held(store, known.conversation)
    if held is not None and held.newest == known.id:
        write.put(replace(held, newest_deleted=True))


def engaged(
    store: Store, write: Write, owner: Owner, kind: str, target: str | None, by: str, at: datetime, count: int = 1
) -> None:
    """Folds a like, a boost or a follow into the one record of its kind and target; the same person counts once."""
    identity = ids.derived(ids.ENGAGEMENT, owner.id, kind, target or "")
    known = store.get(Engagement, identity)
    name = text.one_line(text.clean(by))
    people = known.people if known else ()
    if name in people:
        return
    write.put(
        Engagement(
            identity,
            owner.id,
            kind,
            target,
            (known.count if known else 0) + count,
            max(at, known.last_at) if known else at,
            (name, *people)[:PEOPLE_KEPT],
        )
    )
