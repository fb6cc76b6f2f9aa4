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


class Activity(Struct, frozen=True, kw_only=True):
    """A line of the log of every change: who, when, what, before and after."""

    op_id: Id
    at: AwareDatetime
    who: str
    verb: str
    ids: tuple[Id, ...]
    changes: tuple[Change, ...]
    detail: str = ""
    undoes: Id | None = None
    """op_id of the step that this one takes back (undo) or does again (redo)."""


class Request(Struct, frozen=True, kw_only=True):
    """A request to the process that runs the engine, which writes the answer into it. `what`: sync, context."""

    id: Id
    what: str
    asked_at: AwareDatetime
    argument: str | None = None
    answered_at: AwareDatetime | None = None
    answer: dict[Opaque, Any] | None = None
