"""The records of rules: what is known of each, and what each has done."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.strings import Id, Opaque


class RuleState(Struct, frozen=True, kw_only=True):
    """What is known of a rule of the config, by its name."""

    id: Id
    name: str
    since: AwareDatetime
    """When it was first seen in the config; anew when it has come back. It has no part in waits that began before."""
    absent: bool = False
    """The config did not have it when that was last looked at."""
    turn: str = ""
    """The teammate who was last chosen by `assign round-robin`."""
    runs: int = 0
    """How often it ran, those times included in which it failed."""
    failed: int = 0
    last_at: AwareDatetime | None = None
    """When it last ran."""
    last_fault: dict[Opaque, Any] = {}
    """Why the last run failed: see `RuleRun.fault`; empty: it did not."""


class RuleRun(Struct, frozen=True, kw_only=True):
    """One event that a rule was run for. Its id is derived from the event: it cannot be there twice."""

    id: Id
    rule: str
    conversation: Id
    trigger: Id
    """A Trigger (model/rules.py)."""
    event: Id
    """The mention (our id), or since when somebody waits (ISO 8601)."""
    mention: Id
    """The mention that came, or the newest one of the wait."""
    at: AwareDatetime
    op_id: Id = ""
    """The step of the log; empty where nothing had to change."""
    why: str = ""
    """The rule's conditions as they were then."""
    did: str = ""
    """What it did, as lines of the config, joined by `; `."""
    notice: str = ""
    """What it says on the screen; empty: nothing."""
    fault: dict[Opaque, Any] = {}
    """Why it failed: the `error`'s type and its `fields`; empty: it did not. Nothing was changed then."""
