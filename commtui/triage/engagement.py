"""Likes, boosts and follows, folded by post: they are no mentions, and nobody waits for an answer to them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.engagement import Engagement
from commtui.model.records import Context, Outgoing

FOLLOW: Final = "follow"


class Engaged(NamedTuple):
    """What people did with one post of ours, or who follows an account."""

    account: str
    """Our account's id."""
    target: str | None
    """The network's id of the post; None: these are the follows."""
    likes: int
    boosts: int
    follows: int
    last_at: datetime
    people: tuple[str, ...]
    """The newest few, as `@user@host`."""
    text: str
    """Of the post; empty where nobody told it."""
    url: str | None
    post: str | None
    """Our id of the post, if it was written here."""


def engaged(desk: Desk) -> list[Engaged]:
    """Returns the posts and the follows of each account of which something came, the newest first."""
    folded: dict[tuple[str, str | None], list[Engagement]] = {}
    for record in desk.store.all(Engagement):
        folded.setdefault((record.account, record.target), []).append(record)
    rows = [_row(desk, records) for records in folded.values()]
    return sorted(rows, key=lambda row: (row.last_at, row.account, row.target or ""), reverse=True)


def count(desk: Desk) -> int:
    """Returns how many of these there are, without what is known of their posts."""
    return len({(record.account, record.target) for record in desk.store.all(Engagement)})


def _row(desk: Desk, records: list[Engagement]) -> Engaged:
    records = sorted(records, key=lambda record: record.last_at, reverse=True)
    newest = records[0]
    counts = {record.kind: record.count for record in records}
    post = _post(desk, newest)
    above = None if post else _above(desk, newest)
    told = next((record for record in records if record.text or record.url), newest)
    return Engaged(
        account=newest.account,
        target=newest.target,
        likes=counts.get("like", 0),
        boosts=counts.get("boost", 0),
        follows=counts.get(FOLLOW, 0),
        last_at=newest.last_at,
        people=tuple(dict.fromkeys(filter(None, (person for record in records for person in record.people)))),
        text=post.text if post else told.text or (above.text if above else ""),
        url=(post.url if post else None) or told.url or (above.url if above else None),
        post=post.id if post else None,
    )


def _above(desk: Desk, record: Engagement) -> Context | None:
    """Returns our post as somebody's answer to it brought it."""
    network = next((account.network for account in desk.settings.accounts if account.id == record.account), None)
    if network is None or not record.target:
        return None
    return desk.store.get(Context, ids.derived(ids.CONTEXT, network, record.account, record.target))


def _post(desk: Desk, record: Engagement) -> Outgoing | None:
    items = desk.store.outgoing.with_remote_id(record.target) if record.target else []
    return next((item for item in items if item.account == record.account), None)
