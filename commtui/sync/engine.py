"""The engine: a runner for each account of the config, requests answered, changes of config followed.

The same under the inbox, `commtui run` and `commtui sync`; only the holder of the engine lock starts one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from commtui.activity.requests import CONTEXT, SYNC
from commtui.config.settings import Account, Settings
from commtui.config.watch import SettingsFile
from commtui.model.clock import Clock
from commtui.model.records import Conversation, Outgoing, Request
from commtui.model.states import OutgoingState
from commtui.store.errors import StoreError
from commtui.store.store import Changed, Store
from commtui.sync.connect import Connect
from commtui.sync.runner import Runner
from commtui.sync.session import Session

log = logging.getLogger("commtui.engine")
LOOK = 0.25
"""Seconds between looks at the store and the config for what other processes wrote."""
STALE = timedelta(hours=1)
HOUSEKEEPING, HOUSEKEEPING_BUSY = 60.0, 1.0
TURNS_OF_ONCE = 10


class Engine:
    """Runs the workers on the loop that calls it."""

    def __init__(self, store: Store, settings: SettingsFile, clock: Clock, connect: Connect) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock
        self.connect = connect
        self.runners: dict[str, Runner] = {}
        self._asked = True
        self._house_at = clock.monotonic() + HOUSEKEEPING_BUSY
        self._answering: set[asyncio.Task[None]] = set()
        self._answers: dict[str, dict[str, Any]] = {}
        """Found, and not yet written: that waits for room on the disk."""

    # for ever: the inbox and `run`

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set."""
        loop = asyncio.get_running_loop()
        unsubscribe = self.store.observe(self._hears(loop))
        log.info("the engine starts")
        told = ""
        try:
            while not stop.is_set():
                self.settings.refresh()
                try:
                    await self._follow_config()
                    self.store.poll()
                    self._answer_requests()
                    await self._keep_house()
                    told = ""
                except StoreError as error:  # a full disk, say: work goes on when there is room
                    if str(error) != told:
                        told = str(error)
                        log.error("%s", error)
                await self.clock.sleep(LOOK)
        finally:
            unsubscribe()
            for task in self._answering:
                task.cancel()
            await asyncio.gather(*(runner.stop() for runner in self.runners.values()))
            self.runners.clear()
            log.info("the engine has stopped")

    def _hears(self, loop: asyncio.AbstractEventLoop) -> Callable[[Changed], None]:
        """What the store calls, in whichever thread wrote, when something changed."""

        def heard(changed: Changed) -> None:
            if not changed.keys().isdisjoint(("outgoing", "acts")):
                loop.call_soon_threadsafe(self._wake_delivery)
            if "requests" in changed:
                self._asked = True

        return heard

    def _wake_delivery(self) -> None:
        for runner in self.runners.values():
            runner.work.set()

    async def _follow_config(self) -> None:
        """Starts and stops runners so that they are those of the config."""
        wanted = {account.id: account for account in working_accounts(self.settings.current)}
        for identity, runner in list(self.runners.items()):
            if wanted.get(identity) != runner.session.account:
                del self.runners[identity]
                await runner.stop()
        for identity, account in wanted.items():
            if identity not in self.runners:
                runner = self.runner(account)
                runner.start()
                self.runners[identity] = runner

    def runner(self, account: Account) -> Runner:
        """A runner, not started."""
        return Runner(Session(account, self.store, self.clock, lambda: self.settings.current, self.connect))

    async def _keep_house(self) -> None:
        """Every minute: old things go to the archive, a few at a time; a journal that has grown is compacted."""
        if self.clock.monotonic() < self._house_at:
            return
        self._house_at = self.clock.monotonic() + HOUSEKEEPING
        if await self._tidied():
            self._house_at = self.clock.monotonic() + HOUSEKEEPING_BUSY

    async def _tidied(self) -> bool:
        """Archives some of the old things, compacts if it pays; whether there may be more to archive."""
        moved = 0
        try:
            moved = self.store.archive.take(self.clock.now() - self.settings.current.retention.archive_after)
            if self.store.untidy:
                await asyncio.to_thread(self.store.tidy)
        except StoreError as error:
            log.error("housekeeping: %s", error)
        for told in self.store.damage_not_told("log"):
            log.error("%s", told)
        return moved > 0

    # requests

    def _answer_requests(self) -> None:
        self._write_answers()
        if not self._asked:
            return
        self._asked = False
        for request in self.store.all(Request):
            if request.answered_at is not None or self.clock.now() - request.asked_at > STALE:
                if self.clock.now() - request.asked_at > STALE:
                    with self.store.write() as write:
                        write.remove(Request, request.id)
                continue
            if request.id not in self._answers and not any(task.get_name() == request.id for task in self._answering):
                task = asyncio.create_task(self._answer(request), name=request.id)
                self._answering.add(task)
                task.add_done_callback(self._answering.discard)

    async def _answer(self, request: Request) -> None:
        answer: dict[str, Any] = {}
        if request.what == SYNC:
            answer = {"accounts": await self.round_of(list(self.runners.values()))}
        elif request.what == CONTEXT:
            held = self.store.get(Conversation, request.argument or "")
            runner = self.runners.get(held.account) if held else None
            if held is not None and runner is not None:
                await runner.chain(held)
        self._answers[request.id] = answer
        try:
            self._write_answers()
        except StoreError as error:
            log.error("%s", error)

    def _write_answers(self) -> None:
        for identity, answer in list(self._answers.items()):
            with self.store.write() as write:
                request = write.get(Request, identity)
                if request is not None:
                    write.put(replace(request, answered_at=self.clock.now(), answer=answer))
            del self._answers[identity]

    async def round_of(self, runners: list[Runner]) -> list[dict[str, Any]]:
        """One round of inbound and delivery for each, side by side; the rows of `commtui sync --json`."""
        before = {id(each): (each.session.new, each.session.sent, each.session.failed) for each in runners}

        async def one(runner: Runner) -> None:
            await runner.round()
            await runner.deliver()

        await asyncio.gather(*(one(runner) for runner in runners))
        rows = []
        for each in runners:
            new, sent, failed = before[id(each)]
            rows.append(account_row(each, new, sent, failed))
        return rows

    # once: `sync`

    async def once(self, wait: bool) -> list[dict[str, Any]]:
        """One round of all workers; with `wait` also what is in its hold window leaves before it ends."""
        runners = [self.runner(account) for account in working_accounts(self.settings.current)]
        try:
            await self.round_of(runners)
            if wait:
                await asyncio.gather(*(self._hold_windows(runner) for runner in runners))
            for _ in range(TURNS_OF_ONCE):  # where only `sync` runs, from cron, nobody else does it
                if not await self._tidied():
                    break
            return [account_row(runner, 0, 0, 0) for runner in runners]
        finally:
            for runner in runners:
                await runner.session.close()

    async def _hold_windows(self, runner: Runner) -> None:
        """Waits for what leaves within a hold window from now, and for what then needs a second look."""
        end = hold_windows_end(self.store, self.clock.now() + self.settings.current.hold, runner.session.account.id)
        while True:
            due = runner.next_due()
            if due is None or due > end or runner.session.refused:
                return
            await self.clock.sleep(max((due - self.clock.now()).total_seconds(), 0.0))
            self.store.poll()
            await runner.deliver()
            if runner.next_due() == due:
                return


