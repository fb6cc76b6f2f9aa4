"""A picture on the whole screen, with its alt text: what was attached to a message, or a file that is to be."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple, Protocol, cast

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from commtui.config.theme import Theme
from commtui.model.attachments import NotFetched
from commtui.model.text import clean, message_line
from commtui.sentences.attachments import not_fetched
from commtui.sentences.pictures import WHY
from commtui.system.browser import is_remote
from commtui.system.pictures import NotDecoded, Picture, decode, has_pillow
from commtui.system.threads import in_thread
from commtui.ui.painter import pictures
from commtui.ui.painter.colour import Depth
from commtui.ui.painter.pictures import Refusal, Way
from commtui.ui.text.cells import wrap
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.lines import Box, Lines, OneLine, StyledApp

ALT_LINES: Final = 4
"""Lines of the alt text at most."""
CELL: Final = (10, 20)
"""Pixels of a cell that a picture by kitty's protocol is made for; the terminal scales them."""


class Source(NamedTuple):
    """Where a picture comes from."""

    name: str
    alt: str
    read: Callable[[], bytes]
    """For a thread. Raises NotFetched, NotDecoded, OSError."""


class PictureApp(Protocol):
    """The app, as the picture sees it."""

    @property
    def depth(self) -> Depth: ...
    @property
    def theme_in_use(self) -> Theme: ...
    def to_terminal(self, sequence: str) -> None: ...


class PictureBox(Lines):
    """Shows strips in its middle, or a line of words."""

    DEFAULT_CSS = "PictureBox { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Strip] = []
        self._words = ""

    def show(self, strips: list[Strip], words: str = "") -> None:
        """Shows a picture, or words in its place."""
        self._shown, self._words = strips, words
        self.refresh()

    def line(self, y: int) -> Pieces:
        lines = wrap(self._words, max(1, self.size.width - 4)) if self._words else []
        return filled([("plain", f"  {lines[y - 1]}")] if 0 < y <= len(lines) else [], self.size.width)

    def render_line(self, y: int) -> Strip:
        top = (self.size.height - len(self._shown)) // 2
        if not 0 <= y - top < len(self._shown):
            return super().render_line(y)
        strip, blank = self._shown[y - top], cast("StyledApp", self.app).styles_by_role["plain"]
        left = (self.size.width - strip.cell_length) // 2
        right = self.size.width - left - strip.cell_length
        return Strip([Segment(" " * left, blank), *strip, Segment(" " * right, blank)])


class PictureScreen(ModalScreen[None]):
    """Ends with escape, `q` or enter. `setting`: the config's `images`."""

    DEFAULT_CSS = "PictureScreen { background: $background; }"

    def __init__(self, source: Source, setting: str, demo: bool = False) -> None:
        super().__init__()
        self._source, self._setting = source, setting
        self._begin: Pieces = (("bar-late", " DEMO "),) if demo else ()
        self._number = random.randrange(1 << 16, 1 << 24)
        """Of the picture in the terminal."""
        self._sent = False
        self.title_line, self.box, self.alt, self.keys = OneLine(), PictureBox(), OneLine(), OneLine()

    def compose(self) -> ComposeResult:
        with Box():
            yield self.title_line
            yield self.box
            yield self.alt
            yield self.keys

    def way(self, depth: Depth) -> Way | Refusal:
        """How it is shown, or why not."""
        return pictures.way_of(self._setting, os.environ, depth, is_remote(os.environ))

    def refusal(self, depth: Depth) -> str:
        """Why nothing can be shown, whatever it is; empty if it can."""
        way = self.way(depth)
        return WHY.get(way, "") or ("" if has_pillow() else WHY["no-pillow"])

    def on_mount(self) -> None:
        self._title("")
        words = self._source.alt.strip() or "no alt text"
        self.alt.say((("plain" if self._source.alt else "late", f" {message_line(words, 1000)}"),), most=ALT_LINES)
        self.keys.say((("bar-dim", " esc back"),), "bar")

    def on_resize(self) -> None:
        self.box.show([], "...")
        # not a coroutine: one that is replaced before it begins would never be awaited
        self.run_worker(self._show, exclusive=True)  # type: ignore[arg-type]  # Textual's type takes none that gives None

    def on_unmount(self) -> None:
        self._remove()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if event.key in ("escape", "q", "enter", "ctrl+c"):
            self.dismiss(None)

    def _title(self, facts: str) -> None:
        name = message_line(clean(self._source.name), 80)
        self.title_line.say((*self._begin, ("title-here", f" {name} "), ("bar", f" {facts}")), "bar")

    async def _show(self) -> None:
        """Reads and decodes it in a thread, and shows it, or why not."""
        self._remove()
        app = cast("PictureApp", self.app)
        way, size = self.way(app.depth), self.box.size
        work = partial(_load, self._source, way, (max(1, size.width), max(1, size.height)), app.theme_in_use.background)
        try:
            length, picture, strips = await in_thread(work, "picture")
        except NotFetched as error:
            self.box.show([], f"not downloaded: {not_fetched(error)}")
        except NotDecoded as error:
            self.box.show([], WHY[error.problem])
        except OSError as error:
            self.box.show([], f"cannot be read: {error.strerror or error}")
        else:
            self._title(f"{picture.format}, {picture.width} x {picture.height} pixels, {length:,} bytes")
            if way == "kitty":
                columns, rows = _cells(picture)
                app.to_terminal(pictures.transmission(self._number, picture.body, columns, rows, os.environ))
                self._sent = True
                strips = _placeholders(self._number, columns, rows)
            self.box.show(strips, WHY.get(way, ""))

    def _remove(self) -> None:
        if self._sent:
            cast("PictureApp", self.app).to_terminal(pictures.removal(self._number, os.environ))
            self._sent = False


def _load(
    source: Source, way: Way | Refusal, size: tuple[int, int], background: str
) -> tuple[int, Picture, list[Strip]]:
    """The bytes of the file, its picture for so many cells, and that as half blocks."""
    data = source.read()
    width, height = size
    if way == "half-blocks":
        picture = decode(data, "pixels", width, height * 2, background)
        return len(data), picture, half_blocks(picture, background)
    if way == "kitty":
        most = min(len(pictures.MARKS), width) * CELL[0], min(len(pictures.MARKS), height) * CELL[1]
        return len(data), decode(data, "png", *most, background), []
    return len(data), decode(data, "info"), []


def half_blocks(picture: Picture, background: str) -> list[Strip]:
    """A strip for two rows of pixels: the upper ones are the foreground of a half block, the lower ones its ground."""
    body, columns = picture.body, picture.columns
    below = bytes.fromhex(background.removeprefix("#")) * columns
    stride = columns * 3
    strips = []
    for start in range(0, picture.rows * stride, 2 * stride):
        upper, lower = body[start : start + stride], body[start + stride : start + 2 * stride] or below
        cells = [(upper[at : at + 3], lower[at : at + 3]) for at in range(0, stride, 3)]
        strips.append(Strip([Segment("▀", Style(color=_colour(one), bgcolor=_colour(two))) for one, two in cells]))
    return strips


def _colour(pixel: bytes) -> Color:
    return Color.from_rgb(*pixel)


def _cells(picture: Picture) -> tuple[int, int]:
    """The cells that a picture by kitty's protocol takes."""
    return -(-picture.columns // CELL[0]), -(-picture.rows // CELL[1])


def _placeholders(number: int, columns: int, rows: int) -> list[Strip]:
    style = Style(color=Color.from_rgb(number >> 16, number >> 8 & 255, number & 255))
    return [Strip([Segment(pictures.placeholders(row, columns), style)], columns) for row in range(rows)]
