"""Makes the part of docs/commands.md that tells of every command: `python -m commtui.cli.describe docs/commands.md`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from commtui.cli.parser import Parser, parser_of
from commtui.cli.registry import GLOBAL, GROUPS, Command

BEGIN, END = "<!-- commands: made by commtui/cli/describe.py -->", "<!-- end of commands -->"


def reference() -> str:
    """The Markdown of all commands, between BEGIN and END."""
    lines = [BEGIN, "", "## Before any command", "", *_table([(f"`{option}`", text) for option, text in GLOBAL])]
    for title, commands in GROUPS:
        lines += ["", f"## {title}"]
        for command in commands:
            lines += _command(command)
    return "\n".join([*lines, "", END])


def _command(command: Command) -> list[str]:
    parser = parser_of(command.name)
    lines = ["", f"### `{usage(parser)}`", "", f"{parser.description}"]
    rows = [(_shape(action), _help(action)) for action in actions(parser)]
    return [*lines, "", *_table(rows)] if rows else lines


def actions(parser: Parser) -> list[argparse.Action]:
    """The arguments of a command, without those that every command has."""
    return [action for action in parser._actions if not {"-h", "--home"} & set(action.option_strings)]


def usage(parser: Parser) -> str:
    """The command with its words; options are in the table."""
    words = [_word(action) for action in actions(parser) if not action.option_strings]
    options = " [OPTIONS]" if any(action.option_strings for action in actions(parser)) else ""
    return f"commtui {parser.command}{options}" + "".join(f" {word}" for word in words)


def _word(action: argparse.Action) -> str:
    name = "|".join(action.choices) if action.choices else str(action.metavar)
    if action.nargs in ("?", "*"):
        return f"[{name}]" + ("..." if action.nargs == "*" else "")
    return f"{name}..." if action.nargs == "+" and "..." not in name else name


def _shape(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{_word(action)}`"
    value = "" if action.nargs == 0 else " " + ("|".join(action.choices) if action.choices else str(action.metavar))
    return f"`{action.option_strings[-1]}{value}`"


def _help(action: argparse.Action) -> str:
    return " ".join((action.help or "").split())


def _table(rows: list[tuple[str, str]]) -> list[str]:
    cells = [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    return ["| | |", "|---|---|", *(f"| {shape} | {text} |" for shape, text in cells)]


def renewed(document: str) -> str:
    """`document` with its commands made anew. Raises ValueError if it has no place for them."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} ... {END} in the document")
    return before + reference() + after


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
