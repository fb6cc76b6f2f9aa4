"""What is counted of plug-ins that end the program, by the files that ended processes leave."""

from __future__ import annotations

import asyncio
import errno
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.networks import plugin_ends
from commtui.networks.plugin_ends import SET_APART, Ends
from commtui.networks.plugin_loop import Loop

ROOT = Path(__file__).parents[2]
ENDED = """
import os, sys
from pathlib import Path
from commtui.networks.plugin_ends import Ends
slot = Ends(Path(sys.argv[1]), sys.argv[2], "1").slot()
for method in sys.argv[4:]:
    slot.begin(method)
slot.run() if sys.argv[3] == "runs" else slot.rest()
os._exit(9)
"""


def ended(folder: Path, name: str, state: str, *methods: str) -> None:
    """A process that ends while the plug-in's thread runs or rests, within these calls."""
    subprocess.run([sys.executable, "-c", ENDED, str(folder), name, state, *methods], cwd=ROOT, check=False)


def test_the_second_end_within_one_method_sets_it_apart(tmp_path: Path) -> None:
    ended(tmp_path, "odd", "runs", "fetch")
    assert Ends(tmp_path, "odd", "1").set_apart_at() is None
    ended(tmp_path, "odd", "runs", "stream", "send")  # the last one is meant
    assert Ends(tmp_path, "odd", "1").set_apart_at() is None
    ended(tmp_path, "odd", "runs", "fetch")
    assert Ends(tmp_path, "odd", "1").set_apart_at() == "fetch"
    assert list(tmp_path.glob("*.running")) == []


def test_an_end_while_it_waits_or_between_two_calls_counts_nothing(tmp_path: Path) -> None:
    for _ in range(3):
        ended(tmp_path, "odd", "rests", "fetch")
        ended(tmp_path, "odd", "runs")
    assert Ends(tmp_path, "odd", "1").set_apart_at() is None


