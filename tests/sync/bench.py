"""An engine on a real store and the demo network, under a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.config.watch import SettingsFile
from commtui.model.records import Mention, Outgoing
from commtui.networks.base import Login
from commtui.networks.demo import Demo
from commtui.store.store import Store
from commtui.sync.engine import Engine
from commtui.sync.runner import Runner
from tests.clock import FakeClock

QUIET = {"pace": 0}
T = TypeVar("T")


def account(name: str = "brand", **fields: Any) -> Account:
    values = {"name": name, "network": "demo", "user": f"{name}@demo.example", "options": QUIET}
    return Account(**{**values, **fields})


class Bench:
    """A home, a clock, an engine's parts; the network is the demo's own, made anew by `restart`."""

    def __init__(self, folder: Path, *accounts: Account, **options: Any) -> None:
        self.home = Home.at(folder)
        self.home.prepare()
        for login in accounts or (account(),):
            add_account(self.home, replace(login, options={**QUIET, **login.options, **options}))
        self.clock = FakeClock()
        self.made: list[Demo] = []
        self.restart()

    def restart(self) -> None:
        """As after a kill: nothing but the files is left."""
        self.settings = SettingsFile(self.home)
        self.store = Store(self.home.data)
        self.engine = Engine(self.store, self.settings, self.clock, self._connect)

    async def _connect(self, wanted: Account) -> Demo:
        login = Login(
            account=wanted.id,
            server=wanted.server,
            user=wanted.user,
            secret=lambda: "",
            save=lambda name, value: None,
            load=lambda name: None,
            clock=self.clock,
            options={"folder": str(self.home.state / wanted.name), **wanted.options},
        )
        self.made.append(Demo(login))
        return self.made[-1]

    @property
    def network(self) -> Demo:
        """The network of the last connection."""
        return self.made[-1]

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.clock, self.settings.current, "me")

    def runner(self, name: str = "brand") -> Runner:
        """A runner of the account, not started."""
        state = self.settings.current.account(name)
        assert state is not None
        return self.engine.runner(state)

    async def ended(self, task: asyncio.Task[Any]) -> Any:
        """What a task of the engine gives; the clock goes on until it has ended, and threads have time of their own."""
        while not task.done():
            await self.clock.run(1)
            await asyncio.sleep(0.001)
        return await task

    def mentions(self) -> list[Mention]:
        """All, oldest first."""
        return sorted(self.store.all(Mention), key=lambda mention: mention.created_at)

    def item(self, found: Outgoing) -> Outgoing:
        """An outgoing item as it is now."""
        now = self.store.get(Outgoing, found.id)
        assert now is not None
        return now


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a test's coroutine."""
    return asyncio.run(coroutine)


async def synced(bench: Bench) -> Runner:
    """A runner that has fetched once."""
    runner = bench.runner()
    assert await runner.fetch()
    return runner


async def deliver_for(bench: Bench, runner: Runner, seconds: float) -> None:
    """Delivery as the engine drives it, over a span of the clock."""
    end = bench.clock.now() + timedelta(seconds=seconds)
    while True:
        await runner.deliver()
        due = runner.next_due()
        if due is None or due > end:
            bench.clock.advance((end - bench.clock.now()).total_seconds())
            return
        bench.clock.advance(max((due - bench.clock.now()).total_seconds(), 0.001))
