"""A web page in the person's browser."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

_OPEN: Final = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def start_browser(address: str) -> subprocess.Popen[bytes]:
    """Starts what opens the page, and returns at once: a browser may run in the foreground for hours.

    The process ends with 1 where there is no browser. It is without the terminal, which stays the screen's.
    Raises OSError.
    """
    null = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _OPEN, address], stdin=null, stdout=null, stderr=null, start_new_session=True
    )
