"""What is said of people: marks and the rules that give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model.people import REGULAR_CONVERSATIONS, REGULAR_WITHIN, Mark

RULES: Final[Mapping[Mark, str]] = {
    Mark.VIP: "somebody marked them so",
    Mark.REGULAR: f"they wrote in {REGULAR_CONVERSATIONS} or more conversations in the last {REGULAR_WITHIN.days} days",
    Mark.NEW: "this is their first conversation",
}
"""The rules of the marks, in words; the first that is true counts."""


def mark_words(mark: Mark | None) -> str:
    """Returns a mark and its rule: `new: this is their first conversation`."""
    return f"{mark.value}: {RULES[mark]}" if mark else "no mark: neither new nor regular, and nobody marked them as vip"


def number(count: int, thing: str) -> str:
    """Returns `1 message`, `2 messages`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def counts(mentions: int, answers: int, conversations: int, open_ones: int) -> tuple[str, str]:
    """Returns how often somebody wrote and we answered, and in how many conversations."""
    return (
        f"{number(mentions, 'message')}, {number(answers, 'answer')}",
        f"{number(conversations, 'conversation')}, {open_ones:,} open",
    )
