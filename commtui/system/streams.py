"""The standard streams: opened where the program was started without (`commtui sync >&-`), and gated.

Everything that is printed passes the gate, also what argparse, the interpreter or a library prints: a control
character, an escape sequence or a bidi override comes out as a visible escape. It is the same for a terminal, a pipe
and a file: a script that reads names and texts sees what a person sees. Who needs the exact characters reads JSON.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Final

from commtui.model.text import shown
from commtui.system.masking import UNMISTAKABLE, mask


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


class GatedStream(TextIOWrapper):
    """A text stream that writes what `model.text.shown` leaves, without the secrets that this process has read."""

    def write(self, text: str) -> int:
        super().write(shown(mask(text, UNMISTAKABLE)))
        return len(text)


_NAMES: Final = ("stdout", "stderr")


def gate_streams() -> None:
    """Puts the gate before stdout and stderr. Characters that the terminal's encoding lacks are printed as `?`."""
    for name in _NAMES:
        stream = getattr(sys, name)
        if not isinstance(stream, TextIOWrapper) or isinstance(stream, GatedStream):
            continue
        encoding, lines, through = stream.encoding, stream.line_buffering, stream.write_through
        gated = GatedStream(stream.detach(), encoding, "replace", line_buffering=lines, write_through=through)
        setattr(sys, name, gated)
        setattr(sys, f"__{name}__", gated)
