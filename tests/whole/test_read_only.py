"""A home that cannot be written: it is listed, and whatever writes says in a line that it can't."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import no_mount
from tests.whole.home import Desk

READING = {
    ("status",): (0, 3),
    ("list", "mentions"): (0,),
    ("list", "posts", "--json"): (0,),
    ("show", "ID"): (0,),
    ("log",): (0,),
    ("account", "list"): (0,),
    ("doctor",): (0, 3),
    ("doctor", "--store"): (0, 3),
    ("account", "check"): (0,),
    ("config", "get", "me"): (0, 2),
}
WRITING = (
    ("tag", "ID", "x"),
    ("reply", "ID", "hello"),
    ("post", "hello"),
    ("done", "ID"),
    ("sync",),
    ("run",),
    ("undo",),
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "mounted"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(folder)], capture_output=True, check=False).returncode:
        no_mount()
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True], ids=["tidy", "after a kill"])
def test_a_read_only_home_is_read(place: Path, quirks, killed: bool) -> None:
    server = quirks()
    home = Desk(place / "home")
    home.add(server.url, server.token("brand"))
    server.mention("ada", "where is my parcel?")
    assert home.run("sync").code == 0
    if killed:
        process = home.start("run")
        server.wait_for("GET", "/api/v2/notifications", count=3)
        process.kill()
        process.communicate()
    [mention] = home.list("mentions")
    assert home.run("tag", mention["id"], "before").code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    try:
        for words, codes in READING.items():
            done = home.run(*(mention["id"] if word == "ID" else word for word in words))
            assert done.code in codes, (words, done)
        assert "where is my parcel" in home.run("show", mention["id"]).out
        for words in WRITING:
            done = home.run(*(mention["id"] if word == "ID" else word for word in words))
            assert done.code == 1, (words, done)
            assert done.err.count("\n") == 1, (words, done)
        assert home.run(TERM="dumb").code == 1
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
    assert home.run("tag", mention["id"], "x").code == 0
