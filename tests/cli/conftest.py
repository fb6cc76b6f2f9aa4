"""A home with mentions in it, and the program run on it as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commtui.activity.desk import Desk
from commtui.community.deadlines import Deadlines
from commtui.config.edit import add_account
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.model.clock import SystemClock
from commtui.store.store import Store
from tests.triage.desks import BRAND, OTHER, arrive

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "commtui")
CONFIG = 'me = "me"\nteammates = ["anna", "ben"]\nzone = "Europe/Berlin"\n'
OURS = ("COLUMNS", "EDITOR", "VISUAL", "NO_COLOR")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs commtui on one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home.at(folder)
        self.home.prepare()
        self.home.config.write_text(CONFIG)
        self.ids: list[str] = []
        self.program = PROGRAM

    def environ(self, **more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in OURS}
        return {**kept, "COMMTUI_HOME": str(self.folder), "TZ": "UTC", **more}

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.program, *words], cwd=ROOT, env=self.environ(**more), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, *words: str, stdin: str = "", code: int | None = 0, **more: str) -> Done:
        """Runs a command line; fails unless it ends with `code` (None: any)."""
        child = self.start(*words, **more)
        out, err = child.communicate(stdin, timeout=60)
        assert "Traceback" not in err, err
        assert code is None or child.returncode == code, f"{child.returncode}\n{out}\n{err}"
        return Done(child.returncode, out, err)

    def desk(self) -> Desk:
        settings = load(self.home, {})
        store = Store(self.home.data)
        store.deadlines = Deadlines(lambda: settings)
        return Desk(store, SystemClock(), settings, settings.me)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty home."""
    return Shell(tmp_path / "home")


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """A home with two accounts and three open mentions of brand's: `busy.ids`, who waits longest first."""
    add_account(shell.home, BRAND)
    add_account(shell.home, OTHER)
    desk = shell.desk()
    texts = ("where is my parcel? [not markup]", "I love it\nreally 🎉", "does it blend?")
    shell.ids = [
        arrive(desk, str(number), text, ago=30 - number, author=f"@{name}@example.org", author_name=name.title()).id
        for number, (name, text) in enumerate(zip(("ada", "grace", "alan"), texts, strict=True))
    ]
    desk.store.close()
    return shell
