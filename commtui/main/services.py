"""One home, wired for the command line: what `cli.services.Services` promises."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from commtui.activity.desk import Desk
from commtui.cli.services import CliError
from commtui.config.loading import load
from commtui.config.paths import Home, find_home
from commtui.config.settings import Account, Settings
from commtui.model.clock import Clock, SystemClock
from commtui.store.errors import StoreError
from commtui.store.store import Store

if TYPE_CHECKING:
    from commtui.main.login import NetworkLogin
    from commtui.sync.engine import Engine

SYNC_WAIT = 180.0
"""Seconds that `sync` waits for the answer of whoever runs the engine."""
LOOK = 0.1


def services_for(home: str | None) -> HomeServices:
    """The services of the home that --home names, else the environment. Raises ConfigError."""
    found = find_home(home, os.environ)
    found.prepare()
    return HomeServices(found)


class HomeServices:
    """Everything is opened when it is first asked for: `status` must not pay for what it does not use."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.clock: Clock = SystemClock()
        self.environ: Mapping[str, str] = os.environ

    def settings(self) -> Settings:
        """The config as it is now. Raises ConfigError."""
        return load(self.home, self.environ)

    @cached_property
    def store(self) -> Store:
        """The store, opened."""
        return Store(self.home.data)

    def leave(self) -> None:
        """After the command: damage that was met is told, and the store is tidied where no engine does it.

        The command is done and has said so: what fails here is tried again by the next one.
        """
        if "store" not in self.__dict__:
            return
        try:
            damaged = self.store.damage_not_told()
            if damaged:
                from commtui.cli.output import say
                from commtui.sentences.store import damage_line

                for damage in damaged:
                    say(f"commtui: {damage_line(damage)}")
            if self.store.untidy and self.holder() is None:
                self.store.tidy()
            self.store.close()
        except StoreError:
            pass

    def desk(self) -> Desk:
        """Who is at work."""
        settings = self.settings()
        return Desk(self.store, self.clock, settings, settings.me)

    def holder(self) -> str | None:
        """Who runs the engine, in words."""
        from commtui.sync.lock import holder

        found = holder(self.home.state)
        return str(found) if found else None

    def engine(self) -> Engine:
        """An engine that is not running. Raises ConfigError."""
        from commtui.config.log import set_up
        from commtui.config.watch import SettingsFile
        from commtui.sync.connect import connector
        from commtui.sync.engine import Engine

        set_up(self.home)
        return Engine(self.store, SettingsFile(self.home, self.environ), self.clock, connector(self.home, self.clock))

    def sync(self, wait: bool) -> dict[str, Any]:
        """One round, here or by the engine's holder. Raises CliError when the holder does not answer."""
        from commtui.sync.lock import EngineLock

        with EngineLock(self.home.state, "commtui sync") as lock:
            if lock.take():
                from commtui.main.loops import until_done

                return {"engine": "here", "accounts": until_done(self.engine().once(wait))}
        return self._ask_for_sync(wait)

    def _ask_for_sync(self, wait: bool) -> dict[str, Any]:
        from datetime import timedelta

        from commtui.activity import requests
        from commtui.main.loops import pause
        from commtui.sync.due import hold_windows_end, leaves_before

        who = self.holder() or "another commtui"
        request = requests.ask(self.desk(), requests.SYNC)
        begun = self.clock.monotonic()
        while True:
            answered = requests.answer_of(self.store, request)
            if answered is None or answered.answered_at is not None:
                break
            if self.store.is_full:
                raise CliError(f"no room on the disk of {self.home.data}: {who} cannot write; make room and try again")
            if self.clock.monotonic() - begun > SYNC_WAIT or self.holder() is None:
                requests.take_away(self.store, request)
                raise CliError(f"{who} did not answer; look at {self.home.state / 'commtui.log'}, or try again")
            pause(LOOK)
            self.store.poll()
        until = hold_windows_end(self.store, self.clock.now() + self.settings().hold) + timedelta(seconds=1)
        while wait and leaves_before(self.store, until) and self.clock.now() <= until + timedelta(seconds=30):
            pause(LOOK)
            self.store.poll()
        requests.take_away(self.store, request)
        answer = answered.answer if answered and answered.answer else {"accounts": []}
        return {"engine": who, **answer}

    def run(self) -> int:
        """The workers until a signal ends them. Raises CliError naming the holder."""
        from commtui.main.loops import until_signal
        from commtui.sync.lock import EngineLock

        with EngineLock(self.home.state, "commtui run") as lock:
            if not lock.take():
                raise CliError(f"the engine of this home is run by {self.holder() or 'another commtui'}")
            until_signal(self.engine().run)
        return 0

    # accounts

    def key_problems(self) -> list[str]:
        """What is wrong with the config's [keys]. Raises ConfigError."""
        from commtui.ui.keys import keymap

        settings = self.settings()
        return list(keymap.build(settings.keymap, settings.keys).problems)

    def networks(self) -> list[str]:
        """The names of the networks that can be added."""
        from commtui.networks import plugins

        return plugins.installed_names()

    def begin_login(self, network: str, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """The address to open, and what makes a token of the code."""
        return self._login(network).begin(server, insecure_http)

    def login_kind(self, network: str) -> str:
        """none, browser, password or token."""
        return self._login(network).kind

    def log_in(
        self, network: str, identifier: str, password: str, server: str, insecure_http: bool = False
    ) -> tuple[str, str, bool]:
        """The lasting name, the server, and whether direct messages may be read."""
        return self._login(network).log_in(identifier, password, server, insecure_http)

    def _login(self, network: str) -> NetworkLogin:
        from commtui.main.login import NetworkLogin

        return NetworkLogin(network, self.clock)

    def check_account(self, account: Account, token: str | None = None) -> dict[str, Any]:
        """Who the login is, by one request."""
        from commtui.main.login import check

        return check(self, account, token)

    def save_token(self, account: Account, token: str) -> None:
        """Stores a token. Raises ConfigError."""
        from commtui.config.secrets import TOKEN, Secrets

        Secrets(self.home, account).save(TOKEN, token)

    def forget_account(self, account: Account) -> None:
        """Removes its stored secrets."""
        from commtui.config.secrets import Secrets

        Secrets(self.home, account).forget()
