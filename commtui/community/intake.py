"""Stores what a batch from the network brings: new mentions in their conversations, edits, deletions, engagement.

A batch and its cursor are one transaction. Local triage wins over the network's copy. What comes is clean already
(networks/boundary.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from commtui.activity.grouping import thread_of
from commtui.community.joining import fold, thread_of_parent, unfolded
from commtui.community.known import Owner, mention_of, mention_with_id, rename_mention, sent_by_us, was_erased
from commtui.model import ids, text
from commtui.model.arrival import arrived
from commtui.model.content import kinds_of, row_text
from commtui.model.conversations import ROW_TEXT, awaited, with_newest
from commtui.model.incoming import Status
from commtui.model.records import Conversation, Engagement, Mention, Via
from commtui.model.states import ConversationStatus
from commtui.store.store import Store
from commtui.store.write import Write

DATED_APART = timedelta(days=1)
"""An author's date that is so far from when the text came is shown beside that."""
PEOPLE_KEPT = 10
"""How many names of people an engagement record keeps, the newest first."""


def new_mention(
    owner: Owner, status: Status, via: Via, conversation: str, came_at: datetime, guess: str = ""
) -> Mention:
    """Returns the record of a status that came at `came_at`. `guess`: its language, where the network names none."""
    return Mention(
        id=ids.mention_id(owner.network, owner.id, status.remote_id),
        account=owner.id,
        network=owner.network,
        remote_id=status.remote_id,
        via=via,
        conversation=conversation,
        author=status.author,
        author_name=status.author_name,
        text=status.text,
        created_at=came_at,
        dated_at=status.created_at if abs(status.created_at - came_at) >= DATED_APART else None,
        author_id=status.author_id,
        url=status.url,
        uri=status.uri or status.url,
        in_reply_to=status.in_reply_to,
        root=status.root,
        others=status.others,
        extra=dict(status.extra),
        visibility=status.visibility,
        spoiler=status.spoiler,
        language=status.language,
        language_guess=guess or None,
        media=status.media,
        poll=status.poll,
        labels=status.labels,
        edited=status.edited,
        pending=status.pending,
        bot=status.bot,
    )


def add_mention(
    store: Store,
    write: Write,
    owner: Owner,
    status: Status,
    via: Via,
    now: datetime,
    noticed: datetime | None = None,
    guess: str = "",
) -> Mention | None:
    """Stores a new mention in its conversation. Returns it; None if it is our own, stored already, or erased.

    A status that is stored already is compared: it may be edited. `noticed`: when the network told of it; the queue
    goes by that, and by the date of the author only where there is no other. `guess`: see `new_mention`.
    """
    mention_id = ids.mention_id(owner.network, owner.id, status.remote_id)
    if status.ours:
        return None
    known = mention_of(store, owner, status)
    if known is not None and known.erased:
        return None
    if known is not None:
        if known.pending and not status.pending:
            decided(store, write, known)
        apply_edit(store, write, owner, status, now)
        return None
    if was_erased(store, owner, status):
        return None
    thread = thread_of_parent(store, owner, status.in_reply_to)
    conversation = unfolded(store, thread) if thread else None
    within = conversation.id if conversation else ids.conversation_id(mention_id)
    mention = new_mention(owner, status, via, within, arrived(noticed, status.created_at, now), guess)
    if conversation is not None and thread != within:
        mention = replace(mention, came_to=thread)
    write.put(mention)
    if conversation is None:
        write.put(_new_conversation(store, owner, mention))
    else:
        write.put(_with_mention(conversation, mention))
    _fold_answers(store, write, mention)
    return mention


def _new_conversation(store: Store, owner: Owner, mention: Mention) -> Conversation:
    post = sent_by_us(store, owner, mention.in_reply_to) if mention.in_reply_to else None
    return Conversation(
        id=mention.conversation,
        account=owner.id,
        network=owner.network,
        status=ConversationStatus.OPEN,
        since=mention.created_at,
        by_bot=mention.bot,
        newest=mention.id,
        newest_at=mention.created_at,
        author=mention.author,
        author_name=mention.author_name,
        text=text.snippet(row_text(mention.text, mention.media, mention.poll), ROW_TEXT),
        via=mention.via,
        visibility=mention.visibility,
        newest_edited=mention.edited,
        newest_pending=mention.pending,
        spoiler=mention.spoiler,
        language=mention.language,
        language_guess=mention.language_guess,
        attached=kinds_of(mention.media, mention.poll),
        parents_known=mention.in_reply_to is None or post is not None,
        campaign=post.campaign if post else None,
    )


