"""Flushes what did not have to be on disk at once, a little later and many at a time."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from commtui.store.journal.errors import Closed

if TYPE_CHECKING:
    from commtui.store.journal.storage import JournalStorage

DELAY = 0.05
"""Seconds: what a power cut may take of transactions that asked for no more. Killing the process takes nothing."""


class Flusher:
    """A thread, started by the first transaction that can wait."""

    def __init__(self, storage: JournalStorage) -> None:
        self._storage = storage
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def soon(self) -> None:
        """Flush within DELAY."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal-flusher", daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wanted.wait()
            self._stopped.wait(DELAY)
            if self._wanted.is_set():
                self._wanted.clear()
                try:
                    self.now()
                except Closed:  # the next change says so
                    return

    def now(self) -> None:
        """Returns when all that was written before is on disk."""
        storage = self._storage
        with storage.lock:
            if storage.log is None or storage.read_only:
                return
            fd = os.dup(storage.log.fd)
        storage.flush(fd)

    def stop(self) -> None:
        """Flushes what waits, and ends the thread."""
        thread, self._thread = self._thread, None
        if thread is None or not thread.is_alive() or self._stopped.is_set():
            return
        self._stopped.set()
        self._wanted.set()
        if thread is not threading.current_thread():
            thread.join()
