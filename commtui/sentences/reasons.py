"""Why an outgoing item or act is in its state, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.model.records import Act, LookAlike, Outgoing
from commtui.model.states import Reason

WORDS: Final[Mapping[str, str]] = {
    Reason.BY_HAND: "by hand",
    Reason.ALL_BY_HAND: "by hand",  # beside one item "all" would be read as all of this item
    Reason.LATE: "late",
    Reason.NEWER_ANSWER: "newer answer",
    Reason.RESTORED: "restored from a backup: it may have been sent since",
    Reason.DELETED: "deleted on the network",
    Reason.STOPPED: "commtui ended while it was being sent",
    Reason.OTHER_ENGINE: "another commtui began to send it: look whether it is out, then confirm, retry or discard",
    Reason.AFTER: "after the post before it in its thread",
    Reason.THREAD_BROKEN: "the post before it in its thread is not out",
    Reason.GIVEN_UP: "given up: no try arrived for a week",
    Reason.ANSWERED_GONE: "what it answers is gone",
    Reason.NO_READ_BACK: "this network can't tell whether it is out: look there, then confirm, retry or discard",
    Reason.NOT_SHOWN: "the network does not show it, which proves nothing: look there, then confirm, retry or discard",
    Reason.LOOK_ALIKE: "the network shows what may be it: compare, then confirm, retry or discard",
    Reason.ANOTHERS: "the network answered with another text of ours",
    Reason.UNANSWERED: "it is not known whether it was done: look there, then retry or discard",
    Reason.SUPERSEDED: "a later edit took its place",
    Reason.SERIES: "its series was changed",
    Reason.CONFIRMED: "confirmed by hand",
    Reason.CAMPAIGN_PAUSED: "campaign paused",
    Reason.CAMPAIGN_ENDED: "campaign ended",
}


def words(reason: str) -> str:
    """Returns the words for a Reason; other text, such as the note of a network, as it is."""
    return WORDS.get(reason, reason)


NOT_READABLE: Final = "(its text cannot be read)"


def head_of_look_alike(found: LookAlike) -> str:
    """Returns what stands above the text of something on the network that may be an item."""
    return "may be it: " + (found.url or found.remote_id)


def why(item: Outgoing | Act) -> str:
    """Returns the reason and the network's error of an item or act; empty if it has neither."""
    return ": ".join(filter(None, (words(item.reason or ""), item.error)))
