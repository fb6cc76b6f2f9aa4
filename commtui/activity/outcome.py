"""What a verb did, as data: `commtui.sentences.outcomes` makes the sentence."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.states import OutgoingState


class Skipped(Struct, frozen=True):
    """A named item that the verb is not for, and the state that is why."""

    id: str
    state: OutgoingState


class Left(Struct, frozen=True):
    """What an undo did not take back. `why`: a state it is in, `gone`, or `changed` (`fields` were changed since)."""

    id: str
    why: str
    fields: tuple[str, ...] = ()


class Undone(Struct, frozen=True):
    """What an undo or a redo did to a step.

    `why_not`: empty, or why nothing was done: `nothing` (no step), `forgotten` (no longer in the log), `another` (a
    newer step was made meanwhile).
    """

    verb: str = ""
    """The step's verb."""
    ids: tuple[str, ...] = ()
    author: str = ""
    """`@user@host` of whom the step's only item is about; empty where there is nobody, or several."""
    recalled: tuple[str, ...] = ()
    """Texts of ours that are drafts again."""
    scheduled: tuple[str, ...] = ()
    """Texts of ours that are on their way again."""
    text: str = ""
    """The first of these texts."""
    left: tuple[Left, ...] = ()
    changed: bool = True
    why_not: str = ""


class Outcome(Struct, frozen=True):
    """What a verb did. `op_id` is None where there was nothing to change."""

    verb: str
    ids: tuple[str, ...] = ()
    """What changed, or what was named where nothing did."""
    op_id: str | None = None
    value: str | None = None
    """The verb's argument as it was understood: a name, a tag, a macro's lines; None: nobody, nothing."""
    until: datetime | None = None
    """When a snoozed conversation wakes; None: when they answer."""
    leaves_at: datetime | None = None
    """When what was put on its way is due."""
    hold_window: bool = False
    """Whether `leaves_at` ends a hold window, so that undo takes the text back until then."""
    author: str = ""
    """Whom it is about, as `@user@host`; with `more`, the first of several."""
    more: int = 0
    accounts: tuple[str, ...] = ()
    """Names of the accounts that a post goes out on."""
    visibility: Visibility | None = None
    """The visibility it has, where that is narrower than what was asked for."""
    draft_stays: bool = False
    """Another text is being written there; its draft stays."""
    stranger: bool = False
    """`value` is not among the config's teammates."""
    skipped: tuple[Skipped, ...] = ()
    undone: Undone | None = None
