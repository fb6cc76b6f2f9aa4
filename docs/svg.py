"""A screen as SVG, in few bytes: a row's runs of one style, each with its own column and width, so that any font keeps
the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME

WIDTH: Final = 8
HEIGHT: Final = 17
SIZE_OF_FONT: Final = 13
MARGIN: Final = 10
FONTS: Final = "ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',monospace"
PAPER: Final = "16181d"
INK: Final = "d8dee9"


GAPS: Final = re.compile("(  +)")


class Look(NamedTuple):
    """What the cells of a run share; colours as six hexadecimal digits."""

    ink: str
    paper: str
    bold: bool
    italic: bool
    underlined: bool


class Run(NamedTuple):
    """Cells of one row that look alike."""

    column: int
    cells: int
    text: str
    look: Look


def svg(rows: Sequence[Iterable[Segment]], columns: int, label: str, ground: Style) -> str:
    """The rows of a screen as SVG. `label`: what it shows, for who cannot see it; `ground`: the style of plain text."""
    runs = [list(_runs(row)) for row in rows]
    paper = _hexadecimal(ground.bgcolor, PAPER)
    classes = {_ink(run.look): "" for row in runs for run in row if run.text.strip()}
    for place, ink in enumerate(classes):
        classes[ink] = f"c{place}"
    width, height = columns * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" xml:space="preserve" aria-label="{escape(label)}">',
        f"<style>text{{font:{SIZE_OF_FONT}px {FONTS}}}",
        *(f".{name}{{{ink}}}" for ink, name in classes.items()),
        f'</style><rect width="{width}" height="{height}" rx="8" fill="#{paper}"/>',
    ]
    for y, row in enumerate(runs):
        top = MARGIN + y * HEIGHT
        for ground, group in groupby(row, key=lambda run: run.look.paper):
            if ground != paper:
                same = list(group)
                left, cells = MARGIN + same[0].column * WIDTH, sum(run.cells for run in same)
                rect = f'<rect x="{left}" y="{top}" width="{cells * WIDTH}" height="{HEIGHT}" fill="#{ground}"/>'
                lines.append(rect)
        for run in row:
            text = run.text.strip(" ")
            if text:
                left = MARGIN + (run.column + cell_len(run.text) - cell_len(run.text.lstrip(" "))) * WIDTH
                lines.append(
                    f'<text class="{classes[_ink(run.look)]}" x="{left}" y="{top + HEIGHT - 4}"'
                    f' textLength="{cell_len(text) * WIDTH}">{escape(text, quote=False)}</text>'
                )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _ink(look: Look) -> str:
    """What a style sheet says of the letters."""
    style = f"fill:#{look.ink}"
    style += ";font-weight:bold" if look.bold else ""
    style += ";font-style:italic" if look.italic else ""
    return style + (";text-decoration:underline" if look.underlined else "")


def _runs(row: Iterable[Segment]) -> Iterator[Run]:
    """The runs of a row. Letters of other scripts stand in runs of their own: their widths differ between fonts."""
    pieces = [(_look(segment), kind, text) for segment in row for kind, text in _by_script(segment.text)]
    column = 0
    for (look, _), group in groupby(pieces, key=lambda piece: piece[:2]):
        text = "".join(piece[2] for piece in group)
        for part in GAPS.split(text):  # a gap in a text would be stretched with its letters
            if part:
                yield Run(column, cell_len(part), part, look)
            column += cell_len(part)


def _by_script(text: str) -> Iterator[tuple[bool, str]]:
    for ascii_, letters in groupby(text, key=str.isascii):
        yield ascii_, "".join(letters)


def _look(segment: Segment) -> Look:
    style = segment.style
    if style is None:
        return Look(INK, PAPER, False, False, False)
    ink, paper = _hexadecimal(style.color, INK), _hexadecimal(style.bgcolor, PAPER)
    if style.reverse:
        ink, paper = paper, ink
    return Look(ink, paper, bool(style.bold), bool(style.italic), bool(style.underline))


def _hexadecimal(colour: Color | None, default: str) -> str:
    if colour is None or colour.is_default:
        return default
    triplet: ColorTriplet = colour.get_truecolor(SVG_EXPORT_THEME)
    return triplet.hex.removeprefix("#")
