"""A batch comes in: each mention finds its conversation, once; what changed on the network changes here.

All of a batch and its cursor is one transaction. Local triage wins over the network's copy.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from commtui.community.joining import Owner, fold, holding, home_of, sent_by_us
from commtui.model import ids, text
from commtui.model.conversations import ROW_TEXT, with_newest
from commtui.model.incoming import Status
from commtui.model.records import Conversation, Engagement, Media, Mention, Via
from commtui.model.states import ConversationStatus
from commtui.store.store import Store
from commtui.store.write import Write

PEOPLE_KEPT = 10


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
        media=_media(status),
        labels=status.labels,
        edited=status.edited,
    )


def _media(status: Status) -> tuple[Media, ...]:
    return tuple(replace(each, alt=text.clean(each.alt)) for each in status.media)


def take_in(
    store: Store, write: Write, owner: Owner, status: Status, via: Via, now: datetime | None = None
) -> Mention | None:
    """Takes a mention in; None if it is here already (then an edit may have been seen) or is our own."""
    identity = ids.mention_id(owner.network, owner.id, status.remote_id)
    if status.ours:
        return None
    if store.get(Mention, identity) is not None:
        edited(store, write, owner, status, now)
        return None
    held = home_of(store, owner, status.in_reply_to)
    made = mention_of(owner, status, via, held.id if held else ids.conversation_id(identity))
    write.put(made)
    if held is None:
        write.put(_opened(store, owner, made))
    else:
        write.put(_joined(held, made))
    _fold_answers(store, write, made)
    return made


def _opened(store: Store, owner: Owner, made: Mention) -> Conversation:
    post = sent_by_us(store, owner, made.in_reply_to) if made.in_reply_to else None
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
    return with_newest(held, made) if made.created_at >= held.newest_at else held


def _fold_answers(store: Store, write: Write, made: Mention) -> None:
    """Mentions that came before what they answer: their conversations and this one become one."""
    for answer in store.mentions.answers_to(made.remote_id):
        if answer.account == made.account:
            one, other = (holding(store, each.conversation) for each in (made, answer))
            if one and other and one.id != other.id:
                fold(store, write, one, other)


def edited(store: Store, write: Write, owner: Owner, status: Status, now: datetime | None = None) -> None:
    """Text or content warning changed on the network: marked edited; open again only if it grew by more than a link.

    Then they wait since `now`: networks do not say when somebody wrote more, and it was written long after the rest.
    """
    known = store.get(Mention, ids.mention_id(owner.network, owner.id, status.remote_id))
    if known is None:
        return
    body, spoiler = text.clean(status.text), text.one_line(text.clean(status.spoiler))
    if (body, spoiler) == (known.text, known.spoiler):
        return
    new = replace(known, text=body, spoiler=spoiler, media=_media(status), edited=True)
    write.put(new)
    held = holding(store, known.conversation)
    if held is None:
        return
    if grew(known.text, body):
        held = replace(
            held,
            status=ConversationStatus.OPEN,
            since=held.since if held.status is ConversationStatus.OPEN else now or status.created_at,
            snoozed_for_answer=False,
            snoozed_until=None,
            done_at=None,
            unread=True,
        )
    write.put(with_newest(held, new) if held.newest == known.id else held)


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
    held = holding(store, known.conversation)
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
            id=identity,
            account=owner.id,
            kind=kind,
            target=target,
            count=(known.count if known else 0) + count,
            last_at=max(at, known.last_at) if known else at,
            people=(name, *people)[:PEOPLE_KEPT],
        )
    )
