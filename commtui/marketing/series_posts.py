"""The posts of series: made 60 days ahead, by whichever process looks first, each once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from commtui.activity.desk import Desk, recorded_step
from commtui.config.settings import Account
from commtui.marketing.campaign_posts import begin
from commtui.model.abilities import Visibility
from commtui.model.campaign_records import CampaignState
from commtui.model.records import Campaign, Outgoing, Series
from commtui.model.recurrence import Occurrence, Recurrence, is_readable
from commtui.model.series import AHEAD, is_as_made, post_id, times, variant
from commtui.model.states import OutgoingState, Reason, transition
from commtui.store.write import Write

log = logging.getLogger("commtui.series")
MISSED_MOST: Final = 100
"""Of the times for which nothing made a post before they were over, as many are listed as skipped: the last ones."""


def make_all(desk: Desk) -> int:
    """Makes the posts that are missing. Returns how many. Raises StoreError; a series that cannot be read is logged."""
    count = 0
    for series in desk.store.series.all():
        if not is_readable(Recurrence(series.rule, series.zone)):
            log.error("series %s has a rule that cannot be read: none of its posts is made", series.id)
        if next(times(series, series.made_until, desk.now + AHEAD), None) is None:
            continue
        with recorded_step(desk, "series make", (series.id,), undoable=False) as step:
            current = step.write.get(Series, series.id)
            made = make(desk, step.write, current)[1] if current is not None else []
            step.detail = series.repeat
        count += len({item.post for item in made})
    return count


def make(desk: Desk, write: Write, series: Series) -> tuple[Series, list[Outgoing]]:
    """Makes the posts of a series that are missing up to 60 days ahead. Returns it, and their variants.

    `series`: as this transaction has read it. What was over before anything ran is listed as skipped. Nothing is made
    for a campaign that has ended, and what a paused one has is held.
    """
    due = list(times(series, series.made_until, desk.now + AHEAD))
    campaign = write.get(Campaign, series.campaign) if series.campaign else None
    if campaign is not None and campaign.state is CampaignState.DONE:
        due = [one for one in due if one.at <= desk.now]
        missed: list[Occurrence] = []
    else:
        missed = [one for one in due if one.at <= desk.now]
    if not due or not _accounts(desk, series):
        return series, []
    made: list[Outgoing] = []
    for one in [*missed[-MISSED_MOST:], *(one for one in due if one.at > desk.now)]:
        if not all(map(_is_gone, desk.store.outgoing.of_post(post_id(series.id, one.wall)))):
            continue  # it is there already
        variants = variants_at(desk, series, one)
        made += _put(write, begin(write, variants)[0] if one.at > desk.now else map(_as_missed, variants))
    series = replace(series, made_until=due[-1].at)
    write.put(series)
    return series, made


def make_anew(desk: Desk, write: Write, before: Series, changed: Series, after: datetime) -> int:
    """Makes the posts of a changed series after a moment anew; what somebody changed by hand stays. Returns how many
    posts are other ones than before, or gone."""
    until = desk.now + AHEAD
    wanted = {item.id: item for one in times(changed, after, until) for item in variants_at(desk, changed, one)}
    touched: set[str | None] = set()
    different: set[str | None] = set()
    for one in times(before, after, until):
        for item in variants_at(desk, before, one):
            current = write.get(Outgoing, item.id)
            new = wanted.pop(item.id, None)
            if current is None or not is_as_made(current, item):
                touched.add(item.post)
            elif new is None:
                discarded = transition(current.state, "discard")
                write.put(replace(current, state=discarded, reason=Reason.SERIES))
                different.add(item.post)
            elif new != replace(item, created_at=new.created_at):
                kept = {"state": current.state, "reason": current.reason, "created_at": current.created_at}
                write.put(replace(new, **kept))
                different.add(item.post)
    for item in wanted.values():
        current = write.get(Outgoing, item.id)
        if item.post not in touched and (current is None or _is_gone(current)):
            _put(write, begin(write, [item])[0])
            different.add(item.post)
    made_until = max((one.at for one in times(changed, after, until)), default=after)
    write.put(replace(changed, made_until=made_until))
    return len(different)


def variants_at(desk: Desk, series: Series, one: Occurrence) -> list[Outgoing]:
    """Returns what goes out at a time: a variant for each account that the config has."""
    return [
        variant(
            series, one, account.id, account.network, Visibility(account.visibility or "public"), account.late, desk.now
        )
        for account in _accounts(desk, series)
    ]


def _accounts(desk: Desk, series: Series) -> Sequence[Account]:
    return [account for identity in series.accounts if (account := desk.settings.account(identity)) is not None]


def _is_gone(item: Outgoing) -> bool:
    """Whether it was discarded with its time, not by hand: it is made again where the series has that time again."""
    return item.state is OutgoingState.DISCARDED and item.reason == Reason.SERIES


def _as_missed(item: Outgoing) -> Outgoing:
    return replace(item, state=OutgoingState.SKIPPED, reason=Reason.LATE)


def _put(write: Write, items: Iterable[Outgoing]) -> list[Outgoing]:
    put = list(items)
    for item in put:
        write.put(item)
    return put
