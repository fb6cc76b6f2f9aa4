"""A small Textual app for the painter's tests: a list, a text field, an overlay. Run as a script:

app.py textual | painter | record FILE   (record: Textual's own driver, every write and flush also to FILE as JSON)
"""

import json
import random
import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

COUNT = 5000
TEXT = "when does the next release land thanks for fixing that crash café 界隈 naïve ☕ déjà vu → see you 😀 there"
WORDS = TEXT.split()
PLAIN = Style(color="#cccccc", bgcolor="#111111")
FAINT = Style(color="#777777", bgcolor="#111111")
CURSOR = Style(color="#cccccc", bgcolor="#111111", reverse=True)


def text(n):
    chance = random.Random(n)
    return " ".join(chance.choices(WORDS, k=9))


class Rows(ScrollView, can_focus=True):
    DEFAULT_CSS = "Rows { height: 1fr; scrollbar-size-vertical: 0; }"
    cursor = 0

    def on_resize(self):
        self.virtual_size = Size(self.size.width, COUNT)

    def render_line(self, y):
        n = y + self.scroll_offset.y
        width = self.size.width
        who = f"@user{n * 7919 % 1000:<12}"[:16]
        parts = [
            Segment("> " if n == self.cursor else "  ", PLAIN),
            Segment(who, CURSOR if n == self.cursor else PLAIN),
            Segment(f" {n * 31 % 24:2d}h ", FAINT),
            Segment(text(n), PLAIN),
        ]
        return Strip(parts).adjust_cell_length(width, PLAIN)

    def move(self, by):
        old, self.cursor = self.cursor, max(0, min(COUNT - 1, self.cursor + by))
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self.cursor < top + height:
            self.scroll_to(y=self.cursor if by < 0 else self.cursor - height + 1, animate=False)
        else:
            self.refresh(*(Region(0, n - top, self.size.width, 1) for n in (old, self.cursor)))


class Overlay(ModalScreen):
    CSS = "Overlay { align: center middle; } #box { width: 40; height: 7; border: round $primary; background: $panel; }"
    BINDINGS: ClassVar = [("escape", "dismiss", "")]

    def compose(self):
        yield Static("Really 👩\u200d💻 e\u0301 ❤\ufe0f [b]do[/b] it?", id="box")


class Session(App):
    ENABLE_COMMAND_PALETTE = False
    CSS = "#status { height: 1; } Input { border: none; height: 1; }"
    BINDINGS: ClassVar = [
        ("j", "m(1)", ""), ("k", "m(-1)", ""), ("ctrl+d", "m(11)", ""), ("ctrl+u", "m(-11)", ""), ("o", "overlay", ""),
        ("w", "write", ""), ("escape", "list", ""), ("b", "bell", ""), ("q", "quit", ""), ("z", "suspend_process", ""),
        ("x", "crash", ""), ("e", "outside", ""), ("t", "ticks", ""),
    ]  # fmt: skip

    def compose(self):
        yield Static("Mentions 12 · Replies 3 · Posts 4", id="status")
        yield Rows()
        yield Input(placeholder="write", compact=True)

    def on_mount(self):
        self.query_one(Input).cursor_blink = False
        self.query_one(Rows).focus()
        # As the inbox looks at its store: a signal that another thread got is handled when the loop's thread wakes.
        self.set_interval(0.25, lambda: None)

    def action_m(self, by):
        self.query_one(Rows).move(by)

    def action_overlay(self):
        self.push_screen(Overlay())

    def action_write(self):
        self.query_one(Input).focus()

    def action_list(self):
        self.query_one(Rows).focus()

    def action_crash(self):
        raise RuntimeError("crashed on purpose")

    def action_outside(self):
        with self.suspend():
            print("outside", flush=True)
            sys.stdin.readline()

    def action_ticks(self):
        """A line that changes a hundred times a second, for the tests of slow readers."""
        self.count = 0
        self.set_interval(0.01, self.tick)

    def tick(self):
        self.count += 1
        if self.count <= 300:
            self.query_one("#status", Static).update(f"tick {self.count} " + text(self.count))
            self.query_one(Rows).move(17 if self.count < 300 else -1)
        with open(sys.argv[-1], "w") as file:
            file.write(str(self.count))


def driver(arguments):
    if arguments[0] == "painter":
        from commtui.ui.painter.driver import PainterDriver

        return PainterDriver
    if arguments[0] == "textual":
        return LinuxDriver
    out = open(arguments[1], "w")  # noqa: SIM115

    class Recording(LinuxDriver):
        def write(self, data):
            out.write(json.dumps(data) + "\n")
            super().write(data)

        def flush(self):
            out.write("null\n")
            out.flush()
            super().flush()

    return Recording


if __name__ == "__main__":
    app = Session(driver_class=driver(sys.argv[1:]))
    app.run()
    sys.exit(app.return_code)
