"""`commtui sync`: one round of all accounts, by this process or by the one that runs the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from commtui.activity import requests
from commtui.activity.desk import Desk
from commtui.cli.services import CliError
from commtui.config import paths
from commtui.main.loops import pause, until_done
from commtui.model.clock import to_iso
from commtui.store.schema import due_at
from commtui.sync.due import hold_windows_end, leaves_before, left
from commtui.sync.engine import WAIT_MOST, Engine
from commtui.sync.lock import EngineLock

ANSWER_WITHIN = 180.0
"""Seconds that `sync` waits for the answer of whoever runs the engine."""
LEAVES_WITHIN = timedelta(seconds=30)
"""How late a text may leave after its hold window, while another process sends it."""
LOOK = 0.1
"""Seconds between two looks for an answer."""


class SyncedHome(Protocol):
    """What a round needs of a home."""

    home: paths.Home

    def desk(self) -> Desk:
        """Who asks."""
        ...

    def holder(self) -> str | None:
        """Who runs the engine, in words."""
        ...

    def make_engine(self) -> Engine:
        """An engine that is not running."""
        ...


def sync(home: SyncedHome, wait: bool) -> dict[str, Any]:
    """`{"engine": who did it, "accounts": [row, ...], "left": [{"id", "at"}, ...]}`; `left`: what it did not send.

    `wait`: also until what is in its hold window has left, if that is within WAIT_MOST. Where the holder ends before it
    has answered, this process does the round itself. Raises CliError when a living holder does not answer.
    """
    desk = home.desk()
    end = desk.clock.monotonic() + ANSWER_WITHIN
    with EngineLock(home.home.data, "commtui sync") as lock:
        while not lock.take():
            answer = _by_holder(home, desk, wait, lambda: desk.clock.monotonic() > end)
            if answer is not None:
                return {**answer, "left": _left(desk)}
            pause(LOOK)
        rows = until_done(home.make_engine().once(wait))
    return {"engine": "here", "accounts": rows, "left": _left(desk)}


def _left(desk: Desk) -> list[dict[str, Any]]:
    desk.store.poll()
    accounts = [account.id for account in desk.settings.accounts]
    return [{"id": item.id, "at": to_iso(due_at(item))} for item in left(desk.store, accounts, desk.now)]


def _by_holder(home: SyncedHome, desk: Desk, wait: bool, is_late: Callable[[], bool]) -> dict[str, Any] | None:
    """The answer of the process that runs the engine; None: it ended first."""
    store, who = desk.store, home.holder()
    if who is None:
        if is_late():
            raise CliError("another commtui holds the engine and cannot be named; try again")
        return None
    request = requests.ask(desk, requests.SYNC)
    try:
        while (answered := requests.answer_of(store, request)) is not None and answered.answered_at is None:
            if store.is_full:
                raise CliError(f"no room on the disk of {home.home.data}: {who} cannot write; make room and try again")
            if is_late():
                raise CliError(f"{who} did not answer; look at {home.home.log}, or try again")
            if home.holder() is None:
                return None
            pause(LOOK)
            store.poll()
        if wait and not _have_left(home, desk):
            return None
    finally:
        requests.remove(store, request)
    rows = answered.answer if answered and answered.answer else {"accounts": []}
    return {"engine": who, **rows}


def _have_left(home: SyncedHome, desk: Desk) -> bool:
    """Waits until what is in its hold window has left; False: the holder ended before."""
    accounts = [account.id for account in desk.settings.accounts]
    end = hold_windows_end(desk.store, accounts, desk.now + desk.settings.hold) + timedelta(seconds=1)
    end = min(end, desk.now + WAIT_MOST)
    while leaves_before(desk.store, accounts, end) and desk.now <= end + LEAVES_WITHIN:
        if home.holder() is None:
            return False
        pause(LOOK)
        desk.store.poll()
    return True
