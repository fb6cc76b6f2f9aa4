"""One home, wired for the screen: what `ui.services.Services` promises."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from commtui.activity.desk import Desk
from commtui.cli.start import is_plain
from commtui.config import logfile
from commtui.config.errors import ConfigError
from commtui.config.paths import Home, find_home
from commtui.config.watch import SettingsFile
from commtui.model.clock import Clock, SystemClock
from commtui.model.engine import EngineState
from commtui.store.errors import StoreError
from commtui.store.store import Store

if TYPE_CHECKING:
    from commtui.sync.background import Background


class LazyEngine:
    """The workers in a thread; nothing of them is imported before they start."""

    def __init__(self, services: InboxServices) -> None:
        self._services = services
        self._background: Background | None = None
        self._store: Store | None = None
        """The engine's own handle: what it reads at length must not keep the screen waiting."""
        self._lock = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Begins in a thread; returns at once. From now on there is a log. Raises ConfigError."""
        from commtui.config.log import set_up

        set_up(self._services.home)
        threading.Thread(target=self._begin, name="engine starter", daemon=True).start()

    def _begin(self) -> None:
        from commtui.sync.background import Background
        from commtui.sync.connect import connector
        from commtui.sync.engine import Engine

        services = self._services

        def make() -> Engine:
            settings = SettingsFile(services.home)
            self._store = self._store or Store(services.home.data)
            return Engine(self._store, settings, services.clock, connector(services.home, services.clock))

        background = Background(services.home, make, "commtui")
        with self._lock:
            if not self._stopped:
                self._background = background
                background.start()

    def stop(self) -> None:
        """Ends the workers; what is being sent is written down first."""
        with self._lock:
            self._stopped = True
        if self._background is not None:
            self._background.stop()
        if self._store is not None:
            self._store.close()

    def state(self) -> EngineState:
        """Whether they run here, or who runs them."""
        return EngineState("starting") if self._background is None else self._background.state()


class InboxServices:
    """What the screen is handed. Raises ConfigError, StoreError where config or store can't be read at the start."""

    def __init__(self, home: Home, demo: bool) -> None:
        self.home = home
        self.demo = demo
        self.clock: Clock = SystemClock()
        self._settings = SettingsFile(home)
        self.store = Store(home.data)
        self.engine = LazyEngine(self)

    def desk(self) -> Desk:
        """Who is at work, with the settings as they are now."""
        self._settings.refresh()
        settings = self._settings.current
        return Desk(self.store, self.clock, settings, settings.me)

    def settings_problem(self) -> str | None:
        """What is wrong with the config file as it stands; its folder is left out, as a line has 80 columns."""
        problem = self._settings.problem
        return problem.replace(str(self.home.config), self.home.config.name) if problem else None

    def sync_now(self) -> None:
        """Asks whoever runs the engine for a round."""
        from commtui.activity import requests

        requests.ask(self.desk(), requests.SYNC)


def open_inbox(home: str | None, demo: bool) -> int:
    """Opens the inbox; the exit code."""
    try:
        if demo:
            from commtui.main.demo import demo_home

            found = demo_home(Path(home) if home else None, os.environ)
        else:
            found = find_home(home, os.environ)
            found.prepare()
        services = InboxServices(found, demo)
        logfile.check(found)
        if is_plain(os.environ.get("TERM")):
            return _plain(services)
        from commtui.ui.app import run_inbox

        return run_inbox(services)
    except ConfigError as error:
        print(f"commtui: {error}", file=sys.stderr)
    except StoreError as error:
        from commtui.sentences.store import explain

        print(f"commtui: {explain(error)}", file=sys.stderr)
    return 1


def _plain(services: InboxServices) -> int:
    """The inbox as plain lines, with the same workers beside it."""
    from commtui.cli.linear import run_linear
    from commtui.main.services import HomeServices

    if services.demo:
        print("This is a DEMO: a simulated network, nothing leaves this machine.")
    services.engine.start()
    try:
        return run_linear(HomeServices(services.home))
    finally:
        services.engine.stop()
