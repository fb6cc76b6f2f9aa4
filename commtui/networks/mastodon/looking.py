"""Looks at what no notification tells: answers without a mention, edits, and whatever the cursor passed by."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.arrival import EARLIEST
from commtui.model.clock import Clock, from_iso, to_iso
from commtui.model.records import Via
from commtui.networks.answers import is_about_one
from commtui.networks.base import Batch, EventKind, Incoming, LoginRefused, NetworkError, Status
from commtui.networks.http import Http
from commtui.networks.mastodon import entities, parse
from commtui.networks.mastodon.cursor import Cursor
from commtui.networks.mastodon.pages import Page
from commtui.networks.mastodon.paging import Known, Lister
from commtui.networks.mastodon.parse import Us
from commtui.networks.payloads import items as items_of
from commtui.networks.payloads import read_known

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=10)
"""How often our own posts are looked at for answers that notify nobody: a reply without @mention does not, on two of
three servers. One request, and one for each of at most LOOK_AT posts that have more answers than before. Those at which
the server failed come last the next time."""
LOOK_AT = 5
OWN_POSTS = 20


def look_is_due(cursor: Cursor, clock: Clock) -> bool:
    """Whether our own posts are to be looked at again."""
    return not cursor.looked or clock.now() - from_iso(cursor.looked) >= LOOK_EVERY


class Look(Struct, frozen=True):
    """What a look found."""

    batch: Batch
    cursor: Cursor
    passed_by: bool = False
    """There is something above the cursor of which the server does not tell those who ask for it."""


async def look(http: Http, cursor: Cursor, us: Us, clock: Clock, known: Known) -> Look:
    """Answers to our newest posts that notified nobody, by their growing number; and the newest mentions once more.

    Those may be edited, with or without a word of it, or not have come by the cursor. Never raises because of it: what
    fails is looked at the next time.
    """
    passed_by = False
    items: list[Incoming] = []
    skipped = 0
    now = to_iso(clock.now())
    answers: dict[str, int] = {}
    failed = list(cursor.failed)
    query = (("limit", str(OWN_POSTS)), ("exclude_reblogs", "true"))
    try:
        newest = await Lister(http, us, cursor.version, known).ask()
        passed_by = not known.has_more and _is_passed_by(cursor, newest)
        since = from_iso(cursor.since)
        items += [item for item in newest.items if item.kind is EventKind.MENTION and item.at and item.at >= since]
        own = (await http.get(f"/api/v1/accounts/{parse.segment(us.id)}/statuses", query)).json()
        budget = LOOK_AT
        posts = _texts_of(own, us)
        failed = [remote_id for remote_id in failed if remote_id in {post.id for post in posts}]
        for post in sorted(posts, key=lambda post: failed.index(post.id) if post.id in failed else -1):
            remote_id, number = post.id, post.replies_count
            if remote_id is None or number is None:
                continue
            before = cursor.answers.get(remote_id, 0)
            if number > before and budget:
                budget -= 1
                if remote_id in failed:
                    failed.remove(remote_id)
                try:
                    below, malformed = await _answers(http, remote_id, us)
                except NetworkError as error:
                    if not is_about_one(error):
                        raise
                    log.info("could not look at the answers to %s: %s", remote_id, error)
                    failed.append(remote_id)
                else:
                    skipped += malformed
                    items += [_answer(status, post.created_at) for status in below]
                    before = number
            if before:
                answers[remote_id] = before
    except NetworkError as error:
        if isinstance(error, LoginRefused):
            raise
        log.info("could not look for answers that notify nobody: %s", error)
        answers = {**cursor.answers, **answers}
    cursor = replace(cursor, looked=now, answers=answers, failed=tuple(failed))
    return Look(Batch(tuple(items), cursor.write(), skipped), cursor, passed_by)


def _is_passed_by(cursor: Cursor, newest: Page) -> bool:
    """Whether the newest notification came after the cursor's. Some servers give none for an id that is deleted."""
    if newest.top is None or cursor.min in (None, newest.top, newest.newest):
        return False
    return newest.top_at is None or to_iso(newest.top_at) > cursor.at


def _texts_of(values: Any, us: Us) -> list[entities.OwnStatus]:
    """Our own texts of a list, without boosts of others'; some servers wrap one that was boosted into the boost."""
    texts = []
    for value in items_of(values):
        inner = value.get("reblog") if isinstance(value, dict) else None
        if isinstance(inner, dict):
            author = inner.get("account")
            if not isinstance(author, dict) or str(author.get("id")) != us.id:
                continue
            value = inner
        texts += read_known([value], entities.OwnStatus)
    return texts


async def _answers(http: Http, remote_id: str, us: Us) -> tuple[list[Status], int]:
    """Others' answers to a post of ours, and how many could not be read. Raises NetworkError."""
    answer = await http.get(f"/api/v1/statuses/{parse.segment(remote_id)}/context")
    below, skipped = parse.statuses(answer.read(entities.Context).descendants, us, http.clock.now())
    return [status for status in below if status.in_reply_to == remote_id and not status.ours], skipped


def _answer(status: Status, asked: datetime | None) -> Incoming:
    """An answer that no notification dates: it came after what it answers, which our own server dated."""
    via = Via.DIRECT if status.visibility == "direct" else Via.ANSWER
    return Incoming(EventKind.MENTION, via, status, status.remote_id, at=max(status.created_at, asked or EARLIEST))
