"""The ten most common jobs on a real pseudo-terminal of 80x24, with the keys that docs/generate/jobs.py names."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from commtui.config.paths import Home
from commtui.config.settings import KEYMAPS
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, Lane, OutgoingState
from commtui.store.store import Store
from docs.generate.jobs import JOBS, Job, keys_of, presses
from tests.ui.jobs import CRISIS, POSTS
from tests.ui.terminal import Terminal

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
Done = Callable[[Store], bool]


def people(store: Store) -> list[Conversation]:
    return sorted(store.all(Conversation), key=lambda conversation: conversation.since)


def items(store: Store, lane: Lane) -> list[Outgoing]:
    return [item for item in store.all(Outgoing) if (item.conversation is None) == (lane is Lane.MARKETING)]


def replied(store: Store, count: int, text: str) -> bool:
    ours = items(store, Lane.COMMUNITY)
    return len(ours) == count and all(item.state is OutgoingState.SCHEDULED and text in item.text for item in ours)


def snoozed_till_tomorrow(store: Store) -> bool:
    until = people(store)[0].snoozed_until
    return until is not None and timedelta(0) < until - people(store)[-1].newest_at < timedelta(days=3)


def spam_is_gone(store: Store) -> bool:
    spam = [conversation for conversation in people(store) if "spam" in conversation.author]
    muted = [conversation for conversation in people(store) if conversation.muted]
    return muted == spam and len(spam) == 6 and all(conversation.tags == ("spam",) for conversation in spam)


def answered_each(store: Store) -> bool:
    asked = {conversation.id for conversation in people(store) if conversation.text == CRISIS}
    return replied(store, 26, "! We know and are on it.") and asked == {
        item.conversation for item in items(store, Lane.COMMUNITY)
    }


def moved_a_day(store: Store) -> bool:
    posts = sorted(items(store, Lane.MARKETING), key=lambda item: item.text)
    moments = [item.scheduled_at for item in posts if item.scheduled_at]
    days = [(later - moments[0]).total_seconds() / 86400 for later in moments]
    return [round(day) for day in days] == [0, 1, 2, 2, 3]  # the fourth and fifth stayed


def posted_twice(store: Store) -> bool:
    new = [item for item in items(store, Lane.MARKETING) if item.text not in POSTS]
    first = new[0] if new else None
    return (
        first is not None
        and len(new) == len({item.account for item in new}) == 2
        and all(item.state is OutgoingState.SCHEDULED for item in new)
        and all(item.media and item.media[0].alt == "a drum roaster" for item in new)
        and all(item.scheduled_at and item.scheduled_at.weekday() == 4 for item in new)
    )


def held(store: Store) -> bool:
    return [item.state for item in items(store, Lane.MARKETING)] == [OutgoingState.HELD] * len(POSTS)


ENDS: dict[str, tuple[str, Done]] = {
    "answer somebody": ("person", lambda store: replied(store, 1, "So sorry")),
    "it is done": ("person", lambda store: people(store)[0].status is ConversationStatus.DONE),
    "snooze": ("person", snoozed_till_tomorrow),
    "assign": ("person", lambda store: people(store)[0].assignee == "kim"),
    "answer with": ("person", lambda store: replied(store, 1, "Thank you, ")),
    "a spammer": ("spam", spam_is_gone),
    "a crisis": ("crisis", answered_each),
    "three posts": ("posts", moved_a_day),
    "a post on two": ("person", posted_twice),
    "hold": ("person", held),
}
"""How a job's name begins -> what the home is filled for, and whether the store has what the job is for."""


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_no_job_takes_more_keys_than_it_may_in_any_preset(job: Job):
    assert [presses(job, preset) for preset in KEYMAPS] == [presses(job)] * len(KEYMAPS)
    assert presses(job) <= job.most


def test_the_goals_are_those_that_were_set():
    assert [job.most for job in JOBS] == [3, 1, 2, 3, 4, 3, 6, 5, 12, 3]
    assert len(JOBS) == len(ENDS)


@pytest.mark.slow
@pytest.mark.parametrize("preset", KEYMAPS)
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_the_keys_do_the_job(tmp_path: Path, job: Job, preset: str):
    about, is_done = next(end for name, end in ENDS.items() if job.name.startswith(name))
    image = tmp_path / "roaster.png"
    image.write_bytes(PIXEL)
    home = tmp_path / "home"
    with Terminal([sys.executable, "-m", "tests.ui.jobs", str(home), preset, about]) as terminal:
        terminal.until("43 open")
        terminal.read(0.5)
        if about == "posts":
            terminal.press("3")
        for key in keys_of(job, preset):
            before = terminal.text
            terminal.press(str(image) if key == image.name else str(key), settle=0.15)
            terminal.until(before.__ne__)
        store = Store(Home.at(home).data)
        try:
            terminal.until(lambda text: is_done(store))
        finally:
            store.close()
