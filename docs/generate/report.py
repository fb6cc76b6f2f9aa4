"""The definitions of the report's figures as Markdown, for docs/report.md."""

from __future__ import annotations

from commtui.sentences.report import DEFINITIONS


def definitions() -> str:
    """A table with a line for each definition."""
    lines = (f"| {name.replace('_', ' ')} | {words} |" for name, words in DEFINITIONS.items())
    return "\n".join(("| | |", "|---|---|", *lines))
