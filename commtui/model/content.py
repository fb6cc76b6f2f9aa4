"""What stands beside a text: files and a poll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.clock import AwareDatetime
from commtui.model.text import clean, one_line


class Media(Struct, frozen=True):
    """A file that goes out, or an attachment that came in."""

    url: str
    """A path on this machine for what goes out; the address for what came in."""
    alt: str = ""
    kind: str = "image"
    """image, video, audio or unknown."""
    remote_id: str | None = None  # set once it is uploaded, so that a retry does not upload again


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


def clean_media(media: Iterable[Media]) -> tuple[Media, ...]:
    """Files with cleaned texts and addresses."""
    return tuple(replace(file, alt=clean(file.alt), url=one_line(clean(file.url))) for file in media)


def clean_poll(poll: Poll | None) -> Poll | None:
    """A poll with cleaned answers."""
    if poll is None:
        return None
    return replace(poll, options=tuple(replace(option, text=one_line(clean(option.text))) for option in poll.options))
