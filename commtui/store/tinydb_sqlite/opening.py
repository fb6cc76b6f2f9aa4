"""Opening a store's file: made where it is missing, read alone where nothing can be made beside it, and opened again
where it was replaced."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Literal

from commtui.store.tinydb_sqlite.connection import Connection, set_up
from commtui.store.tinydb_sqlite.errors import (
    NewerFormat,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    has_no_room,
    translated,
)
from commtui.store.tinydb_sqlite.files import TurnLock, finish_replacement, flush_folder, refuse_network
from commtui.store.tinydb_sqlite.schema import APPLICATION_ID, FORMAT

ReadOnly = Literal["", "full", "unwritable"]
"""Why a handle only reads; empty if it writes, too."""


class OpenFile:
    """The file of one handle: its connection and its lock for turns, which are used under the handle's lock."""

    def __init__(self, path: Path, *, wait: float) -> None:
        """Raises StoreError."""
        self.path = path
        self.read_only: ReadOnly = ""
        self._wait = wait
        self._turn: TurnLock | None = None
        refuse_network(path)
        with ExitStack() as after_an_error:
            after_an_error.callback(self._close_turn)
            self.connection = self._open()
            after_an_error.pop_all()

    def open_again(self) -> Connection:
        """After the file was replaced, or to try what was not possible before. Returns the connection before, for the
        caller to close."""
        before, self.connection = self.connection, self._open()
        return before

    def _open(self) -> Connection:
        try:
            self._make()
        except OSError as error:
            if not self.path.exists():
                raise translated(error, self.path) from error
        try:
            connection = self._checked(Connection(self.path, wait=self._wait))
            self.read_only = "" if self._turn is not None else "unwritable"
        except (StoreMissing, StoreDamaged, NewerFormat):
            raise
        except StoreError:
            if self._has_journal():
                raise
            connection = self._checked(Connection(self.path, mode="ro&immutable=1"))
            self.read_only = "full" if has_no_room(self.path) else "unwritable"
        return connection

    def _make(self) -> None:
        """Opens the lock for turns, and makes the file where there is none. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        finish_replacement(self.path)
        turn = self._turn = self._turn or TurnLock(self.path)
        if self.path.exists() and self.path.stat().st_size:
            return
        with turn.taken():
            if not self.path.exists():  # where SQLite has it open, opening and closing it would free SQLite's locks
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
            connection = Connection(self.path, wait=self._wait)
            try:
                if not connection.number("PRAGMA schema_version"):
                    set_up(connection)
                    flush_folder(self.path.parent)
            finally:
                connection.close()

    def _checked(self, connection: Connection) -> Connection:
        """Returns the connection if it can read a store of a known format, else closes it."""
        with ExitStack() as after_an_error:
            after_an_error.callback(connection.close)
            written = connection.number("PRAGMA application_id") or self._made_whole(connection)
            if written & ~0xFFFF != APPLICATION_ID:
                raise StoreDamaged(self.path, "not a store's file")
            if written & 0xFFFF > FORMAT:
                raise NewerFormat(self.path, written & 0xFFFF, FORMAT)
            connection.number("SELECT count(*) FROM sqlite_master")
            after_an_error.pop_all()
        return connection

    def _made_whole(self, connection: Connection) -> int:
        """Waits for who is making the file, makes what was left by who was killed at it. Returns its application id."""
        if self._turn is not None and not connection.is_immutable:
            with self._turn.taken():
                if not connection.number("PRAGMA schema_version"):
                    set_up(connection)
                    flush_folder(self.path.parent)
        return connection.number("PRAGMA application_id")

    def _has_journal(self) -> bool:
        with suppress(OSError):
            return os.stat(f"{self.path}-wal").st_size > 0
        return False

    def was_replaced(self) -> bool:
        """Raises StoreMissing if it was removed."""
        try:
            return os.stat(self.path).st_ino != self.connection.inode
        except FileNotFoundError as error:
            raise StoreMissing(self.path, "the file was removed") from error

    def may_be_writable_now(self) -> bool:
        """Whether somebody wrote the file while this handle could only read it."""
        connection = self.connection
        return connection.is_immutable and (self._has_journal() or os.stat(self.path).st_mtime_ns != connection.written)

    def turn(self) -> TurnLock:
        """Returns the lock for turns. Raises StoreFull or StoreReadOnly for a handle that only reads."""
        if self.read_only or self._turn is None:
            raise (StoreFull if self.read_only == "full" else StoreReadOnly)(self.path, self.read_only)
        return self._turn

    def close(self) -> None:
        """The last handle on the file makes a checkpoint."""
        if self._turn is None:
            self.connection.close()
        else:
            with self._turn.taken():
                self.connection.close()
        self._close_turn()

    def _close_turn(self) -> None:
        if self._turn is not None:
            self._turn.close()
            self._turn = None
