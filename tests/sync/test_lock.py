"""One engine for each data folder, whoever starts it and whatever is removed under it."""

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from commtui.config.paths import find_home
from commtui.sync.engine import LockLost
from commtui.sync.lock import CARD, EngineLock, holder
from tests.sync.bench import Bench, run


def test_the_lock_has_one_holder_and_names_it(tmp_path):
    one, two = EngineLock(tmp_path, "commtui run"), EngineLock(tmp_path, "commtui")
    assert holder(tmp_path) is None
    assert one.take()
    assert one.take()
    assert not two.take()
    found = holder(tmp_path)
    assert (found.pid, found.command) == (os.getpid(), "commtui run")
    one.release()
    assert holder(tmp_path) is None
    assert two.take()
    two.release()


def test_the_lock_dies_with_its_holder(tmp_path):
    program = (
        "import sys, pathlib, time\n"
        "from commtui.sync.lock import EngineLock\n"
        "lock = EngineLock(pathlib.Path(sys.argv[1]), 'commtui run')\n"
        "print(lock.take(), flush=True)\n"
        "time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline().strip() == "True"
    assert holder(tmp_path).pid == child.pid
    child.send_signal(signal.SIGKILL)
    child.wait()
    mine = EngineLock(tmp_path, "commtui")
    assert mine.take()
    mine.release()


def test_who_asks_for_the_holder_keeps_nobody_from_the_lock(tmp_path):
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            holder(tmp_path)

    lock = EngineLock(tmp_path, "commtui sync")
    assert lock.take()
    lock.release()
    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(200):
            assert lock.take()
            lock.release()
    finally:
        stop.set()
        for asker in askers:
            asker.join()


def test_the_lock_lies_with_the_data_wherever_the_state_folder_is(tmp_path):
    homes = [
        find_home(None, {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / name)}) for name in ("shell", "cron")
    ]
    for home in homes:
        home.prepare()
    assert homes[0].state != homes[1].state
    one, two = (EngineLock(home.data, "commtui run") for home in homes)
    assert one.take()
    assert not two.take()
    assert holder(homes[1].data).pid == os.getpid()
    one.release()


def test_files_that_are_removed_from_the_data_folder_give_no_second_engine(tmp_path):
    one, two = EngineLock(tmp_path, "commtui run"), EngineLock(tmp_path, "commtui run")
    assert one.take()
    for path in tmp_path.iterdir():
        path.unlink()
    assert not two.take()
    assert not one.is_lost
    one.release()


@pytest.mark.parametrize("kind", ["link", "link to nothing", "pipe"])
def test_a_card_that_is_no_file_is_neither_followed_nor_waited_for(tmp_path, kind):
    data, other = tmp_path / "data", tmp_path / "other"
    for folder in (data, other):
        folder.mkdir()
    engine = EngineLock(other, "commtui run")
    assert engine.take()
    if kind == "pipe":
        os.mkfifo(data / CARD)
    else:
        (data / CARD).symlink_to(other / (CARD if kind == "link" else "nothing"))
    assert holder(data) is None and holder(other).pid == os.getpid()
    with pytest.raises(OSError, match=r"symbolic link|Invalid argument"):
        EngineLock(data, "commtui run").take()
    assert holder(other).pid == os.getpid() and not (other / "nothing").exists()
    engine.release()


@pytest.mark.parametrize("again", [False, True], ids=["removed", "replaced"])
def test_an_engine_whose_data_folder_is_gone_ends(tmp_path, again):
    bench = Bench(tmp_path / "home")
    data = bench.home.data

    async def body():
        with EngineLock(data, "commtui run") as lock:
            assert lock.take()
            running = asyncio.create_task(bench.engine.run(asyncio.Event(), lock))
            await bench.clock.run(1)
            assert not running.done()
            data.rename(tmp_path / "moved")
            if again:
                data.mkdir()
            await bench.clock.run(1)
            with pytest.raises(LockLost):
                await running

    run(body())
