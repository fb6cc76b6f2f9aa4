"""Wires the rooms: reads the config, opens the store, hands clock, store and an engine starter to one front end."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Entry point of the `commtui` script."""
    from commtui.cli.start import wants_inbox
    from commtui.system.streams import open_missing_streams

    open_missing_streams()
    arguments = sys.argv[1:]
    wanted = wants_inbox(arguments)
    if wanted is None:
        from commtui.cli.app import main
        from commtui.main.services import HomeServices, services_for

        opened: list[HomeServices] = []

        def services(home: str | None) -> HomeServices:
            opened.append(services_for(home))
            return opened[-1]

        code = main(arguments, services)
        for each in opened:
            each.leave()
        sys.exit(code)
    # what a start makes, stays: looking through it for garbage delays the first rows, and later stops the screen's loop
    gc.disable()
    from commtui.main.inbox import open_inbox

    sys.exit(open_inbox(*wanted))
