"""What a process of the tests does at SIGUSR1: it prints where the tasks of its event loop stand."""

import asyncio
import signal
import sys
from typing import Any


def dump(*_: Any) -> None:
    """Prints the stack of each task of the main thread's loop."""
    loop = asyncio._get_running_loop()
    for task in asyncio.all_tasks(loop) if loop is not None else ():
        print(task, file=sys.stderr)
        task.print_stack(file=sys.stderr)


signal.signal(signal.SIGUSR1, dump)
