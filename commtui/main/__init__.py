"""Wires the rooms: reads the config, opens the store, hands clock, store and an engine starter to one front end."""

from __future__ import annotations

import sys


def run() -> None:
    """Entry point of the `commtui` script."""
    from commtui.cli.app import main, wants_inbox

    arguments = sys.argv[1:]
    wanted = wants_inbox(arguments)
    if wanted is None:
        from commtui.main.services import services_for

        sys.exit(main(arguments, services_for))
    from commtui.main.inbox import open_inbox

    sys.exit(open_inbox(wanted.home, wanted.demo))