def working_accounts(settings: Settings) -> list[Account]:
    """The accounts for which requests may be made."""
    return [] if settings.paused else [account for account in settings.accounts if not account.paused]


def account_row(runner: Runner, new: int, sent: int, failed: int) -> dict[str, Any]:
    """An account's row of `commtui sync --json`, counted from the given numbers on."""
    session = runner.session
    state = session.state()
    return {
        "account": session.account.name,
        "new": session.new - new,
        "sent": session.sent - sent,
        "failed": session.failed - failed,
        "error": state.error,
        "health": state.health.value,
        "left_out": state.left_out,
    }


def in_hold_window(store: Store, until: datetime) -> bool:
    """Whether something is to leave before `until`: what `sync` waits for when another process sends it."""
    return any(item.scheduled_at is not None and item.scheduled_at <= until for item in _on_their_way(store))


def hold_windows_end(store: Store, least: datetime, account: str | None = None) -> datetime:
    """When the last hold window that runs now is over (of one account, or of all); `least` where none is later."""
    ends = (
        item.scheduled_at
        for item in _on_their_way(store)
        if item.hold_window and item.scheduled_at is not None and account in (None, item.account)
    )
    return max((least, *ends))


def _on_their_way(store: Store) -> Iterator[Outgoing]:
    for number in store.ordered(Outgoing, "_work", "due", "_due"):
        item = store.at(Outgoing, number)
        if item is not None and item.state in (OutgoingState.SCHEDULED, OutgoingState.SENDING):
            yield item
