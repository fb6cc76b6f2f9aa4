"""The argparse parser of one command; options may stand anywhere among its words."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn, Protocol, cast

from commtui.cli.output import columns, hanging
from commtui.cli.registry import COMMANDS, GLOBAL, GROUPS
from commtui.cli.services import Services
from commtui.cli.start import WrongUsage, unknown_option

GUARD = "\0"
"""Put before each word after `--`: argparse sees no option there, and no argument can hold a NUL itself."""


class CommandModule(Protocol):
    """A module of cli/commands."""

    def add(self, parser: Parser, name: str) -> None:
        """Adds the arguments of the command `name`."""
        ...

    def run(self, services: Services, args: Any) -> int:
        """Runs the command `args.command`; returns the exit code."""
        ...


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises WrongUsage instead of printing and exiting."""

    def __init__(self, command: str) -> None:
        super().__init__(prog=f"commtui {command}", allow_abbrev=False, add_help=False, formatter_class=_formatter)
        self.command = command
        self.minus_words = False
        """Whether a word such as `-tag:bug` is no option, because only long options are."""
        self.description = _sentence(COMMANDS[command].help)
        self.add_argument("-h", "--help", action="help", help="this text")
        self.add_argument("--home", metavar="DIR", help=GLOBAL[0][1])

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(self._reworded(message), self.command)

    def _reworded(self, message: str) -> str:
        wrong = re.match("argument (.+): invalid choice", message)
        if wrong:
            return self._choices(wrong[1])
        missing = message.removeprefix("the following arguments are required: ")
        if missing == message:
            return message
        names = []
        for name in missing.split(", "):
            action = next((action for action in self._actions if name in (action.metavar, action.dest)), None)
            if action and action.choices:
                return self._choices(action.dest)
            if action is None or action.nargs not in ("*", "?"):  # argparse also names arguments that are optional
                names.append(name)
        return f"{', '.join(names)} is missing"

    def _choices(self, name: str) -> str:
        """Returns the question for one of the words that an argument or an option takes."""
        action = next(
            action for action in self._actions if name in (action.dest, action.metavar, "/".join(action.option_strings))
        )
        *words, last = map(str, action.choices or ())
        return f"{name if action.option_strings else self.command} what? {', '.join(words)} or {last}"

    def add_ids(self, help_text: str = "ids or their unique beginnings; a mention stands for its conversation") -> None:
        """Adds ID..."""
        self.add_argument("ids", nargs="+", metavar="ID", help=help_text)

    def add_format(self, *more: str) -> None:
        """Adds --format and its short form --json."""
        self.add_argument(
            "--format", choices=("text", *more, "json"), default="text", help="how it is printed (default: text)"
        )
        self.add_argument("--json", dest="format", action="store_const", const="json", help="short for --format json")

    def add_set(self) -> None:
        """Adds --set NAME=VALUE."""
        self.add_argument(
            "--set",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help="the value of a variable of the saved reply's own; can be repeated",
        )

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments of the command. Raises WrongUsage; SystemExit after --help."""
        before, after = list(words), []
        if "--" in before:
            index = before.index("--")
            before, after = before[:index], [GUARD + word for word in before[index + 1 :]]
        if self.minus_words:
            before = [GUARD + word if re.match("-(?!h$)[^-]", word) else word for word in before]
        args, extra = self.parse_known_intermixed_args([*before, *after])
        extra = [word for word in extra if word != "--"]
        for word in extra:
            if word.startswith("-") and word != "-":
                known = [option for action in self._actions for option in action.option_strings]
                raise unknown_option(word, known, self.command)
        if extra:
            raise WrongUsage(f"too many words, from {_bare(extra[0])!r} on: put a text in quotes", self.command)
        for key, value in vars(args).items():
            setattr(args, key, _bare(value))
        args.command = self.command
        return args


def row_limit(text: str) -> int:
    """A number of rows, for `type=`: argparse's own error would show the guard. One that no list reaches means all."""
    given = text.removeprefix(GUARD)
    try:
        number = int(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is no whole number") from None
    if number < 0:
        raise argparse.ArgumentTypeError("must not be below zero")
    return min(number, sys.maxsize)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """A formatter with our width: for its own, argparse imports shutil at every argument."""
    return argparse.HelpFormatter(prog, width=min(columns() or 80, 120) - 2)


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(GUARD)
    return [_bare(part) for part in value] if isinstance(value, list) else value


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def module_of(command: str) -> CommandModule:
    """The module of a command."""
    module = import_module(f"commtui.cli.commands.{COMMANDS[command].module}")
    return cast("CommandModule", module)


def parser_of(command: str) -> Parser:
    """The parser of a command with its arguments."""
    parser = Parser(command)
    module_of(command).add(parser, command)
    return parser


def help_text(family: str = "") -> str:
    """`commtui --help`, or the part about a family of commands."""
    lines = ["usage: commtui [--home DIR] [--demo]", "       commtui [--home DIR] COMMAND ...", ""]
    if family:
        lines = [f"usage: commtui {family} COMMAND ...", ""]
    else:
        lines += ["A terminal inbox for the people who run communities; without a command, its screen.", ""]
    for title, commands in GROUPS:
        chosen = [command for command in commands if not family or command.name.startswith(f"{family} ")]
        if chosen:
            lines += [f"{title}:", *(f"  {command.name:<15} {command.help}" for command in chosen), ""]
    if not family:
        lines += ["More: commtui help query, the language of QUERY", ""]
        lines += ["Options:", *(f"  {option:<15} {text}" for option, text in GLOBAL), ""]
        lines += [
            "Exit: 0 done, 1 failed, 2 wrong usage,",
            "      3 something needs a person (status, sync, account check, doctor).",
        ]
    return "\n".join(part for line in lines for part in hanging(line, 8 if line[2:3] == " " else 18)).rstrip() + "\n"
