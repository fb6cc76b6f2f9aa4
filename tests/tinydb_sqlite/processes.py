"""Runs functions in forked processes that end by themselves, and gathers what they return."""

import json
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def together(path: Path, functions: list[Callable[[], Any]]) -> tuple[list[Any], list[str]]:
    """Returns what each function returned, and the errors."""
    pids = {}
    for number, function in enumerate(functions):
        pid = os.fork()
        if not pid:
            try:
                Path(f"{path}.result{number}").write_text(json.dumps(function()))
            except BaseException:  # noqa: BLE001  # whatever it is, it must be seen
                Path(f"{path}.error{number}").write_text(traceback.format_exc())
            os._exit(0)
        pids[number] = pid
    for pid in pids.values():
        os.waitpid(pid, 0)
    errors = [file.read_text() for number in pids if (file := Path(f"{path}.error{number}")).exists()]
    results = [json.loads(file.read_text()) for number in pids if (file := Path(f"{path}.result{number}")).exists()]
    return results, errors
