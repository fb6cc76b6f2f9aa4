"""What is done to one row alone leaves the marks of others, and says so: over every command that is done to rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.marketing.posts import write_post
from commtui.model import ids
from commtui.model.abilities import Visibility
from commtui.model.records import AccountState, Act, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.ui.keys.table import COMMANDS
from commtui.ui.widgets.marked_rows import MarkedRows
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import composer, drive, inbox, message

pytestmark = pytest.mark.usefixtures("waits_for_work")

ON_NO_ROWS = {"undo", "redo", "compose", "hold-all", "release-all", "accept-filtered", "serve", "repeat"}
"""Commands of these groups that are not done to the rows that are chosen."""
ON_POSTS = {
    "edit",
    "reschedule",
    "recall",
    "hold",
    "discard",
    "duplicate",
    "publish",
    "retry",
    "confirm",
    "release",
    "later",
    "earlier",
}
ON_BOTH = {"reply", "campaign", "copy-link", "copy-text", "open-link", "view-media", "open-media", "download-media"}
GROUPS = ("Triage", "Writing", "Public", "Copying")
ROWS = [c.id for c in COMMANDS if (c.group in GROUPS or c.id == "person") and c.id not in ON_NO_ROWS]
BY_PANE = {
    "mentions": [name for name in ROWS if name not in ON_POSTS],
    "posts": [name for name in ROWS if name in ON_POSTS | ON_BOTH | {"snooze"}],
}
VALUES = {
    "assign": "kim", "snooze": "2h", "mute": "7d", "tag": "x", "untag": "old", "priority": "high", "note": "look",
    "reschedule": "3d", "saved": "sorry", "macro": "tagged", "report": "spam",
}  # fmt: skip
STATES = {"retry": OutgoingState.FAILED, "confirm": OutgoingState.UNKNOWN, "release": OutgoingState.HELD}
REFUSED = {"delete", "accept", "reject", "reopen", "unmute", "untag"}
"""Of marked rows they change nothing here: nothing of ours is out, no answer waits, none is done, muted or tagged."""


def filled(folder: Any) -> ScreenServices:
    """Three conversations and three posts for each command."""
    services = services_in(folder, 3 * len(ROWS), saved={"sorry": "Sorry!"}, macros={"tagged": ("tag seen",)})
    with services.store.write() as write:
        [account] = services.store.all(AccountState)
        can = replace(account.capabilities, mute=True, block=True, report=True)
        write.put(replace(account, capabilities=can))
        for mention in services.store.all(Mention):
            write.put(replace(mention, visibility=Visibility.PUBLIC))
    for number in range(3 * len(BY_PANE["posts"])):
        write_post(services.desk(), f"post {number}", ["brand"], services.clock.now() + timedelta(hours=30 + number))
    posts = sorted(services.store.all(Outgoing), key=lambda item: ids.number(item.id))
    with services.store.write() as write:
        for name, state in STATES.items():
            place = 3 * BY_PANE["posts"].index(name)
            for post in posts[place : place + 3]:
                write.put(replace(post, state=state))
    return services


async def do(app: Any, pilot: Any, command: str) -> None:
    """Does a command, agrees to what it asks, and leaves what it opens."""
    screen = inbox(app)
    screen.do(command, VALUES.get(command, ""))
    await pilot.pause()
    if screen.prompt.display:
        await pilot.press("s" if command == "quiet" else "y")
        await pilot.pause()


async def left(app: Any, pilot: Any) -> None:
    """Leaves the composer and other screens."""
    if inbox(app).session.composing is not None:
        composer(app).finish(composer(app).draft.discard)
    while app.screen is not inbox(app):
        await pilot.press("escape")
        await pilot.pause()
    await pilot.pause()


def touched(services: ScreenServices, steps_before: int, composing: object) -> str:
    """What was changed since, and what is being written, with the ids in it."""
    steps = list(services.store.log.steps())[steps_before:]
    about = [act for act in services.store.all(Act) if any(act.id in step.ids for step in steps)]
    made = [services.store.get(Outgoing, name) for step in steps if step.verb == "duplicate" for name in step.ids]
    return repr((steps, composing, about, [item.text for item in made if item]))


@pytest.mark.slow
@pytest.mark.parametrize("is_open", [False, True], ids=["list", "thread"])
@pytest.mark.parametrize("pane", BY_PANE)
def test_a_command_is_done_to_all_marked_rows_or_says_that_they_stay_marked(tmp_path, pane, is_open):
    services = filled(tmp_path)
    store = services.store
    every = store.all(Conversation) if pane == "mentions" else store.all(Outgoing)
    numbers = sorted(ids.number(item.id) for item in every)
    wrong: dict[str, tuple[str, list[bool], int]] = {}

    async def scenario(app, pilot):
        screen = inbox(app)
        await pilot.press("1" if pane == "mentions" else "3")
        for place, command in enumerate(BY_PANE[pane]):
            rows: MarkedRows = screen.panes.rows
            first, second, third = numbers[3 * place : 3 * place + 3]
            rows.mark({first, second})
            assert rows.move_to_number(third) and len(rows.marks) == 2, command
            names = [screen.panes.pane.identity(number) for number in (first, second)]
            if is_open:
                await pilot.press("enter")
            texts = [repr(item.text) for name in names if (item := services.store.get(Outgoing, name))]
            before = len(list(services.store.log.steps()))
            await do(app, pilot, command)
            says = "2 marked stay marked" in screen.status.message
            found = touched(services, before, screen.session.composing)
            of_marked = [name in found or newest(services, name) in found for name in names]
            if command == "duplicate":  # its step names the copies
                of_marked = [text in found for text in texts]
            marks = set(rows.marks)
            if says or is_open:
                good = says and marks == {first, second} and not any(of_marked)
            else:
                good = all(of_marked) or command in REFUSED
            if not good:
                wrong[command] = (screen.status.message, of_marked, len(marks))
            await left(app, pilot)
            if says and set(rows.marks) != {first, second}:
                wrong[f"{command}, left"] = (screen.status.message, [], len(rows.marks))
            while screen.thread.is_open:
                await pilot.press("escape")
            await pilot.press("1" if pane == "mentions" else "3")

    drive(services, scenario, (120, 40))
    assert wrong == {}


def newest(services: ScreenServices, identity: str) -> str:
    conversation = services.store.get(Conversation, identity)
    mention = services.store.get(Mention, conversation.newest) if conversation else None
    return mention.author_id if mention else identity


def test_what_is_open_is_done_and_the_message_counts_what_stays_marked(tmp_path):
    services = services_in(tmp_path, 5)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "enter", "e")
        await pilot.pause()
        assert message(app).endswith("; 2 marked stay marked; u: undo")
        await pilot.press("escape", "j")
        await pilot.pause()
        assert message(app) == ""
        await pilot.press("e")
        await pilot.pause()
        assert "stay marked" not in message(app) and len(inbox(app).panes.rows.marks) == 0

    drive(services, scenario)
    assert sum(item.status.value == "done" for item in services.store.all(Conversation)) == 3


def test_marked_posts_move_by_another_quarter_of_an_hour_at_each_press(tmp_path):
    services = services_in(tmp_path)
    before = services.clock.now() + timedelta(hours=30)
    for number in range(3):
        write_post(services.desk(), f"post {number}", ["brand"], before + timedelta(days=number))

    def moved() -> list[int]:
        posts = sorted(services.store.all(Outgoing), key=lambda item: item.text)
        times = [post.scheduled_at - before - timedelta(days=number) for number, post in enumerate(posts)]
        return [int(time.total_seconds()) // 60 for time in times]

    async def scenario(app, pilot):
        await pilot.press("3", "x", "x")
        rows = inbox(app).panes.rows
        for key, minutes in (("+", 15), ("+", 30), ("-", 15), (".", 0), ("-", -15), ("u", 0), ("+", 15)):
            await pilot.press(key)
            await pilot.pause()
            assert (moved(), len(rows.marks)) == ([minutes, minutes, 0], 2), key
        await pilot.press("escape", "G", "+")
        await pilot.pause()
        assert moved() == [15, 15, 15] and not rows.marks

    drive(services, scenario)


def test_the_row_that_alone_is_marked_is_no_other_one(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("x", "k", "y")
        await pilot.pause()
        assert "stay marked" not in message(app)
        await pilot.press("j", "y")
        await pilot.pause()
        assert message(app).endswith("; 1 marked stay marked")

    drive(services, scenario)
