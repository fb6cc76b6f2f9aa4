"""Python processes that begin their work at the same moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_at_once(*arguments: Sequence[str]) -> list[str]:
    """Starts Python with each of `arguments`; each prints `ready` and reads a line, which it gets once all are ready.

    Returns what each printed after that. All must exit with 0.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, *each], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for each in arguments
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        printed = [process.communicate(timeout=120)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0] * len(processes)
    return printed
