"""Makes every page and table of the documentation that is made from the code: `python -m docs.make`, or `make docs`.

A page holds written text; what is made stands between two marks, `<!-- NAME: made by docs/make.py -->` and
`<!-- end of NAME -->`. A test compares the pages with what this makes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docs.generate import commands, fifty, jobs, keys, query, report, settings, states

ROOT = Path(__file__).parents[1]
PARTS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("README.md", "keys", keys.short_table),
    ("README.md", "jobs", jobs.table),
    ("README.md", "fifty", fifty.table),
    ("docs/keys.md", "keys", keys.tables),
    ("docs/commands.md", "commands", commands.reference),
    ("docs/config.md", "settings", settings.tables),
    ("docs/query.md", "language", query.language),
    ("docs/report.md", "definitions", report.definitions),
    ("docs/states.md", "states", states.table_and_diagram),
)
"""Page, name of the marks, and what makes the Markdown between them."""


def marks(name: str) -> tuple[str, str]:
    """The lines before and after a made part."""
    return f"<!-- {name}: made by docs/make.py -->", f"<!-- end of {name} -->"


def with_part(page: str, name: str, markdown: str) -> str:
    """The page with the part between its marks replaced. Raises ValueError if the page has no such marks."""
    begin, end = marks(name)
    before, found_begin, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"no {begin} ... {end} in the page")
    return f"{before}{begin}\n\n{markdown.strip()}\n\n{end}{after}"


def made_page(path: str) -> str:
    """The text of a page with all its made parts as the code has them now."""
    page = (ROOT / path).read_text(encoding="utf-8")
    for page_path, name, make in PARTS:
        if page_path == path:
            page = with_part(page, name, make())
    return page


def main() -> None:
    """Writes the pages, then takes the pictures from the demo."""
    for path in dict.fromkeys(path for path, _, _ in PARTS):
        (ROOT / path).write_text(made_page(path), encoding="utf-8")
    from docs import picture, snapshots  # the last: they run the program for a minute

    picture.main()
    snapshots.main()


if __name__ == "__main__":
    main()
