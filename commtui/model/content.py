"""What stands beside a text: files and a poll."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from commtui.model.clock import AwareDatetime
from commtui.model.strings import Id, Opaque, Text


class Media(Struct, frozen=True):
    """A file that goes out, or an attachment that came in."""

    url: Opaque
    """A path on this machine for what goes out; the address for what came in."""
    alt: Text = ""
    kind: Id = "image"
    """image, video, audio or unknown."""
    remote_id: Id | None = None  # set once it is uploaded, so that a retry does not upload again


class PollOption(Struct, frozen=True):
    """One answer of a poll. `votes` is None while the server does not show them."""

    text: str
    votes: int | None = None


class Poll(Struct, frozen=True):
    """A question with answers to choose from, as it was when it was last fetched."""

    options: tuple[PollOption, ...]
    multiple: bool = False
    """Whether one person may choose several."""
    ends_at: AwareDatetime | None = None
    ended: bool = False
    voters: int | None = None
    """How many people voted; None: not known."""


def kinds_of(media: Sequence[Media], poll: Poll | None) -> tuple[str, ...]:
    """The kinds of the files, and `poll`: what a row says of them."""
    return (*(file.kind for file in media), *(("poll",) if poll else ()))


def row_text(text: str, media: Sequence[Media], poll: Poll | None) -> str:
    """What a row says: the text; where there is none, what the files show, or the answers of the poll."""
    if text.strip():
        return text
    shown = [file.alt for file in media if file.alt.strip()]
    return "; ".join(shown) or (" / ".join(option.text for option in poll.options) if poll else "")
