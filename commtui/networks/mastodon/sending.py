"""Posts a text in the form that the server needs, and finds it again after the answer was lost."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import Any

from commtui.model.abilities import narrower
from commtui.model.addressing import addressed as addressed
from commtui.model.addressing import mentions as mentions
from commtui.model.records import Media, Outgoing
from commtui.networks.answers import Answer
from commtui.networks.base import AnswerLost, Gone, Malformed, NetworkError, Refused, Sent, Status, Unreachable
from commtui.networks.http import Http
from commtui.networks.mastodon import entities, paging, parse
from commtui.networks.mastodon.parse import Us, segment
from commtui.networks.payloads import read

log = logging.getLogger(__name__)

SLACK = timedelta(seconds=60)
"""How much earlier than our sending, by the server's clock, what we look for may be dated."""
MOST_PAGES = 5
"""How far back `find` reads: 400 posts of ours since the sending."""
_HANDLE = re.compile(r"(?<![\w/])@([\w.-]+)(?:@[\w.-]+(?::\d+)?)?", re.UNICODE)


def same_text(one: str) -> str:
    """What two forms of a text have in common: servers show handles short or long, and change blanks and markup."""
    text = _HANDLE.sub(lambda match: f"@{match[1]}", unicodedata.normalize("NFKC", one)).casefold()
    letters = "".join(letter for letter in text if letter.isalnum())
    return letters or "".join(text.split())


async def parent(http: Http, item: Outgoing) -> entities.Status | None:
    """What the item answers, looked at again: some servers take answers to what is deleted. Raises Gone."""
    if item.in_reply_to_remote is None:
        return None
    try:
        return parse.answered(await http.get(f"/api/v1/statuses/{segment(item.in_reply_to_remote)}"))
    except Malformed as error:  # nothing has been sent yet
        raise Unreachable(str(error)) from None


async def body(http: Http, item: Outgoing, media: tuple[Media, ...], us: Us) -> dict[str, Any]:
    """What is posted. Visibility is always sent, and is never wider than that of what is answered.

    scheduled_at never is: two of four servers publish such a post at once.
    """
    fields: dict[str, Any] = {"status": item.text, "visibility": str(item.visibility)}
    answered = await parent(http, item)
    if answered is not None:
        fields["in_reply_to_id"] = item.in_reply_to_remote
        fields["visibility"] = str(narrower(item.visibility, parse.visibility(answered.visibility)))
        if answered.account.id != us.id:
            fields["status"] = addressed(item.text, answered.account.acct, us.domain)
    if item.spoiler:
        fields |= {"spoiler_text": item.spoiler, "sensitive": True}
    if item.language:
        fields["language"] = item.language
    if media:
        fields["media_ids"] = [file.remote_id for file in media if file.remote_id]
    return fields


async def send(http: Http, item: Outgoing, media: tuple[Media, ...], us: Us) -> Sent:
    """Posts. Raises AnswerLost for anything but a clear no once the post is on its way."""
    fields = await body(http, item, media, us)
    note = ""
    headers = {"Idempotency-Key": item.key}
    try:
        answer = await http.call("POST", "/api/v1/statuses", body=fields, headers=headers)
    except Refused as error:
        # with the handle the text may be too long; where the handle only notifies, it can be left out
        if fields["status"] == item.text or fields["visibility"] == "direct" or error.status not in (400, 422):
            raise
        fields["status"], note = item.text, "sent without the author's handle: with it, the server refused the text"
        answer = await http.call("POST", "/api/v1/statuses", body=fields, headers=headers)
    try:
        status = parse.status(answer.read(entities.Status), us)
        return sent(status, len(fields.get("media_ids", ())), fields.get("in_reply_to_id"), note)
    except Malformed as error:
        raise AnswerLost(f"{http.host} took it, but its answer cannot be read: {error}") from None


def sent(status: Status, files: int = 0, answered: str | None = None, note: str = "") -> Sent:
    """What the network has, and what a person should know of it."""
    notes = [note] if note else []
    missing = files - len(status.media)
    if missing > 0:
        notes.append(f"the server left out {missing} of {files} attachments")
    if answered is not None and status.in_reply_to is None:
        notes.append("what it answers is gone, so it stands alone")
    return Sent(status.remote_id, status.url, status.created_at, "; ".join(notes))


