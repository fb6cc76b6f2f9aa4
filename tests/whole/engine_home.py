"""A home on disk whose engine talks to real servers over HTTP, under a clock that a test moves.

Minutes and days pass in milliseconds: a request takes no time by that clock, and whoever sleeps is woken at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Collection, Coroutine
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.config.watch import SettingsFile
from commtui.main.accounts import Accounts
from commtui.model.logins import LoginError
from commtui.model.records import AccountState, Act, Mention, Outgoing
from commtui.store.store import Store
from commtui.sync.connect import connector
from commtui.sync.engine import Engine
from commtui.sync.runner import Runner
from tests.clock import FakeClock
from tests.servers.quirks import QuirkServer
from tests.whole.in_flight import InFlight

T = TypeVar("T")
sys.modules.setdefault("sniffio", None)  # else httpcore looks for it at each step
IN_FLIGHT = 0.002
"""Seconds of the real clock after which it is looked whether a task that has not ended is one that sleeps."""
MOST_ROUNDS, MOST_REQUESTS = 500, 1000
"""More rounds of delivery in one span, or requests in one round, are work without end."""
LOGIN_TRIES = 6


class Problems(logging.Handler):
    """Keeps what the program logs of faults: a traceback, or anything that is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR or "fault" in record.getMessage():
            self.lines.append(self.format(record))


class EngineHome:
    """`home.log_in(server)`, then `home.work(3600)`; what is written goes through `home.desk`."""

    def __init__(self, folder: Path, clock: FakeClock, config: str = "") -> None:
        self.home = Home.at(folder)
        self.home.prepare()
        if not self.home.config.exists():
            self.home.config.write_text(f'me = "me"\nzone = "UTC"\nhold = "0s"\n{config}')
        self.clock = clock
        self.servers: list[QuirkServer] = []
        self.problems = Problems()
        self._loop = asyncio.Runner()
        self.open()

    def open(self) -> None:
        """Opens store and engine, as a new process does."""
        self.settings = SettingsFile(self.home)
        self.store = Store(self.home.data)
        self.engine = Engine(self.store, self.settings, self.clock, connector(self.home, self.clock, self.store))
        self.runners: list[Runner] = []
        logging.getLogger("commtui").addHandler(self.problems)

    def close(self) -> None:
        """Ends the engine as a signal does, and closes the store."""
        for runner in self.runners:
            self.run(runner.session.close())
        self.store.close()
        logging.getLogger("commtui").removeHandler(self.problems)

    def __enter__(self) -> EngineHome:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.close()

    @property
    def desk(self) -> Desk:
        """Who works here, now."""
        return Desk(self.store, self.clock, self.settings.current, "me")

    def log_in(self, server: QuirkServer, name: str = "brand", user: str = "brand") -> Account:
        """Adds an account by the code that its server shows; tries again while it is limited."""
        self.servers.append(server)
        accounts = Accounts(self.home, os.environ, self.clock, lambda: nullcontext(self.store))

        def token() -> str:
            address, exchange = accounts.begin_login("mastodon", server.url)
            return exchange(server.authorize(user, address))

        def checked(given: str) -> Account:
            found = accounts.check(account, given)
            if not found["ok"]:
                raise LoginError(str(found["error"]))
            return replace(account, user=found["user"])

        account = Account(name=name, network="mastodon", server=server.url)
        given = self._patiently(token)
        account = self._patiently(lambda: checked(given))
        accounts.save_token(account, given)
        add_account(self.home, account)
        self.settings.refresh()
        return account

    def _patiently(self, ask: Callable[[], T]) -> T:
        """What a person does whose server is limited: again, a minute later. Raises LoginError."""
        for _ in range(LOGIN_TRIES):
            try:
                return ask()
            except LoginError:
                self.clock.advance(61)
        return ask()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the coroutine gives. While it sleeps by our clock, the clock goes on."""
        return self._loop.run(self._awake(work))

    async def _awake(self, work: Coroutine[Any, Any, T]) -> T:
        most = self._requests() + MOST_REQUESTS
        with InFlight() as flights:
            task = asyncio.ensure_future(work)
            while not task.done():
                await asyncio.wait({task}, timeout=IN_FLIGHT)
                if not task.done() and await flights.is_quiet() and not task.done():
                    self.clock.advance_to_sleeper()
                if self._requests() > most:
                    task.cancel()
                    await asyncio.wait({task})
                    raise AssertionError(f"no end: more than {MOST_REQUESTS} requests in one round")
            return await task

    def _requests(self) -> int:
        return sum(len(server.requests) for server in self.servers)

    def work(self, seconds: float, fetch: Collection[str] | None = None) -> None:
        """The engine works for so long: one fetch, then whatever is due; the accounts one after the other.

        `fetch`: the names of the accounts that fetch; None: all.
        """
        end = self.clock.now() + timedelta(seconds=seconds)
        self.settings.refresh()
        self.engine.recover()
        known = {runner.session.account.id for runner in self.runners}
        for account in self.settings.current.accounts:
            if account.id not in known:
                self.runners.append(self.engine.runner(account))
        for runner in self.runners:
            if fetch is None or runner.session.account.name in fetch:
                self.run(runner.fetch())
        for _ in range(MOST_ROUNDS):
            for runner in self.runners:
                self.run(runner.deliver())
            due = min((due for runner in self.runners if (due := runner.next_due())), default=None)
            if due is None or due > end:
                break
            self.clock.advance(max((due - self.clock.now()).total_seconds(), 0.001))
        else:
            raise AssertionError(f"no end in {MOST_ROUNDS} rounds: {self.items()}")
        self.clock.advance(max((end - self.clock.now()).total_seconds(), 0.0))

    # what the store holds

    def mentions(self, account: Account) -> list[Mention]:
        """All mentions of an account."""
        return [mention for mention in self.store.all(Mention) if mention.account == account.id]

    def items(self) -> list[Outgoing]:
        """All replies and posts."""
        return list(self.store.all(Outgoing))

    def item(self, given: Outgoing) -> Outgoing:
        """A reply or post as it is now."""
        return self.store.get(Outgoing, given.id)

    def acts(self) -> list[Act]:
        """All edits, deletions and the like."""
        return list(self.store.all(Act))

    def state(self, account: Account) -> AccountState:
        """What the store knows of an account."""
        return self.store.get(AccountState, account.id)
