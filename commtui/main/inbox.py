"""`commtui` without a command: the inbox, on the screen or as plain lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from commtui.cli.start import is_plain
from commtui.config import logfile, paths
from commtui.config.errors import ConfigError
from commtui.config.restoring import settle
from commtui.main.home import Home, ScreenHome
from commtui.store.errors import StoreError


def open_inbox(folder: str | None, demo: bool) -> int:
    """Opens the inbox of the home that --home names, else the environment; the exit code."""
    plain = is_plain(os.environ.get("TERM"))
    missing = "" if plain else _without_terminal()
    if missing:
        from commtui.cli.app import USAGE

        print(
            f"commtui: {missing} is no terminal, and the inbox needs one; `commtui status` and `commtui list mentions` "
            "work without",
            file=sys.stderr,
        )
        return USAGE
    try:
        home = _paths(folder, demo)
        screen = ScreenHome(home, os.environ, demo=demo or (home.config.parent / paths.DEMO_MARK).exists())
        screen.settings()
        screen.store.poll()
        logfile.check(home)
        if plain:
            return _plain(screen)
        from commtui.ui.palette import leave_palette_out

        leave_palette_out()
        from commtui.ui.app import run_inbox

        code = run_inbox(screen)
        if screen.show_demo:
            screen.store.close()
            if folder:  # the demo's home lies in this one
                os.environ[paths.VARIABLE] = folder
            return open_inbox(None, demo=True)
        if screen.send_in_background:
            from commtui.main.detached import start_run

            print(f"commtui: sending goes on in the background; `kill {start_run(folder)}` ends it", file=sys.stderr)
        if screen.demo and screen.holder() is None:
            _tell_demo_ended(screen)
        return code
    except ConfigError as error:
        print(f"commtui: {error}", file=sys.stderr)
    except StoreError as error:
        from commtui.sentences.store import explain

        print(f"commtui: {explain(error)}", file=sys.stderr)
    return 1


def _tell_demo_ended(screen: ScreenHome) -> None:
    """Says what is scheduled on the demo's network, which ends with the screen."""
    from commtui.model.text import number_of
    from commtui.outgoing.changes import count_leaving

    left = count_leaving(screen.desk())
    if left:
        texts = number_of(left, "text")
        print(f"commtui: {texts} scheduled; the demo's network has ended: nothing sends now", file=sys.stderr)


def _without_terminal() -> str:
    """The name of the stream that is no terminal: stdin or stdout; empty if both are."""
    for name, number in (("stdin", 0), ("stdout", 1)):
        if not os.isatty(number):
            return name
    return ""


def _paths(folder: str | None, demo: bool) -> paths.Home:
    """Where the home is kept; its folders are there. Raises ConfigError."""
    if demo:
        from commtui.main.demo import demo_home

        return demo_home(Path(folder) if folder else None, os.environ)
    home = paths.find_home(folder, os.environ)
    home.prepare()
    settle(home)
    return home


def _plain(screen: ScreenHome) -> int:
    """The inbox as plain lines, with the engine beside it."""
    from commtui.cli.linear import run_linear

    if screen.demo:
        print("This is a DEMO: a simulated network, nothing leaves this machine.")
    screen.engine.start()
    try:
        return run_linear(Home(screen.home, os.environ))
    finally:
        screen.engine.stop()
