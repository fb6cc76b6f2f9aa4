"""Files replaced whole, locks, private folders."""

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.system.files import lock_file, make_private, read_file, replace_file, replacing, turn
from tests.clock import FakeClock


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path, durable):
    path = tmp_path / "file"
    path.write_text("old")
    replace_file(path, b"new", 0o640, durable)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_fails_while_writing_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "file"
    path.write_text("old")

    def interrupted() -> None:
        with replacing(path) as file:
            file.write(b"half")
            assert path.read_text() == "old"
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_replacement_is_for_the_owner_alone_before_it_is_complete(tmp_path):
    old = os.umask(0)
    try:
        with replacing(tmp_path / "file", 0o644) as file:
            assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    finally:
        os.umask(old)


def test_a_lock_keeps_another_process_out_until_its_holder_ends(tmp_path):
    path = tmp_path / "lock"
    program = (
        "import sys; from pathlib import Path; from commtui.system.files import lock_file\n"
        "file = lock_file(Path(sys.argv[1])); print('has it', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", program, str(path)]
    lock = lock_file(path)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=1)
    lock.close()
    assert child.stdout.readline() == "has it\n"
    child.kill()  # an end without a release
    child.communicate()
    lock_file(path).close()


def test_private_folders_are_private_whatever_the_umask_is(tmp_path):
    old = os.umask(0)
    try:
        make_private(tmp_path / "a" / "b")
    finally:
        os.umask(old)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a", tmp_path / "a" / "b")] == [0o700, 0o700]
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="exists"):
        make_private(tmp_path / "file")


def test_a_file_is_read_whole_or_refused(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert (read_file(path, 5), read_file(Path("/dev/null"), 5)) == (b"12345", b"")
    (tmp_path / "null").symlink_to("/dev/null")
    assert read_file(tmp_path / "null", 5) == b""
    with pytest.raises(OSError, match="more than 4 bytes"):
        read_file(path, 4)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to a device"])
def test_what_is_no_file_is_neither_waited_for_nor_read_without_end(tmp_path, kind):
    path = tmp_path / "odd"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    else:
        path = Path("/dev/zero")
    with pytest.raises(OSError, match=r"no file|Is a directory"):
        read_file(path, 100)


@pytest.mark.parametrize("leads_to", ["a file", "nothing"])
def test_a_lock_is_never_a_link(tmp_path, leads_to):
    target, link = tmp_path / "target", tmp_path / "lock"
    if leads_to == "a file":
        target.touch()
    link.symlink_to(target)
    with pytest.raises(OSError, match="symbolic link"):
        lock_file(link)

    async def nobody_is_kept_out():
        async with turn(link, FakeClock()), turn(link, FakeClock(), 0):
            return target.exists()

    assert asyncio.run(nobody_is_kept_out()) == (leads_to == "a file")
