"""Every command as Markdown, for docs/commands.md."""

from __future__ import annotations

import argparse

from commtui.cli.parser import Parser, parser_of
from commtui.cli.registry import GLOBAL, GROUPS, Command


def reference() -> str:
    """A section for each group of commands, with a heading and a table of arguments for each command."""
    lines = ["## Before any command", "", *_table([(f"`{option}`", text) for option, text in GLOBAL])]
    for title, commands in GROUPS:
        lines += ["", f"## {title}"]
        for command in commands:
            lines += _command(command)
    return "\n".join(lines)


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
