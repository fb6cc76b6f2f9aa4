"""What stands beside a text, in words: how many files of which kind, and a poll with its votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from commtui.model import times
from commtui.model.content import Poll
from commtui.model.text import number_of

_NAMES: Final = {"unknown": "file", "audio": "audio file"}


def attached_words(kinds: Iterable[str]) -> str:
    """How many of each kind: `1 image`, `2 images, 1 video, poll`."""
    counts = Counter(_NAMES.get(kind, kind) for kind in kinds)
    return ", ".join("poll" if kind == "poll" else number_of(count, kind) for kind, count in counts.items())


def poll_lines(poll: Poll, now: datetime) -> list[str]:
    """A line on the poll and one for each answer: `( ) Kenya: 5`; `[ ]` where several may be chosen."""
    words = ["poll, several answers possible" if poll.multiple else "poll"]
    if poll.voters is not None:
        words.append(number_of(poll.voters, "voter"))
    if poll.ended or (poll.ends_at and poll.ends_at <= now):
        words.append("ended")
    elif poll.ends_at:
        words.append(f"ends in {times.countdown(poll.ends_at, now)}")
    box = "[ ]" if poll.multiple else "( )"
    answers = [
        f"{box} {option.text}" + ("" if option.votes is None else f": {option.votes:,}") for option in poll.options
    ]
    return [", ".join(words), *answers]
