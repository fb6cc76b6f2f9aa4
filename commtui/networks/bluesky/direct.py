"""Direct messages: chat.bsky.convo, a service of its own that the account's server passes calls on to.

It needs a privileged app password. A message's remote_id is `chat:CONVERSATION/MESSAGE`; each answers the one before,
so a conversation there is one here. The service has no idempotency key: after a lost answer the text is looked for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from commtui.model.abilities import Limits, Visibility
from commtui.model.length import excess
from commtui.model.records import LookAlike, Outgoing, Via
from commtui.networks.base import (
    Absence,
    EventKind,
    Gone,
    Incoming,
    LoginRefused,
    NetworkError,
    Refused,
    Sent,
    Status,
    Thread,
)
from commtui.networks.bluesky import chat_lexicon, facets, lexicon, parse, sending
from commtui.networks.bluesky.xrpc import Xrpc
from commtui.networks.likeness import same_text
from commtui.networks.payloads import read, read_each, read_known

log = logging.getLogger(__name__)

PROXY: Final = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
LIMITS: Final = Limits(characters=1000, bytes=10_000, counting="graphemes", media=0)
PAGE: Final = "100"
MOST_PAGES: Final = 20
SLACK: Final = timedelta(minutes=10)
"""How much earlier than our sending, by the server's clock, what is surely it may be dated."""
WIDE: Final = timedelta(hours=26)
"""The same for what may be it: our own clock may have been a day off."""
SHOWN: Final = 5
TEXT_SHOWN: Final = 500
CREATED: Final = "chat.bsky.convo.defs#logCreateMessage"
DELETED: Final = "chat.bsky.convo.defs#deletedMessageView"
People = dict[str, lexicon.Profile]
"""By DID."""


def is_one(remote_id: str) -> bool:
    """Whether this is a direct message."""
    return remote_id.startswith("chat:")


def address(conversation: str, message: str) -> str:
    """The remote_id of a message."""
    return f"chat:{conversation}/{message}"


def parts(remote_id: str) -> tuple[str, str]:
    """(conversation, message) of a remote_id. Raises Gone."""
    match = re.fullmatch(r"chat:([\w-]{1,100})/([\w-]{1,100})", remote_id)
    if match is None:
        raise Gone(f"there is no message {remote_id[:100]!r}")
    return match[1], match[2]


class News(NamedTuple):
    """Messages that came, oldest first, the next cursor, and how many messages could not be read."""

    items: tuple[Incoming, ...]
    cursor: str
    skipped: int = 0


async def fetch(xrpc: Xrpc, cursor: str) -> News:
    """What came since `cursor`; at first what is unread.

    Trouble leaves it for later, since posts have come all the same. Raises LoginRefused.
    """
    try:
        return await (_news(xrpc, cursor) if cursor else _first(xrpc))
    except LoginRefused:
        raise
    except NetworkError as error:
        log.warning("%s: direct messages could not be read: %s", xrpc.login.account, error)
        return News((), cursor)


async def _first(xrpc: Xrpc) -> News:
    answer = await xrpc.query(chat_lexicon.Convos, "chat.bsky.convo.listConvos", ("limit", PAGE), headers=PROXY)
    convos, skipped = read_each(answer.convos, lambda value: read(value, chat_lexicon.Convo))
    items: list[Incoming] = []
    for convo in convos:
        if convo.unread_count > 0 and not convo.muted:
            messages, malformed = await _messages(xrpc, convo.id, _people(convo.members))
            skipped += malformed
            theirs = [message for message in messages if not message.ours]
            items += [_incoming(message) for message in theirs[-convo.unread_count :]]
    items.sort(key=_when)
    return News(tuple(items), max((convo.rev for convo in convos), default=""), skipped)


async def _news(xrpc: Xrpc, cursor: str) -> News:
    new: dict[str, set[str]] = {}
    people: People = {}
    skipped = 0
    for _ in range(MOST_PAGES):
        answer = await xrpc.query(chat_lexicon.Log, "chat.bsky.convo.getLog", ("cursor", cursor), headers=PROXY)
        entries, malformed = read_each(answer.logs, lambda value: read(value, chat_lexicon.LogEntry))
        skipped += malformed
        for entry in entries:
            people |= _people(entry.related_profiles)
            if entry.type != CREATED:
                continue
            if entry.message is None or not entry.convo_id:
                log.warning("skipped a malformed entry of the log of direct messages")
                skipped += 1
            elif entry.message.sender.did != xrpc.did:
                new.setdefault(entry.convo_id, set()).add(entry.message.id)
        newest = max((entry.rev for entry in entries), default="")
        if newest <= cursor:
            break
        cursor = newest
    items: list[Incoming] = []
    for conversation, ids in new.items():
        messages, malformed = await _messages(xrpc, conversation, people)
        skipped += malformed
        items += [_incoming(message) for message in messages if parts(message.remote_id)[1] in ids]
    items.sort(key=_when)
    return News(tuple(items), cursor, skipped)


def _when(item: Incoming) -> Any:
    assert item.status is not None
    return item.status.created_at, item.status.remote_id


def _incoming(status: Status) -> Incoming:
    return Incoming(EventKind.MENTION, Via.DIRECT, status, status.remote_id, at=status.created_at)


