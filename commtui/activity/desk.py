"""Who is at work, with what: handed to every verb."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache

from msgspec import Struct

from commtui.config.settings import Settings
from commtui.config.zone import zone_name
from commtui.model.clock import Clock
from commtui.store.store import Store
from commtui.store.write import Write

UNDO_DEPTH = 50


class Desk(Struct, frozen=True):
    """One person at one home."""

    store: Store
    clock: Clock
    settings: Settings
    who: str

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    @property
    def zone(self) -> str:
        """The IANA zone in which this person says and reads times."""
        return _zone(self.settings.zone, os.environ.get("TZ"))


@cache
def _zone(setting: str | None, variable: str | None) -> str:
    """Kept, since asking the machine costs 20 ms; the arguments are what the answer depends on."""
    return setting or zone_name(Settings(), {} if variable is None else {"TZ": variable})


class Step:
    """An open step: everything written in it is one transaction, one line of the log, one undo."""

    def __init__(self, write: Write) -> None:
        from uuid import uuid4  # 4 ms that reading need not pay

        self.write = write
        self.op_id = uuid4().hex
        self.detail = ""

    @property
    def changed(self) -> bool:
        return bool(self.write.changes)


_WHOLE: ContextVar[Step | None] = ContextVar("whole", default=None)
"""The step that the steps of several verbs are part of."""


@contextmanager
def as_one(desk: Desk, verb: str, ids: tuple[str, ...]) -> Iterator[Step]:
    """Verbs that are called within are one step: one transaction, one line of the log, one undo."""
    with recorded_step(desk, verb, ids) as opened:
        before = _WHOLE.set(opened)
        try:
            yield opened
        finally:
            _WHOLE.reset(before)


@contextmanager
def recorded_step(
    desk: Desk, verb: str, ids: tuple[str, ...], *, undoable: bool = True, undoes: str | None = None
) -> Iterator[Step]:
    """Opens a step; one that changed nothing leaves no trace. `undoable`: it becomes what `undo` takes back next."""
    whole = _WHOLE.get()
    if whole is not None:
        yield whole
        return
    with desk.store.write() as write:
        opened = Step(write)
        yield opened
        if not write.changes:
            return
        from commtui.model.records import Activity  # 30 ms that reading need not pay

        write.log(
            Activity(
                op_id=opened.op_id,
                at=desk.now,
                who=desk.who,
                verb=verb,
                ids=ids,
                changes=tuple(write.changes),
                detail=opened.detail,
                undoes=undoes,
            )
        )
        if undoable:
            done, _ = desk.store.log.undo_stack(desk.who)
            write.set_undo(desk.who, [*done, opened.op_id][-UNDO_DEPTH:], [])
