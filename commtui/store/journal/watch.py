"""Who wants to hear of changes, and what they have not heard yet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from commtui.store.journal.format import Op

Changes = Mapping[str, set[int] | None]
"""Table -> ids that changed; None: anything in that table may have changed."""
Callback = Callable[[Changes], None]


class Watchers:
    """Collects changes under the store's lock, tells them outside of it."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []
        self._news: dict[str, set[int] | None] = {}
        self._lock = threading.Lock()

    def add(self, callback: Callback) -> Callable[[], None]:
        with self._lock:
            self._callbacks = [*self._callbacks, callback]

        def remove() -> None:
            with self._lock:
                self._callbacks = [other for other in self._callbacks if other is not callback]

        return remove

    def note(self, ops: Iterable[Op]) -> None:
        """Changes that will be told next."""
        if not self._callbacks:
            return
        with self._lock:
            for flag, table, ident, _ in ops:
                if flag in "cx":
                    self._news[table] = None
                    continue
                ids = self._news.setdefault(table, set())
                if ids is not None:
                    ids.add(ident)

    def note_all(self, tables: Iterable[str]) -> None:
        if self._callbacks:
            with self._lock:
                self._news.update(dict.fromkeys(tables))

    def tell(self) -> None:
        """Calls back, once for all that was noted. Not while a lock of the store is held."""
        if not self._news:
            return
        with self._lock:
            news, self._news = self._news, {}
            callbacks = self._callbacks
        if news:
            for callback in callbacks:
                try:
                    callback(news)
                except Exception:  # the change is on disk: whoever made it must not be told that it failed
                    import logging

                    logging.getLogger(__name__).exception("an observer of the store failed")
