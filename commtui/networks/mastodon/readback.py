"""Looks for a text of ours after the answer to its sending was lost, by every way that servers have.

The thread of what it answers, our own list, the home timeline, direct conversations, and the plain text of what may be
it: some servers leave what is not public out of one of these, or show a text that they changed. What none of them
shows may be there all the same. What that proves is the caller's to know.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from commtui.model.abilities import Visibility
from commtui.model.records import LookAlike, Outgoing
from commtui.networks.answers import Answer
from commtui.networks.base import (
    Absence,
    LoginRefused,
    Malformed,
    NetworkError,
    RateLimited,
    Refused,
    Sent,
    Status,
)
from commtui.networks.http import Http
from commtui.networks.likeness import same_text
from commtui.networks.mastodon import entities, handles, paging, parse, sending
from commtui.networks.mastodon.parse import Us, segment
from commtui.networks.payloads import read, read_known

SLACK: Final = timedelta(minutes=10)
"""How much earlier than the sending, by the server's clock, what is surely it may be dated."""
WIDE: Final = timedelta(hours=26)
"""The same for what may be it: our own clock, or the server's, may have been a day off, or in another zone."""
AFTER: Final = timedelta(hours=1)
"""How much later than the sending a text that differs may be dated to be it all the same."""
MOST_PAGES: Final = 60
"""How far back each list is read: 2,400 posts since the sending, where a server gives 40 at a time."""
HOME_PAGES: Final = 3
SOURCES: Final = 5
"""How many plain texts are asked for, and how many look-alikes are shown to a person."""
TEXT_SHOWN: Final = 500


class Entry(NamedTuple):
    """An entry of a list, and where it came from."""

    value: Any
    answer: Answer


class Candidate(NamedTuple):
    """A text of ours that may be it. `status`: None where it could not be read."""

    outline: entities.OwnStatus
    status: Status | None
    at: datetime | None


async def find(
    http: Http, item: Outgoing, us: Us, taken: Collection[str] = (), named: Collection[str] = ()
) -> Sent | Absence:
    """The item if it is found; else the texts of ours that may be it. Raises NetworkError where no way can be read.

    `named`: the accounts that it names.
    """
    look = _Look(http, item, us, taken, named)
    errors: list[NetworkError] = []
    complete = True
    ways = look.ways()
    for way in ways:
        try:
            async for entry in way:
                if found := look.see(entry):
                    return found
        except (LoginRefused, RateLimited):
            raise
        except NetworkError as error:
            errors.append(error)
    complete = not errors and look.read_to_the_end
    if len(errors) == len(ways):
        raise errors[0]
    nearest = look.nearest()
    for candidate in nearest:
        if found := await look.by_source(candidate):
            return found
    return Absence(complete, tuple(_look_alike(candidate) for candidate in nearest))


