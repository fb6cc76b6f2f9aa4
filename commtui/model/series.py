"""The posts of a series: when they are due, and what each is. Pure functions of its record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from commtui.model import ids, threads
from commtui.model.abilities import Visibility
from commtui.model.outgoing import content_of
from commtui.model.records import Outgoing, Series
from commtui.model.recurrence import Occurrence, Recurrence, is_readable, occurrences
from commtui.model.states import HELD_BY_CAMPAIGN, OutgoingState

AHEAD: Final = timedelta(days=60)
"""How far ahead the posts of a series are made."""
FAR: Final = timedelta(days=3660)
"""How far ahead a time of a series is looked for."""


def times(series: Series, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """The times after a moment and up to another one at which a post goes out; none where its rule is none."""
    recurrence = Recurrence(series.rule, series.zone)
    if not is_readable(recurrence):
        return
    for one in occurrences(recurrence, after, until):
        if series.ends_at is not None and one.at >= series.ends_at:
            return
        if one.wall not in series.skipped:
            yield one


def upcoming(series: Series, now: datetime) -> Occurrence | None:
    """The next time; None: there is none within ten years."""
    return next(times(series, now, now + FAR), None)


def post_id(series: str, wall: str) -> str:
    """The id of the post of a time: the same, whichever process makes it."""
    return ids.derived(ids.POST, series, wall)


def variant(
    series: Series, one: Occurrence, account: str, network: str, visibility: Visibility, late: str, now: datetime
) -> Outgoing:
    """What goes out from an account at a time. `visibility`, `late`: the account's, where the series has none."""
    of = (series.id, one.wall, account)
    return Outgoing(
        id=ids.derived(ids.VARIANT, *of),
        account=account,
        network=network,
        text=series.text,
        state=OutgoingState.SCHEDULED,
        created_at=now,
        key=ids.derived("k", *of) + ids.derived("k", "key", *of)[1:],  # two homes of one backup send one text
        post=post_id(series.id, one.wall),
        series=series.id,
        campaign=series.campaign,
        author=series.author,
        visibility=series.visibility or visibility,
        spoiler=series.spoiler,
        language=series.language,
        media=series.media,
        scheduled_at=one.at,
        zone=series.zone,
        local_at=one.wall,
        late=series.late or late,
        extra={threads.ASKED: "1"} if series.thread else {},
    )


def is_as_made(item: Outgoing, made: Outgoing) -> bool:
    """Whether nobody has changed an item of a series since it was made, and no try of it has begun."""
    for_campaign = item.state is OutgoingState.HELD and item.reason in HELD_BY_CAMPAIGN
    waits = item.state is OutgoingState.SCHEDULED or for_campaign
    return (
        waits
        and not item.tries
        and not item.doubts
        and (content_of(item), item.late, item.extra) == (content_of(made), made.late, made.extra)
    )
