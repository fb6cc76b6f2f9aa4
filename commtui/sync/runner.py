"""One account's tasks: fetch by poll and by stream, and delivery. What ends one account's never reaches another's."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from commtui.config.watch import Stamp
from commtui.model.records import Above, Conversation
from commtui.networks.base import LoginRefused, NetworkError, RateLimited, Unreachable, Unsupported
from commtui.store.errors import StoreError
from commtui.sync import checking, due, inbound
from commtui.sync.backoff import backoff
from commtui.sync.deliveries import Deliveries
from commtui.sync.faults import FAULTS, Fault
from commtui.sync.ledger import Ledger
from commtui.sync.session import Session
from commtui.sync.time_limits import TimeIsUp, within

log = logging.getLogger("commtui.sync")
IDLE_MOST = 30.0
"""Seconds after which delivery looks at the store though nothing woke it."""
SOONEST = 0.05
"""Seconds between two rounds of delivery, at least."""
REFUSED_WAIT = 900.0
"""Seconds from a refused login to the next try."""
FETCH_MOST, LONG_FETCH_MOST = 90.0, 600.0
"""Seconds that a fetch may take for which somebody waits, and one of an engine that goes on. The next one goes on where
it ended."""
DELIVERY_MOST = 75.0
"""Seconds that delivery may take for which somebody waits: no call but an upload takes longer than a minute."""
FETCH_GAP = 1.0
"""Seconds from one fetch to the next, at least, however often a stream says that something came."""
STEADY = 60.0
"""Seconds after which a stream that ends counts as one that worked."""
FAULT_WAIT = 15.0
"""Seconds from a fault of commtui's own to the next try."""


