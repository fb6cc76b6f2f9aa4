"""One account's tasks: inbound by poll and stream, and delivery. What kills them never reaches another account's."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from commtui.model.records import Conversation
from commtui.networks.base import LoginRefused, NetworkError, RateLimited, Unsupported
from commtui.store.errors import StoreError
from commtui.sync import inbound
from commtui.sync.acts import Acts
from commtui.sync.delivery import Delivery
from commtui.sync.session import Session, backoff

log = logging.getLogger("commtui.sync")
IDLE_MOST = 30.0
"""Seconds after which delivery looks at the store though nothing woke it."""
REFUSED_WAIT = 900.0


class Runner:
    """Keeps one account in step while the engine runs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.delivery = Delivery(session)
        self.acts = Acts(session)
        self.work = asyncio.Event()
        """Something in the store changed: delivery looks."""
        self.news = asyncio.Event()
        """Something may have come: inbound fetches."""
        self._inbound = asyncio.Lock()
        self._outbound = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts the tasks."""
        for name, loop in (("inbound", self._fetching), ("stream", self._streaming), ("delivery", self._delivering)):
            task = asyncio.create_task(self._lasting(loop), name=f"{self.session.account.name} {name}")
            self._tasks.append(task)

    async def stop(self) -> None:
        """Ends the tasks; what was being sent is written down as unknown."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self.session.close()

    async def round(self) -> bool:
        """Fetches once, whatever the backoff says; False when it failed (the session's health says why)."""
        session = self.session
        async with self._inbound:
            try:
                await inbound.fetch(session)
            except NetworkError as error:
                jitter = random.random()
                wait = REFUSED_WAIT if isinstance(error, LoginRefused) else backoff(session.troubles + 1, jitter, error)
                session.ill(error, wait)
                if isinstance(error, LoginRefused):
                    await session.close()  # the next try reads the token anew
                return False
            session.well()
            return True

    async def deliver(self) -> None:
        """Sends once all that is due, unless the login is refused: then items wait."""
        if self.session.refused:
            return
        async with self._outbound:
            # under this lock nothing is being sent: what says so was left by a killed engine, or by a full disk
            self.delivery.recover()
            try:
                await self.delivery.round()
                await self.acts.round()
            except LoginRefused as error:
                self.session.ill(error, REFUSED_WAIT)
                await self.session.close()

    async def chain(self, held: Conversation) -> None:
        """Fetches the parents of a conversation because a person opened it."""
        async with self._inbound:
            try:
                await inbound.chain(self.session, await self.session.open(), held)
            except NetworkError as error:
                log.info("%s: no context for %s: %s", self.session.account.name, held.id, error)

    def next_due(self) -> datetime | None:
        """When something is to leave."""
        if self.session.refused:
            return None
        found = [at for at in (self.delivery.next_due(), self.acts.next_due()) if at is not None]
        return min(found, default=None)

    async def _lasting(self, loop: Callable[[], Awaitable[None]]) -> None:
        """Runs a loop for ever: what it did not expect is logged, and it starts again after a pause."""
        while True:
            try:
                await loop()
                return
            except asyncio.CancelledError:
                raise
            except StoreError as error:
                log.error("%s: %s", self.session.account.name, error)
                await self.session.clock.sleep(15)
            except Exception:  # a fault in one account's loop must not end the engine
                log.exception("%s: a fault of commtui's own; trying again", self.session.account.name)
                await self.session.clock.sleep(15)

    async def _fetching(self) -> None:
        session = self.session
        while True:
            self.news.clear()
            await self.round()
            now = session.clock.now()
            until = session.wait_until or now + session.settings().poll_of(session.account)
            await self._wait(self.news, (until - now).total_seconds())
            if session.wait_until is not None and session.clock.now() < session.wait_until and not session.refused:
                limited = isinstance(session.trouble, RateLimited)
                left = (session.wait_until - session.clock.now()).total_seconds()
                if limited:  # an event does not shorten what the server asked for
                    await session.clock.sleep(left)

    async def _streaming(self) -> None:
        troubles = 0
        while True:
            try:
                network = await self.session.open()
                async for _ in network.stream():
                    troubles = 0
                    self.news.set()
            except Unsupported:
                return
            except NetworkError as error:
                troubles += 1
                log.info("%s: the stream ended: %s", self.session.account.name, error)
                wait = backoff(troubles, random.random(), error)
                await self.session.clock.sleep(REFUSED_WAIT if isinstance(error, LoginRefused) else wait)
            else:
                troubles += 1
                await self.session.clock.sleep(backoff(troubles, random.random()))

    async def _delivering(self) -> None:
        while True:
            self.work.clear()
            await self.deliver()
            due = self.next_due()
            wait = IDLE_MOST
            if due is not None:
                left = (due - self.session.clock.now()) / timedelta(seconds=1)
                wait = min(wait, max(left, 0.05))
            await self._wait(self.work, wait)

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set or the time is over, by the clock that was handed down."""
        woken = asyncio.create_task(event.wait())
        slept = asyncio.create_task(self.session.clock.sleep(max(seconds, 0.0)))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
