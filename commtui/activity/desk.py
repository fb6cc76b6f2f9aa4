"""The desk that every verb takes (store, clock, settings, person), and the recorded step that every verb writes in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache

from msgspec import Struct

from commtui.config.saved_files import SavedFiles
from commtui.config.settings import Settings
from commtui.config.zone import zone_name
from commtui.model.clock import Clock
from commtui.model.records import AccountState
from commtui.store.store import Store
from commtui.store.write import Write

UNDO_DEPTH = 50
"""Steps of one person that undo can take back."""
NO_FILES = SavedFiles()


class Desk(Struct, frozen=True):
    """One person who works on one home."""

    store: Store
    clock: Clock
    settings: Settings
    who: str
    saved_files: SavedFiles = NO_FILES
    """Saved replies and macros in files."""
    goes_on: Callable[[int], bool] | None = None
    """Called by what takes long, with the number of items that are done; False: the person wants it to stop."""

    @property
    def now(self) -> datetime:
        """The current time, in UTC."""
        return self.clock.now()

    @property
    def zone(self) -> str:
        """The IANA zone in which this person writes and reads times."""
        return _zone(self.settings.zone, os.environ.get("TZ"))

    @property
    def names_zone(self) -> bool:
        """Whether that is another one than the machine's clock shows: a time that is chosen names it then."""
        return bool(self.settings.zone) and self.zone != _zone("", os.environ.get("TZ"))


@cache
def _zone(setting: str | None, variable: str | None) -> str:
    """Returns the zone's name. Cached: to ask the system takes 20 ms, and the answer depends on the arguments only."""
    return setting or zone_name(Settings(), {} if variable is None else {"TZ": variable})


def our_handles(desk: Desk) -> tuple[str, ...]:
    """The handles of our accounts, `@user@host`: by the config, and as the network says."""
    handles = [account.user for account in desk.settings.accounts]
    states = (desk.store.get(AccountState, account.id) for account in desk.settings.accounts)
    handles += [state.handle for state in states if state]
    return tuple(f"@{handle.removeprefix('@')}" for handle in dict.fromkeys(handles) if handle)


class Step:
    """An open step: all that is written in it is one transaction, one log entry, one undo."""

    def __init__(self, write: Write, op_id: str) -> None:
        self.write = write
        self.op_id = op_id
        self.detail = ""

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.write.changes)


_ENCLOSING: ContextVar[Step | None] = ContextVar("enclosing_step", default=None)
"""The step that verbs called within `one_step` write in."""
_SHARED: ContextVar[str | None] = ContextVar("shared_op_id", default=None)
"""The op_id of the step of which all steps within `shared_step` are parts."""


def fresh_op_id() -> str:
    """Returns the id for a new step."""
    from uuid import uuid4  # takes 4 ms: not imported by commands that only read

    return uuid4().hex


def within_a_step() -> bool:
    """Whether a step is open, in which the next one would be written."""
    return _ENCLOSING.get() is not None


@contextmanager
def shared_step() -> Iterator[str]:
    """Records what is done within as parts of one step: several transactions and log entries, one op_id, one undo.

    A part is on disk whole or not at all; all of them are once `Store.flush` was called.
    """
    op_id = fresh_op_id()
    token = _SHARED.set(op_id)
    try:
        yield op_id
    finally:
        _SHARED.reset(token)


@contextmanager
def one_step(desk: Desk, verb: str, ids: tuple[str, ...], *, undoable: bool = True) -> Iterator[Step]:
    """Records all verbs that are called within as one step: one transaction, one log entry, one undo.

    `undoable`: as for `recorded_step`.
    """
    with recorded_step(desk, verb, ids, undoable=undoable) as opened:
        token = _ENCLOSING.set(opened)
        try:
            yield opened
        finally:
            _ENCLOSING.reset(token)


def _whole_ids(store: Store, given: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the ids of items that a person may have named by their beginnings."""
    from commtui.activity import resolve  # commands that only read need none of it

    return tuple(resolve.whole_id(store, item) if item[:1] in resolve.KIND_NAMES else item for item in given)


@contextmanager
def recorded_step(
    desk: Desk, verb: str, ids: tuple[str, ...], *, undoable: bool = True, undoes: str | None = None
) -> Iterator[Step]:
    """Opens a step, commits it and logs it. A step that changed nothing is not logged.

    `undoable`: `undo` takes it back as a person's last step. `undoes`: the op_id of the step that this one takes back.
    """
    enclosing = _ENCLOSING.get()
    if enclosing is not None:
        yield enclosing
        return
    shared = _SHARED.get()
    with desk.store.write(durable=shared is None) as write:
        opened = Step(write, shared or fresh_op_id())
        yield opened
        if not write.changes:
            return
        from commtui.model.records import Activity  # takes 30 ms: not imported by commands that only read

        write.log(
            Activity(
                op_id=opened.op_id,
                at=desk.now,
                who=desk.who,
                verb=verb,
                ids=_whole_ids(desk.store, ids),
                changes=tuple(write.changes),
                detail=opened.detail,
                undoes=undoes,
            )
        )
        if undoable:
            done, _ = desk.store.log.undo_stack(desk.who)
            if opened.op_id not in done:
                write.set_undo(desk.who, [*done, opened.op_id][-UNDO_DEPTH:], [])
