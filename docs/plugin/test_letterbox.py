"""The contract suite of commtui on this plug-in: `python -m pytest` in this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from commtui_letterbox import Letterbox, write

from commtui.model.clock import SystemClock
from commtui.networks.base import Login
from commtui.networks.contract import NetworkContract


class TestLetterbox(NetworkContract):
    network = Letterbox
    wrong_token = None  # there are no tokens

    @pytest.fixture(autouse=True)
    def bench(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "letters"
        self.folder.mkdir()
        self.clock = SystemClock()

    def make_login(self, token: str | None = None) -> Login:
        return Login(
            account="brand",
            server="",
            user="brand@letterbox.example",
            secret=str,
            save=lambda name, value: None,
            load=lambda name: None,
            clock=self.clock,
            options={"folder": str(self.folder)},
        )

    def say(self, text: str, in_reply_to: str | None = None) -> str:
        return write(self.folder, "ada@letterbox.example", f"@brand {text}", self.clock.now(), in_reply_to)

    def answers_to(self, remote_id: str) -> list[str]:
        descendants = self.run(lambda network: network.thread(remote_id)).descendants
        return [status.remote_id for status in descendants if status.in_reply_to == remote_id]
