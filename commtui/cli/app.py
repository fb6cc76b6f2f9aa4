"""The command line: from words to a command, from errors to one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from commtui.cli import start
from commtui.cli.output import say
from commtui.cli.services import CliError, Services
from commtui.cli.start import WrongUsage
from commtui.config.errors import ConfigError
from commtui.model.text import one_line

DONE, FAILED, USAGE, NEEDS_PERSON, INTERRUPTED = 0, 1, 2, 3, 130
WITH_TIMES = frozenset(
    ("show", "log", "reply", "post", "reschedule", "snooze", "rules list", "rules test", "rules explain")
)
"""Commands that read or print times of a zone."""


def main(argv: Sequence[str], services: Callable[[str | None], Services], at_prompt: bool = False) -> int:
    """Runs the command of `argv` on the home that `services` opens for the value of --home; returns the exit code.

    `at_prompt`: whether the words were typed at the prompt of plain lines.
    """
    opened: list[Services] = []

    def opening(home: str | None) -> Services:
        opened.append(services(home))
        return opened[-1]

    try:
        try:
            code = _run(argv, opening)
        finally:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has closed the pipe; the interpreter must not fail when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except WrongUsage as error:
        return _tell(RuntimeError(error.at_prompt) if at_prompt else error, USAGE)
    except (CliError, ConfigError) as error:
        return _tell(error, getattr(error, "code", FAILED))
    except Exception as error:  # noqa: BLE001 - every error ends in one line, a fault of ours without a traceback
        return _tell_other(error, opened)


def _run(argv: Sequence[str], services: Callable[[str | None], Services]) -> int:
    read = start.read(argv)
    if read.asked == "version":
        from commtui import __version__

        print(f"commtui {__version__}")
        return DONE
    if read.command is None:
        from commtui.cli import parser
        from commtui.cli.topics import TOPICS, topic_text

        about = (read.asked or "help").removeprefix("help").strip()
        sys.stdout.write(topic_text(about) if about in TOPICS else parser.help_text(about))
        return DONE
    if read.demo:
        from shlex import quote

        from commtui.config.paths import find_home

        home = read.home or str(find_home(None, os.environ).state / "demo")
        raise WrongUsage(
            f"--demo opens the inbox; for a command: commtui --home {quote(home)} {read.command}", read.command
        )
    if read.command == "status" and (form := start.form_of_status(read.rest)):
        from commtui.cli.commands import status

        return status.show(services(read.home), form)
    from commtui.cli import parser

    try:
        args = parser.parser_of(read.command).read(read.rest)
    except SystemExit:  # argparse has printed the help
        return DONE
    args.home = args.home or read.home
    opened = services(args.home)
    if read.command in WITH_TIMES:
        _tell_unknown_zone(opened)
    return parser.module_of(read.command).run(opened, args)


def _tell_unknown_zone(services: Services) -> None:
    """A note if TZ has a value that names no zone, since the times are then in another one."""
    if "TZ" not in services.environ:
        return
    from commtui.config.zone import zone_name, zone_of_tz

    value = services.environ["TZ"]
    if zone_of_tz(value) is None and not services.settings().zone:
        zone = zone_name(services.settings(), services.environ)
        say(f"note: TZ={value!r} names no zone that is known here: times are in {zone}; set `zone` in the config")


def _tell(error: Exception, code: int) -> int:
    say(f"commtui: {one_line(str(error))}")
    return code


def _tell_other(error: Exception, opened: list[Services]) -> int:
    """Prints an error that no clause of `main` names; returns the exit code."""
    if isinstance(error, OSError):  # before any import: where no file can be opened, none succeeds
        return _tell_of_system(error)
    try:
        return _tell_by_package(error, opened)
    except OSError as failed:  # the module that has the sentence cannot be read
        return _tell_of_system(failed)


def _tell_of_system(error: OSError) -> int:
    return _tell(RuntimeError(f"{error.filename or 'this machine'}: {error.strerror or error}"), FAILED)


def _tell_by_package(error: Exception, opened: list[Services]) -> int:
    """Prints an error of a package that a quick command does not import; returns the exit code. Raises OSError."""
    from commtui.activity.errors import AmbiguousId, TriageError, Usage
    from commtui.model.logins import LoginError
    from commtui.store.errors import StoreError

    if isinstance(error, LoginError):
        return _tell(error, USAGE if error.is_usage else FAILED)
    if isinstance(error, StoreError):
        from commtui.sentences.store import explain

        return _tell(RuntimeError(explain(error)), FAILED)
    if isinstance(error, TriageError):
        from commtui.cli.naming import ShellNaming
        from commtui.sentences.errors import sentence

        wrong = isinstance(error, (Usage, AmbiguousId))
        return _tell(RuntimeError(sentence(error, ShellNaming(opened[0].desk()))), USAGE if wrong else FAILED)
    fault = f"a fault of commtui's own: {type(error).__name__}: {error}"
    return _tell(RuntimeError(fault + _logged(error, opened)), FAILED)


def _logged(error: Exception, opened: list[Services]) -> str:
    """Logs a fault; returns the words that name the log, empty without a home."""
    if not opened:
        return ""
    import logging

    from commtui.config.log import set_up

    try:
        set_up(opened[0].home)
    except ConfigError:
        return ""
    logging.getLogger("commtui.cli").error("a fault of commtui's own", exc_info=error)
    return f"; {opened[0].home.state / 'commtui.log'} says more"
