"""The engine: a runner for each account of the config, requests answered, changes of config followed.

The same under the inbox, `commtui run` and `commtui sync`; only the holder of the engine lock starts one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from commtui.community.deadlines import Deadlines
from commtui.config.settings import Account, Settings
from commtui.config.watch import SettingsFile
from commtui.model.clock import Clock
from commtui.model.records import Act, Outgoing
from commtui.store.changes import Changes
from commtui.store.errors import StoreError, StoreMissing
from commtui.store.store import Store
from commtui.sync.answering import Requests
from commtui.sync.connect import Connect
from commtui.sync.due import hold_windows_end
from commtui.sync.faults import FAULTS
from commtui.sync.flights import engine_name, recover
from commtui.sync.language_hints import LanguageHints
from commtui.sync.ledger import Ledger
from commtui.sync.lock import EngineLock
from commtui.sync.rounds import account_row, each, sync_round
from commtui.sync.runner import Runner
from commtui.sync.series import SeriesMaker
from commtui.sync.session import Session
from commtui.sync.set_clock import ClockWatch, bring_back
from commtui.sync.timed_rules import TimedRules
from commtui.sync.zone_rules import ZoneRules

log = logging.getLogger("commtui.engine")
LOOK = 0.25
"""Seconds between looks at the store and the config for what other processes wrote."""
HOUSEKEEPING, HOUSEKEEPING_BUSY = 60.0, 1.0
"""Seconds between two turns of housekeeping: at rest, and while there is more to archive."""
TURNS_OF_ONCE = 10
"""How often `sync` archives at most."""
WAIT_MOST = timedelta(minutes=5)
"""How long `sync` waits at most for what is in its hold window."""
NAMED_MOST = 100
"""A change of more items wakes every account: to look up whose they are would cost more."""


class LockLost(Exception):
    """The data folder was removed or replaced under the engine: another engine may run on what stands there now."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"the data folder was removed or replaced: {data}")
        self.data = data


