"""Ctrl+z: stops the program as a job of the shell, where there is a shell that can continue it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from textual.app import App

CANNOT_RESUME: Final = "ctrl+z: no shell here could bring it back with fg, so it stays"
STOP_WAITS: Final = 100
"""Waits of 20 ms until a stop that was asked for must have happened."""


def resumable() -> bool:
    """Whether our process group has a member whose parent is a shell: of the same session, in another group.

    POSIX calls a group without one orphaned: the kernel ignores SIGTSTP there, and no shell could continue it.
    """
    group, process = os.getpgrp(), os.getppid()
    try:
        while process >= 1 and os.getpgid(process) == group:  # make and its shells
            process = _parent(process)
        return process >= 1 and os.getsid(process) == os.getsid(0)
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def _parent(process: int) -> int:
    """From ps, which macOS has, too. Raises ValueError where it says nothing."""
    result = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, timeout=5, check=False
    )
    return int(result.stdout)


def suspend(app: App[Any]) -> None:
    """Restores the terminal, stops the whole job, and repaints everything when the shell continues it."""
    woken: list[int] = []
    with app.suspend():
        # Textual's own handlers stop this process alone, and start the screen by themselves
        before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
        signal.signal(signal.SIGCONT, lambda number, frame: woken.append(number))
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            os.kill(0, signal.SIGTSTP)
            for _ in range(STOP_WAITS):  # the stop may come a moment later, by another thread
                if woken:
                    break
                time.sleep(0.02)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
