"""What stands on the terminal is what Textual has laid out, while lines grow and shrink and panes move."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
from textual._compositor import CompositorUpdate
from textual.geometry import Region

from commtui.marketing import posts
from commtui.ui.app import InboxApp
from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.compositor import SteadyCompositor
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from commtui.ui.panes.pane import NAMES
from commtui.ui.verbs import focus
from commtui.ui.widgets.lines import Lines
from tests.painter.terminal import Screen, Stream
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, settled, until

LONG = "a problem that is told in many words, with its way out; " * 3
SCROLLS = re.compile("\x1b\\[[0-9]*[ST]")


class Painted(InboxApp):
    """The inbox, what it draws painted onto an emulated terminal. `scrolls`: how often by SU or SD."""

    scrolls = 0

    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if not isinstance(renderable, CompositorUpdate) or not self._running:
            return
        if not hasattr(self, "grid"):
            styles = Styles()
            self.grid = Frame(*self.size, styles, Cells())
            self.painter = Painter(Abilities(newline="crlf"), styles.plain)
            self.emulated = Screen(*self.size)
            self.stream = Stream(self.emulated)
        self.grid.feed(renderable.render_segments(self.console))
        text = self.painter.paint(self.grid.rows, self.grid.width, (self.grid.y, self.grid.x))
        self.scrolls += len(SCROLLS.findall(text))
        self.stream.feed(text.replace("\n", "\r\n").encode())

    def seen(self):
        return [line.rstrip() for line in self.emulated.display]


def happen(screen, chance):
    """One of the things that change how tall lines are, or where panes stand."""
    kind = chance.choice(
        ["bad", "bad", "short", "short", "status", "ask", "choose", "close", "pane", "rows", "read", "menu", "page"]
    )
    if kind == "bad":
        screen.tell(LONG[: chance.randint(60, 150)], bad=True)
    elif kind == "short":
        screen.tell("the config is right again")
    elif kind == "status":
        screen.status.clear()
        screen.status.show()
    elif kind == "ask":
        screen.prompt.ask("question (" + "help " * chance.randint(3, 30) + ")", lambda answer: None)
    elif kind == "choose":
        screen.prompt.choose("x yes  " * chance.randint(1, 20), {})
    elif kind == "close":
        screen.prompt.close()
    elif kind == "pane":
        focus.go_to_pane(screen, NAMES[chance.randrange(3)])
        screen.panes.show_titles()
    elif kind == "rows":
        screen.follow(everything=True)
    elif kind == "read":
        focus.close_thread(screen) if screen.thread.is_open else focus.open_thread(screen)
        screen.panes.show_titles()
    elif kind == "page":
        screen.panes.rows.scroll_page(chance.choice((-3, 1, 3)))
    elif screen.leader.display:
        screen.leader.display = False
    else:
        screen.leader.open(80, 24, {}, lambda command: True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 37470, 511554, 702263])
def test_messages_grow_and_shrink_among_other_changes_and_no_row_is_left_stale(tmp_path, seed):
    services, chance = services_in(tmp_path, 40), random.Random(seed)
    app = Painted(services)

    async def run():
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for _ in range(50):
                for _ in range(chance.randint(1, 5)):
                    happen(inbox(app), chance)
                    await asyncio.sleep(chance.choice([0, 0, 0, 0.001, 0.017]))
                await settled(pilot)
                assert app.seen() == lines(app)

    asyncio.run(run())
    assert app.scrolls or seed == 511554  # there each list moves in a frame that changes most of its lines


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (100, 40)])
@pytest.mark.parametrize("begin", [(), ("j",) * 30])
def test_another_pane_gets_the_focus_in_one_frame(tmp_path, size, begin):
    """Its lines, and the numbers on titles and last lines, are those of the new places as soon as they are laid out."""
    services = services_in(tmp_path, 60)
    for number in range(12):
        posts.write_post(services.desk(), f"post {number}", ["brand"], at=f"{number + 2}h")

    async def switch(app, pilot):
        screen, laid_out = inbox(app), []
        refresh_layout = screen._refresh_layout

        def noted(*arguments, **options):
            refresh_layout(*arguments, **options)
            laid_out.append(lines(app))

        screen._refresh_layout = noted
        await pilot.press(*begin)
        await settled(pilot)
        for _ in range(6):
            laid_out.clear()
            await pilot.press("tab")
            await settled(pilot)
            assert laid_out
            assert all(frame == lines(app) for frame in laid_out)

    drive(services, switch, size)


def text_of(widget):
    return [strip.text for strip in widget.render_lines(Region(0, 0, *widget.outer_size))]


def test_lines_that_are_about_to_be_hidden_are_painted_as_they_are_until_the_layout(tmp_path):
    """Textual gives what was just hidden no place, and may paint it once more before the layout."""

    async def hide(app, pilot):
        screen = inbox(app)
        screen.tell("the config is right again")
        screen.leader.open(80, 24, {}, lambda command: True)
        await settled(pilot)
        shown = [widget for widget in screen.query(Lines) if widget.display and widget.outer_size]
        assert screen.leader in shown and len(shown) > 5
        before = [text_of(widget) for widget in shown]
        for widget in shown:
            widget.display = False
        screen._compositor.update_widgets({screen.prompt})  # one without a place: places are found anew
        assert screen.leader.region == Region(0, 0, 0, 0)
        assert [text_of(widget) for widget in shown] == before

    drive(services_in(tmp_path, 5), hide)


@pytest.mark.parametrize("key", ["question_mark", "comma", "a", "W"])
def test_every_screen_keeps_what_is_laid_out_apart_from_what_was_asked(tmp_path, key):
    async def open_one(app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not inbox(app))
        assert {type(screen._compositor) for screen in app.screen_stack} == {SteadyCompositor}

    drive(services_in(tmp_path, 1), open_one)