def _with_mention(conversation: Conversation, mention: Mention) -> Conversation:
    """Returns the conversation with a new mention: it is open, unread and not snoozed."""
    conversation = replace(
        awaited(conversation, mention.created_at, by_bot=mention.bot), mentions=conversation.mentions + 1
    )
    return with_newest(conversation, mention) if mention.created_at >= conversation.newest_at else conversation


def _fold_answers(store: Store, write: Write, mention: Mention) -> None:
    """Folds the conversations of mentions that arrived before this one, which they answer."""
    for answer in store.mentions.answers_to(mention.remote_id):
        if answer.account == mention.account:
            fold(store, write, thread_of(store, mention), thread_of(store, answer))


def apply_edit(store: Store, write: Write, owner: Owner, status: Status, now: datetime) -> None:
    """Stores what changed of a text and what stands beside it, and marks the mention as edited.

    New votes of its poll, and other addresses of its files, are stored and are no edit. Reopens the conversation only
    if the text grew by more than a link. The author then waits since `now`: networks do not tell when a text was
    edited.
    """
    stored = mention_of(store, owner, status)
    if stored is None or stored.erased:
        return
    if stored.deleted:
        stored = _back(store, write, stored)
    if stored.remote_id != status.remote_id:
        stored = rename_mention(store, write, stored, status.remote_id)
    new = replace(stored, text=status.text, spoiler=status.spoiler, media=status.media, poll=status.poll)
    if new == stored:
        return
    new = replace(new, edited=stored.edited or _words(new) != _words(stored))
    write.put(new)
    conversation = unfolded(store, stored.conversation)
    if conversation is None:
        return
    if grew(stored.text, status.text):
        conversation = awaited(conversation, now, by_bot=stored.bot)
    write.put(with_newest(conversation, new) if conversation.newest == stored.id else conversation)


def _words(mention: Mention) -> tuple[object, ...]:
    """Returns all that the author of a mention wrote."""
    options = tuple(option.text for option in mention.poll.options) if mention.poll else ()
    return mention.text, mention.spoiler, tuple(file.alt for file in mention.media), options


def grew(old: str, new: str) -> bool:
    """Whether a text became longer, links not counted."""

    def words(body: str) -> list[str]:
        return [word for word in body.split() if "://" not in word]

    return len(" ".join(words(new))) > len(" ".join(words(old)))


def mark_deleted(store: Store, write: Write, owner: Owner, remote_id: str) -> None:
    """Marks a mention that was deleted on the network. Its row stays."""
    stored = mention_with_id(store, owner, remote_id)
    if stored is None or stored.deleted or stored.remote_id != remote_id:
        return
    write.put(replace(stored, deleted=True))
    conversation = unfolded(store, stored.conversation)
    if conversation is not None and conversation.newest == stored.id:
        write.put(replace(conversation, newest_deleted=True))


def decided(store: Store, write: Write, mention: Mention, rejected: bool = False) -> None:
    """Stores that an answer waits for our approval no longer; one that was rejected is not there any more."""
    new = replace(mention, pending=False, deleted=mention.deleted or rejected)
    write.put(new)
    conversation = unfolded(store, mention.conversation)
    if conversation is not None and conversation.newest == mention.id:
        write.put(replace(conversation, newest_pending=False, newest_deleted=new.deleted))


def _back(store: Store, write: Write, stored: Mention) -> Mention:
    """Takes the mark off a mention that the network shows again: it was hidden, or not to be found for a while."""
    back = replace(stored, deleted=False)
    write.put(back)
    conversation = unfolded(store, stored.conversation)
    if conversation is not None and conversation.newest == stored.id:
        write.put(replace(conversation, newest_deleted=False))
    return back


def add_engagement(
    store: Store,
    write: Write,
    owner: Owner,
    kind: str,
    target: str | None,
    by: str,
    at: datetime,
    count: int = 1,
    status: Status | None = None,
) -> None:
    """Counts a like, a boost or a follow in the one record of its kind and target; each person counts once. `status`:
    ours, where the network told it."""
    engagement_id = ids.derived(ids.ENGAGEMENT, owner.id, kind, target or "")
    stored = store.get(Engagement, engagement_id)
    people = stored.people if stored else ()
    if by in people:
        return
    write.put(
        Engagement(
            id=engagement_id,
            account=owner.id,
            kind=kind,
            target=target,
            count=(stored.count if stored else 0) + count,
            last_at=max(at, stored.last_at) if stored else at,
            people=(by, *people)[:PEOPLE_KEPT],
            text=status.text if status else stored.text if stored else "",
            url=status.url if status else stored.url if stored else None,
        )
    )
