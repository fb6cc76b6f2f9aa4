"""docs/inbox.svg: the inbox as it stands on a terminal in the demo after a few keys. `python -m docs.make` calls it.

The real program runs on a pseudo-terminal, on a demo with a fixed seed in which nobody writes unasked; pyte keeps its
screen. Each run of cells is a text with its own column and width, so that any font keeps the columns.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from pyte.screens import Char, Screen

from commtui.main.demo import demo_home
from tests.painter.terminal import Session

TARGET = Path(__file__).with_name("inbox.svg")
SIZE = (120, 30)
HOLD = 'hold = "30s"\n'
"""Long enough that the reply is still in its hold window on a slow machine."""
OPTIONS = "\n[account.options]\nseed = 3\npace = 0\n"
ANSWER = "Coarser: 20 clicks for a moka pot, and off the heat at the first gurgle. Tell us how it went!"
KEYS = (
    ("g", ""), ("j", ""), ("j", ""), ("A", "@you"), ("j", ""), ("j", ""), ("r", "reply to @halima"),
    (ANSWER, "it went!"), ("\x1b", "y send"), ("y", "sends in"),
    ("g", ""), ("j", ""), ("j", ""), ("\x0c", "Day four. Still nothing. I"),
)  # fmt: skip
"""Keys, and the text to wait for before the next ones; the last is ctrl+l."""
WIDTH, HEIGHT, SIZE_OF_FONT, MARGIN = 8, 17, 13, 14
FONTS = "ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace"
NAMES = {
    "black": "1d1f21", "red": "cc6666", "green": "b5bd68", "brown": "f0c674", "blue": "81a2be", "magenta": "b294bb",
    "cyan": "8abeb7", "white": "c5c8c6",
}  # fmt: skip


class Style(NamedTuple):
    """The style that the cells of one run share; colours as six hexadecimal digits."""

    foreground: str
    background: str
    bold: bool
    italic: bool
    underlined: bool


def demo_screen(folder: Path, **environ: str) -> Screen:
    """Runs the demo in `folder`, presses KEYS, and returns the screen at the end."""
    home = demo_home(folder, os.environ)
    home.config.write_text(HOLD + home.config.read_text() + OPTIONS)
    command = ["-m", "commtui", "--demo", "--home", str(folder)]
    with Session(command, SIZE, {"TZ": "UTC", **environ}) as session:
        session.shows("30 open")
        session.shows("sending: on")
        session.settle()
        for key, shown in KEYS:
            session.press(key)
            session.shows(shown)
        return session.screen


def picture(screen: Screen) -> str:
    """The screen as SVG."""
    backgrounds = Counter(cell.bg for y in range(screen.lines) for cell in screen.buffer[y].values())
    paper = colour(backgrounds.most_common(1)[0][0], "16181d")
    width, height = screen.columns * WIDTH + 2 * MARGIN, screen.lines * HEIGHT + 2 * MARGIN
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    font = f'font-family="{FONTS}" font-size="{SIZE_OF_FONT}"'
    lines = [
        f'{head} {font} role="img" aria-label="The inbox of commtui on its demo network">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#{paper}"/>',
    ]
    for y in range(screen.lines):
        lines += row(screen, y, paper)
    return "\n".join([*lines, "</svg>"]) + "\n"


def row(screen: Screen, y: int, paper: str) -> Iterator[str]:
    """The rectangles of a row, then its texts."""
    top = MARGIN + y * HEIGHT
    texts = []
    for x, cells, text, style in runs(screen, y, paper):
        left, wide = MARGIN + x * WIDTH, cells * WIDTH
        if style.background != paper:
            yield f'<rect x="{left}" y="{top}" width="{wide}" height="{HEIGHT}" fill="#{style.background}"/>'
        if text.strip():
            font = ' font-weight="bold"' if style.bold else ""
            font += ' font-style="italic"' if style.italic else ""
            font += ' text-decoration="underline"' if style.underlined else ""
            texts.append(
                f'<text x="{left}" y="{top + HEIGHT - 4}" textLength="{wide}" lengthAdjust="spacingAndGlyphs" '
                f'xml:space="preserve" fill="#{style.foreground}"{font}>{escape(text, quote=False)}</text>'
            )
    yield from texts


def runs(screen: Screen, y: int, paper: str) -> Iterator[tuple[int, int, str, Style]]:
    """Column, number of cells, text and style of each run of one style. Other scripts are runs of their own."""
    cells = [(x, screen.buffer[y][x]) for x in range(screen.columns)]
    # the second cell of a wide character is empty in pyte: it belongs to the first
    alike = groupby(cells, lambda place: (style_of(place[1], paper), place[1].data.isascii() and place[1].data != ""))
    for (style, _), group in alike:
        run = list(group)
        text = "".join(cell.data for _, cell in run)
        yield run[0][0], len(run), text, style


def style_of(cell: Char, paper: str) -> Style:
    """The style of a cell; a reversed cell has its colours exchanged."""
    foreground, background = colour(cell.fg, "d8dee9"), paper if cell.bg == "default" else colour(cell.bg, paper)
    if cell.reverse:
        foreground, background = background, foreground
    return Style(foreground, background, cell.bold, cell.italics, cell.underscore)


def colour(name: str, default: str) -> str:
    """pyte's name of a colour as six hexadecimal digits."""
    return NAMES.get(name.removeprefix("bright"), default if name == "default" else name)


def main() -> None:
    """Makes the picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        screen = demo_screen(Path(folder) / "home")
    TARGET.write_text(picture(screen), encoding="utf-8")
    print("\n".join(line.rstrip() for line in screen.display), file=sys.stderr)
