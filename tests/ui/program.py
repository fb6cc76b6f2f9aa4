"""`python -m tests.ui.program FOLDER [MENTIONS] [arrivals]`: the inbox on a terminal, over a home without a network.

With `arrivals`, a mention comes whenever the file FOLDER/arrive is there (it is taken away then).
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from commtui.model.clock import SystemClock
from commtui.ui.app import run_inbox
from tests.ui.fill import Bench, arrive, bench


def _arrivals(made: Bench, folder: Path, first: int) -> None:
    while True:
        time.sleep(0.05)
        if (folder / "arrive").exists():
            (folder / "arrive").unlink()
            arrive(made, 1, first=first)
            first += 1


def main(folder: Path, mentions: int) -> int:
    """Fills the home if it is empty, and shows it."""
    fresh = not (folder / "data").exists()
    made = bench(folder, 0)
    made.clock = SystemClock()  # type: ignore[assignment]
    if fresh:
        arrive(made, mentions)
    if "arrivals" in sys.argv:
        threading.Thread(target=_arrivals, args=(made, folder, mentions), daemon=True).start()
    return run_inbox(made)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20))
