"""The words before the command: which home and what to do. Imports the commands only when one is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class WrongUsage(Exception):
    """The command line is not valid (exit 2); `str()` is one line."""

    def __init__(self, message: str, command: str = "") -> None:
        hint = f"commtui {command} --help" if command else "commtui --help"
        super().__init__(f"{message} (see {hint})")
        self.at_prompt = f"{message} (see {f'help {command}'.rstrip()})"
        """The line for the prompt of plain lines, which has `help` instead of options."""


class BadValue(WrongUsage):
    """A value on the command line doesn't fit (exit 2); the sentence says what fits, so that no help is needed."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)
        self.at_prompt = message


class Start(NamedTuple):
    """A command line read up to its command. `asked`: help or version, if it comes before any command."""

    home: str | None
    demo: bool
    asked: str | None
    command: str | None
    rest: tuple[str, ...]


def read(argv: Sequence[str]) -> Start:
    """The words up to the command, the command, and the rest. Raises WrongUsage."""
    home, demo = None, False
    words = list(argv)
    while words:
        word = words.pop(0)
        if word in ("-h", "--help", "--version"):
            return Start(home, demo, "version" if word == "--version" else "help", None, ())
        if word == "--demo":
            demo = True
        elif word == "--home" or word.startswith("--home="):
            home = word.partition("=")[2] if "=" in word else words.pop(0) if words else ""
            if not home:
                raise WrongUsage("--home needs a folder")
        elif word.startswith("-"):
            from commtui.cli.registry import GLOBAL

            raise WrongUsage(_unknown_option(word, [option.split()[0] for option, _ in GLOBAL]))
        elif word == "help":
            from commtui.cli.topics import TOPICS

            if words[:1] and words[0] in TOPICS:
                return Start(home, demo, f"help {words[0]}", None, ())
            return read([*words[:2], "--help"]) if words else Start(home, demo, "help", None, ())
        else:
            return _named(home, demo, word, words)
    return Start(home, demo, None, None, ())


def wants_inbox(argv: Sequence[str]) -> tuple[str | None, bool] | None:
    """The value of --home and whether it is the demo, if there is no command; None: `app.main` has a command to run."""
    try:
        start = read(argv)
    except WrongUsage:
        return None
    return (start.home, start.demo) if start.command is None and start.asked is None else None


def named_command(argv: Sequence[str]) -> str:
    """The command that the words name, without its arguments; empty where they name none."""
    try:
        return read(argv).command or ""
    except WrongUsage:
        return ""


def _named(home: str | None, demo: bool, word: str, words: list[str]) -> Start:
    from commtui.cli.registry import COMMANDS, FAMILIES
    from commtui.model.suggestions import nearest
    from commtui.triage.verbs import VERBS

    if word in FAMILIES:
        return _of_family(home, demo, word, words)
    if word in COMMANDS:
        return Start(home, demo, None, word, tuple(words))
    if any(verb.word == word and not verb.command for verb in VERBS.values()):
        raise BadValue(f"{word} works on the screen only")
    near = nearest(word, sorted({*COMMANDS, *FAMILIES})) if len(word) > 2 else None
    raise WrongUsage(f"unknown command {word!r}" + (f": do you mean `{near}`?" if near else ""))


def _of_family(home: str | None, demo: bool, family: str, words: list[str]) -> Start:
    from commtui.cli.registry import COMMANDS
    from commtui.model.suggestions import nearest

    known = [name.split()[1] for name in COMMANDS if name.startswith(f"{family} ")]
    if not words:
        raise WrongUsage(f"{family} what? {', '.join(known)}")
    second = words.pop(0)
    if second in ("-h", "--help"):
        return Start(home, demo, f"help {family}", None, ())
    if second not in known:
        near = nearest(second, known)
        hint = f"do you mean `{family} {near}`?" if near else f"there is {', '.join(known)}"
        raise WrongUsage(f"unknown command {f'{family} {second}'!r}: {hint}")
    return Start(home, demo, None, f"{family} {second}", tuple(words))


def _unknown_option(word: str, known: list[str]) -> str:
    from commtui.model.suggestions import nearest

    near = nearest(word.partition("=")[0], known)
    return f"unknown option {word.partition('=')[0]}" + (f": do you mean {near}?" if near else "")


def unknown_option(word: str, known: list[str], command: str) -> WrongUsage:
    """The error for an option that a command does not have."""
    return WrongUsage(_unknown_option(word, known), command)


def is_plain(environ_term: str | None) -> bool:
    """Whether a terminal can show lines only: TERM is missing, empty or dumb."""
    return environ_term in (None, "", "dumb")


def form_of_status(rest: Sequence[str]) -> str | None:
    """The format of `status` for the options of scripts, without argparse (5 ms); None: argparse has to read them."""
    words = tuple(rest)
    if not words:
        return "text"
    for form in ("text", "tmux", "json"):
        if words in (("--format", form), (f"--format={form}",), (f"--{form}",) if form == "json" else ()):
            return form
    return None
