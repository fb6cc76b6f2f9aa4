"""Direct messages: chat.bsky.convo, a service of its own that the account's server passes calls on to.

It needs a privileged app password. A message's remote_id is `chat:CONVERSATION/MESSAGE`; each answers the one before,
so a conversation there is one here. The service knows no key of ours: a lost answer is met by looking for the text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from commtui.model.abilities import Limits, Visibility
from commtui.model.length import excess
from commtui.model.records import Outgoing, Via
from commtui.networks.base import (
    AnswerLost,
    EventKind,
    Gone,
    Incoming,
    LoginRefused,
    Malformed,
    NetworkError,
    Refused,
    Sent,
    Status,
    Thread,
)
from commtui.networks.bluesky import facets, parse, sending
from commtui.networks.bluesky.xrpc import Xrpc

log = logging.getLogger(__name__)

PROXY: Final = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
LIMITS: Final = Limits(characters=1000, bytes=10_000, counting="graphemes", media=0)
PAGE: Final = "100"
MOST_PAGES: Final = 20
SLACK: Final = timedelta(seconds=30)
"""How much earlier than our sending, by the server's clock, what we look for may be dated."""
CREATED: Final = "chat.bsky.convo.defs#logCreateMessage"


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


async def fetch(xrpc: Xrpc, cursor: str) -> tuple[tuple[Incoming, ...], str]:
    """What came since `cursor`, oldest first, and the next cursor; at first what is unread.

    Trouble leaves it for later, since posts have come all the same. Raises LoginRefused.
    """
    try:
        return await (_news(xrpc, cursor) if cursor else _first(xrpc))
    except LoginRefused:
        raise
    except NetworkError as error:
        log.warning("%s: direct messages could not be read: %s", xrpc.login.account, error)
        return (), cursor


async def _first(xrpc: Xrpc) -> tuple[tuple[Incoming, ...], str]:
    answer = await xrpc.query("chat.bsky.convo.listConvos", ("limit", PAGE), headers=PROXY)
    convos = parse.dicts(answer.get("convos"))
    found: list[Incoming] = []
    for convo in convos:
        unread = convo.get("unreadCount")
        if isinstance(unread, int) and unread > 0 and convo.get("muted") is not True:
            messages = await _messages(xrpc, parse.needed(convo, "id"), _people(convo.get("members")))
            theirs = [each for each in messages if not each.ours]
            found += [_incoming(each) for each in theirs[-unread:]]
    found.sort(key=_when)
    return tuple(found), max((parse.words(convo.get("rev")) for convo in convos), default="")


async def _news(xrpc: Xrpc, cursor: str) -> tuple[tuple[Incoming, ...], str]:
    new: dict[str, set[str]] = {}
    people: dict[str, dict[str, Any]] = {}
    for _ in range(MOST_PAGES):
        answer = await xrpc.query("chat.bsky.convo.getLog", ("cursor", cursor), headers=PROXY)
        logs = parse.dicts(answer.get("logs"))
        newest = max((parse.words(each.get("rev")) for each in logs), default="")
        for each in logs:
            message, conversation = parse.part(each, "message"), parse.words(each.get("convoId"))
            people |= _people(each.get("relatedProfiles"))
            if each.get("$type") == CREATED and parse.part(message, "sender").get("did") != xrpc.did:
                new.setdefault(conversation, set()).add(parse.words(message.get("id")))
        if newest <= cursor:
            break
        cursor = newest
    found: list[Incoming] = []
    for conversation, ids in new.items():
        messages = await _messages(xrpc, conversation, people)
        found += [_incoming(each) for each in messages if parts(each.remote_id)[1] in ids]
    found.sort(key=_when)
    return tuple(found), cursor


def _when(item: Incoming) -> Any:
    assert item.status is not None
    return item.status.created_at, item.status.remote_id


def _incoming(status: Status) -> Incoming:
    return Incoming(EventKind.MENTION, Via.DIRECT, status, status.remote_id, at=status.created_at)


def _people(profiles: Any) -> dict[str, dict[str, Any]]:
    return {parse.words(each.get("did")): each for each in parse.dicts(profiles)}


