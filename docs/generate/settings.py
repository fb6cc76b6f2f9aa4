"""Every setting as Markdown, for docs/config.md."""

from __future__ import annotations

from typing import Any

from commtui.config.calendar_rules import CalendarRules
from commtui.config.described import docstrings
from commtui.config.rules import Rule
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.config.settings import Account, Notify, Retention, Settings
from commtui.config.tables import settings_of

TABLES: tuple[tuple[str, str, Any], ...] = (
    ("At the top of the file", "", Settings),
    ("`[notify]`", "How the screen calls for you when a mention arrives.", Notify),
    ("`[retention]`", "How long finished things stay in the store that is read at every start.", Retention),
    ("`[hours]`", "When you answer: the targets of service levels count working time.", WorkingHours),
    (
        "`[[service_level]]`",
        "How soon you mean to answer; repeat the table. Of those that fit a conversation the first in the file counts.",
        ServiceLevel,
    ),
    ("`[calendar]`", "What the calendar marks as a conflict ([calendar.md](calendar.md)).", CalendarRules),
    (
        "`[[rule]]`",
        "What is done by itself; repeat the table. All that fit run, in the file's order ([rules.md](rules.md)).",
        Rule,
    ),
    ("`[[account]]`", "One login on a network; repeat the table for each.", Account),
)


def tables() -> str:
    """A section with a table for each table of the config file."""
    lines = []
    for title, sentence, kind in TABLES:
        lines += ["", f"## {title}", ""]
        lines += [sentence, ""] if sentence else []
        lines += ["| setting | value | default | what it does |", "|---|---|---|---|"]
        meant, defaults = docstrings(kind), kind()
        for name, about in settings_of(kind).items():
            if not about.shape:  # a table of its own
                continue
            default = getattr(defaults, name)
            shown = about.default or (str(default).lower() if isinstance(default, bool) else f'"{default}"')
            cells = (f"`{about.key or name}`", about.shape, shown, " ".join(meant[name].split()))
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
