"""commtui with a watch on the screen's loop: `python benchmarks/watched.py HOME REPORT`.

REPORT gets a JSON object a second: the longest pause of the loop so far in milliseconds, how many lasted 50 ms or more,
and how much of the longest was work of the loop's own thread (the rest is the machine's other programs, or the other
threads). A file HOME/reset begins anew.
"""

import asyncio
import gc
import json
import os
import sys
import time
from pathlib import Path

from commtui.main.home import ScreenHome
from commtui.ui import app as screen

TICK = 0.002


class Watched(screen.InboxApp):
    """InboxApp that measures how late its own timer is."""

    report = home = Path()

    def on_mount(self) -> None:
        self.watching = asyncio.create_task(self.measure())

    async def measure(self) -> None:
        longest = worked = 0.0
        long, reported = 0, time.perf_counter()
        while True:
            begun, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            pause, work = time.perf_counter() - begun - TICK, time.thread_time() - used
            long += pause >= 0.05
            if pause > longest:
                longest, worked = pause, work
            if time.perf_counter() - reported > 0.5:
                reported = time.perf_counter()
                if (self.home / "reset").exists():
                    (self.home / "reset").unlink()
                    longest = worked = 0.0
                    long = 0
                self.report.write_text(
                    json.dumps({"longest_ms": longest * 1000, "of_it_own_ms": worked * 1000, "over_50_ms": long})
                )


def main(home: str, report: str) -> None:
    from commtui.config.paths import Home

    Watched.home, Watched.report = Path(home), Path(report)
    gc.disable()  # as commtui.main does
    screen.InboxApp = Watched  # type: ignore[misc]  # the app is watched by a subclass in its place
    found = Home.at(Path(home))
    found.prepare()
    sys.exit(screen.run_inbox(ScreenHome(found, os.environ)))


if __name__ == "__main__":
    main(*sys.argv[1:3])
