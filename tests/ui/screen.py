"""Driving the app in a test, and reading what stands on its screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from commtui.ui.app import InboxApp
from commtui.ui.composer.composer import Composer
from commtui.ui.composer.reply_draft import ReplyDraft
from commtui.ui.screens.inbox import InboxScreen
from tests.ui.fill import ScreenServices

TURNS = 8
"""Turns of the loop without work after which nothing is on its way any more."""
Scenario = Callable[[InboxApp, Pilot[Any]], Awaitable[None]]


def drive(services: ScreenServices, scenario: Scenario, size: tuple[int, int] = (80, 24)) -> InboxApp:
    """Runs `scenario(app, pilot)` on a screen of that size; the app, for what it left behind."""
    app = InboxApp(services)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await scenario(app, pilot)

    asyncio.run(run())
    return app


def lines(app: App[Any]) -> list[str]:
    """The text of each line of the screen."""
    width, height = app.size
    rows = []
    for strip in app.screen._compositor.render_strips(app.size):
        rows.append(strip.text.rstrip())
    assert len(rows) == height and width
    return rows


def shown(app: App[Any]) -> str:
    """The whole screen as text."""
    return "\n".join(lines(app))


def message(app: InboxApp) -> str:
    """The message above the keys, as it stands on the screen; empty for none."""
    region = inbox(app).status.region
    return " ".join(
        " ".join(line[region.x : region.right].strip() for line in lines(app)[region.y : region.bottom]).split()
    )


def inbox(app: InboxApp) -> InboxScreen:
    """The first screen, whatever lies over it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, InboxScreen))


def composer(app: InboxApp) -> Composer:
    """The composer in the reader."""
    return inbox(app).composer


def reply(app: InboxApp) -> ReplyDraft:
    """The reply that is being written."""
    draft = composer(app).draft
    assert isinstance(draft, ReplyDraft)
    return draft


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Types a text, letter by letter."""
    names = {" ": "space", ".": "full_stop", ",": "comma", "?": "question_mark", ":": "colon", "#": "number_sign"}
    await pilot.press(*(names.get(letter, letter) for letter in text))
    await pilot.pause()


async def type_into(pilot: Pilot[Any], key: str, text: str, *keys: str) -> None:
    """Presses a key, types a text into what it opens, then presses `keys`."""
    await pilot.press(key)
    await typed(pilot, text)
    await pilot.press(*keys)
    await pilot.pause()


async def settled(pilot: Pilot[Any]) -> None:
    """Lets the app run until everything that was asked for is laid out and painted.

    AssertionError, with the screen, after 1,500 looks.
    """
    await pilot.pause(0)
    await settle(pilot.app)


async def settle(app: App[Any]) -> None:
    """As `settled`, without what a pilot waits for first. A task of its own has five times 20 ms to end."""
    for looks in range(6):
        await _quiet(app)
        if looks == 5 or not any(worker.is_running for worker in app.workers):
            return
        await asyncio.sleep(0.02)


async def _quiet(app: App[Any]) -> None:
    """Returns when the app has had nothing to do for some turns of the loop, or has ended."""
    quiet = 0
    for _ in range(1500):
        await asyncio.sleep(0)  # a key takes three turns to its widget: one for each task that passes it on
        if app._exit:
            return
        busy = any(_has_work(pump) for pump in (app, *app.screen.walk_children(with_self=True)))
        quiet = 0 if busy else quiet + 1
        if quiet == TURNS:
            return
        if busy and not app._batch_count:
            app.screen._on_timer_update()
    raise AssertionError(shown(app))


def _has_work(pump: MessagePump) -> bool:
    """Whether an app, a screen or a widget has a message to take, or something to lay out or to paint."""
    asked = isinstance(pump, Widget) and (
        pump._refresh_styles_required
        or pump._scroll_required
        or pump._repaint_required
        or pump._layout_required
        or pump._recompose_required
    )
    later = isinstance(pump, Screen) and (pump._dirty_widgets or pump._callbacks)
    return bool(asked or later or pump._next_callbacks or not pump._message_queue.empty())


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Lets the app run until a condition is met. AssertionError, with the screen, after 1,500 looks of 20 ms."""
    for _ in range(1500):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError(shown(pilot.app))
