"""Our own posts in the demo: what was out before it began, and what stands in the calendar at its start. Data only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from commtui.model.record import record
from commtui.networks.demo.scenes import PastPost

PAST_POSTS: Final = (
    PastPost(
        "roastlog",
        94,
        "Roastlog 2.4 is out: a faster curve view, CSV export with your own columns, and a dark theme for early "
        "mornings 🌅 Free and open, as ever. https://harbour.demo.example/roastlog/2-4",
    ),
    PastPost(
        "lot12",
        67,
        "New on the shelf: Kirima lot 12. Blackcurrant, brown sugar, a long finish. Roasted on Tuesday, on its way on "
        "Wednesday. ☕ https://harbour.demo.example/kirima",
    ),
    PastPost("ritual", 41, "Home roasters: what is the one thing you do at every first crack? We stop talking. You?"),
    PastPost(
        "openday",
        16,
        "Open day on the quay this Saturday, 10 to 16 h: see the old drum roaster run, cup six coffees, bring your "
        "own curves. No ticket needed. #openday",
    ),
)


@record
class DemoPost:
    """A post of ours in the demo's calendar. `at` None: a draft without a time."""

    text: str
    at: datetime | None
    campaign: str | None = None


def demo_posts(start: datetime) -> tuple[DemoPost, ...]:
    """What stands in the calendar when the demo begins at `start` (aware): three with a time, then one draft.

    The first goes out a few minutes in, so that somebody who looks on sees it leave.
    """
    tomorrow = (start + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return (
        DemoPost(
            "Today's small joy: 4,000 roasts logged by the community this week. The most common note? "
            "“Let it run ten seconds longer.” ☕️",
            start + timedelta(minutes=4),
        ),
        DemoPost(
            "Saturday on the quay: the 1957 drum roaster runs at 11 and 14 h. Come early, it is loud and it smells "
            "wonderful. #openday",
            tomorrow.replace(hour=9),
            "open-day",
        ),
        DemoPost(
            "Roastlog 2.5 enters its beta on Monday: sync between two phones, and the export that you asked for. "
            "Testers wanted → https://harbour.demo.example/roastlog/beta",
            (tomorrow + timedelta(days=3)).replace(hour=15, minute=30),
            "roastlog-2.5",
        ),
        DemoPost(
            "“My father hadn't finished a cup in a year.” Thank you for this one, Mira. (Ask her first!)",
            None,
            "open-day",
        ),
    )
