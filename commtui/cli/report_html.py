"""A report as one HTML file: no script, and nothing that a browser would fetch."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from commtui.cli import report_svg as svg
from commtui.cli.report_formats import HEADINGS, cells_of, names_of
from commtui.sentences.report import DEFINITIONS, GOAL_HEADINGS, goal_cells, goal_words, period
from commtui.triage.report_figures import Report

HEAD: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ground: #fff; --text: #222; --line: #ccc; --all: #9dbdd3; --part: #2a6f97; }}
@media (prefers-color-scheme: dark) {{
:root {{ --ground: #16191d; --text: #e4e6e8; --line: #444a52; --all: #3b5568; --part: #6fb1d8; }}
}}
body {{ font: 15px/1.5 sans-serif; color: var(--text); background: var(--ground); margin: 2em; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; }}
th, td {{ padding: 0.2em 0.6em; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }}
th:first-child {{ text-align: left; }}
svg {{ max-width: 100%; height: auto; font: 12px sans-serif; }}
svg text {{ fill: var(--text); }}
.all {{ fill: var(--all); }}
.part {{ fill: var(--part); }}
.heat {{ fill: #2a6f97; }}
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
    yield "<h2>Goals, in working time</h2>"
    yield "<table>"
    yield _row("th", ["", *GOAL_HEADINGS])
    for goal in found.goals:
        yield _row("td", [goal_words(goal), *goal_cells(goal)])
    yield "</table>"
    yield "<h2>Inbound, and answered of it (the stronger colour)</h2>"
    yield from svg.spans(found)
    yield "<h2>First answers by time</h2>"
    yield from svg.first_answers(found)
    yield "<h2>Inbound by weekday and hour</h2>"
    yield from svg.heat_map(found)
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
