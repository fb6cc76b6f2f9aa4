"""docs/inbox.svg: the inbox as it stands on a terminal in the demo after a few keys. `python -m docs.make` calls it.

The real program runs on a pseudo-terminal, on a demo of a fixed seed in which nobody speaks of their own accord; pyte
keeps its screen. Each run of cells is a text of its own column and width, so that any font keeps the columns.
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
"""So long that a slow machine still finds the reply in its hold window."""
OPTIONS = "\n[account.options]\nseed = 3\npace = 0\n"
ANSWER = "Coarser: 20 clicks for a moka pot, and off the heat at the first gurgle. Tell us how it went!"
KEYS = (
    ("g", ""), ("j", ""), ("j", ""), ("A", "[you]"), ("j", ""), ("j", ""), ("r", "reply to @halima"),
    (ANSWER, "it went!"), ("\x1b", "y send"), ("y", "leaves in"),
    ("g", ""), ("j", ""), ("j", ""), ("\x0c", "Day four. Still nothing. I"),
)  # fmt: skip
"""Typed one after another, each when the text of the one before stands there; the last is ctrl+l."""
WIDTH, HEIGHT, SIZE_OF_FONT, MARGIN = 8, 17, 13, 14
FONTS = "ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace"
NAMES = {
    "black": "1d1f21", "red": "cc6666", "green": "b5bd68", "brown": "f0c674", "blue": "81a2be", "magenta": "b294bb",
    "cyan": "8abeb7", "white": "c5c8c6",
}  # fmt: skip


class Look(NamedTuple):
    """What cells of one run have in common; colours as six hexadecimal digits."""

    front: str
    ground: str
    bold: bool
    italic: bool
    underlined: bool


def demo_screen(folder: Path, **environ: str) -> Screen:
    """Runs the demo in `folder`, presses KEYS, and gives the screen as it stands then."""
    home = demo_home(folder, os.environ)
    home.config.write_text(HOLD + home.config.read_text() + OPTIONS)
    command = ["-m", "commtui", "--demo", "--home", str(folder)]
    with Session(command, SIZE, {"TZ": "UTC", **environ}) as session:
        session.until(lambda: "30 open" in session.text() and "sending: on" in session.text(), "the inbox in step")
        session.settle()
        for key, shown in KEYS:
            session.press(key)
            session.shows(shown)
        return session.screen


def picture(screen: Screen) -> str:
    """The screen as SVG."""
    grounds = Counter(cell.bg for y in range(screen.lines) for cell in screen.buffer[y].values())
    paper = colour(grounds.most_common(1)[0][0], "16181d")
    width, height = screen.columns * WIDTH + 2 * MARGIN, screen.lines * HEIGHT + 2 * MARGIN
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    font = f'font-family="{FONTS}" font-size="{SIZE_OF_FONT}"'
    found = [
        f'{head} {font} role="img" aria-label="The inbox of commtui on its demo network">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#{paper}"/>',
    ]
    for y in range(screen.lines):
        found += row(screen, y, paper)
    return "\n".join([*found, "</svg>"]) + "\n"


def row(screen: Screen, y: int, paper: str) -> Iterator[str]:
    """The grounds of a row, then its texts."""
    top = MARGIN + y * HEIGHT
    texts = []
    for x, cells, text, look in runs(screen, y, paper):
        left, wide = MARGIN + x * WIDTH, cells * WIDTH
        if look.ground != paper:
            yield f'<rect x="{left}" y="{top}" width="{wide}" height="{HEIGHT}" fill="#{look.ground}"/>'
        if text.strip():
            style = ' font-weight="bold"' if look.bold else ""
            style += ' font-style="italic"' if look.italic else ""
            style += ' text-decoration="underline"' if look.underlined else ""
            texts.append(
                f'<text x="{left}" y="{top + HEIGHT - 4}" textLength="{wide}" lengthAdjust="spacingAndGlyphs" '
                f'xml:space="preserve" fill="#{look.front}"{style}>{escape(text, quote=False)}</text>'
            )
    yield from texts


def runs(screen: Screen, y: int, paper: str) -> Iterator[tuple[int, int, str, Look]]:
    """Column, number of cells, text and look of each stretch that looks alike; other scripts stand for themselves."""
    cells = [(x, screen.buffer[y][x]) for x in range(screen.columns)]
    # the second cell of a wide character is empty in pyte: it belongs to the first
    alike = groupby(cells, lambda each: (look_of(each[1], paper), each[1].data.isascii() and each[1].data != ""))
    for (look, _), group in alike:
        stretch = list(group)
        text = "".join(cell.data for _, cell in stretch)
        yield stretch[0][0], len(stretch), text, look


def look_of(cell: Char, paper: str) -> Look:
    """How a cell looks, with reversal worked into its colours."""
    front, ground = colour(cell.fg, "d8dee9"), paper if cell.bg == "default" else colour(cell.bg, paper)
    if cell.reverse:
        front, ground = ground, front
    return Look(front, ground, cell.bold, cell.italics, cell.underscore)


def colour(name: str, default: str) -> str:
    """pyte's name of a colour as six hexadecimal digits."""
    return NAMES.get(name.removeprefix("bright"), default if name == "default" else name)


def main() -> None:
    """Makes the picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        screen = demo_screen(Path(folder) / "home")
    TARGET.write_text(picture(screen), encoding="utf-8")
    print("\n".join(line.rstrip() for line in screen.display), file=sys.stderr)
