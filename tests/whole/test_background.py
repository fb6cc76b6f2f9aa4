"""Who quits with something scheduled can have it sent by a process without a screen."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.whole.home import Desk, until
from tests.whole.program import Program

ACCOUNT = '[[account]]\nname = "brand"\nnetwork = "demo"\nuser = "brand@demo.example"\n'


@pytest.mark.slow
def test_sending_goes_on_after_the_screen_is_gone(tmp_path: Path) -> None:
    sends_without_a_screen(Desk(tmp_path, ACCOUNT))


@pytest.mark.slow
def test_the_process_without_a_screen_has_the_tokens_of_environment_variables(tmp_path: Path, quirks: Any) -> None:
    server = quirks()
    desk = Desk(tmp_path)
    desk.add(server.url, server.token("brand"))
    sends_without_a_screen(desk)
    assert [status.text for status in server.statuses_of("brand")] == ["see you later"]


def sends_without_a_screen(desk: Desk) -> None:
    """Schedules a post, quits the inbox so that `run` goes on, and waits until that has sent it."""
    assert desk.run("post", "see you later", "--account", "brand", "--at", "12s").code == 0
    with Program(desk) as inbox:
        inbox.shows("sending: on")
        inbox.keys("q")
        inbox.shows("1 scheduled, and nothing sends")
        inbox.keys("b")
        until(lambda: not inbox.read() and b"`kill " in inbox.data, "the pid")
    pid = int(re.findall(rb"`kill (\d+)`", inbox.data)[-1])
    try:
        until(lambda: desk.list("posts")[0]["state"] == "sent", "the post")
        assert "on: commtui run" in desk.run("status").out
    finally:
        os.kill(pid, signal.SIGTERM)
    until(lambda: "on: commtui run" not in desk.run("status").out, "its end")