def test_another_plug_in_and_another_version_begin_anew(tmp_path: Path) -> None:
    for name in ("a", "a.b", "a.b.c", "../x", "[a]*"):
        for _ in range(SET_APART // 2):
            ended(tmp_path / "ends", name, "runs", "fetch")
        assert Ends(tmp_path / "ends", name, "1").set_apart_at() == "fetch"
        assert Ends(tmp_path / "ends", name, "2").set_apart_at() is None
    for name in ("b", "a.c", "x", "[a]"):
        assert Ends(tmp_path / "ends", name, "1").set_apart_at() is None
    assert [path.name for path in tmp_path.iterdir()] == ["ends"]


def test_the_files_of_a_plug_in_whose_name_begins_another_s_are_left_to_it(tmp_path: Path) -> None:
    ended(tmp_path, "a.b", "runs", "fetch")
    Ends(tmp_path, "a", "1")
    ended(tmp_path, "a.b", "runs", "fetch")
    assert Ends(tmp_path, "a.b", "1").set_apart_at() == "fetch"


def test_a_process_that_runs_counts_nothing_for_another(tmp_path: Path) -> None:
    slot = Ends(tmp_path, "odd", "1").slot()
    slot.begin("fetch")
    slot.run()
    for _ in range(3):
        assert Ends(tmp_path, "odd", "1").set_apart_at() is None
    assert len(list(tmp_path.glob("*.running"))) == 1
    slot.close()
    assert list(tmp_path.glob("*.running")) == []


def test_what_survived_is_forgotten_at_an_orderly_end_and_one_more_end_is_enough_after_a_person_s_try(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        ended(tmp_path, "odd", "runs", "fetch")
    ends = Ends(tmp_path, "odd", "1")
    ends.try_again()
    assert ends.set_apart_at() is None
    ended(tmp_path, "odd", "runs", "fetch")
    ends = Ends(tmp_path, "odd", "1")
    assert ends.set_apart_at() == "fetch"
    ends.try_again()
    slot = ends.slot()
    slot.begin("fetch")
    slot.end("fetch", is_steady=False)
    assert Ends(tmp_path, "odd", "1").set_apart_at() is None
    assert Ends(tmp_path, "odd", "1")._counted.ends  # not yet: it may end the program in a moment
    ends.close()
    assert Ends(tmp_path, "odd", "1")._counted.ends == {}


def test_a_slot_is_on_blocks_of_the_disk_before_it_is_mapped(tmp_path: Path) -> None:
    """A write to a map of what has no block yet kills the process where the disk is full."""
    slot = Ends(tmp_path, "odd", "1").slot()
    [file] = tmp_path.glob("*.running")
    with file.open("rb") as opened:
        assert os.lseek(opened.fileno(), 0, os.SEEK_DATA) == 0
    slot.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from commtui.networks.plugin_ends import Ends
ends = Ends(Path(sys.argv[1]), "odd", "1")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
slot = ends.slot()
slot.begin("fetch")
slot.run()
slot.end("fetch", is_steady=True)
assert not list(Path(sys.argv[1]).glob("*.running"))
slot.close()
"""


@pytest.mark.parametrize("bytes_left", [0, 10])
def test_a_slot_that_finds_no_space_notes_nothing_and_leaves_no_file(tmp_path: Path, bytes_left: int) -> None:
    command = [sys.executable, "-c", FULL, str(tmp_path), str(bytes_left)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("number", [errno.ENODEV, errno.ENOMEM])
def test_a_slot_that_cannot_be_mapped_notes_nothing_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    ends = Ends(tmp_path, "odd", "1")
    monkeypatch.setattr(mmap, "mmap", fail)
    slot = ends.slot()
    slot.begin("fetch")
    slot.run()
    assert list(tmp_path.glob("*.running")) == []
    slot.close()


def test_a_slot_that_is_closed_while_others_are_counted_takes_no_count_from_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        ended(tmp_path, "odd", "runs", "fetch")
    gone = tmp_path / "odd@gone.running"

    def glob(folder: Path, pattern: str) -> list[Path]:
        """Lists one more file, which its process has removed meanwhile."""
        return [*found(folder, pattern), gone]

    found = Path.glob
    monkeypatch.setattr(Path, "glob", glob)
    assert Ends(tmp_path, "odd", "1").set_apart_at() == "fetch"
    monkeypatch.undo()
    assert list(tmp_path.glob("*.running")) == []
    assert Ends(tmp_path, "odd", "1").set_apart_at() == "fetch"


def test_what_cannot_be_written_down_is_counted_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        ended(tmp_path, "odd", "runs", "fetch")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(plugin_ends, "replace_file", fail)
        assert Ends(tmp_path, "odd", "1").set_apart_at() == "fetch"
    assert Ends(tmp_path, "odd", "1").set_apart_at() == "fetch"
    assert list(tmp_path.glob("*.running")) == []


@pytest.mark.parametrize("left", [b"", b"\xff" * 64, b"\x02", b"\x02\xff\xfe", b"\x02fetch", b"x" * 5000])
def test_any_file_is_read_once_and_removed(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "odd@1.running").write_bytes(left)
    (tmp_path / "odd.json").write_bytes(left)
    Ends(tmp_path, "odd", "1")
    assert list(tmp_path.glob("*.running")) == []
    assert Ends(tmp_path, "odd", "1").set_apart_at() is None or left[:1] not in (b"", b"\x02")


def test_a_folder_that_cannot_be_written_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ends = Ends(tmp_path / "file" / "ends", "odd", "1")
    slot = ends.slot()
    slot.begin("fetch")
    slot.run()
    slot.end("fetch", is_steady=True)
    ends.try_again()
    ends.close()
    assert ends.set_apart_at() is None


def test_a_child_of_the_process_says_nothing_in_its_place(tmp_path: Path) -> None:
    ends = Ends(tmp_path, "odd", "1")
    slot = ends.slot()
    slot.begin("fetch")
    child = os.fork()
    if not child:
        ends.in_child()
        slot.run()
        slot.close()
        os._exit(0)
    os.waitpid(child, 0)
    [file] = tmp_path.glob("*.running")
    assert file.read_bytes()[:6] == b"\0fetch"
    slot.close()


def test_a_loop_runs_rests_and_waits_for_work_in_threads(tmp_path: Path) -> None:
    slot = Ends(tmp_path, "odd", "1").slot()
    [file] = tmp_path.glob("*.running")
    seen: list[int] = []
    loop = Loop(slot)

    async def work() -> None:
        seen.append(file.read_bytes()[0])
        await loop.run_in_executor(None, lambda: seen.append(file.read_bytes()[0]))
        seen.append(file.read_bytes()[0])
        rest = asyncio.create_subprocess_exec(sys.executable, "-c", f"print(open({str(file)!r}, 'rb').read(1)[0])",
                                              stdout=asyncio.subprocess.PIPE)  # fmt: skip
        process = await rest
        seen.append(int((await process.communicate())[0]))

    try:
        loop.run_until_complete(work())
    finally:
        loop.close()
        slot.close()
    assert seen[0] == seen[2] == 2
    assert seen[1] in (1, 2) and seen[3] == 0
