"""A home with real accounts, a real store and an engine's parts, under a clock that a test moves."""

from __future__ import annotations

from datetime import timedelta

from commtui.activity.desk import Desk
from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.config.watch import SettingsFile
from commtui.model.clock import SystemClock
from commtui.model.records import Mention, Outgoing
from commtui.networks.bluesky import Bluesky
from commtui.networks.mastodon import Mastodon
from commtui.store.store import Store
from commtui.sync.engine import Engine
from commtui.sync.runner import Runner
from tests.clock import FakeClock
from tests.networks.bluesky import logins
from tests.networks.mastodon.logins import login as mastodon_login


class Bench:
    """`accounts`: name of the account here -> a login on Bluesky or Mastodon."""

    def __init__(self, folder, network, url=None, mastodon=None, name="brand"):
        self.home = Home.at(folder)
        self.home.prepare()
        # the servers' clocks are real
        self.clock = FakeClock(SystemClock().now())
        self.logins = {"bsky": lambda: logins.login(network, name, url=url, clock=self.clock)}
        add_account(self.home, Account(name="bsky", network="bluesky", server=network.pds_url, user=network.did(name)))
        if mastodon is not None:
            self.logins["masto"] = lambda: mastodon_login(mastodon, clock=self.clock)
            user = f"brand@{mastodon.host}"
            add_account(self.home, Account(name="masto", network="mastodon", server=mastodon.url, user=user))
        self.restart()

    def restart(self):
        """As after a kill: nothing but the files is left."""
        self.settings = SettingsFile(self.home)
        self.store = Store(self.home.data)
        self.engine = Engine(self.store, self.settings, self.clock, self._connect)
        self.runners: dict[str, Runner] = {}

    async def _connect(self, wanted):
        kind = Bluesky if wanted.network == "bluesky" else Mastodon
        return kind(self.logins[wanted.name]())

    @property
    def desk(self):
        return Desk(self.store, self.clock, self.settings.current, "me")

    def runner(self, name="bsky"):
        """The account's runner, not started; what an engine that ended left behind is read back."""
        if name not in self.runners:
            self.runners[name] = self.engine.runner(self.settings.current.account(name))
            self.engine.recover()
        return self.runners[name]

    def mentions(self):
        """All, oldest first."""
        return sorted(self.store.all(Mention), key=lambda mention: mention.created_at)

    def item(self, found):
        """An outgoing item as it is now."""
        return self.store.get(Outgoing, found.id)

    async def deliver_for(self, seconds, *names):
        """Delivery as the engine drives it, over a span of the clock."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while True:
            runners = [self.runner(name) for name in names or ("bsky",)]
            for runner in runners:
                await runner.deliver()
            due = min((at for runner in runners if (at := runner.next_due())), default=None)
            if due is None or due > end:
                self.clock.advance((end - self.clock.now()).total_seconds())
                return
            self.clock.advance(max((due - self.clock.now()).total_seconds(), 0.001))

    async def close(self):
        for runner in self.runners.values():
            await runner.session.close()
