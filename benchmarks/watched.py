"""commtui with a watch on the screen's loop: `python benchmarks/watched.py HOME REPORT`.

REPORT gets a JSON object twice a second: the longest pause of the loop so far in milliseconds, how many lasted 50 ms or
more, how much of the longest was work of the loop's own thread (the rest is the machine's other programs, or the other
threads), and the largest pause by own work. A file HOME/reset begins anew.

`python benchmarks/watched.py --bare FOLDER REPORT` watches the least that Textual can do, for comparison. HOME/body is read as a
server's answer, in a thread as the engine does, whenever a file HOME/decode is there.
"""

import asyncio
import gc
import json
import os
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any, cast

from textual.app import App

from commtui.system.files import replace_file

TICK = 0.002


class Watch:
    """Measures how late a timer of the loop is."""

    def __init__(self, home: Path, report: Path) -> None:
        self.home, self.report = home, report

    async def measure(self) -> None:
        longest = worked = most_work = 0.0
        long, reported = 0, time.perf_counter()
        while True:
            begun, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            pause, work = time.perf_counter() - begun - TICK, time.thread_time() - used
            long += pause >= 0.05
            most_work = max(most_work, work)
            if pause > longest:
                longest, worked = pause, work
            if time.perf_counter() - reported > 0.5:
                reported = time.perf_counter()
                if (self.home / "reset").exists():
                    longest = worked = most_work = 0.0
                    long = 0
                    (self.home / "reset").unlink()
                replace_file(
                    self.report,
                    json.dumps(
                        {
                            "longest_ms": longest * 1000,
                            "of_it_own_ms": worked * 1000,
                            "over_50_ms": long,
                            "most_work_ms": most_work * 1000,
                        }
                    ).encode(),
                    durable=False,
                )


def watched(kind: type[App[Any]], watch: Watch) -> type[App[Any]]:
    """The app, which measures its loop from its first moment on."""

    def on_mount(self: Any) -> None:
        self.watching = asyncio.create_task(watch.measure())

    made = types.new_class("Watched", (kind,), exec_body=lambda namespace: namespace.update(on_mount=on_mount))
    return cast("type[App[Any]]", made)


def decode(home: Path) -> None:
    """Reads HOME/body as a page of notifications, in this thread, whenever HOME/decode is there."""
    from commtui.model.clock import SystemClock
    from commtui.networks.answers import Answer
    from commtui.networks.mastodon.pages import page
    from commtui.networks.mastodon.parse import Us

    while True:
        time.sleep(0.05)
        if (home / "decode").exists():
            answer = Answer(200, {}, (home / "body").read_bytes(), "GET example.social")
            page(answer, 1, Us("1", "example.social"), SystemClock().now())
            (home / "decode").unlink()


def main(home: Path, report: Path, bare: bool) -> None:
    watch = Watch(home, report)
    gc.disable()  # as commtui.main does
    if bare:
        sys.argv = [sys.argv[0]]
        from benchmarks.bare_list import BareApp

        watched(BareApp, watch)().run()
        return
    from commtui.config.paths import Home
    from commtui.main.home import ScreenHome
    from commtui.ui import app as screen

    vars(screen)["InboxApp"] = watched(screen.InboxApp, watch)  # in the place of its own
    found = Home.at(home)
    found.prepare()
    threading.Thread(target=decode, args=(home,), daemon=True).start()
    sys.exit(screen.run_inbox(ScreenHome(found, os.environ)))


if __name__ == "__main__":
    main(Path(sys.argv[-2]), Path(sys.argv[-1]), "--bare" in sys.argv)
