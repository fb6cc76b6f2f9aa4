"""A plug-in that ends the process (os._exit), which no thread prevents: nothing is lost or sent twice."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from tests.networks.test_plugins import install
from tests.servers.quirks import QuirkServer
from tests.whole.home import ROOT, Desk

LETTERBOX = ROOT / "docs" / "plugin"
PLUGIN = """
    import os
    from pathlib import Path
    from commtui_letterbox import Letterbox

    def end(here):
        file = Path({folder!r}) / "end"
        if file.exists() and file.read_text() == here:
            file.unlink()
            os._exit(9)

    end("import")

    class Ends(Letterbox):
        name = "ends"

        async def check(self):
            end("check")
            return await super().check()

        async def fetch(self, cursor, since):
            end("fetch")
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
