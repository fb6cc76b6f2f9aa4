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
    conversation = home_of(store, owner, status.in_reply_to)
    mention = mention_of(owner, status, via, conversation.id if conversation else ids.conversation_id(identity))
    write.put(mention)
    if conversation is None:
        write.put(_opened(store, owner, mention))
    else:
        write.put(_joined(conversation, mention))
    _fold_answers(store, write, mention)
    return mention


def _opened(store: Store, owner: Owner, mention: Mention) -> Conversation:
    post = sent_by_us(store, owner, mention.in_reply_to) if mention.in_reply_to else None
    return Conversation(
        id=mention.conversation,
        account=owner.id,
        network=owner.network,
        status=ConversationStatus.OPEN,
        since=mention.created_at,
        newest=mention.id,
        newest_at=mention.created_at,
        author=mention.author,
        author_name=mention.author_name,
        text=text.snippet(mention.text, ROW_TEXT),
        via=mention.via,
        visibility=mention.visibility,
        newest_edited=mention.edited,
        parents_known=mention.in_reply_to is None or post is not None,
    )


def _joined(conversation: Conversation, mention: Mention) -> Conversation:
    """The conversation with a new mention in it: open again, and awake."""
    was_open = (
        conversation.status is ConversationStatus.OPEN
        and not conversation.snoozed_for_answer
        and not conversation.snoozed_until
    )
    conversation = replace(
        conversation,
        status=ConversationStatus.OPEN,
        since=min(conversation.since, mention.created_at) if was_open else mention.created_at,
        snoozed_until=None,
        snoozed_for_answer=False,
        done_at=None,
        unread=True,
        mentions=conversation.mentions + 1,
    )
    return with_newest(conversation, mention) if mention.created_at >= conversation.newest_at else conversation


def _fold_answers(store: Store, write: Write, mention: Mention) -> None:
    """Mentions that came before what they answer: their conversations and this one become one."""
    for answer in store.mentions.answers_to(mention.remote_id):
        if answer.account == mention.account:
            one, other = (holding(store, each.conversation) for each in (mention, answer))
            if one and other and one.id != other.id:
                fold(store, write, one, other)


def edited(store: Store, write: Write, owner: Owner, status: Status, now: datetime | None = None) -> None:
    """Text or content warning changed on the network: marked edited; open again only if it grew by more than a link.

    Then they wait since `now`: networks do not say when somebody wrote more, and it was written long after the rest.
    """
    stored = store.get(Mention, ids.mention_id(owner.network, owner.id, status.remote_id))
    if stored is None:
        return
    body, spoiler = text.clean(status.text), text.one_line(text.clean(status.spoiler))
    if (body, spoiler) == (stored.text, stored.spoiler):
        return
    new = replace(stored, text=body, spoiler=spoiler, media=_media(status), edited=True)
    write.put(new)
    conversation = holding(store, stored.conversation)
    if conversation is None:
        return
    if grew(stored.text, body):
        conversation = replace(
            conversation,
            status=ConversationStatus.OPEN,
            since=conversation.since if conversation.status is ConversationStatus.OPEN else now or status.created_at,
            snoozed_for_answer=False,
            snoozed_until=None,
            done_at=None,
            unread=True,
        )
    write.put(with_newest(conversation, new) if conversation.newest == stored.id else conversation)


def grew(old: str, new: str) -> bool:
    """Whether a text has more to say than before: longer, links not counted."""

    def words(body: str) -> list[str]:
        return [word for word in body.split() if "://" not in word]

    return len(" ".join(words(new))) > len(" ".join(words(old)))


def deleted(store: Store, write: Write, owner: Owner, remote_id: str) -> None:
    """It is gone on the network: its row stays, and says so."""
    stored = store.get(Mention, ids.mention_id(owner.network, owner.id, remote_id))
    if stored is None or stored.deleted:
        return
    write.put(replace(stored, deleted=True))
    conversation = holding(store, stored.conversation)
    if conversation is not None and conversation.newest == stored.id:
        write.put(replace(conversation, newest_deleted=True))


def engaged(
    store: Store, write: Write, owner: Owner, kind: str, target: str | None, by: str, at: datetime, count: int = 1
) -> None:
    """Folds a like, a boost or a follow into the one record of its kind and target; the same person counts once."""
    identity = ids.derived(ids.ENGAGEMENT, owner.id, kind, target or "")
    stored = store.get(Engagement, identity)
    name = text.one_line(text.clean(by))
    people = stored.people if stored else ()
    if name in people:
        return
    write.put(
        Engagement(
            id=identity,
            account=owner.id,
            kind=kind,
            target=target,
            count=(stored.count if stored else 0) + count,
            last_at=max(at, stored.last_at) if stored else at,
            people=(name, *people)[:PEOPLE_KEPT],
        )
    )
