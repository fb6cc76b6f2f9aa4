"""Entry point: hands one home to one front end."""

from __future__ import annotations

import gc
import os
import sys


def run() -> None:
    """Entry point of the `commtui` script."""
    from commtui.cli.start import wants_inbox
    from commtui.system.streams import gate_streams, open_missing_streams

    open_missing_streams()
    gate_streams()
    arguments = sys.argv[1:]
    inbox = wants_inbox(arguments)
    if inbox is None:
        sys.exit(_run_command(arguments))
    # what a start makes, stays: looking through it for garbage delays the first rows, and later stops the screen's loop
    gc.disable()
    from commtui.main.inbox import open_inbox

    sys.exit(open_inbox(*inbox))


def _run_command(arguments: list[str]) -> int:
    """Runs a command of the command line; the exit code."""
    from commtui.cli.app import main
    from commtui.cli.start import named_command
    from commtui.config.paths import find_home
    from commtui.config.restoring import settle
    from commtui.main.home import Home

    homes: list[Home] = []

    def open_home(folder: str | None) -> Home:
        """The home that --home names, else the environment. Raises ConfigError."""
        paths = find_home(folder, os.environ)
        paths.prepare()
        settle(paths)
        homes.append(Home(paths, os.environ, command=f"commtui {named_command(arguments)}".rstrip()))
        return homes[-1]

    code = main(arguments, open_home)
    for home in homes:
        home.close()
    return code
