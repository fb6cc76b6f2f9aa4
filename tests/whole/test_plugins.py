"""A plug-in that hangs, exits, blocks or lies costs its own account: the other one fetches and sends."""

from __future__ import annotations

import signal
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.networks.test_plugins import install
from tests.servers.quirks import QuirkServer
from tests.whole.home import Desk, until

PLUGIN = """
    import asyncio, sys, time
    from commtui.model.abilities import Capabilities, Limits
    from commtui.networks.base import Batch, Profile, Thread, Unsupported

    {at_import}

    class Odd:
        name, title, capabilities, needs_token = "odd", "Odd", Capabilities(), False
        def __init__(self, login): pass
        async def check(self):
            {check}
            return Profile("odd", "@odd", "Odd", Limits(), self.capabilities)
        async def fetch(self, cursor, since):
            {fetch}
            yield Batch((), "1")
        async def thread(self, remote_id, most=20): return Thread((), ())
        async def send(self, item, media):
            {send}
        async def find(self, item, taken=()): return None
        async def upload(self, media): return media
        async def act(self, act): return None
        async def stream(self):
            raise Unsupported("polled")
            yield
        async def aclose(self):
            {aclose}
"""
KINDS = {
    "import raises": {"at_import": "raise RuntimeError('red')"},
    "import exits": {"at_import": "sys.exit(7)"},
    "import interrupts": {"at_import": "raise KeyboardInterrupt"},
    "check gives None": {"check": "return None"},
    "check exits": {"check": "sys.exit(8)"},
    "fetch exits": {"fetch": "sys.exit(9)"},
    "fetch gives garbage": {"fetch": "yield 42"},
    "fetch raises": {"fetch": "raise ZeroDivisionError('boom')"},
    "fetch cancels": {"fetch": "raise asyncio.CancelledError"},
    "a task exits": {"fetch": "asyncio.create_task(asyncio.to_thread(sys.exit)); await asyncio.sleep(0.1); 1 / 0"},
}
SLOW = {
    "import hangs": {"at_import": "time.sleep(600)"},
    "check blocks": {"check": "time.sleep(600)"},
    "fetch blocks": {"fetch": "time.sleep(600)"},
    "fetch runs for ever": {"fetch": "\n            while True: pass"},
    "closing blocks": {"fetch": "1 / 0", "aclose": "time.sleep(600)"},
}


@pytest.fixture
def desk(tmp_path: Path, quirks: Any) -> Any:
    server: QuirkServer = quirks()
    desk = Desk(tmp_path / "home")
    desk.add(server.url, server.token("brand"))
    with desk.home.config.open("a") as file:
        file.write('\n[[account]]\nname = "odd"\nnetwork = "odd"\n')
    return desk, server


def plugin(desk: Desk, folder: Path, **does: str) -> None:
    """Installs it for the processes of the desk."""
    folder.mkdir()
    parts = {"at_import": "", "check": "pass", "fetch": "pass", "send": "return None", "aclose": "pass", **does}
    install(folder, "odd", textwrap.dedent(PLUGIN).format(**parts), "Odd")
    desk.more["PYTHONPATH"] = f"{folder}:{desk.environ()['PYTHONPATH']}"


@pytest.mark.parametrize(
    "kind", [*KINDS, *(pytest.param(kind, marks=pytest.mark.slow) for kind in SLOW)], ids=lambda kind: kind
)
def test_a_sync_beside_a_broken_plug_in(tmp_path: Path, desk: Any, kind: str) -> None:
    home, server = desk
    plugin(home, tmp_path / "plugin", **{**KINDS, **SLOW}[kind])
    server.mention("ada", "hello")
    assert home.run("post", "from brand", "--account", "brand").code == 0
    done = home.run("sync", "--json")
    rows = {row["account"]: row for row in done.json["accounts"]}
    assert (rows["brand"]["new"], rows["brand"]["sent"], rows["brand"]["error"]) == (1, 1, None)
    assert rows["odd"]["error"]
    assert rows["odd"]["health"] != "ok"
    assert [status.text for status in server.statuses_of("brand")] == ["from brand"]
    doctor = home.run("doctor", "--json")
    assert {row["subject"] for row in doctor.json} >= {"account brand", "account odd"}


@pytest.mark.slow
def test_a_run_beside_a_plug_in_that_blocks(tmp_path: Path, desk: Any) -> None:
    home, server = desk
    plugin(home, tmp_path / "plugin", fetch="time.sleep(600)")
    process = home.start("run")
    try:
        for number in range(3):
            assert home.run("post", f"post {number}", "--account", "brand").code == 0
            server.wait_for("POST", "/api/v1/statuses", number + 1)
        until(lambda: any(row["account"] == "odd" and row["error"] for row in home.status()["accounts"]))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()


def test_a_post_that_a_plug_in_says_nothing_of_is_not_sent(tmp_path: Path, desk: Any) -> None:
    home, _ = desk
    plugin(home, tmp_path / "plugin")
    assert home.run("post", "a lie", "--account", "odd").code == 0
    home.run("sync", "--no-wait")
    [post] = home.list("posts")
    assert post["state"] == "unknown"
