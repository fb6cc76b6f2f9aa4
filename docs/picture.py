"""docs/inbox.svg: the inbox as it stands on a terminal in the demo after a few keys. `python -m docs.make` calls it.

The real program runs on a pseudo-terminal, on a demo with a fixed seed in which nobody writes unasked; pyte keeps its
screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pyte.screens import Char, Screen
from rich.segment import Segment
from rich.style import Style

from commtui.main.demo import demo_home
from docs.svg import svg
from tests.painter.terminal import Session

TARGET = Path(__file__).with_name("inbox.svg")
SIZE = (120, 30)
HOLD = 'hold = "30s"\n'
"""Long enough that the reply is still in its hold window on a slow machine."""
ANSWER = "Coarser: 20 clicks for a moka pot, and off the heat at the first gurgle. Tell us how it went!"
KEYS = (
    ("g", ""), ("j", ""), ("j", ""), ("A", "@you"), ("j", ""), ("j", ""), ("r", "reply to @halima"),
    (ANSWER, "it went!"), ("\x1b", "y send"), ("y", "sends in"),
    ("g", ""), ("j", ""), ("j", ""), ("\x0c", "Day four. Still nothing. I"),
)  # fmt: skip
"""Keys, and the text to wait for before the next ones; the last is ctrl+l."""
NAMES = {
    "black": "1d1f21", "red": "cc6666", "green": "b5bd68", "brown": "f0c674", "blue": "81a2be", "magenta": "b294bb",
    "cyan": "8abeb7", "white": "c5c8c6",
}  # fmt: skip


def demo_screen(folder: Path, **environ: str) -> Screen:
    """Runs the demo in `folder`, presses KEYS, and returns the screen at the end."""
    home = demo_home(folder, os.environ, seed=3, pace=0)
    home.config.write_text(HOLD + home.config.read_text())
    command = ["-m", "commtui", "--demo", "--home", str(folder)]
    with Session(command, SIZE, {"TZ": "UTC", **environ}) as session:
        session.shows("33 open")
        session.shows("sending: on")
        session.settle()
        for key, shown in KEYS:
            session.press(key)
            session.shows(shown)
        return session.screen


def picture(screen: Screen) -> str:
    """The screen as SVG."""
    grounds = Counter(cell.bg for y in range(screen.lines) for cell in screen.buffer[y].values())
    ground = Style(bgcolor=colour(grounds.most_common(1)[0][0]))
    rows = [list(segments(screen, y, ground)) for y in range(screen.lines)]
    return svg(rows, screen.columns, "The inbox of commtui on its demo network", ground)


def segments(screen: Screen, y: int, ground: Style) -> Iterator[Segment]:
    """A row's runs of one style. The second cell of a wide character is empty in pyte."""
    cells = (screen.buffer[y][x] for x in range(screen.columns))
    for style, run in groupby(cells, key=style_of):
        yield Segment("".join(cell.data for cell in run), ground + style)


def style_of(cell: Char) -> Style:
    """The style of a cell."""
    return Style(
        color=colour(cell.fg),
        bgcolor=colour(cell.bg),
        bold=cell.bold,
        italic=cell.italics,
        underline=cell.underscore,
        reverse=cell.reverse,
    )


def colour(name: str) -> str | None:
    """pyte's name of a colour as Rich has it; None: the terminal's own."""
    return None if name == "default" else f"#{NAMES.get(name.removeprefix('bright'), name)}"


def main() -> None:
    """Makes the picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        screen = demo_screen(Path(folder) / "home")
    TARGET.write_text(picture(screen), encoding="utf-8")
    print("\n".join(line.rstrip() for line in screen.display), file=sys.stderr)