async def _messages(xrpc: Xrpc, conversation: str, people: Mapping[str, dict[str, Any]] | None = None) -> list[Status]:
    """The newest hundred of a conversation, oldest first. Raises Gone."""
    query = (("convoId", conversation), ("limit", PAGE))
    answer = await xrpc.query("chat.bsky.convo.getMessages", *query, headers=PROXY)
    known = {**(people or {}), **_people(answer.get("relatedProfiles"))}
    views = [each for each in parse.dicts(answer.get("messages")) if isinstance(each.get("text"), str)]
    if any(parse.words(parse.part(each, "sender").get("did")) not in known for each in views):
        convo = await xrpc.query("chat.bsky.convo.getConvo", ("convoId", conversation), headers=PROXY)
        known |= _people(parse.part(convo, "convo").get("members"))
    found = []
    for view in views:
        try:
            found.append(_status(view, conversation, known, xrpc.did))
        except Malformed as error:
            log.warning("skipped a malformed message: %s", error)
    found.sort(key=lambda each: (each.created_at, each.remote_id))
    return [each if index == 0 else _answering(each, found[index - 1].remote_id) for index, each in enumerate(found)]


def _answering(status: Status, parent: str) -> Status:
    return replace(status, in_reply_to=parent)


def _status(view: Mapping[str, Any], conversation: str, people: Mapping[str, dict[str, Any]], us: str) -> Status:
    did = parse.needed(parse.part(view, "sender"), "did")
    author = people.get(did) or {"did": did}
    return Status(
        remote_id=address(conversation, parse.needed(view, "id")),
        author=parse.handle(author),
        author_name=parse.words(author.get("displayName")) or parse.words(author.get("handle")),
        author_id=did,
        text=facets.expanded(parse.words(view.get("text")), view.get("facets")),
        created_at=parse.moment(view.get("sentAt"), "sentAt"),
        url=f"{parse.WEB}/messages/{conversation}",
        visibility=Visibility.DIRECT,
        ours=did == us,
    )


async def thread(xrpc: Xrpc, remote_id: str, most: int) -> Thread:
    """What was said before and after a message. Raises Gone."""
    conversation, _ = parts(remote_id)
    await xrpc.ready()
    messages = await _messages(xrpc, conversation)
    for index, each in enumerate(messages):
        if each.remote_id == remote_id:
            above = messages[max(0, index - most) : index]
            return Thread(tuple(above), tuple(messages[index + 1 :]), False, each)
    raise Gone("this message is deleted, or among older ones than are shown")


async def send(xrpc: Xrpc, item: Outgoing) -> Sent:
    """Sends a message to the conversation of what it answers. Raises AnswerLost for anything but a clear no."""
    conversation, _ = parts(item.in_reply_to_remote or "")
    if not item.text.strip():
        raise Refused("nothing to send: the text is empty")
    if too_much := excess(item.text, LIMITS, media=len(item.media)):
        raise Refused(f"too much for a direct message: {too_much}")
    await xrpc.ready()
    message: dict[str, Any] = {"text": item.text}
    if found := facets.make(item.text, await sending.dids(xrpc, item.text)):
        message["facets"] = found
    body = {"convoId": conversation, "message": message}
    answer = await xrpc.procedure("chat.bsky.convo.sendMessage", body, headers=PROXY)
    try:
        return _sent(answer, conversation)
    except Malformed as error:
        raise AnswerLost(f"it was taken, but the answer cannot be read: {error}") from None


def _sent(view: Mapping[str, Any], conversation: str) -> Sent:
    at = parse.moment(view.get("sentAt"), "sentAt")
    return Sent(address(conversation, parse.needed(view, "id")), f"{parse.WEB}/messages/{conversation}", at)


async def find(xrpc: Xrpc, item: Outgoing, taken: Collection[str] = ()) -> Sent | None:
    """Looks for the text among our messages since the sending, but for those that are `taken`."""
    conversation, _ = parts(item.in_reply_to_remote or "")
    since = (item.sending_since or item.created_at) - SLACK
    await xrpc.ready()
    for each in await _messages(xrpc, conversation):
        if each.remote_id in taken:
            continue
        if each.ours and each.text.strip() == item.text.strip() and each.created_at >= since:
            return Sent(each.remote_id, each.url, each.created_at)
    return None
