"""Texts by their ids: what became of them where no stream tells."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from commtui.networks.answers import is_about_one
from commtui.networks.base import Gone, Malformed, NetworkError, Refused, Seen, Status
from commtui.networks.http import Http
from commtui.networks.mastodon import parse
from commtui.networks.mastodon.parse import Us, segment

log = logging.getLogger(__name__)
MOST_FAILED = 3
MANY = "/api/v1/statuses"


class Lookup:
    """Asks for many in one request where the server can do that (Mastodon 4.3), else for each."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._can_many = True

    async def seen(self, remote_ids: Sequence[str], us: Us) -> Seen:
        """What became of them. One that is not among many is asked for alone: only its own 404 says that it is gone.

        Raises NetworkError where none of the first MOST_FAILED is answered; else what fails costs that one alone.
        """
        found = await self._many(remote_ids, us) if self._can_many and len(remote_ids) > 1 else []
        known = {status.remote_id for status in found}
        gone: list[str] = []
        failed = 0
        for remote_id in remote_ids:
            if remote_id in known:
                continue
            try:
                answer = await self._http.get(f"{MANY}/{segment(remote_id)}")
                found.append(parse.status(parse.answered(answer), us, self._http.clock.now()))
            except Gone:
                gone.append(remote_id)
            except NetworkError as error:
                failed += 1
                if not is_about_one(error) or (failed >= MOST_FAILED and not found and not gone):
                    raise
                log.info("could not look at %s: %s", remote_id, error)
        return Seen(tuple(found), tuple(gone))

    async def _many(self, remote_ids: Sequence[str], us: Us) -> list[Status]:
        try:
            answer = await self._http.get(MANY, tuple(("id[]", remote_id) for remote_id in remote_ids))
            values = answer.json()
        except (Refused, Malformed):  # also Gone and Unsupported
            values = None
        if not isinstance(values, list) or not values:
            self._can_many = bool(values)
            return []
        return parse.statuses(values, us, self._http.clock.now())[0]
