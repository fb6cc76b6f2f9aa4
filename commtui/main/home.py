"""One home for a front end: the only place that opens config, store and clock, and that starts the engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any

from commtui.activity.desk import Desk
from commtui.cli.services import CliError
from commtui.config import paths
from commtui.config.loading import load
from commtui.config.saved_files import SavedFiles
from commtui.config.settings import Settings
from commtui.model.clock import Clock, SystemClock
from commtui.store.errors import StoreError
from commtui.store.store import Store

if TYPE_CHECKING:
    from commtui.community.deadlines import Deadlines
    from commtui.config.watch import SettingsFile
    from commtui.main.accounts import Accounts
    from commtui.model.attachments import Fetched
    from commtui.model.log_records import Process
    from commtui.model.records import Conversation
    from commtui.sync.engine import Engine
    from commtui.ui.services import EngineView


class Home:
    """What `cli.services.Services` and `ui.services.Services` promise.

    Each part is opened when it is first asked for: `commtui status` must not pay for what it does not use.
    """

    def __init__(
        self, home: paths.Home, environ: Mapping[str, str], *, demo: bool = False, command: str = "commtui"
    ) -> None:
        self.home = home
        self.command = command
        """What the log calls this process."""
        self.environ = environ
        self.demo = demo
        self.clock: Clock = SystemClock()
        self._latest: Settings | None = None
        """The config as it was read last."""

    # config and store

    @cached_property
    def store(self) -> Store:
        """The store, opened. Raises StoreError."""
        return self.open_store()

    def open_store(self) -> Store:
        """A store of its own for a thread. Raises StoreError."""
        store = Store(self.home.data, self.process)
        store.deadlines = self._with_deadline
        return store

    @property
    def process(self) -> Process:
        """What the log names as the process of each step."""
        from commtui.model.log_records import Process

        return Process(command=self.command, pid=os.getpid(), host=os.uname().nodename)

    def _with_deadline(self, conversation: Conversation, is_vip: Callable[[Conversation], bool]) -> Conversation:
        return self._deadlines(conversation, is_vip)

    @cached_property
    def _deadlines(self) -> Deadlines:
        """By the config that the screen follows, else as a command has read it last."""
        from commtui.community.deadlines import Deadlines

        return Deadlines(self._settings_in_use)

    def _settings_in_use(self) -> Settings:
        if "settings_file" in self.__dict__:
            return self.settings_file.current
        return self._latest or self.settings()

    def load_deadlines(self) -> None:
        """Loads what deadlines are computed with, by the config as it is. Raises ConfigError."""
        self._deadlines.load()

    def settings(self) -> Settings:
        """The config as it is now. Raises ConfigError."""
        self._latest = load(self.home, self.environ)
        return self._latest

    @cached_property
    def settings_file(self) -> SettingsFile:
        """The config as a running program follows it. Raises ConfigError where it can't be read at the start."""
        from commtui.config.watch import SettingsFile

        return SettingsFile(self.home, self.environ)

    @cached_property
    def saved_files(self) -> SavedFiles:
        """The folder of saved replies."""
        return SavedFiles(self.home.replies)

    def desk(self) -> Desk:
        """Who is at work, with the config as it is now. Raises ConfigError, StoreError."""
        settings = self.settings()
        return Desk(self.store, self.clock, settings, settings.me, self.saved_files)

    def close(self) -> None:
        """After a command: tells of damage that was met, tidies the store where no engine does it, and closes it.

        The command has ended by then: what fails here is tried again by the next one.
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

    # the engine

    def make_engine(self, store: Store | None = None) -> Engine:
        """An engine that is not running, on `store` or on the front end's. Raises ConfigError, StoreError."""
        from commtui.config.log import set_up
        from commtui.config.watch import SettingsFile
        from commtui.sync.connect import connector
        from commtui.sync.engine import Engine

        set_up(self.home)
        settings = SettingsFile(self.home, self.environ)
        store = store or self.store
        if (self.home.config.parent / paths.DEMO_MARK).exists():
            from commtui.main.demo_history import fill

            fill(self.home, store, self.clock, settings.current)
        return Engine(store, settings, self.clock, connector(self.home, self.clock, store))

    @cached_property
    def engine(self) -> EngineView:
        """The engine as the screen has it: in a thread."""
        from commtui.main.workers import Workers

        return Workers(self)

    def holder(self) -> str | None:
        """Who runs the engine, in words; None: nobody."""
        from commtui.sync.lock import holder

        process = holder(self.home.data)
        return str(process) if process else None

    def run(self) -> int:
        """Runs the engine until a signal ends it. Raises CliError, naming the holder, when another process has it."""
        from commtui.main.loops import until_signal
        from commtui.sync.engine import LockLost
        from commtui.sync.lock import EngineLock

        with EngineLock(self.home.data, "commtui run") as lock:
            if not lock.take():
                raise CliError(f"the engine of this home is run by {self.holder() or 'another commtui'}")
            engine = self.make_engine()
            try:
                until_signal(lambda stop: engine.run(stop, lock))
            except LockLost as error:
                raise CliError(f"{error}; start again") from error
        return 0

    def sync(self, wait: bool) -> dict[str, Any]:
        """One round, here or by the engine's holder. Raises CliError when the holder does not answer."""
        from commtui.main.rounds import sync

        return sync(self, wait)

    def sync_now(self) -> None:
        """Asks whoever runs the engine for a round; returns at once."""
        from commtui.activity import requests

        requests.ask(self.desk(), requests.SYNC)

    def fetch_file(self, address: str, most: int) -> Fetched:
        """The file at an address of the public web, of at most `most` bytes. Raises NotFetched."""
        from commtui.main import attachments

        return attachments.fetch(address, most)

    # what only one front end asks for

    @cached_property
    def accounts(self) -> Accounts:
        """Logins: adding, checking and removing accounts."""
        from commtui.main.accounts import Accounts

        return Accounts(self.home, self.environ, self.clock, self._store_for_logins)

    def _store_for_logins(self) -> AbstractContextManager[Store]:
        return nullcontext(self.store)

    def key_problems(self) -> list[str]:
        """What is wrong with the config's [keys]. Raises ConfigError."""
        from commtui.ui.keys import keymap

        settings = self.settings()
        return list(keymap.build(settings.keymap, settings.keys).problems)

    def settings_problem(self) -> str | None:
        """What is wrong with the config file as it stands; its folder is left out, as a line has 80 columns."""
        error = self.settings_file.error
        return f"{error.brief}; the settings from before stay in force" if error else None


class ScreenHome(Home):
    """A home under a screen that stays open: while the config file is bad, the settings from before stay in force."""

    send_in_background = False
    """Whether a process without a screen is to go on sending when the screen has ended."""
    show_demo = False
    """Whether the demo is to be opened when the screen has ended."""

    def _store_for_logins(self) -> AbstractContextManager[Store]:
        return closing(Store(self.home.data))  # logins are asked in a thread of their own

    def settings(self) -> Settings:
        """The config as it is now, else as it last could be read. Raises ConfigError where it never could."""
        self.settings_file.refresh(wait=False)
        return self.settings_file.current
