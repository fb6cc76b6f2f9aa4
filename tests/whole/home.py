"""A home on disk and commtui run on it as people run it: real processes, a shell's view."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from commtui.config.paths import Home
from commtui.store.store import Store

ROOT = Path(__file__).parents[2]
OURS = ("COLUMNS", "LINES", "EDITOR", "VISUAL", "NO_COLOR", "TMUX", "STY", "COMMTUI_HOME",
        "PYTHONDONTWRITEBYTECODE")  # fmt: skip
WAIT = 60.0
T = TypeVar("T")


def until(found: Callable[[], T], what: str = "", most: float = WAIT) -> T:
    """The first truthy answer of `found`."""
    end = time.monotonic() + most
    while True:
        answer = found()
        if answer:
            return answer
        assert time.monotonic() < end, f"waited in vain for {what or found}"
        time.sleep(0.03)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, from JSON."""
        return json.loads(self.out)


class Desk:
    """One home with its config; `run` and `start` run the real program on it."""

    def __init__(self, folder: Path, config: str = "") -> None:
        self.folder = folder
        self.home = Home.at(folder)
        self.home.prepare()
        self.config = f'me = "me"\nzone = "Europe/Berlin"\nhold = "0s"\n{config}'
        self.home.config.write_text(self.config)
        self.more: dict[str, str] = {}
        """Environment variables of every process."""

    def add(self, server: str, token: str, name: str = "brand", *words: str) -> str:
        """Adds a Mastodon account by a token in an environment variable; the variable's name."""
        variable = f"TOKEN_OF_{name.upper()}"
        self.more[variable] = token
        given = ("--server", server, "--name", name, "--token-env", variable, *words)
        done = self.run("account", "add", "mastodon", *given)
        assert done.code == 0, done.err
        return variable

    def environ(self, **more: str) -> dict[str, str]:
        """What the program's processes have for an environment."""
        kept = {key: value for key, value in os.environ.items() if key not in OURS}
        return {
            **kept,
            "COMMTUI_HOME": str(self.folder),
            "PYTHONPATH": f"{ROOT}:{Path(__file__).with_name('dump')}",
            "PYTHONFAULTHANDLER": "1",
            **self.more,
            **more,
        }

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Starts a command and does not wait."""
        return subprocess.Popen(
            [sys.executable, "-m", "commtui", *words], cwd=self.folder, env=self.environ(**more), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str, given: str = "", **more: str) -> Done:
        """Runs a command to its end; never a traceback."""
        return ended(self.start(*words, **more), given)

    def list(self, what: str, *query: str) -> Any:
        """The array of `commtui list`."""
        done = self.run("list", what, *query, "--json")
        assert done.code == 0, done.err
        return done.json

    def show(self, identity: str) -> Any:
        """The object of `commtui show`."""
        done = self.run("show", identity, "--json")
        assert done.code == 0, done.err
        return done.json

    def status(self) -> Any:
        """The object of `commtui status`."""
        return self.run("status", "--json").json

    def log(self) -> str:
        """Every log file of the home."""
        return "".join(path.read_text() for path in sorted(self.home.state.glob("commtui.log*")))

    def store(self) -> Store:
        """The store, as another process sees it; to be closed."""
        return Store(self.home.data)


def ended(process: subprocess.Popen[str], given: str = "") -> Done:
    """Waits for a command's end; never a traceback. One that does not end says where its threads are."""
    try:
        out, err = process.communicate(given, timeout=WAIT)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGUSR1)  # dump/sitecustomize.py
        time.sleep(2)
        process.send_signal(signal.SIGABRT)  # faulthandler
        raise AssertionError(f"{process.args!r} does not end:\n{process.communicate(timeout=WAIT)[1]}") from None
    finally:
        process.kill()
    assert "Traceback" not in err, err
    return Done(process.returncode, out, err)
