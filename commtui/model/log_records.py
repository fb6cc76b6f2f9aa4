"""The records of what was done and asked for: the log of changes, and requests to the engine."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.strings import Id, Opaque


class Change(Struct, frozen=True, kw_only=True):
    """One record before a step (None: the step created it) and after it (None: removed it); only changed fields."""

    table: Id
    id: Id
    before: dict[Opaque, Any] | None
    after: dict[Opaque, Any] | None


class Process(Struct, frozen=True, kw_only=True):
    """A process of this program. `command`: as a person typed it, without its arguments: `commtui run`."""

    command: str
    pid: int
    host: str


class LogEntry(Struct, frozen=True, kw_only=True):
    """A line of the log of every change, without what changed: who, when, what, in which process."""

    op_id: Id
    at: AwareDatetime
    who: str
    verb: str
    ids: tuple[Id, ...]
    detail: str = ""
    undoes: Id | None = None
    """op_id of the step that this one takes back (undo) or does again (redo)."""
    process: Process | None = None
    """Who wrote it; None: not known."""


class Activity(LogEntry, frozen=True, kw_only=True):
    """A line of the log of every change: who, when, what, before and after."""

    changes: tuple[Change, ...]


class Request(Struct, frozen=True, kw_only=True):
    """A request to the process that runs the engine, which writes the answer into it. `what`: sync, context."""

    id: Id
    what: str
    asked_at: AwareDatetime
    argument: str | None = None
    answered_at: AwareDatetime | None = None
    answer: dict[Opaque, Any] | None = None
