"""Ctrl+z: the program stands aside as a job of the shell, where there is a shell that can bring it back."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

NOBODY = "ctrl+z: no shell here could bring it back with fg, so it stays"
PATIENCE = 100
"""Times twenty milliseconds in which a stop that was asked for has to happen."""


def resumable() -> bool:
    """Whether our process group has a member whose parent is a shell: of the same session, in another group.

    POSIX calls a group without one orphaned: the kernel ignores SIGTSTP there, and nobody could say `fg`.
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
    found = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, timeout=5, check=False
    )
    return int(found.stdout)


def suspend(app: App[Any]) -> None:
    """Leaves the terminal as it was, stops the whole job, and paints all anew when the shell brings it back."""
    woken: list[int] = []
    with app.suspend():
        # Textual's own handlers stop this process alone, and start the screen by themselves
        before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
        signal.signal(signal.SIGCONT, lambda number, frame: woken.append(number))
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            os.kill(0, signal.SIGTSTP)
            for _ in range(PATIENCE):  # the stop may come a moment later, by another thread
                if woken:
                    break
                time.sleep(0.02)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