class Runner:
    """Keeps one account in step while the engine runs."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session = session
        self.ledger = ledger
        self.outgoing_changed = asyncio.Event()
        """An item of this account was written: delivery looks."""
        self.deliveries = Deliveries(session, ledger, self._delivered)
        self.may_have_news = asyncio.Event()
        """Fetch: the stream or a delivery tells of something, there was more, or the login is to be tried again."""
        self.has_more = False
        """The last fetch ended before it had everything."""
        self._may_stream = asyncio.Event()
        """The stream is worth another try."""
        self._tokens: list[Stamp] = []
        """The stamp of the token that was seen last."""
        self._fetching = asyncio.Lock()
        self._delivering = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts the tasks."""
        loops = (("fetch", self._fetch_loop), ("stream", self._stream_loop), ("delivery", self._deliver_loop))
        for name, loop in loops:
            task = asyncio.create_task(self._restarting(loop), name=f"{self.session.account.name} {name}")
            self._tasks.append(task)

    async def stop(self) -> None:
        """Ends the tasks; a text that was being sent is recorded as unknown."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self.deliveries.stop()
        await self.session.close()

    # one round

    async def round(self) -> None:
        """Fetches and delivers once, for somebody who waits. Raises StoreError.

        What is under way when the time is up is left: a file is uploaded again, a text is read back.
        """
        in_time = await self._fetch_in_time()
        await self.deliver_in_time()
        if in_time and (self.session.has_accepted or self._fetching.locked()):  # a fetch clears has_accepted first
            await self._fetch_in_time()

    async def _fetch_in_time(self) -> bool:
        """Fetches; False when the engine's own fetch, which goes on, took all the time that there is."""
        try:
            await within(self.session.clock, FETCH_MOST + 5.0, self.fetch())
        except TimeIsUp:
            self.has_more = True
            return False
        return True

    async def fetch(self, most: float = FETCH_MOST) -> bool:
        """Fetches once, whatever the backoff says; False when it failed (the session's health says why)."""
        async with self._fetching:
            refused, cursor = self.session.refused, self.session.state().cursor
            self.has_more = self.session.has_accepted = False
            try:
                self.has_more = await within(self.session.clock, most, self._fetch())
            except TimeIsUp:
                self.has_more = self.session.state().cursor != cursor
                if not self.has_more:
                    await self._failed(Unreachable(f"its network took more than {most:.0f} s to say what is new"))
                    return False
            except NetworkError as error:
                await self._failed(error)
                return False
            except StoreError:
                raise
            except FAULTS as fault:
                await self._failed(self._logged(fault))
                return False
            self.session.record_success()
            await self._close_old()
            if refused:
                self._wake()
            return True

    async def _close_old(self) -> None:
        """Closes connections with an old token, unless something may still be sent on them."""
        if not self.deliveries.are_under_way:
            await self.session.close_old()

    async def _fetch(self) -> bool:
        """Whether there is more to fetch. A login that worked and is refused now is tried once more, by a new token."""
        try:
            return await inbound.fetch(self.session)
        except LoginRefused:
            if not self.session.is_checked:
                raise
            self.session.renew()
            return await inbound.fetch(self.session)
        except (SystemExit, KeyboardInterrupt) as fault:  # of a plug-in; out of a task these end the loop
            raise self._logged(fault) from fault

    def follow_token(self, stamp: Stamp) -> None:
        """Tries a new token at once. `stamp` changes with the token's file."""
        if self._tokens and self._tokens[-1] != stamp:
            log.info("%s: its token has changed", self.session.account.name)
            self.session.renew()
            self._wake()
        self._tokens = [stamp]

    def _delivered(self) -> None:
        self.outgoing_changed.set()
        if self.session.has_accepted:
            self.may_have_news.set()

    def _wake(self) -> None:
        """Ends every wait of the account's tasks."""
        self.may_have_news.set()
        self.outgoing_changed.set()
        self._may_stream.set()

    async def deliver(self) -> None:
        """Sends, does and reads back what is due; returns when all of it has ended. Raises StoreError."""
        await self.begin_deliveries()
        await self._delivers(self.deliveries.finish())

    async def deliver_in_time(self) -> None:
        """`deliver`, for somebody who waits. Raises StoreError."""
        try:
            await within(self.session.clock, DELIVERY_MOST, self.deliver())
        except TimeIsUp:
            log.warning("%s: delivery took too long: the next round goes on", self.session.account.name)

    async def begin_deliveries(self) -> None:
        """Begins what is due, unless the login is refused: then items wait. What takes long goes on beside.

        Raises StoreError.
        """
        if self.session.refused:
            return
        async with self._delivering:
            self.ledger.write_pending()
            await self._delivers(self.deliveries.begin_due())

    async def _delivers(self, work: Awaitable[None]) -> None:
        try:
            await work
        except LoginRefused as error:
            if self.session.is_checked:  # the token may have been renewed since: fetching tries it
                self.may_have_news.set()
            await self._failed(error)
        except StoreError:
            raise
        except FAULTS as fault:
            await self._failed(self._logged(fault))

    async def look_at(self, conversation: Conversation) -> None:
        """Looks again at a conversation that a person opened, and fetches what is above it where nobody asked yet."""
        async with self._fetching:
            try:
                network = await self.session.open()
                await checking.check_opened(self.session, network, conversation.id)
                if conversation.above is Above.UNASKED:
                    await inbound.fetch_parents(self.session, network, conversation)
            except NetworkError as error:
                log.info("%s: no context for %s: %s", self.session.account.name, conversation.id, error)
            except StoreError:
                raise
            except FAULTS as fault:
                self._logged(fault)

    def next_due(self) -> datetime | None:
        """When something is to leave."""
        if self.session.refused:
            return None
        return due.next_due(self.session.store, self.session.account.id, self.deliveries.is_busy)

    async def _failed(self, error: NetworkError) -> None:
        """Records an account's error and when to try again."""
        session = self.session
        if isinstance(error, LoginRefused):
            wait = REFUSED_WAIT
        elif isinstance(error, Fault):
            wait = FAULT_WAIT
        else:
            wait = backoff(session.failures + 1, random.random(), error)
        session.record_error(error, wait)
        if isinstance(error, LoginRefused):
            session.renew()  # the next try reads the token anew
            await self._close_old()

    def _logged(self, fault: BaseException) -> Fault:
        log.error("%s: a fault of commtui's own; trying again", self.session.account.name, exc_info=fault)
        return Fault(fault)

    async def _restarting(self, loop: Callable[[], Awaitable[None]]) -> None:
        """Runs a loop for ever: what it did not expect is logged, and it starts again after a pause."""
        while True:
            try:
                await loop()
                return
            except asyncio.CancelledError:
                raise
            except StoreError as error:
                log.error("%s: %s", self.session.account.name, error)
            except FAULTS as fault:  # a fault in one account's loop must not end the engine
                self._logged(fault)
            await self.session.clock.sleep(FAULT_WAIT)

    async def _fetch_loop(self) -> None:
        session = self.session
        while True:
            self.may_have_news.clear()
            begun = session.clock.monotonic()
            if await self.fetch(LONG_FETCH_MOST) and self.has_more:
                self.may_have_news.set()
            await session.clock.sleep(begun + FETCH_GAP - session.clock.monotonic())
            now = session.clock.now()
            until = session.wait_until or now + session.settings().poll_of(session.account)
            await self._wait(self.may_have_news, (until - now).total_seconds())
            left = (session.wait_until - session.clock.now()).total_seconds() if session.wait_until else 0.0
            if left > 0 and isinstance(session.last_error, RateLimited) and not session.refused:
                await session.clock.sleep(left)  # an event does not shorten what the server asked for

    async def _stream_loop(self) -> None:
        errors = 0
        while True:
            begun, ended = self.session.clock.monotonic(), None
            try:
                network = await self.session.open()
                async for _ in network.stream():
                    self.may_have_news.set()
            except Unsupported:
                return
            except NetworkError as error:
                log.info("%s: the stream ended: %s", self.session.account.name, error)
                ended = error
            errors = 1 if self.session.clock.monotonic() - begun >= STEADY else errors + 1
            refused = isinstance(ended, LoginRefused)
            self._may_stream.clear()
            await self._wait(self._may_stream, REFUSED_WAIT if refused else backoff(errors, random.random(), ended))

    async def _deliver_loop(self) -> None:
        while True:
            self.outgoing_changed.clear()
            await self.begin_deliveries()
            due_next = self.next_due()
            left = IDLE_MOST if due_next is None else (due_next - self.session.clock.now()) / timedelta(seconds=1)
            await self._wait(self.outgoing_changed, min(IDLE_MOST, max(left, SOONEST)))

    async def _wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set or the time is over, by the clock that was handed down."""
        woken = asyncio.create_task(event.wait())
        slept = asyncio.create_task(self.session.clock.sleep(max(seconds, 0.0)))
        try:
            await asyncio.wait({woken, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            slept.cancel()
