"""What a verb did, as data. `commtui.sentences.outcomes` makes the sentence."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from commtui.model.abilities import Visibility
from commtui.model.states import OutgoingState
from commtui.model.when import When


class Skipped(Struct, frozen=True):
    """An item that the verb left out, and its state, which is the reason."""

    id: str
    state: OutgoingState


class Left(Struct, frozen=True):
    """An item that an undo did not restore. `why`: its state, `gone`, `used` (a campaign that has posts by now),
    or `changed` (`fields` were changed since)."""

    id: str
    why: str
    fields: tuple[str, ...] = ()


class Undone(Struct, frozen=True):
    """What an undo or a redo did to a step.

    `why_not`: empty, or why nothing was done: `nothing` (no step to undo), `forgotten` (the step is no longer in the
    log), `another` (there is a newer step than the one that was asked about). Of a step that was chosen: `undone`
    (already), `old` (not among the last steps that can be undone), `others` (another person's, `Outcome.value`),
    `sent` (a text that is out), `program` (something else that the program did by itself).
    """

    verb: str = ""
    """The step's verb."""
    ids: tuple[str, ...] = ()
    author: str = ""
    """`@user@host` of the author of the step's only item; empty where there is none, or several."""
    accounts: tuple[str, ...] = ()
    """Names of the accounts of the step's posts; empty where it has none."""
    recalled: tuple[str, ...] = ()
    """Ids of our texts that are drafts again."""
    scheduled: tuple[str, ...] = ()
    """Ids of our texts that are scheduled again."""
    text: str = ""
    """The first of these texts."""
    left: tuple[Left, ...] = ()
    left_total: int = 0
    """How many were left, where `left` names some of them; else 0."""
    total: int = 0
    """How many items the step was about, where `ids` names some of them; else 0."""
    changed: bool = True
    why_not: str = ""


class Erased(Struct, frozen=True):
    """What the erasure of a person took away."""

    authors: tuple[str, ...]
    """Their ids."""
    handles: tuple[str, ...]
    mentions: int
    replies: int
    """Replies of ours whose texts are gone, and posts made from their words."""
    notes: int
    held: int
    """Texts of ours to others that named them and were to be sent: they wait until somebody releases them."""
    texts: tuple[str, ...]
    """The ids of all texts of ours that were changed."""
    conversations: int
    """Those in which nobody else wrote."""
    is_wiped: bool
    """Nothing of it is left in the file's bytes; else in its journal, as long as somebody reads an earlier state."""


class Released(Struct, frozen=True):
    """What became of the posts that a campaign let go: the posts, not their variants, are counted."""

    leaving: int
    """Scheduled again."""
    held: int
    """Still held: their time is over, and their late policy is to hold them."""
    skipped: int
    """Never to be sent: their time is over, and their late policy is to skip them."""


class Outcome(Struct, frozen=True):
    """What a verb did."""

    verb: str
    ids: tuple[str, ...] = ()
    """The items that changed; where none did, those that the verb was given."""
    total: int = 0
    """How many these are, where `ids` names some of them; else 0."""
    stopped: bool = False
    """The person stopped it before all were done."""
    op_id: str | None = None
    """The id of the logged step; None where nothing had to change."""
    value: str | None = None
    """The verb's argument as it was understood: a name, a tag, a macro's lines; None: nobody or nothing."""
    macro: str = ""
    """The name of the macro that was run."""
    until: datetime | None = None
    """When a snoozed conversation wakes, or a mute ends; None: when they answer, or never."""
    leaves_at: datetime | None = None
    """When what was scheduled will be sent."""
    when: When | None = None
    """How that time was given; None: nobody gave it, or each item has another one."""
    last_leaves_at: datetime | None = None
    """When the last of several that were scheduled apart will be sent."""
    others: int = 0
    """How many other posts of the same account leave in the same minute."""
    hold_window: bool = False
    """Whether `leaves_at` ends a hold window: until then undo recalls the text."""
    author: str = ""
    """The person it is about, as `@user@host`; the first of several, if `more` is above zero."""
    more: int = 0
    """The number of further people."""
    accounts: tuple[str, ...] = ()
    """Names of the accounts that a post is sent from."""
    visibility: Visibility | None = None
    """The visibility it has, where that is narrower than the requested one."""
    draft_stays: bool = False
    """Another text is being written in the conversation; its draft stays."""
    stranger: bool = False
    """`value` is not among the config's teammates."""
    skipped: tuple[Skipped, ...] = ()
    posts: int = 0
    """How many posts the pause or the end of a campaign holds."""
    released: Released | None = None
    """What became of the posts of a campaign that goes on."""
    stays_held: int = 0
    """How many of the posts that got another time are held until their campaign goes on."""
    paused: str = ""
    """The name of the paused campaign for which what was scheduled is held."""
    undone: Undone | None = None
