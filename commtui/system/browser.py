"""A web page in the person's browser, and files in the programs for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

_OPEN: Final = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the person sits at another machine: what is opened here would open where nobody looks."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


class Opener(NamedTuple):
    """What opens an address or a file."""

    name: str
    arguments: list[str]


def opener_of(target: str, command: Sequence[str] = ()) -> Opener:
    """Returns what opens an address, or a file by its whole path.

    `command`: what opens it, with the target as its last argument; empty: the machine's own.
    """
    if command:
        return Opener(command[0], [*command, target])
    if target.startswith("/"):
        name = "open" if sys.platform == "darwin" else "xdg-open"
        return Opener(name, [name, target])
    return Opener("browser", [sys.executable, "-I", "-c", _OPEN, target])


def start(opener: Opener) -> subprocess.Popen[bytes]:
    """Starts it, and returns at once: a browser may run in the foreground for hours.

    The process ends with another code than 0 where nothing opens the target. It is without the terminal, which stays
    the screen's. Raises OSError.
    """
    null = subprocess.DEVNULL
    return subprocess.Popen(opener.arguments, stdin=null, stdout=null, stderr=null, start_new_session=True)
