"""A report as one HTML file: no script, and nothing that a browser would fetch."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from commtui.cli.report_formats import HEADINGS, cells_of, names_of, period
from commtui.model import times
from commtui.sentences.report import DEFINITIONS
from commtui.triage.report_figures import Report

CELL: Final = 32
"""Pixels of a cell of the heat map."""
LEFT: Final = 40
"""Pixels of the column of weekdays."""
HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 sans-serif; color: #222; background: #fff; margin: 2em; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ padding: 0.2em 0.6em; text-align: right; border-bottom: 1px solid #ccc; white-space: nowrap; }}
th:first-child {{ text-align: left; }}
svg {{ max-width: 100%; height: auto; font: 12px sans-serif; }}
dt {{ font-weight: bold; }}
</style>
</head>
<body>"""


def page(found: Report) -> Iterator[str]:
    """Yields the lines of the file."""
    title = escape(period(found))
    yield HEAD.format(title=title)
    yield f"<h1>{title}</h1>"
    yield "<table>"
    yield _row("th", [found.by or "", *HEADINGS])
    for name, group in names_of(found):
        yield _row("td", [name, *cells_of(group)])
    yield "</table>"
    yield "<h2>Inbound by weekday and hour</h2>"
    yield from _heat_map(found)
    yield "<h2>Definitions</h2>"
    yield "<dl>"
    for name, definition in DEFINITIONS.items():
        yield f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{escape(definition)}</dd>"
    yield "</dl>"
    yield "</body>"
    yield "</html>"


def _row(tag: str, cells: list[str]) -> str:
    first, *others = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<{tag}>{cell}</{tag}>" for cell in others) + "</tr>"


def _heat_map(found: Report) -> Iterator[str]:
    most = max(map(len, found.heat_map.values()), default=1)
    wide, high = LEFT + 24 * CELL, 8 * CELL
    yield f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" aria-label="heat map">'
    for hour in range(24):
        yield _text(LEFT + hour * CELL, 0, f"{hour:02}")
    for day, name in enumerate(times.DAYS):
        top = (day + 1) * CELL
        yield _text(0, top, name)
        for hour in range(24):
            count, left = len(found.heat_map.get((day, hour), ())), LEFT + hour * CELL
            yield (
                f'<rect x="{left}" y="{top}" width="{CELL - 1}" height="{CELL - 1}" fill="#2a6f97"'
                f' fill-opacity="{0.7 * count / most:.3f}"><title>{name} {hour:02}:00: {count:,}</title></rect>'
            )
            if count:
                yield _text(left, top, f"{count:,}")
    yield "</svg>"


def _text(left: int, top: int, words: str) -> str:
    return f'<text x="{left + CELL // 2}" y="{top + CELL * 5 // 8}" text-anchor="middle">{words}</text>'
