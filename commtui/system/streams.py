"""The standard streams of a program that was started without some of them (`commtui sync >&-`)."""

from __future__ import annotations

import os
import sys


def open_missing_streams() -> None:
    """Opens /dev/null in the place of each missing standard stream.

    Otherwise the next file that is opened takes its number, and print() to a missing stderr writes to stdout. A missing
    stdin stays None in `sys`, so that a command can say that there is nothing to read.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        null = os.open(os.devnull, os.O_RDWR)
        if null == number:
            os.set_inheritable(number, True)
        else:
            os.dup2(null, number)
            os.close(null)
        if number:
            setattr(sys, name, open(number, "w", encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115
