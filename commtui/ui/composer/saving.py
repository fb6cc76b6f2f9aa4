"""Stores what is being written: a moment after a letter, and at once where something is to follow.

While a verb on many items runs, what follows a letter is done in a thread: the screen's loop would have to wait for
the store's turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, Protocol

from textual.timer import Timer

from commtui.activity.errors import TriageError
from commtui.store.errors import StoreError
from commtui.system.threads import start
from commtui.ui.own_store import on_own_store

if TYPE_CHECKING:
    from commtui.ui.composer.draft import Draft
    from commtui.ui.services import Services

SAVE_AFTER: Final = 0.3
"""Seconds after a letter until the text is stored, also while the typing goes on."""


class Writer(Protocol):
    """The composer."""

    @property
    def typed(self) -> str:
        """The text as it is now."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Calls back after some seconds."""
        ...

    def has_stored(self) -> None:
        """The text is stored."""
        ...

    def has_not_stored(self, error: Exception) -> None:
        """It could not be stored."""
        ...


class Saving:
    """It owns which text of the open draft is stored."""

    def __init__(self, writer: Writer, services: Services, must_wait: Callable[[], bool]) -> None:
        """`must_wait`: whether the loop would have to wait for its turn to write."""
        self._writer, self._services, self._must_wait = writer, services, must_wait
        self._draft: Draft | None = None
        self._stored = ""
        self._timer: Timer | None = None
        self._beside: tuple[str, Future[None]] | None = None
        """What a thread stores now."""

    def begin(self, draft: Draft) -> None:
        """Another draft is open."""
        self._draft, self._stored = draft, draft.text

    def end(self) -> None:
        """No draft is open."""
        self._stop_timer()
        self._draft = None

    def soon(self) -> None:
        """Stores the text in a moment; the next letter does not put it off."""
        if self._timer is None:
            self._timer = self._writer.set_timer(SAVE_AFTER, self._after_letter)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _after_letter(self) -> None:
        self._timer = None
        draft, text = self._draft, self._writer.typed
        if self._beside is not None:
            self.soon()
            return
        if draft is None or text == self._stored or not self._must_wait():
            self.now()
            return
        services = self._services

        def save() -> None:
            on_own_store(services, services.desk(), lambda desk: draft.save_with(desk, text))

        beside = start(save, "draft")
        self._beside, loop = (text, beside), asyncio.get_running_loop()
        beside.add_done_callback(lambda done: loop.is_closed() or loop.call_soon_threadsafe(self._has_stored, done))

    def _has_stored(self, beside: Future[None]) -> None:
        if self._beside is not None and self._beside[1] is beside:
            self.wait()

    def wait(self) -> None:
        """Waits for the thread, if it stores something: until then nobody else may change the draft."""
        if self._beside is not None:
            (text, beside), self._beside = self._beside, None
            self._store(text, beside.result)

    def now(self, anyway: bool = False) -> bool:
        """Stores the text if it differs from what is stored, or `anyway`; False, and a word, if that fails."""
        self._stop_timer()
        self.wait()
        draft, text = self._draft, self._writer.typed
        if draft is None or (text == self._stored and not anyway and draft.is_stored(text)):
            return True
        return self._store(text, lambda: draft.save(text))

    def _store(self, text: str, store: Callable[[], None]) -> bool:
        try:
            store()
        except (TriageError, StoreError) as error:
            self._writer.has_not_stored(error)
            return False
        self._stored = text
        self._writer.has_stored()
        return True
