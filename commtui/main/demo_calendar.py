"""The demo's campaigns and posts to come, so that the marketing lane has something to show."""

from __future__ import annotations

from datetime import datetime, timedelta

from commtui.activity.desk import Desk
from commtui.marketing import campaigns, series
from commtui.marketing.posts import write_post
from commtui.networks.demo.posts import demo_posts
from commtui.networks.demo.script import CAMPAIGNS


def make_campaigns(desk: Desk, account: str, start: datetime) -> None:
    """Makes the campaigns of a demo that begins at `start`; their posts go out from an account (its name)."""
    for entry in CAMPAIGNS:
        by = (start + timedelta(days=entry.days)).date().isoformat()
        campaigns.add(
            desk,
            campaigns.Plan(
                name=entry.name,
                intention=entry.intention,
                goal=f"{entry.goal} by {by}",
                audience=entry.audience,
                message=entry.message,
                accounts=[account],
                tags=entry.tags,
                slots=entry.slots,
            ),
        )


def fill_calendar(desk: Desk, account: str) -> None:
    """Writes the posts to come of an account (its name)."""
    for post in demo_posts(desk.now):
        if post.repeat:
            series.add(desk, post.text, series.Plan([account], post.repeat, campaign=post.campaign))
            continue
        write_post(desk, post.text, [account], at=post.at, draft=post.at is None, campaign=post.campaign)
