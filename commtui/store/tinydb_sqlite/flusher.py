"""Flushes commits that need not be on disk at once: a little later, many at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from commtui.store.tinydb_sqlite.errors import StoreClosed

DELAY = 0.05
"""Seconds: what a power cut may take of transactions that are not durable. Killing the process takes nothing."""


class Flusher:
    """A thread, started by the first transaction that can wait."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def soon(self) -> None:
        """Flushes within DELAY."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-flusher", daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wanted.wait()
            self._stopped.wait(DELAY)
            if self._wanted.is_set():
                self._wanted.clear()
                try:
                    self._flush()
                except StoreClosed:  # the next transaction says so
                    return

    def stop(self) -> None:
        """Flushes what waits and ends the thread."""
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            self._stopped.set()
            self._wanted.set()
            thread.join()
