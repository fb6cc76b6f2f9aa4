"""What people did with a post, in words."""

from __future__ import annotations

from commtui.model.text import number_of, one_line
from commtui.triage.engagement import Engaged

UNKNOWN = "a post that was not written here"


def counted(row: Engaged) -> str:
    """Returns `12 likes 3 boosts`, or `5 follows`."""
    numbers = ((row.likes, "like"), (row.boosts, "boost"), (row.follows, "follow"))
    return " ".join(number_of(number, word) for number, word in numbers if number)


def about(row: Engaged) -> str:
    """Returns the post's text on one line; of follows, that they are new followers."""
    if row.target is None:
        return "new followers"
    return one_line(row.text) or row.url or UNKNOWN
