"""The sentences about series of posts."""

from __future__ import annotations

from typing import Final

from commtui.activity import errors
from commtui.activity.outcome import Outcome
from commtui.model.records import Series
from commtui.model.text import number_of
from commtui.sentences.naming import Naming
from commtui.sentences.wall_clock import irregular_words

SERIES_VERBS: Final = ("add", "edit", "skip", "end")


def series_sentence(outcome: Outcome, naming: Naming) -> str:
    """Returns what was done to a series, and when its next post goes out."""
    name = f"series {naming.items(outcome.ids)}"
    posts = number_of(outcome.posts, "post")
    match outcome.verb:
        case "series add":
            text = f"{name}: {posts} scheduled"
        case "series edit" if outcome.op_id is None:
            return f"{name} is so already"
        case "series edit":
            text = f"{name} changed, and with it {posts}"
        case "series skip":
            text = f"{name}: none on {naming.time(outcome.until)}" if outcome.until else name
        case _ if outcome.op_id is None:
            return f"{name} has ended already"
        case _:
            text = f"{name} ends: {posts} discarded"
    if outcome.leaves_at is None:
        return f"{text}; nothing is to come"
    words = irregular_words(outcome.when.at, outcome.when.zone, outcome.when.wall) if outcome.when else ""
    return f"{text}; the next goes out {naming.time(outcome.leaves_at)}{f' ({words})' if words else ''}"


def no_such_time(error: errors.NoSuchTime, naming: Naming) -> str:
    """Returns that a series has no post at a time, or none to come."""
    name = f"series {naming.items((error.series,))}"
    if error.at is None:
        return f"{name} has no post to come"
    return f"{name} has no post on that day, {naming.time(error.at)}: `commtui series show` names the next ones"


def series_words(series: Series) -> str:
    """Returns whose it is, and what of it is left out."""
    left_out = ", ".join(wall.replace("T", " ") for wall in series.skipped)
    return f"by {series.author}" + (f"; left out: {left_out}" if left_out else "")
