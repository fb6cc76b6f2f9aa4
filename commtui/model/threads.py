"""A post that is too long for one, as a thread: its parts are posts, each of which answers the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from commtui.model import ids
from commtui.model.abilities import Limits
from commtui.model.length import split
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, Reason

ASKED: Final = "thread"
"""In `extra` of a post that may become several."""
HEAD: Final = "parts"
"""In `extra` of the first part of a thread: how many parts there are."""
PROCEEDS: Final = frozenset(
    (
        OutgoingState.SCHEDULED,
        OutgoingState.SENDING,
        OutgoingState.RETRYING,
        OutgoingState.UNKNOWN,
        OutgoingState.FAILED,
        OutgoingState.HELD,
    )
)
"""States in which the part before may still go out: the next one waits."""


def asked(extra: Mapping[str, str], thread: bool) -> dict[str, str]:
    """The `extra` of a post that may become several, or may not."""
    kept = {name: value for name, value in extra.items() if name != ASKED}
    return {**kept, ASKED: "1"} if thread else kept


def texts_of(item: Outgoing, limits: Limits) -> tuple[str, ...]:
    """The texts of the posts that a post becomes; one, where it fits or need not be cut.

    Raises ValueError where nothing fits beside its content warning.
    """
    return texts(item.text, limits, item.spoiler) if ASKED in item.extra else (item.text,)


def texts(text: str, limits: Limits, spoiler: str = "") -> tuple[str, ...]:
    """The texts of the posts that a text becomes under a content warning. Raises ValueError as `texts_of` does."""
    before = f"{spoiler}\n\n" if spoiler else ""  # as a network without warnings puts it before the text
    return split(text, limits, before)


def parts_of(item: Outgoing, texts: Sequence[str]) -> list[Outgoing]:
    """The posts of a thread: the item itself, with the first text, and a new one for each further text."""
    extra = {name: value for name, value in item.extra.items() if name not in (ASKED, HEAD)}
    if len(texts) == 1:
        return [replace(item, text=texts[0], extra=extra)]
    parts = [replace(item, text=texts[0], extra={**extra, HEAD: str(len(texts))})]
    for number, text in enumerate(texts[1:], 1):
        later = timedelta(milliseconds=number)
        parts.append(
            Outgoing(
                id=ids.fresh(ids.VARIANT),
                account=item.account,
                network=item.network,
                text=text,
                state=OutgoingState.SCHEDULED,
                created_at=item.created_at + later,  # Bluesky sorts by it
                key=ids.fresh_key(),
                post=item.post,
                series=item.series,
                campaign=item.campaign,
                after=parts[-1].id,
                author=item.author,
                reason=Reason.AFTER,
                visibility=item.visibility,
                spoiler=item.spoiler,
                language=item.language,
                scheduled_at=item.scheduled_at and item.scheduled_at + later,
                hold_window=item.hold_window,
                zone=item.zone,
                late=item.late,
            )
        )
    return parts


def is_part(item: Outgoing) -> bool:
    """Whether it is one post of a thread that was cut already."""
    return item.after is not None or HEAD in item.extra
