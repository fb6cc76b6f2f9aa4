"""Prints how much of each package the last `make test` ran: `python -m tests.coverage`.

Counted are lines that a test's own process runs. Programs that tests start are not traced: it would change what they
measure, start-up above all. Slow tests are not traced either (see conftest.py).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from coverage import Coverage

import commtui

ROOT = Path(commtui.__file__).parent


def table(data: Coverage) -> str:
    """A line for each package: its lines of code, and the share of them that was run."""
    lines: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for file in sorted(ROOT.rglob("*.py")):
        package = file.relative_to(ROOT).parts[0].removesuffix(".py")
        _, statements, _, missing, _ = data.analysis2(str(file))
        for name in (package, "total"):
            lines[name] += len(statements)
            missed[name] += len(missing)
    names = [*sorted(lines.keys() - {"total"}), "total"]
    rows = [f"{name:12} {lines[name]:6,}  {1 - missed[name] / lines[name]:4.0%}" for name in names if lines[name]]
    return "\n".join(["coverage by in-process tests", *rows])


if __name__ == "__main__":
    data = Coverage()
    data.load()
    print(table(data))
