"""Why an outgoing item or act is in its state, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model.records import Act, Outgoing
from commtui.model.states import Reason

WORDS: Final[Mapping[str, str]] = {
    Reason.BY_HAND: "by hand",
    Reason.ALL_BY_HAND: "by hand",  # beside one item "all" would be read as all of this item
    Reason.LATE: "late",
    Reason.NEWER_ANSWER: "newer answer",
    Reason.RESTORED: "restored from a backup: it may have been sent since",
    Reason.DELETED: "deleted on the network",
    Reason.STOPPED: "commtui ended while it was being sent",
    Reason.GIVEN_UP: "given up after too many tries",
    Reason.ANSWERED_GONE: "what it answers is gone",
    Reason.NO_READ_BACK: "this network can't tell whether it is out: look there, then retry or discard",
}


def words(reason: str) -> str:
    """Returns the words for a Reason; other text, such as the note of a network, as it is."""
    return WORDS.get(reason, reason)


def why(item: Outgoing | Act) -> str:
    """Returns the reason and the network's error of an item or act; empty if it has neither."""
    return ": ".join(filter(None, (words(item.reason or ""), item.error)))
