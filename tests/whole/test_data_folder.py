"""The data folder is removed, moved, emptied or replaced under processes: nothing is acknowledged that is not kept."""

from __future__ import annotations

import shutil

import pytest

from commtui.config.edit import add_account
from commtui.config.settings import Account
from tests.whole.home import ended, until
from tests.whole.program import Program

BRAND = Account(name="brand", network="demo", user="brand@demo.example", options={"pace": 0})
GONE = ("removed", "moved", "emptied")


@pytest.fixture
def home(desk):
    made = desk()
    add_account(made.home, BRAND)
    assert made.run("sync").code in (0, 3)
    return made


def take_away(home, how):
    """Takes the data away; a copy of it is beside."""
    data = home.home.data
    shutil.copytree(data, home.folder / "copy")
    if how == "removed":
        while data.exists():  # a program that still writes may make a file meanwhile
            shutil.rmtree(data, ignore_errors=True)
    elif how == "moved":
        data.rename(home.folder / "elsewhere")
    else:
        for path in data.iterdir():
            path.unlink()


def put_back(home, how):
    if how == "moved":
        (home.folder / "elsewhere").rename(home.home.data)
    else:
        shutil.copytree(home.folder / "copy", home.home.data, dirs_exist_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize("how", GONE)
def test_the_inbox_says_that_nothing_is_kept_and_goes_on_when_the_folder_is_back(home, how):
    with Program(home) as inbox:
        inbox.shows("sending: on")
        inbox.shows("30 open")
        take_away(home, how)
        inbox.shows("store.db was removed")
        inbox.keys("e")
        inbox.shows("store.db was removed")
        inbox.shows("30 open")
        inbox.shows("sending: OFF")
        assert not (home.home.data / "store.db").exists(), "nothing is made anew unasked"
        put_back(home, how)
        inbox.shows("sending: on")
        inbox.keys("e")
        inbox.shows("29 open")
        inbox.keys("q")
        assert inbox.ends() == 0
    assert len(home.list("mentions", "is:done")) >= 1


@pytest.mark.slow
def test_the_inbox_works_on_the_folder_that_replaced_its_own(home):
    with Program(home) as inbox:
        inbox.shows("sending: on")
        data = home.home.data
        shutil.copytree(data, home.folder / "copy")
        data.rename(home.folder / "elsewhere")
        (home.folder / "copy").rename(data)
        before = len(home.list("mentions", "is:done"))
        inbox.keys("e")
        inbox.shows("29 open")
        inbox.shows("sending: on")
        assert len(home.list("mentions", "is:done")) > before
        inbox.keys("q")
        assert inbox.ends() == 0


@pytest.mark.parametrize("how", [*GONE, "replaced"])
def test_a_run_ends_with_a_line(home, how):
    process = home.start("run")
    until(lambda: "on; run by commtui run" in home.run("doctor").out, "the engine")
    if how == "replaced":
        shutil.copytree(home.home.data, home.folder / "copy")
        home.home.data.rename(home.folder / "elsewhere")
        (home.folder / "copy").rename(home.home.data)
    else:
        take_away(home, how)
    done = ended(process)
    assert done.code == 1
    told = ("the data folder was removed or replaced", f"{home.home.data}: No such file or directory")
    assert any(line in done.err for line in told), done  # the second where it is noticed by a file, not by the lock
    assert done.err.count("\n") == 1
