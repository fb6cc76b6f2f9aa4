"""The engine beside a screen: nothing of it is imported before it starts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from commtui.config import paths
from commtui.model.engine import EngineState
from commtui.store.store import Store

if TYPE_CHECKING:
    from commtui.sync.background import Background
    from commtui.sync.engine import Engine


class EngineMaker(Protocol):
    """What the workers need of a home."""

    home: paths.Home

    def open_store(self) -> Store:
        """A store of its own for a thread."""
        ...

    def make_engine(self, store: Store | None = None) -> Engine:
        """An engine that is not running."""
        ...

    def load_deadlines(self) -> None:
        """Loads what deadlines are computed with."""
        ...


class Workers:
    """The engine in a thread of its own, on a store handle of its own: its long reads never keep the screen waiting."""

    def __init__(self, maker: EngineMaker) -> None:
        self._maker = maker
        self._background: Background | None = None
        self._store: Store | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Begins in a thread; returns at once. From now on there is a log. Raises ConfigError."""
        from commtui.config.log import set_up

        set_up(self._maker.home)
        threading.Thread(target=self._begin, name="engine starter", daemon=True).start()

    def _begin(self) -> None:
        from commtui.sync.background import Background

        background = Background(self._maker.home.data, self._make, "commtui")
        with self._lock:
            if not self._stopped:
                self._background = background
                background.start()
        self._maker.load_deadlines()  # holidays take 80 ms: the first key that writes is not to wait for them

    def _make(self) -> Engine:
        """An engine on what stands in the data folder now. Raises ConfigError, StoreError."""
        if self._store is not None:
            self._store.close()
        self._store = self._maker.open_store()
        return self._maker.make_engine(self._store)

    def stop(self) -> None:
        """Ends the engine; what is being sent is written down first."""
        with self._lock:
            self._stopped = True
        if self._background is not None:
            self._background.stop()
        if self._store is not None:
            self._store.close()

    def state(self) -> EngineState:
        """Whether it runs here, or who runs it."""
        return EngineState("starting") if self._background is None else self._background.state()
