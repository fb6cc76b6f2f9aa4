"""The least that Textual can do: a list of N rows that paints single lines. `python benchmarks/bare_list.py N`.

What commtui is measured against: the same library, without a store, a driver, colours of a theme or other panes.
"""

import sys

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


class Bare(ScrollView, can_focus=True):
    DEFAULT_CSS = "Bare { height: 1fr; }"
    cursor = reactive(0, repaint=False)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, ROWS)

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        here = row == self.cursor
        style = Style(bgcolor="#2244aa", color="white") if here else Style(color="#cccccc", bgcolor="#111111")
        text = f"{row:6d} ● mastodon  @user{row % 977:<12} 2h  row number hello world this is a mention"
        return Strip([Segment(text[:width].ljust(width), style)], width)

    def move(self, by: int) -> None:
        before, after = self.cursor, max(0, min(ROWS - 1, self.cursor + by))
        if before == after:
            return
        self.cursor = after
        top, height = self.scroll_offset.y, self.size.height
        if after < top:
            self.scroll_to(y=after, animate=False)
        elif after >= top + height:
            self.scroll_to(y=after - height + 1, animate=False)
        else:
            width = self.size.width
            self.refresh(Region(0, before - top, width, 1), Region(0, after - top, width, 1))


class BareApp(App[None]):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [  # noqa: RUF012
        ("j", "move(1)", "down"),
        ("k", "move(-1)", "up"),
        ("ctrl+d", "move(10)", "page"),
        ("q", "quit", "quit"),
    ]

    def compose(self) -> ComposeResult:
        yield Bare()

    def action_move(self, by: int) -> None:
        self.query_one(Bare).move(by)


if __name__ == "__main__":
    BareApp().run()