class _Look:
    """One look for one item."""

    def __init__(self, http: Http, item: Outgoing, us: Us, taken: Collection[str], named: Collection[str]) -> None:
        self.http, self.item, self.us, self.taken, self.named = http, item, us, taken, named
        self.begun = sending.begun_at(item)
        self.read_to_the_end = False
        self._seen: set[str] = set()
        self._candidates: list[Candidate] = []

    def ways(self) -> list[AsyncIterator[Entry]]:
        """The lists in which it may stand, the likeliest first."""
        ways = [self._own_list(), self._home()]
        if self.item.visibility is Visibility.DIRECT:
            ways.append(self._conversations())
        return [self._thread(), *ways] if self.item.in_reply_to_remote is not None else ways

    async def _thread(self) -> AsyncIterator[Entry]:
        answer = await self._optional(f"/api/v1/statuses/{segment(self.item.in_reply_to_remote or '')}/context")
        if answer is not None:
            for value in answer.read(entities.Context).descendants:
                yield Entry(value, answer)

    async def _own_list(self) -> AsyncIterator[Entry]:
        async for entry in self._pages(f"/api/v1/accounts/{segment(self.us.id)}/statuses", MOST_PAGES):
            yield entry
        self.read_to_the_end = True

    async def _home(self) -> AsyncIterator[Entry]:
        try:
            async for entry in self._pages("/api/v1/timelines/home", HOME_PAGES, whole=False):
                yield entry
        except Refused:  # no such list, or not for this login
            return

    async def _conversations(self) -> AsyncIterator[Entry]:
        answer = await self._optional("/api/v1/conversations", (("limit", str(paging.LIMIT)),))
        if answer is not None:
            for entry in read_known(answer.json(), entities.ConversationEntry):
                if entry.last_status is not None:
                    yield Entry(entry.last_status, answer)

    async def _optional(self, path: str, query: paging.Pairs = ()) -> Answer | None:
        """The answer; None where there is no such list, or not for this login."""
        try:
            return await self.http.get(path, query)
        except Refused:
            return None

    async def _pages(self, path: str, most: int, whole: bool = True) -> AsyncIterator[Entry]:
        """The entries of a list, newest first, back to WIDE before the sending, on at most `most` pages.

        Raises Malformed for what is no list, and if it is to be `whole` for one that cannot be read so far back.
        """
        query: paging.Pairs = (("limit", str(paging.LIMIT)),)
        for _ in range(most):
            answer = await self.http.get(path, query)
            values = answer.json()
            if not isinstance(values, list):
                raise Malformed(f"{answer.where} answered something that is no list of posts")
            for value in values:
                yield Entry(value, answer)
            last = next((entry for entry in map(_listed, reversed(values)) if entry.id is not None), None)
            older = _older(answer, last)
            at = self._time(last, answer) if last else None
            if not older or (not values and older == query) or (at is not None and at < self.begun - WIDE):
                return
            if older == query:
                break
            query = older
        if whole:
            raise Malformed(f"{self.http.host}: our posts cannot be read back to the sending")

    def see(self, entry: Entry) -> Sent | None:
        """The item if the entry is it. Keeps an entry that may be it."""
        shown = outline(entry.value)
        if shown.id is None or shown.id in self._seen or self._is_taken(shown) or not self._may_be_it(shown):
            return None
        self._seen.add(shown.id)
        at = self._time(shown, entry.answer)
        try:
            entity = parse.entity_of(entry.value)
        except Malformed:
            if self._is_near(at, entry.answer):
                self._candidates.append(Candidate(shown, None, at))
            return None
        status = parse.status(entity, self.us, self.begun)
        if not self._names_all(entity, status):
            return None
        if not sending.is_text(entity, status, self.item):
            if self._is_near(at, entry.answer):
                self._candidates.append(Candidate(shown, status, at))
        elif at is not None and at >= self.begun - SLACK:
            return sending.sent(entity, status)
        elif at is None or at >= self.begun - WIDE:
            self._candidates.append(Candidate(shown, status, at))
        return None

    def nearest(self) -> list[Candidate]:
        """The texts that may be it, at most SOURCES, those nearest to the sending first."""
        return sorted(self._candidates, key=self._distance)[:SOURCES]

    async def by_source(self, candidate: Candidate) -> Sent | None:
        """The item if the candidate has its text by the server's plain text of it, and its time."""
        if candidate.at is None or candidate.at < self.begun - SLACK:
            return None
        path = f"/api/v1/statuses/{segment(candidate.outline.id or '')}"
        try:
            source = (await self.http.get(f"{path}/source")).read(entities.StatusSource)
            if not same_text(self.item.text, source.text):
                return None
            entity = parse.answered(await self.http.get(path))
        except (LoginRefused, RateLimited):
            raise
        except NetworkError:
            return None
        status = parse.status(entity, self.us, candidate.at)
        return sending.sent(entity, status) if status.ours and self._names_all(entity, status) else None

    def _names_all(self, entity: entities.Status, status: Status) -> bool:
        return all(handles.names(entity, status.text, acct, self.us) for acct in self.named)

    def _is_taken(self, shown: entities.OwnStatus) -> bool:
        return any(name in self.taken for name in (shown.id, shown.uri, shown.url) if name)

    def _may_be_it(self, shown: entities.OwnStatus) -> bool:
        """Whether it is ours, and answers what the item answers, or nothing: servers forget a parent that is gone."""
        ours = shown.account is None or shown.account.id == self.us.id
        return ours and shown.in_reply_to_id in (self.item.in_reply_to_remote, None)

    def _is_near(self, at: datetime | None, answer: Answer) -> bool:
        """Whether a text of that time may be it. Without a Date header nothing tells whose clock is off."""
        before, after = (SLACK, AFTER) if answer.date else (WIDE, WIDE)
        return at is None or self.begun - before <= at <= self.begun + after

    def _distance(self, candidate: Candidate) -> timedelta:
        return abs(candidate.at - self.begun) if candidate.at else timedelta()

    def _time(self, shown: entities.OwnStatus, answer: Answer) -> datetime | None:
        return sending.our_time(shown.created_at, answer, self.http) if shown.created_at else None


def outline(value: Any) -> entities.OwnStatus:
    """What places an entry, read of those that cannot be read in whole, too; of what is boosted itself."""
    inner = value.get("reblog") if isinstance(value, dict) else None
    return _listed(inner if isinstance(inner, dict) else value)


def _listed(value: Any) -> entities.OwnStatus:
    return read(value if isinstance(value, dict) else {}, entities.OwnStatus)


def _older(answer: Answer, last: entities.OwnStatus | None) -> paging.Pairs:
    """The query for the page below; empty: there is none."""
    by_id: paging.Pairs = (("max_id", last.id),) if last and last.id else ()
    query = paging.query_of(answer.links, "next") if answer.links else by_id
    if query and not any(name == "limit" for name, _ in query):
        query += (("limit", str(paging.LIMIT)),)
    return query


def _look_alike(candidate: Candidate) -> LookAlike:
    shown, status = candidate.outline, candidate.status
    return LookAlike(
        remote_id=shown.id or "",
        url=shown.url or shown.uri or None,
        text=status.text[:TEXT_SHOWN] if status else "",
        created_at=shown.created_at,
    )
