"""`commtui run` as a process of its own, which outlives the terminal."""

from __future__ import annotations

import subprocess
import sys

from commtui.system.secret_variables import whole_environment


def start_run(folder: str | None) -> int:
    """Starts it for the home that --home named, else for the environment's; its pid."""
    command = [sys.executable, "-m", "commtui", "run", *(["--home", folder] if folder else [])]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, env=whole_environment()
    )
    return process.pid
