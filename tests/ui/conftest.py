"""What a pilot waits for."""

from __future__ import annotations

import pytest
import textual.app
import textual.pilot
from textual._context import active_app

from tests.ui.screen import settle


async def _idle(min_sleep: float = 0, max_sleep: float = 0) -> None:
    await settle(active_app.get())


@pytest.fixture
def waits_for_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets pilots wait until the app has nothing left to do; for tests that press many keys.

    Textual's wait until the process uses little time: 40 ms and more for each key. Where timers or threads of the app
    are waited for, that is needed, or `until`.
    """
    monkeypatch.setattr(textual.app, "wait_for_idle", _idle)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", _idle)
