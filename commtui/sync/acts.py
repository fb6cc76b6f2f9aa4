"""Acts on their way: each can be repeated without harm, so a lost answer is met by doing it again."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from commtui.model.records import Act, Activity, ActKind, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.networks.base import LoginRefused, NetworkError, Refused
from commtui.store.store import Write
from commtui.sync.session import Session, backoff

log = logging.getLogger("commtui.delivery")
TRIES_MOST = 20


class Acts:
    """One account's acts."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = session.store

    def waiting(self) -> list[Act]:
        """All acts of the account that are on their way, the longest due first."""
        found = self.store.sorted(Act, "_work", "due", "_due")
        return [act for act in found if act.account == self.session.account.id]

    def next_due(self) -> datetime | None:
        """When there is something to do next."""
        return min((act.next_try_at or act.scheduled_at for act in self.waiting()), default=None)

    async def round(self) -> None:
        """Does all that is due. Raises LoginRefused."""
        now = self.session.clock.now()
        for act in self.waiting():
            if (act.next_try_at or act.scheduled_at) <= now:
                await self._do(act)

    async def _do(self, act: Act) -> None:
        try:
            network = await self.session.open()
        except LoginRefused:
            raise
        except NetworkError as error:
            self._later(act, error)
            return
        if act.state is not OutgoingState.SENDING and not self._put(
            act, "begin", tries=act.tries + 1, sending_since=self.session.clock.now()
        ):
            return
        begun = self.store.get(Act, act.id)
        if begun is None:
            return
        try:
            await network.act(begun)
        except asyncio.CancelledError:
            self._put(begun, "delay", next_try_at=self.session.clock.now())
            raise
        except LoginRefused as error:
            self._put(begun, "delay", next_try_at=self.session.clock.now(), error=str(error))
            raise
        except Refused as error:
            self.session.failed += 1
            log.warning("%s: %s %s was refused: %s", self.session.account.name, act.kind, act.id, error)
            self._put(begun, "refuse", error=str(error), next_try_at=None)
        except NetworkError as error:  # unreachable, or the answer was lost: doing it again does no harm
            self._later(begun, error)
        else:
            self.session.sent += 1
            self._put(begun, "accept", error=None, next_try_at=None)

    def _later(self, act: Act, error: NetworkError) -> None:
        if act.tries >= TRIES_MOST:
            self._put(act, "refuse", error=f"given up after {act.tries} tries: {error}", next_try_at=None)
            return
        at = self.session.clock.now() + timedelta(seconds=backoff(max(act.tries, 1), random.random(), error))
        if act.state is OutgoingState.SENDING:
            self._put(act, "delay", next_try_at=at, error=str(error))
        else:
            with self.store.write() as write:
                write.put(replace(act, next_try_at=at, error=str(error), tries=act.tries + 1))

    def _put(self, act: Act, event: str, **fields: Any) -> bool:
        with self.store.write() as write:
            current = write.get(Act, act.id)
            if current is None or current.state is not act.state:
                return False
            new = replace(current, state=transition(current.state, event), **fields)
            write.put(new)
            if event == "accept":
                self._mirror(write, new)
            if event != "begin":
                write.log(
                    Activity(
                        op_id=uuid4().hex,
                        at=self.session.clock.now(),
                        who="commtui",
                        verb=f"{act.kind.value} {event}",
                        ids=(act.id, *([act.of] if act.of else [])),
                        changes=tuple(write.changes),
                        detail=new.error or "",
                    )
                )
            return True

    def _mirror(self, write: Write, act: Act) -> None:
        """What an act did to a text of ours, on our copy of it."""
        item = self.store.get(Outgoing, act.of) if act.of else None
        if item is None:
            return
        if act.kind is ActKind.EDIT:
            write.put(replace(item, text=act.text))
        elif act.kind is ActKind.DELETE:
            write.put(replace(item, reason="deleted on the network"))
