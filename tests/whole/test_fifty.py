"""Fifty mentions to zero on a terminal of 80x24, with the keys that docs/generate/fifty.py names.

The server is real HTTP; what it lists at the end is what people on it see.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

import pytest

from commtui.config.settings import KEYMAPS
from docs.generate.fifty import ORDER, RUTH, STEPS, SUNDAY
from docs.generate.jobs import Job, keys_of, presses
from tests.servers.quirks import QuirkServer
from tests.ui.terminal import Terminal
from tests.whole.home import Desk, until

CONFIG = """
[saved]
outage = "Sorry, {first_name}! It is fixed in 2.4.1, which is out."

[macros]
praised = ["tag praise", "reply Thank you, {first_name}!", "done"]
"""
SHIPPING = "Hello {first_name}, order {order} left today."
PEOPLE = (
    "ada", "alan", "barbara", "claude", "dennis", "donald", "edsger", "frances", "grace", "hedy", "joan", "john",
    "karen", "katherine", "ken", "linus", "lynn", "margaret", "mary", "niklaus", "radia", "robert", "shafi", "sophie",
    "tim", "vint", "whitfield",
)  # fmt: skip
CRASHES = ("The app crashes at the start", "crash after crash since Tuesday", "It crashes when I open a roast")
PRAISE = ("I love the new theme", "love it", "The whole family will love this")
HELLO = ("Good morning from the quay", "morning!", "What a morning for coffee")
INVOICE, INVOICED = "May I have an invoice for March?", "The invoice is in your inbox, Otto."
ASKS = "Good morning! Are you open on Sunday?"
ALONE = (
    ("sam", ASKS), ("ruth", "My parcel is torn"), ("ruth", "And the tin in it, too"), ("iris", "Where is my order?"),
    ("otto", INVOICE), ("noor", "An idea: a timer that sings"),
)  # fmt: skip
"""Who comes last, in this order, and what they write."""
BEGINS = (
    "only today", None, None, None, None, "on Sunday?", "parcel is torn", "parcel is torn", "my order?", "my order?",
    INVOICE, INVOICE,
)  # fmt: skip
"""What is said in the row of the cursor when a step begins; None: in any."""


class Asked(NamedTuple):
    """A mention of the fifty."""

    who: str
    text: str


def fifty(seed: int) -> list[Asked]:
    """The mentions in the order in which they come: a spammer first, then in any order, then ALONE."""
    chance = random.Random(seed)
    people = chance.sample(PEOPLE, len(PEOPLE))
    mixed = [Asked("grow", f"10K FOLLOWERS in a day, offer {number}") for number in range(9)]
    mixed += [Asked(who, chance.choice(CRASHES)) for who in people[:16]]
    mixed += [Asked(who, chance.choice(PRAISE)) for who in people[11:23]]
    mixed += [Asked(who, chance.choice(HELLO)) for who in people[21:27]]
    chance.shuffle(mixed)
    return [Asked("grow", "10K FOLLOWERS in a day, only today"), *mixed, *(Asked(*each) for each in ALONE)]


def answers(asked: list[Asked]) -> Counter[tuple[str, str]]:
    """To whom we answer what, if all goes well: (text of the mention, text of the answer) with how often."""
    wanted: Counter[tuple[str, str]] = Counter()
    for who, text in asked:
        name = who.title()
        if text in CRASHES:
            wanted[f"@brand {text}", f"@{who} Sorry, {name}! It is fixed in 2.4.1, which is out."] += 1
        elif text in PRAISE:
            wanted[f"@brand {text}", f"@{who} Thank you, {name}!"] += 1
    wanted[f"@brand {ASKS}", f"@sam {SUNDAY}"] += 1
    wanted["@brand And the tin in it, too", f"@ruth {RUTH}"] += 1
    wanted["@brand Where is my order?", f"@iris Hello Iris, order {ORDER} left today."] += 1
    wanted[f"@brand {INVOICE}", f"@otto {INVOICED}"] += 1
    return wanted


QUEUES = ("open -is:muted", "muted", "waiting", "done", "snoozed")


def queue_at_the_end(text: str) -> str:
    """Where a mention is when nothing waits for us."""
    text = text.removeprefix("@brand ")
    if text.startswith("10K"):
        return "muted"
    if text in PRAISE or text in HELLO:
        return "done"
    return "snoozed" if text == ALONE[-1][1] else "waiting"


def points_to(words: str, screen: str) -> bool:
    """Whether the words stand in the row of the cursor."""
    return any(line.startswith(">") and words in line for line in screen.split("\n"))


class Morning:
    """A home with the fifty in it, and what its commands say of it."""

    def __init__(self, home: Desk, server: QuirkServer, preset: str, seed: int) -> None:
        self.home, self.server = home, server
        config = home.config.replace('me = "me"', f'keymap = "{preset}"\nteammates = ["lea", "kim"]')
        home.home.config.write_text(config.replace('"0s"', '"1s"') + CONFIG)
        (home.home.replies / "shipping.md").write_text(f'+++\n[variables]\norder = ""\n+++\n{SHIPPING}\n')
        home.add(server.url, server.token("brand"))
        self.asked = fifty(seed)
        begin = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=8)
        for number, (who, text) in enumerate(self.asked):
            server.mention(who, text, created_at=begin + timedelta(minutes=5 * number))
        assert home.run("sync").code == 0
        self.rows = {row["id"]: row for row in home.list("mentions")}
        assert len(self.rows) == len(self.asked) == 50

    def now(self) -> dict[str, set[str]]:
        """Queue -> the ids of those of the fifty that are in it."""
        return {queue: {row["id"] for row in self.home.list("mentions", f"is:{queue}")} for queue in QUEUES}

    def out(self) -> Counter[tuple[str, str]]:
        """What the server lists of ours: the text that it answers, and its own."""
        found: Counter[tuple[str, str]] = Counter()
        for status in self.server.statuses_of("brand"):
            found[self.server.by_id[status.in_reply_to or ""].text, status.text] += 1
        return found

    def sent(self) -> int:
        """How many replies are sent, if nothing is left to send; else 0."""
        states = Counter(row["state"] for row in self.home.list("replies"))
        return states["sent"] if set(states) == {"sent"} else 0


@pytest.fixture
def morning(desk: Callable[..., Desk], quirks: Callable[..., QuirkServer]) -> Callable[[str, int], Morning]:
    return lambda preset, seed: Morning(desk(), quirks(), preset, seed)


def test_the_seeds_make_fifty_mentions_of_which_thirty_two_are_answered():
    for seed in range(20):
        asked = fifty(seed)
        assert len(asked) == 50
        assert sum(answers(asked).values()) == 32
    assert fifty(1) == fifty(1) != fifty(2)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_no_step_takes_more_keys_than_it_may_in_any_preset(step: Job):
    assert [presses(step, preset) for preset in KEYMAPS] == [presses(step)] * len(KEYMAPS)
    assert presses(step) == step.most


@pytest.mark.slow
@pytest.mark.parametrize(("preset", "seed"), [(preset, number) for number, preset in enumerate(KEYMAPS)])
def test_fifty_mentions_to_zero(morning, preset: str, seed: int):
    made = morning(preset, seed)
    with Terminal([sys.executable, "-m", "commtui"], **made.home.environ(USER="lea")) as terminal:
        terminal.until("50 open")
        terminal.until("sending: on")
        for step, row in zip(STEPS, BEGINS, strict=True):
            if row is not None:
                terminal.until(partial(points_to, row))
            for key in keys_of(step, preset):
                before = terminal.text
                terminal.press(key, settle=0.15)
                terminal.until(before.__ne__)
        terminal.until("1 open")
        (otto,) = made.home.list("mentions", "is:open", "-is:muted")
        assert (otto["assignee"], otto["text"]) == ("kim", f"@brand {INVOICE}")
        kim = made.home.run("reply", otto["id"], INVOICED, USER="kim")
        assert kim.code == 0, kim.err
        terminal.until("0 open")
        until(lambda: (terminal.read(0.05), made.sent() == 32)[1], "all were sent")
        terminal.press("q", settle=1)
        assert terminal.process.wait(60) == 0
    assert made.out() == answers(made.asked)
    assert made.server.count("POST", "/api/v1/statuses") == 32, "each left once"
    wanted: dict[str, set[str]] = {queue: set() for queue in QUEUES}
    for identity, row in made.rows.items():
        wanted[queue_at_the_end(row["text"])].add(identity)
    assert made.now() == wanted