def _people(profiles: Any) -> People:
    return {profile.did: profile for profile in read_known(profiles, lexicon.Profile)}


async def _messages(xrpc: Xrpc, conversation: str, people: People | None = None) -> tuple[list[Status], int]:
    """The newest hundred of a conversation, oldest first, and how many could not be read. Raises Gone."""
    query = (("convoId", conversation), ("limit", PAGE))
    answer = await xrpc.query(chat_lexicon.Messages, "chat.bsky.convo.getMessages", *query, headers=PROXY)
    known = {**(people or {}), **_people(answer.related_profiles)}
    views, skipped = read_each(answer.messages, _message)
    if any(view.sender.did not in known for view in views):
        convo = await xrpc.query(
            chat_lexicon.ConvoAnswer, "chat.bsky.convo.getConvo", ("convoId", conversation), headers=PROXY
        )
        known |= _people(convo.convo.members)
    messages = [_status(view, conversation, known, xrpc.did) for view in views]
    messages.sort(key=lambda message: (message.created_at, message.remote_id))
    return [
        replace(message, in_reply_to=messages[index - 1].remote_id) if index else message
        for index, message in enumerate(messages)
    ], skipped


def _message(value: Any) -> chat_lexicon.Message | None:
    """A message; None for one that was deleted, which has no text. Raises Malformed."""
    if isinstance(value, dict) and value.get("$type") == DELETED:
        return None
    return read(value, chat_lexicon.Message)


def _status(view: chat_lexicon.Message, conversation: str, people: People, us: str) -> Status:
    author = people.get(view.sender.did) or lexicon.Profile(view.sender.did)
    return Status(
        remote_id=address(conversation, view.id),
        author=parse.handle(author),
        author_name=author.display_name or author.handle,
        author_id=author.did,
        text="\n".join(filter(None, (facets.expanded(view.text, view.facets), _shared(view.embed.record)))),
        created_at=view.sent_at,
        url=f"{parse.WEB}/messages/{conversation}",
        visibility=Visibility.DIRECT,
        ours=author.did == us,
        bot=author.is_bot,
    )


def _shared(record: chat_lexicon.Shared) -> str:
    """The lines that stand for what a message shares: who wrote it, its text, its address; empty: it shares nothing."""
    if not record.uri:
        return ""
    author, known_handle = "", ""
    if record.author is not None:
        author, known_handle = f"{parse.handle(record.author)}:", record.author.known_handle
    words = facets.expanded(record.value.text, record.value.facets) or record.display_name or record.name
    lines = [f"> {line}" for line in f"{author} {words}".strip().splitlines()]
    return "\n".join(filter(None, (*lines, parse.reference(record.uri, known_handle))))


async def thread(xrpc: Xrpc, remote_id: str, most: int) -> Thread:
    """The messages before and after a message. Raises Gone."""
    conversation, _ = parts(remote_id)
    await xrpc.ready()
    messages, _ = await _messages(xrpc, conversation)
    for index, message in enumerate(messages):
        if message.remote_id == remote_id:
            above = messages[max(0, index - most) : index]
            return Thread(tuple(above), tuple(messages[index + 1 :]), False, message)
    raise Gone("this message is deleted, or among older ones than are shown")


async def send(xrpc: Xrpc, item: Outgoing) -> Sent:
    """Sends a message to the conversation of what it answers. Raises AnswerLost for anything but a clear no."""
    conversation, _ = parts(item.in_reply_to_remote or "")
    if not item.text.strip():
        raise Refused("nothing to send: the text is empty")
    if too_much := excess(item.text, LIMITS, media=len(item.media)):
        raise Refused(f"too much for a direct message: {'; '.join(map(str, too_much))}")
    await xrpc.ready()
    message: dict[str, Any] = {"text": item.text}
    if text_facets := facets.make(item.text, await sending.dids(xrpc, item.text)):
        message["facets"] = text_facets
    body = {"convoId": conversation, "message": message}
    answer = await xrpc.procedure(chat_lexicon.SentMessage, "chat.bsky.convo.sendMessage", body, headers=PROXY)
    return Sent(address(conversation, answer.id), f"{parse.WEB}/messages/{conversation}", answer.sent_at)


async def find(xrpc: Xrpc, item: Outgoing, taken: Collection[str] = ()) -> Sent | Absence:
    """Looks for the text among our messages since the sending, but for those that are `taken`."""
    conversation, _ = parts(item.in_reply_to_remote or "")
    begun = item.doubtful_since or item.sending_since or item.created_at
    await xrpc.ready()
    messages, malformed = await _messages(xrpc, conversation)
    ours = [message for message in messages if message.ours and message.remote_id not in taken]
    for message in ours:
        if same_text(item.text, message.text) and message.created_at >= begun - SLACK:
            return Sent(message.remote_id, message.url, message.created_at)
    near = [
        message
        for message in ours
        if message.created_at >= begun - (WIDE if same_text(item.text, message.text) else SLACK)
    ]
    alike = tuple(
        LookAlike(
            remote_id=message.remote_id, url=message.url, text=message.text[:TEXT_SHOWN], created_at=message.created_at
        )
        for message in near[:SHOWN]
    )
    return Absence(complete=not malformed, look_alikes=alike)