async def own_posts(http: Http, us: Us, since: datetime) -> AsyncIterator[tuple[Any, datetime | None]]:
    """Our posts, not yet read, newest first, each once, without boosts; at least one page.

    With each comes its time by our clock, or None where it cannot be read.
    """
    query: paging.Pairs = (("limit", str(paging.LIMIT)), ("exclude_reblogs", "true"))
    path = f"/api/v1/accounts/{segment(us.id)}/statuses"
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        answer = await http.get(path, query)
        values = answer.json()
        if not isinstance(values, list):
            raise Malformed(f"{answer.where} answered something that is no list of posts")
        last: entities.OwnStatus | None = None
        for value in values:
            post = _outline(value)
            if post.id in seen:
                continue
            if post.id is not None:
                seen.add(post.id)
                last = post
            if not post.reblog:
                yield value, our_time(post.created_at, answer, http)
        if last is None:
            return
        at = our_time(last.created_at, answer, http)
        query = _older(answer, last.id)
        if not query or (at is not None and at < since):
            return


def _outline(value: Any) -> entities.OwnStatus:
    return read(value if isinstance(value, dict) else {}, entities.OwnStatus)


def _older(answer: Answer, last: str | None) -> paging.Pairs:
    by_id: paging.Pairs = (("max_id", last),) if last else ()
    query = paging.query_of(answer.links, "next") if answer.links else by_id
    if query and not any(name == "limit" for name, _ in query):
        query += (("limit", str(paging.LIMIT)), ("exclude_reblogs", "true"))
    return query


def our_time(at: datetime | None, answer: Answer, http: Http) -> datetime | None:
    """A server's time by our clock: the answer's Date header tells how theirs differs."""
    skew = answer.date - http.clock.now() if answer.date else timedelta()
    return None if at is None else at - skew


def is_it(status: Status, item: Outgoing) -> bool:
    """Whether this is what we sent: the text, with the handle that we may have put before it, and what it answers."""
    if not status.ours or status.in_reply_to not in (item.in_reply_to_remote, None):
        return False
    if item.spoiler and same_text(item.spoiler) != same_text(status.spoiler):
        return False
    wanted, got = same_text(item.text), same_text(status.text)
    if wanted == got:
        return True
    if item.in_reply_to_remote is None:
        return False
    bare = re.sub(r"^@[\w.-]+(@[\w.-]+(:\d+)?)?\s+", "", status.text)
    return wanted == same_text(bare)


async def find(http: Http, item: Outgoing, us: Us, taken: Collection[str] = ()) -> Sent | None:
    """Reads back whether the item is out: among our own posts, then among the answers to what it answers.

    Raises Malformed where it is not among those that can be read, and one that cannot be read may be it.
    """
    since = (item.sending_since or item.created_at) - SLACK
    doubt: Malformed | None = None

    def match(value: Any) -> Status | None:
        nonlocal doubt
        try:
            status = parse.read_status(value, us)
        except Malformed as error:
            log.warning("skipped a malformed status: %s", error)
            doubt = error
            return None
        return status if is_it(status, item) and status.remote_id not in taken else None

    async for value, at in own_posts(http, us, since):
        if at is not None and at < since:
            break
        if status := match(value):
            return sent(status)
    if item.in_reply_to_remote is not None:
        try:
            answer = await http.get(f"/api/v1/statuses/{segment(item.in_reply_to_remote)}/context")
        except Gone:
            pass
        else:
            for value in answer.read(entities.Context).descendants:
                at = our_time(_outline(value).created_at, answer, http)
                if (at is None or at >= since) and (status := match(value)):
                    return sent(status)
    if doubt is not None:
        raise doubt
    return None


def without_doubt(error: AnswerLost) -> NetworkError:
    """For what is harmless to do again, and seen by nobody: a lost answer is as good as none."""
    return Unreachable(str(error))
