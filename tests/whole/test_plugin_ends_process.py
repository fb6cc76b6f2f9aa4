"""A plug-in that ends the process (os._exit), which no thread prevents: nothing is lost or sent twice, and one that
does it again and again is set apart. A program that is killed for another reason sets no plug-in apart."""

from __future__ import annotations

import signal
import subprocess
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from tests.networks.test_plugins import install
from tests.servers.quirks import QuirkServer
from tests.whole.home import ROOT, Desk, until

LETTERBOX = ROOT / "docs" / "plugin"
PLUGIN = """
    import asyncio, os, time
    from pathlib import Path
    from commtui_letterbox import Letterbox

    def end(here):
        file = Path({folder!r}) / "end"
        if file.exists() and here in file.read_text().splitlines():
            if "always" not in file.read_text():
                file.unlink()
            os._exit(9)
        if file.exists() and "kill during " + here in file.read_text():
            return True

    end("import")

    class Ends(Letterbox):
        name = "ends"

        async def check(self):
            end("check")
            return await super().check()

        async def fetch(self, cursor, since):
            if end("fetch"):
                (Path({folder!r}) / "waits").touch()
                await asyncio.sleep(600)
            if end("fetch in a thread"):
                (Path({folder!r}) / "waits").touch()
                await asyncio.to_thread(time.sleep, 600)
            if end("fetch that blocks"):
                (Path({folder!r}) / "waits").touch()
                time.sleep(600)
            async for batch in super().fetch(cursor, since):
                yield batch
                end("fetch, after a batch")

        async def send(self, item, media):
            end("send, before")
            sent = await super().send(item, media)
            end("send, after")
            return sent

        async def find(self, item, taken=()):
            end("find")
            return await super().find(item, taken)

        async def aclose(self):
            end("aclose")
"""
PLACES = ["import", "check", "fetch", "fetch, after a batch", "send, before", "send, after", "find", "aclose"]


@pytest.fixture
def desk(tmp_path: Path, quirks: Any) -> tuple[Desk, QuirkServer, Path]:
    """A home with an account on a server and one of the plug-in, whose letters are in the folder."""
    server, home, letters, plugin = quirks(), Desk(tmp_path / "home"), tmp_path / "letters", tmp_path / "plugin"
    letters.mkdir()
    plugin.mkdir()
    home.add(server.url, server.token("brand"))
    with home.home.config.open("a") as file:
        file.write('\n[[account]]\nname = "ends"\nnetwork = "ends"\nuser = "shop@letters.example"\n')
        file.write(f'options = {{ folder = "{letters}" }}\n')
    install(plugin, "ends", textwrap.dedent(PLUGIN).format(folder=str(letters)), "Ends")
    home.more["PYTHONPATH"] = f"{plugin}:{LETTERBOX}:{home.environ()['PYTHONPATH']}"
    return home, server, letters


def texts(letters: Path) -> list[str]:
    return [json.decode(path.read_bytes())["text"] for path in sorted(letters.glob("*.json"))]


def put(letters: Path, number: int, text: str) -> None:
    """A letter by somebody else."""
    letter = {"id": f"{number:012}", "author": "ada@letters.example", "text": text, "in_reply_to": None, "key": None}
    (letters / f"{number:012}.json").write_bytes(json.encode({**letter, "at": datetime.now(UTC)}))


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_it_ends_the_program_and_the_next_run_goes_on(desk: Any, place: str) -> None:
    home, server, letters = desk
    put(letters, 1, "@shop hello")
    assert home.run("sync").code == 0
    server.mention("ada", "on the server")
    [mention] = home.list("mentions")
    assert home.run("note", mention["id"], "she called twice").code == 0
    assert home.run("post", "by letter", "--account", "ends").code == 0
    assert home.run("post", "by the server", "--account", "brand").code == 0
    put(letters, 2, "@shop and another")

    (letters / "end").write_text("send, before" if place == "find" else place)
    ended = home.run("sync", "--no-wait").code
    if place == "find":
        (letters / "end").write_text(place)
        assert home.run("sync", "--no-wait").code == 9
    assert ended == 9 and not (letters / "end").exists()

    assert "she called twice" in home.run("show", mention["id"]).out
    assert {post["text"] for post in home.list("posts")} == {"by letter", "by the server"}
    for _ in range(2):
        home.run("sync", "--no-wait")
    states = {post["text"]: post["state"] for post in home.list("posts")}
    is_out = place not in ("send, before", "find")  # these are sent again in five minutes, by the proof of the key
    assert states == {"by letter": "sent" if is_out else "unknown", "by the server": "sent"}
    assert texts(letters).count("by letter") == is_out
    assert [status.text for status in server.statuses_of("brand")] == ["by the server"]
    came = sorted(row["text"] for row in home.list("mentions"))
    assert came == ["@brand on the server", "@shop and another", "@shop hello"]
    assert home.run("doctor", "--store").code == 0


