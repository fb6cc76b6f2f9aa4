"""`python -m tests.ui.program FOLDER [MENTIONS] [arrivals]`: the inbox on a terminal, over a home without a network.

With `arrivals`, a batch of as many mentions as the file FOLDER/arrive says (one, if it is empty) comes whenever it is
there; it is taken away then. A config.toml in the folder is followed as it changes, but for its accounts.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.watch import SettingsFile
from commtui.model.clock import SystemClock
from commtui.ui.app import run_inbox
from tests.ui.fill import SETTINGS, Bench, arrive, bench


def _arrivals(made: Bench, folder: Path, first: int) -> None:
    while True:
        time.sleep(0.05)
        if (folder / "arrive").exists():
            count = int((folder / "arrive").read_text() or 1)
            (folder / "arrive").unlink()
            arrive(made, count, first=first)
            first += count


def _follow(made: Bench) -> None:
    """Settings as they stand in the file, at every look."""
    file = SettingsFile(made.home)

    def desk() -> Desk:
        file.refresh()
        made.settings = replace(file.current, accounts=SETTINGS.accounts, me=SETTINGS.me)
        made.problem = file.problem and file.problem.replace(str(made.home.config), "config.toml")
        return Desk(made.store, made.clock, made.settings, made.settings.me)

    made.desk = desk


def main(folder: Path, mentions: int) -> int:
    """Fills the home if it is empty, and shows it."""
    fresh = not (folder / "data").exists()
    made = bench(folder, 0)
    made.clock = SystemClock()  # type: ignore[assignment]
    if made.home.config.exists():
        _follow(made)
    if fresh:
        arrive(made, mentions)
    if "arrivals" in sys.argv:
        threading.Thread(target=_arrivals, args=(made, folder, mentions), daemon=True).start()
    return run_inbox(made)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20))
