"""A full disk and a home that cannot be written, met by every process: one line, nothing lost, and it goes on after."""

from __future__ import annotations

import os
import subprocess

import pytest

from commtui.config.edit import add_account
from commtui.config.settings import Account
from tests.programs import no_mount
from tests.whole.home import until
from tests.whole.program import Program

BRAND = Account(name="brand", network="demo", user="brand@demo.example", options={"pace": 0})


class Disk:
    """A small disk under a home's data."""

    def __init__(self, folder) -> None:
        self.folder = folder
        mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0

    def fill(self) -> None:
        """To the last byte."""
        with open(self.folder / "ballast", "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def make_room(self) -> None:
        (self.folder / "ballast").unlink()


@pytest.fixture
def small(desk):
    """(home with an account of the demo's, its disk)."""
    home = desk()
    add_account(home.home, BRAND)
    disk = Disk(home.home.data)
    if not disk.mounted:
        no_mount()
    try:
        yield home, disk
    finally:
        subprocess.run(["umount", "-l", str(home.home.data)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_reported_in_a_line_loses_nothing_and_work_goes_on_when_there_is_room(small):
    home, disk = small
    assert home.run("sync").code in (0, 3)
    before = home.list("mentions")
    one = before[0]["id"]
    with Program(home) as inbox:
        inbox.shows("sending: on|open")
        until(lambda: home.run("doctor").out.count("run by"), "the engine")
        disk.fill()
        for words in (("tag", one, "x" * 5000), ("reply", one, "y" * 480, "--hold", "1h"), ("note", one, "n" * 4100)):
            done = home.run(*words)
            assert done.code == 1 and "no room" in done.err and done.err.count("\n") == 1, done
        done = home.run("sync", "--no-wait")
        assert done.code == 1 and "no room" in done.err and done.err.count("\n") == 1, done
        assert home.list("mentions") == before
        assert home.run("status").code in (0, 3)
        inbox.keys("r", "typed on a full disk ")
        for _ in range(40):  # what the engine's housekeeping frees is filled again
            disk.fill()
            inbox.keys("z" * 20)
            inbox.pause(0.5)
            if "not saved: no room" in inbox.text():
                break
        inbox.shows("not saved: no room")
        disk.make_room()
        inbox.keys(" and more")
        until(lambda: (inbox.read(), "and more" in str(home.list("replies")))[1], "the draft")
        (draft,) = home.list("replies")
        assert draft["text"].startswith("typed on a full disk zz") and draft["text"].endswith(" and more")
        inbox.hides("not saved")
        assert home.run("note", one, "there is room").code == 0
        assert home.run("sync", "--no-wait").code in (0, 3)
    assert "Traceback" not in home.log()
    assert home.run("doctor", "--store").code == 0
    assert sorted(row["id"] for row in home.list("mentions")) == sorted(row["id"] for row in before)


def test_a_home_that_cannot_be_written_is_named_in_a_line(desk):
    home = desk()
    add_account(home.home, BRAND)
    assert home.run("sync").code in (0, 3)
    one, other = (row["id"] for row in home.list("mentions")[:2])
    assert home.run("done", other).code == 0
    mount = ["mount", "--bind", "-o", "ro", str(home.folder), str(home.folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        no_mount()
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(home.folder)], check=True)
        for words in (("done", one), ("sync",), ("run",), ("reply", one, "hello"), ("undo",)):
            done = home.run(*words)
            assert done.code == 1, (words, done)
            assert str(home.folder) in done.err and done.err.count("\n") == 1, (words, done)
        with Program(home) as inbox:
            assert inbox.ends() == 1
            assert b"Traceback" not in inbox.data
            assert b"cannot write" in inbox.data
    finally:
        subprocess.run(["umount", "-l", str(home.folder)], check=True)
    assert home.run("done", one).code == 0


def test_a_home_that_only_command_lines_write_to_is_tidied_by_them(desk):
    home = desk()
    add_account(home.home, BRAND)
    assert home.run("sync").code in (0, 3)
    one = home.list("mentions")[0]["id"]
    store = home.store()  # while another program has the store open, closing it makes no checkpoint
    for _ in range(20):  # 8 MB, as thousands of commands leave it: 4 MB of free pages stay for what comes
        with store.write(durable=False):
            store._db.table("notes").insert_multiple({"text": "x" * 4000} for _ in range(100))
    store._db.table("notes").truncate()
    size = sum(path.stat().st_size for path in home.home.data.iterdir())
    assert home.run("tag", one, "small").code == 0
    assert sum(path.stat().st_size for path in home.home.data.iterdir()) < size / 2
    store.close()
    assert home.list("mentions", "tag:small")[0]["id"] == one
