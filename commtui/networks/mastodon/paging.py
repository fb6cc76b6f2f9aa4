"""Asks for pages of notifications: by the Link header, or by ids where a server sends none.

Only the query of a link is used, on our own address: a server behind a proxy names itself wrongly, and the token must
not go anywhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from commtui.networks.answers import Answer, Unreadable
from commtui.networks.base import NetworkError, Refused
from commtui.networks.http import Http
from commtui.networks.mastodon import pages, parse
from commtui.networks.mastodon.pages import Floor, Page
from commtui.networks.mastodon.pages import Pairs as Pairs
from commtui.networks.mastodon.pages import query_of as query_of
from commtui.networks.mastodon.parse import Us

log = logging.getLogger(__name__)

LIMIT: Final = 80
"""What is asked for at a time; servers give fewer (40, 30) if that is their most."""
PATHS: Final = {1: "/api/v1/notifications", 2: "/api/v2/notifications"}
MENTIONS: Final[Pairs] = tuple(("types[]", kind) for kind in ("mention", "quote", parse.PENDING, *parse.ANSWERS))
UNGROUPED: Final[Pairs] = (("grouped_types[]", "mention"),)
"""Every like comes once; in groups, an old like would come again with every new one."""
SMALL: Final = 20
"""What any server lets one ask for at a time."""
STEP: Final = 5
"""How much less is asked for where something cannot be read, and how much more again after that."""
MOST_PAGES: Final = 200
"""How far a walk goes down: 16,000 notifications on most servers."""
SHORT_LIST: Final = 20
"""Where a list has ended after fewer, it has nothing more, and not only what the server keeps."""


class Known:
    """What a login has learnt of its server's list of notifications."""

    def __init__(self) -> None:
        self.most = LIMIT
        """What the server lets one ask for."""
        self.has_more = False
        """The last walk up ended at MOST_PAGES, and not because the server had no more."""
        self.announced = False
        """The stream told of a notification since the last fetch began."""
        self.hides = False
        """The server has given nothing above a notification that was deleted, though there was something."""
        self._refused: set[str] = set()
        self._fails = False

    def failed(self, min_id: str, error: NetworkError) -> bool:
        """Notes that there is no page above `min_id`, whatever its size. Returns whether the last one was given."""
        news, self._fails = not self._fails, True
        if isinstance(error, Refused):
            self._refused.add(min_id)
        return news

    def given(self) -> None:
        """Notes that a page above a min_id was given."""
        self._fails = False
        self._refused.clear()

    def refuses(self, min_id: str) -> bool:
        """Whether the server is known to refuse this min_id; any, where it refused two in a row."""
        return min_id in self._refused or len(self._refused) > 1


class Lister:
    """The notifications of a login, page by page, for one fetch."""

    def __init__(self, http: Http, us: Us, version: int, known: Known) -> None:
        self.http = http
        self.us = us
        self.version = version
        self.known = known
        self._limit = known.most
        """What the next page asks for at most: less for a while where something could not be read."""

    async def ask(
        self, query: Pairs = (), mentions_only: bool = False, floor: Floor | None = None, limit: int = LIMIT
    ) -> Page:
        """One page, in smaller parts where it cannot be read. `limit` is always sent: one server's default is 1.

        A notification that cannot be read even alone is skipped and counted. Raises Gone where the server has no such
        version, Unreadable where it cannot be told what comes after that one.
        """
        more = (MENTIONS if mentions_only else ()) + (UNGROUPED if self.version == 2 else ())
        limit = min(limit, self._limit)
        while True:
            try:
                answer = await self._get(query, more, limit)
                page = pages.page(answer, self.version, self.us, self.http.clock.now(), floor)
            except Unreadable as error:
                if limit == 1:
                    self._limit = STEP
                    return _past(error, floor)
                limit = self._limit = max(1, limit // STEP)
            except Refused as error:
                if error.status not in (400, 422):
                    raise
                if mentions_only:
                    mentions_only, more = False, tuple(pair for pair in more if pair not in MENTIONS)
                elif limit > SMALL and not any(name == "min_id" for name, _ in query):
                    limit = self.known.most = self._limit = limit // 2
                else:
                    raise
            else:
                self._limit = min(self.known.most, self._limit * STEP)
                return page

    async def _get(self, query: Pairs, more: Pairs, limit: int) -> Answer:
        pairs = tuple(pair for pair in query if pair[0] != "limit" or limit == LIMIT)
        if not any(name == "limit" for name, _ in pairs):
            pairs += (("limit", str(limit)),)
        return await self.http.get(PATHS[self.version], tuple(dict.fromkeys(pairs + more)))

    async def walk_down(self, first: Page, floor: Floor) -> tuple[Sequence[Page], bool]:
        """The pages between `first` and the floor, newest first, and whether some there cannot be reached.

        min_id gives those right above the floor, and then there are none; but some servers give the newest above it,
        some ignore it, and some list no more than their newest few. One request with limit 1 tells.
        """
        found: list[Page] = []
        page, walked, used = first, first.length, {first.below}
        limit = 1
        while not page.reached and page.below:
            try:
                below = await self.ask(page.below, floor=floor, limit=limit)
            except Unreadable as error:
                log.warning("%s: out of reach is what is below a notification: %s", self.http.host, error)
                return [*found, Page(skipped=1)], True
            walked += below.length
            if not below.length and limit == 1:  # some servers leave entries out after they made the page
                limit = LIMIT
                continue
            if not below.length and (not below.below or below.below in used):
                return found, walked >= SHORT_LIST
            if limit == 1 and below.reached:
                return (), False
            if limit == 1 and below.newest and not below.skipped:  # that one comes with a whole page
                limit = LIMIT
                continue
            if below.newest:
                limit = LIMIT
                found.append(below)
            page = below
            if page.below in used or len(used) >= MOST_PAGES:
                return found, not page.reached
            used.add(page.below)
        return found, not page.reached


def _past(error: Unreadable, floor: Floor | None) -> Page:
    """A page of one notification that cannot be read, so that what comes after it can be asked for.

    v1 has its id at the beginning, whatever follows. Raises `error` where it cannot be told.
    """
    identity = pages.first_id(error.begun)
    if identity is None:
        raise error
    older: Pairs = (("max_id", identity),)
    place = Page(length=1, top=identity, newest=identity, next=older, below=older)
    if floor is not None and identity in floor.ids:
        return replace(place, reached=True)
    log.warning("skipped the notification %s, which cannot be read: %s", identity, error)
    return replace(place, skipped=1)