class Engine:
    """Runs the workers on the loop that calls it."""

    def __init__(self, store: Store, settings: SettingsFile, clock: Clock, connect: Connect) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock
        self.connect = connect
        self.ledger = Ledger(store, clock, engine_name())
        self.hints = LanguageHints(clock, lambda: settings.current.detect_language)
        self.runners: dict[str, Runner] = {}
        """By the account's id."""
        self.requests = Requests(store, clock, self.runners)
        self.timed_rules = TimedRules(store, clock, lambda: settings.current)
        self.deadlines = Deadlines(lambda: settings.current)
        store.deadlines = self.deadlines  # a fetch may come before the first turn
        self.zone_rules = ZoneRules(store, clock, lambda: settings.current)
        self.series = SeriesMaker(store, clock, lambda: settings.current)
        self._recovered = False
        self._clock_watch = ClockWatch(clock)
        self._house_at = clock.monotonic() + HOUSEKEEPING_BUSY
        self._tidying: asyncio.Task[None] | None = None

    # for ever: the inbox and `run`

    async def run(self, stop: asyncio.Event, lock: EngineLock | None = None) -> None:
        """Works until `stop` is set. Raises LockLost when `lock` no longer protects the home's data folder."""
        unsubscribe = self.store.observe(self._on_change(asyncio.get_running_loop()))
        log.info("the engine starts")
        last_error = ""
        try:
            while not stop.is_set():
                self.settings.refresh()
                if lock is not None and lock.is_lost:
                    raise LockLost(lock.data)
                try:
                    await self._turn()
                    last_error = ""
                except StoreMissing as error:
                    raise LockLost(error.path.parent) from error
                except StoreError as error:  # a full disk, say: work goes on when there is room
                    if str(error) != last_error:
                        last_error = str(error)
                        log.error("%s", error)
                except FAULTS as fault:  # the accounts' tasks go on, and so does the next turn
                    if repr(fault) != last_error:
                        last_error = repr(fault)
                        log.exception("a fault of commtui's own in a turn of the engine")
                await self.clock.sleep(LOOK)
        finally:
            unsubscribe()
            self.requests.cancel()
            for outcome in await asyncio.gather(
                *(runner.stop() for runner in self.runners.values()), return_exceptions=True
            ):
                if isinstance(outcome, Exception):
                    log.error("a fault of commtui's own at the end", exc_info=outcome)
            self.runners.clear()
            await self.hints.close()
            if self._tidying is not None:
                await self._tidying
            log.info("the engine has stopped")

    async def _turn(self) -> None:
        """One turn of the loop. Raises StoreError."""
        self.recover()
        if self._clock_watch.was_set_back():
            self._bring_back()
            self.timed_rules.begin_anew()
        self.zone_rules.turn()  # before the first delivery
        self.series.turn()
        await self._follow_config()
        self.store.poll()
        self.requests.answer_new()
        self.deadlines.renew_some(self.store)
        self.timed_rules.turn()
        self._keep_house()

    def recover(self) -> None:
        """Once, before the first try: settles what other engines left `sending`. Raises StoreError."""
        if not self._recovered:
            recover(self.ledger)
            self._bring_back()
            self._recovered = True

    def _bring_back(self) -> None:
        bring_back(self.store, [account.id for account in self.settings.current.accounts], self.clock.now())

    def _on_change(self, loop: asyncio.AbstractEventLoop) -> Callable[[Changes], None]:
        """What the store calls, in whichever thread wrote, when something changed."""

        def changed(changes: Changes) -> None:
            if changes.outgoing != set() or changes.acts != set():
                loop.call_soon_threadsafe(self._wake_delivery, changes)
            if changes.requests != set():
                self.requests.written = True
            self.timed_rules.see(changes)
            self.series.see(changes)

        return changed

    def _wake_delivery(self, changes: Changes) -> None:
        """Wakes the accounts whose items changed."""
        accounts: set[str] = set()
        kinds: tuple[tuple[type[Outgoing | Act], set[int] | None], ...] = (
            (Outgoing, changes.outgoing),
            (Act, changes.acts),
        )
        for kind, numbers in kinds:
            if numbers is None or len(numbers) > NAMED_MOST:
                accounts = set(self.runners)
                break
            items = (self.store.at(kind, number) for number in numbers)
            accounts.update(item.account for item in items if item is not None)
        for account in accounts & self.runners.keys():
            self.runners[account].outgoing_changed.set()

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
            self.runners[identity].follow_token(self.settings.token_stamp(account))

    def runner(self, account: Account) -> Runner:
        """A runner, not started."""
        session = Session(account, self.store, self.clock, lambda: self.settings.current, self.connect, self.hints)
        return Runner(session, self.ledger)

    def _keep_house(self) -> None:
        """Every minute: old things go to the archive, a few at a time; a store that has grown is tidied meanwhile."""
        if self.clock.monotonic() < self._house_at:
            return
        self._house_at = self.clock.monotonic() + (HOUSEKEEPING_BUSY if self._archive_some() else HOUSEKEEPING)
        recover(self.ledger)  # what another engine may still be sending, and is not after some minutes
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy())

    def _archive_some(self) -> bool:
        """Archives some of the old things. Returns whether there may be more; logs what cannot be read."""
        moved = 0
        try:
            moved = self.store.archive.take(self.clock.now() - self.settings.current.retention.archive_after)
        except StoreError as error:
            log.error("housekeeping: %s", error)
        for damage in self.store.damage_not_told("log"):
            log.error("%s: a record cannot be read: %s %s", damage.file, damage.kind, " or ".join(damage.ids))
        return moved > 0

    async def _tidy(self) -> None:
        """Brings what was written into the store's file, if that pays, in a thread of its own."""
        try:
            if self.store.untidy:
                await asyncio.to_thread(self.store.tidy)
        except StoreError as error:
            log.error("housekeeping: %s", error)

    # once: `sync`

    async def once(self, wait: bool) -> list[dict[str, Any]]:
        """One round of all accounts; with `wait` also what is in its hold window leaves before it ends.

        It waits for no item that leaves more than WAIT_MOST after the start. Meanwhile it answers what other processes
        ask for. Raises StoreError.
        """
        deadline = self.clock.now() + WAIT_MOST
        self.recover()
        self.runners.update((account.id, self.runner(account)) for account in working_accounts(self.settings.current))
        self.deadlines.renew(self.store)
        while self.zone_rules.turn():
            pass
        self.series.turn()
        runners = list(self.runners.values())
        answering = asyncio.create_task(self._answer_requests())
        try:
            self.timed_rules.turn()  # rules that are seen for the first time have a part in what comes now
            await sync_round(runners)
            self._run_timed_rules()
            if wait:
                await each(self._deliver_hold_windows(runner, deadline) for runner in runners)
            for _ in range(TURNS_OF_ONCE):  # where only `sync` runs, from cron, nobody else does it
                if not self._archive_some():
                    break
            await self._tidy()
            await self.requests.finish()
            return [account_row(runner) for runner in runners]
        finally:
            answering.cancel()
            self.requests.cancel()
            await asyncio.gather(*(runner.stop() for runner in runners), answering, return_exceptions=True)
            self.runners.clear()
            await self.hints.close()

    def _run_timed_rules(self) -> None:
        """Runs every rule on time that is due, whoever changed what in between. Raises StoreError."""
        self.timed_rules.begin_anew()
        while self.timed_rules.turn():
            pass

    async def _answer_requests(self) -> None:
        """Looks for requests until it is cancelled."""
        while True:
            try:
                self.store.poll()
                self.requests.written = True
                self.requests.answer_new()
            except StoreError as error:
                log.error("%s", error)
            await self.clock.sleep(LOOK)

    async def _deliver_hold_windows(self, runner: Runner, deadline: datetime) -> None:
        """Delivers what leaves within a hold window from now and before the deadline, and what needs a second look."""
        end = hold_windows_end(self.store, [runner.session.account.id], self.clock.now() + self.settings.current.hold)
        end = min(end, deadline)
        while True:
            due = runner.next_due()
            if due is None or due > end or runner.session.refused:
                return
            await self.clock.sleep(max((due - self.clock.now()) / timedelta(seconds=1), 0.0))
            self.store.poll()
            await runner.deliver_in_time()
            if runner.next_due() == due:
                return


def working_accounts(settings: Settings) -> list[Account]:
    """The accounts of the config that are not paused."""
    return [] if settings.paused else [account for account in settings.accounts if not account.paused]