APART = ["import", "check", "fetch"]


def error_of(home: Desk) -> str:
    """What the account's health says."""
    [row] = [row for row in home.status()["accounts"] if row["account"] == "ends"]
    return str(row["error"])


@pytest.mark.slow
@pytest.mark.parametrize("place", APART)
def test_it_ends_each_run_until_it_is_set_apart_and_a_person_tries_it_again(desk: Any, place: str) -> None:
    home, server, letters = desk
    put(letters, 1, "@shop hello")
    assert home.run("sync").code == 0
    assert home.run("post", "by letter", "--account", "ends").code == 0
    put(letters, 2, "@shop and another")
    (letters / "end").write_text(f"{place}\nalways")
    assert [home.run("sync", "--no-wait").code for _ in range(2)] == [9, 9]

    server.mention("ada", "on the server")
    assert home.run("post", "by the server", "--account", "brand").code == 0
    assert home.run("sync", "--no-wait").code == 1  # one account of two is in step
    assert [status.text for status in server.statuses_of("brand")] == ["by the server"]
    assert "@brand on the server" in [row["text"] for row in home.list("mentions")]
    method = "its import" if place == "import" else f"`{place.partition(',')[0]}`"
    line = f"the plug-in 'ends' of commtui-ends ended the program again and again at {method}"
    assert error_of(home) == f"{line}: set apart; `commtui account check ends` tries it again"
    rows = home.run("doctor", "--json").json
    assert error_of(home) in [row["sentence"] for row in rows if row["subject"] == "account ends"]
    assert home.run("account", "check").code == 1

    def try_again() -> int:
        return int(home.run("account", "check", "ends").code)

    if place in ("import", "check"):  # one end more is enough
        assert (try_again(), home.run("sync", "--no-wait").code) == (9, 1)
    else:
        assert (try_again(), home.run("sync", "--no-wait").code, home.run("sync", "--no-wait").code) == (0, 9, 1)
    assert line in error_of(home)

    (letters / "end").unlink()  # it is mended
    assert try_again() == 0
    assert home.run("sync", "--no-wait").code == 0
    assert error_of(home) == "None"
    assert "@shop hello" in [row["text"] for row in home.list("mentions")]
    (letters / "end").write_text(place)
    assert [home.run("sync", "--no-wait").code for _ in range(2)] == [9, 0]  # its ends are counted anew


def kill_during(home: Desk, letters: Path, what: str) -> None:
    """Kills a `run` while the plug-in is there."""
    (letters / "end").write_text(f"kill during {what}")
    process: subprocess.Popen[str] = home.start("run")
    try:
        until((letters / "waits").exists)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    (letters / "end").unlink()
    (letters / "waits").unlink()


@pytest.mark.slow
@pytest.mark.parametrize(("what", "kills"), [("fetch", 6), ("fetch in a thread", 3), ("fetch that blocks", 1)])
def test_a_program_that_is_killed_during_a_call_sets_nothing_apart(desk: Any, what: str, kills: int) -> None:
    home, _, letters = desk
    for _ in range(kills):
        kill_during(home, letters, what)
    assert home.run("sync", "--no-wait").code == 0
    assert error_of(home) == "None"
    # what was counted is forgotten after a run that went through
    kill_during(home, letters, what)
    assert home.run("sync", "--no-wait").code == 0
    assert list((home.home.state / "plugins").glob("*.running")) == []


@pytest.mark.slow
def test_another_version_of_the_plug_in_is_tried(desk: Any, tmp_path: Path) -> None:
    home, _, letters = desk
    (letters / "end").write_text("import\nalways")
    assert [home.run("sync", "--no-wait").code for _ in range(3)] == [9, 9, 1]
    (letters / "end").unlink()
    metadata = tmp_path / "plugin" / "commtui_ends-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    assert home.run("sync", "--no-wait").code == 0
    assert error_of(home) == "None"
