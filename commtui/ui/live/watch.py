"""What changed in the store since the screen last looked, whichever thread or process changed it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from commtui.store.changes import Changes
from commtui.store.store import Store


class Watch:
    """Gathers changes from any thread; `wake` is called once until they are taken, also from any thread."""

    def __init__(self, store: Store, wake: Callable[[], object]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._changes = Changes()
        self._end = store.observe(self._see)

    def _see(self, changed: Changes) -> None:
        with self._lock:
            asleep = not self._changes
            self._changes.add(changed)
        if asleep:
            self._wake()

    @property
    def pending(self) -> bool:
        """Whether anything changed since it was last taken."""
        return bool(self._changes)

    def take(self) -> Changes:
        """What changed since it was last asked."""
        with self._lock:
            changes, self._changes = self._changes, Changes()
        return changes

    def end(self) -> None:
        """Stops watching."""
        self._end()
