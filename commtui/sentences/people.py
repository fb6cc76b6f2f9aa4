"""What is said of people: marks and the rules that give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from commtui.activity.outcome import Erased
from commtui.model.people import REGULAR_CONVERSATIONS, REGULAR_WITHIN, Mark
from commtui.model.text import number_of

RULES: Final[Mapping[Mark, str]] = {
    Mark.VIP: "somebody marked them so",
    Mark.REGULAR: f"they wrote in {REGULAR_CONVERSATIONS} or more conversations in the last {REGULAR_WITHIN.days} days",
    Mark.NEW: "this is their first conversation",
}
"""The rules of the marks, in words; the first that is true counts."""


def mark_words(mark: Mark | None) -> str:
    """Returns a mark and its rule: `new: this is their first conversation`."""
    return f"{mark.value}: {RULES[mark]}" if mark else "no mark: neither new nor regular, and nobody marked them as vip"


def counts(mentions: int, answers: int, conversations: int, open_ones: int) -> tuple[str, str]:
    """Returns how often somebody wrote and we answered, and in how many conversations."""
    return (
        f"{number_of(mentions, 'message')}, {number_of(answers, 'answer')}",
        f"{number_of(conversations, 'conversation')}, {open_ones:,} open",
    )


def brief_words(mark: Mark | None, mentions: int) -> str:
    """Returns what a thread's head says of who wrote: `regular: wrote 7 messages`; of the first message, `new`.

    The verb tells them from the messages of the thread below."""
    words = f"wrote {number_of(mentions, 'message')}"
    if mark is None:
        return words
    return mark.value if mentions == 1 else f"{mark.value}: {words}"


def erasing_question(handles: Sequence[str], mentions: int) -> str:
    """Returns what is asked before a person is erased: `erase @a, @b and their 3 messages`."""
    return f"erase {', '.join(handles)} and their {number_of(mentions, 'message')}"


def erased_words(erased: Erased) -> str:
    """Returns what an erasure took away, and what stays."""
    if not erased.mentions:
        text = "nothing of them was left here"
    else:
        parts = (
            number_of(erased.mentions, "message"),
            f"the texts of {number_of(erased.replies, 'reply', 'replies')}",
            number_of(erased.notes, "note"),
        )
        text = (
            f"erased {', '.join(erased.handles)}: {', '.join(parts)}; the log keeps who did what when, "
            "and our replies their ids on the network"
        )
    if erased.held:
        verb = "waits" if erased.held == 1 else "wait"
        text += f"; {number_of(erased.held, 'text')} of ours that named them {verb}, held, to be looked at"
    if not erased.is_wiped:
        text += "; another window still reads: run it again with " + erased.authors[0] + " to clear the journal"
    return text
