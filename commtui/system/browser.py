"""A web page in the person's browser, and files in the programs for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

_OPEN: Final = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the person sits at another machine: what is opened here would open where nobody looks."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def start_opener(target: str, command: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Starts what opens an address, or a file by its whole path, and returns at once: a browser may run in the
    foreground for hours.

    `command`: what opens it, with the target as its last argument; empty: the machine's own. The process ends with
    another code than 0 where nothing opens it. It is without the terminal, which stays the screen's. Raises OSError.
    """
    if command:
        arguments = [*command, target]
    elif target.startswith("/"):
        arguments = ["open" if sys.platform == "darwin" else "xdg-open", target]
    else:
        arguments = [sys.executable, "-I", "-c", _OPEN, target]
    null = subprocess.DEVNULL
    return subprocess.Popen(arguments, stdin=null, stdout=null, stderr=null, start_new_session=True)
