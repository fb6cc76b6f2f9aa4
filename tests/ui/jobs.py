"""`python -m tests.ui.jobs FOLDER PRESET ABOUT`: the inbox on a terminal, over a home in which a job is to be done.

ABOUT says what waits longest, which is where the cursor stands: `person`, `spam`, `crisis`; or `posts`: their pane has
the focus.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from commtui.config.settings import Account
from commtui.marketing.posts import write_post
from commtui.model.abilities import Capabilities, Limits, Visibility
from commtui.model.clock import SystemClock
from commtui.model.records import AccountState
from commtui.model.states import Health
from commtui.ui.app import run_inbox
from tests.ui.fill import ACCOUNT, ScreenServices, arrive, services_in

SHOP = Account(name="shop", network="mastodon", server="https://shop.example", user="shop@shop.example")
SAVED = {"outage": "Sorry {name}! We know and are on it.", "praised": "Thank you, {name}!", "shipping": "It left."}
SPAMMER: dict[str, Any] = {"author": "@grow@spam.example", "author_name": "Grow", "author_id": "spam"}
CRISIS = "The app crashes when I open it!"
POSTS = tuple(f"post {number} of five" for number in range(1, 6))


def fill(folder: Path, preset: str, about: str) -> ScreenServices:
    """A home with two accounts, some people, a spammer, a crisis and five posts."""
    services = services_in(folder, 0, accounts=(ACCOUNT, SHOP), keymap=preset, saved=SAVED, hold=timedelta(hours=1))
    services.clock = SystemClock()  # type: ignore[assignment]
    with services.store.write() as write:
        for account in (ACCOUNT, SHOP):
            write.put(
                AccountState(
                    id=account.id,
                    name=account.name,
                    network=account.network,
                    health=Health.OK,
                    limits=Limits(characters=500, media=4),
                    capabilities=Capabilities(media=True, visibilities=tuple(Visibility)),
                )
            )
    arrive(services, 1, first={"person": 0}.get(about, 300), text="My grinder arrived broken.")
    arrive(services, 6, first={"spam": 0}.get(about, 320), text="10K FOLLOWERS in a day", **SPAMMER)
    arrive(services, 26, first={"crisis": 0}.get(about, 340), text=CRISIS)
    arrive(services, 10, first=400, text="Lovely.")
    for day, text in enumerate(POSTS, 2):
        write_post(services.desk(), text, ["brand"], at=services.clock.now() + timedelta(days=day))
    return services


if __name__ == "__main__":
    sys.exit(run_inbox(fill(Path(sys.argv[1]), *sys.argv[2:])))
