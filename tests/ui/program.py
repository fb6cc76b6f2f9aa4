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
from tests.ui.fill import SETTINGS, ScreenServices, arrive, services_in


def _arrivals(services: ScreenServices, folder: Path, first: int) -> None:
    while True:
        time.sleep(0.05)
        if (folder / "arrive").exists():
            count = int((folder / "arrive").read_text() or 1)
            (folder / "arrive").unlink()
            arrive(services, count, first=first)
            first += count


def _follow(services: ScreenServices) -> None:
    """Settings as they stand in the file, at every look."""
    file, made = SettingsFile(services.home), services.desk

    def desk() -> Desk:
        file.refresh()
        services.settings = replace(file.current, accounts=SETTINGS.accounts, me=SETTINGS.me)
        services.problem = file.error.brief if file.error else None
        return replace(made(), settings=services.settings, who=services.settings.me)

    services.desk = desk


def main(folder: Path, mentions: int) -> int:
    """Fills the home if it is empty, and shows it."""
    fresh = not (folder / "data").exists()
    services = services_in(folder, 0)
    services.clock = SystemClock()  # type: ignore[assignment]
    if services.home.config.exists():
        _follow(services)
    if fresh:
        arrive(services, mentions)
    if "arrivals" in sys.argv:
        threading.Thread(target=_arrivals, args=(services, folder, mentions), daemon=True).start()
    return run_inbox(services)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20))
