"""`commtui --demo`: the same inbox on a simulated network, in a home of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from commtui.config.edit import add_account, set_value
from commtui.config.paths import DEMO_MARK, Home, find_home
from commtui.config.settings import Account
from commtui.model.clock import Clock, SystemClock
from commtui.system.files import replace_file

ACCOUNT = Account(
    name="cafe",
    network="demo",
    user="harbour@demo.example",
    slots=("weekdays 9:00", "sat 10:00"),
    options={"history": True},
)
SECOND = Account(name="app", network="demo2", user="roastlog.plaza.example", options={"history": True})
OLD = timedelta(hours=12)
READY = """
[retention]
archive_after = "40d"

[saved]
thanks = "Thank you, {first_name}! That makes our day."

[macros]
praise = ["tag praise", "reply Thank you, {first_name}!"]
support = ["claim", "tag support", "note looks into it: {me}"]

[views]
"private, unread" = "via:direct is:unread"
"German or French" = "lang:de or lang:fr"
"with pictures" = "has:image"

[hours]
week = ["mon-fri 8:00-20:00", "sat-sun 10:00-18:00"]

[[service_level]]
name = "urgent"
priorities = ["urgent"]
first = "1h"
next = "1h"

[[service_level]]
name = "everybody"
first = "8h"
next = "8h"

[[rule]]
name = "bugs"
when = "crash or crashes or crashed"
then = ["tag bug"]

[[rule]]
name = "sales"
when = "wholesale"
then = ["tag sales", "assign round-robin"]

[[rule]]
name = "late"
on = "at-risk"
then = ["priority high", "notify should be answered soon"]
"""
"""The demo's archive, macros, a saved reply of one line, views, working hours, service levels and rules."""
REPLIES: Final = Path(__file__).parent / "demo_replies"
"""The demo's saved replies in files."""


def demo_home(folder: Path | None, environ: Mapping[str, str], clock: Clock | None = None, **options: object) -> Home:
    """The demo's home: `folder`, else one under the state folder, made anew when it is half a day old. `options`:
    more of its accounts, for a demo that is made now.

    Raises ConfigError, also for a home that is not a demo's: real mentions are never mixed with simulated ones.
    """
    from commtui.config.errors import ConfigError

    home = Home.at(folder.expanduser().absolute() if folder else find_home(None, environ).state / "demo")
    root = home.config.parent
    mark = root / DEMO_MARK
    clock = clock or SystemClock()
    if folder is None and mark.exists() and clock.now().timestamp() - mark.stat().st_mtime > OLD.total_seconds():
        shutil.rmtree(root)
    if home.config.exists() and not mark.exists():
        raise ConfigError(f"{root} is the home of real accounts: choose another folder for the demo, or none")
    home.prepare()
    if not home.config.exists():
        mark.touch()
        replace_file(home.config, READY.encode())
        for path in REPLIES.glob("*.md"):
            replace_file(home.replies / path.name, path.read_bytes())
        set_value(home, "me", "you")
        set_value(home, "teammates", ["anna", "ben"])
        for account in (ACCOUNT, SECOND):
            add_account(home, replace(account, options={**account.options, **options}))
    return home
