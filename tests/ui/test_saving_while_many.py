"""While a verb on many items runs, what is typed is stored in a thread: the loop does not wait for the store's turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commtui.community import reply_drafts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.store.errors import StoreFull
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import drive, inbox, shown, until
from tests.ui.test_many import Gate, begin_done, ended, gate

__all__ = ["gate"]


class Stores:
    """Stands before each storing of a reply's draft in a thread; notes in which threads drafts were stored."""

    def __init__(self, passes: int) -> None:
        self.passes = threading.Semaphore(passes)
        self.threads: list[str] = []
        self.begun = 0
        self.fails_with: Exception | None = None

    def before(self, real: Callable[..., Outgoing]) -> Callable[..., Outgoing]:
        def draft(*named: Any) -> Outgoing:
            self.begun += 1
            if threading.current_thread() is not threading.main_thread():
                assert self.passes.acquire(timeout=60)
                if self.fails_with is not None:
                    raise self.fails_with
            self.threads.append(threading.current_thread().name)
            return real(*named)

        return draft


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Stores:
    stores = Stores(0)
    monkeypatch.setattr("commtui.ui.composer.saving.SAVE_AFTER", 0.01)
    monkeypatch.setattr(reply_drafts, "draft", stores.before(reply_drafts.draft))
    return stores


@pytest.fixture
def services(tmp_path: Path) -> ScreenServices:
    return services_in(tmp_path, 9)


async def begin_writing(pilot: Any, gate: Gate, stores: Stores) -> None:
    """Begins a verb on many, which waits, and a reply whose first letters are being stored."""
    await begin_done(pilot, gate, 0)
    await pilot.press("G", "r", *"ab")
    await until(pilot, lambda: stores.begun == 1)


def texts(services: ScreenServices, state: OutgoingState) -> list[str]:
    return [item.text for item in services.store.all(Outgoing) if item.state is state]


def test_letters_go_on_while_a_text_is_stored_and_all_of_them_are_stored(
    services: ScreenServices, gate: Gate, stores: Stores
) -> None:
    async def scenario(app, pilot):
        await begin_writing(pilot, gate, stores)
        await pilot.press(*"cd")
        await until(pilot, lambda: "abcd" in shown(app))
        assert stores.begun == 1 and not stores.threads
        stores.passes.release(9)
        await until(pilot, lambda: texts(services, OutgoingState.DRAFT) == ["abcd"])
        assert set(stores.threads) == {"draft"}
        await until(pilot, lambda: inbox(app).session.composing is not None)
        await pilot.press(*"ef", "escape", "y")
        await until(pilot, lambda: inbox(app).session.composing is None)
        assert texts(services, OutgoingState.SCHEDULED) == ["abcdef"] and not texts(services, OutgoingState.DRAFT)
        gate.let(3)
        await ended(pilot)

    drive(services, scenario)


def test_the_end_of_the_program_waits_for_what_is_being_stored(
    services: ScreenServices, gate: Gate, stores: Stores
) -> None:
    async def scenario(app, pilot):
        await begin_writing(pilot, gate, stores)
        await pilot.press("c")
        threading.Timer(0.2, stores.passes.release).start()
        app.on_hung_up()
        gate.let(3)

    drive(services, scenario)
    assert texts(services, OutgoingState.DRAFT) == ["abc"]


def test_what_goes_wrong_is_said_and_the_next_letter_tries_again(
    services: ScreenServices, gate: Gate, stores: Stores
) -> None:
    stores.passes.release(9)

    async def scenario(app, pilot):
        await begin_done(pilot, gate, 0)
        stores.fails_with = StoreFull(services.store.file, "disk full")
        await pilot.press("G", "r", "a")
        await until(pilot, lambda: "the draft is not saved" in shown(app))
        stores.fails_with = None
        await pilot.press("b")
        await until(pilot, lambda: texts(services, OutgoingState.DRAFT) == ["ab"])
        gate.let(3)
        await ended(pilot)

    drive(services, scenario)


def test_where_no_verb_runs_the_loop_stores_it(services: ScreenServices, stores: Stores) -> None:
    async def scenario(app, pilot):
        await pilot.press("r", *"ab")
        await until(pilot, lambda: texts(services, OutgoingState.DRAFT) == ["ab"])
        assert set(stores.threads) == {threading.main_thread().name}

    drive(services, scenario)
