"""The tests can fail: with one guard taken out of a copy of the engine, a check fails that passes on the real one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = Path("commtui", "store", "tinydb_sqlite")
OPEN = """
import os, sqlite3, subprocess, sys
from pathlib import Path
from commtui.store.tinydb_sqlite import *
folder = Path(sys.argv[1])
def opened():
    return SqliteDB(folder / "store.db", ordered={"a": [("s", "n")]})
db = opened()
table = db.table("a")
"""
CHECKS = {
    "alive": """
table.insert({"n": 1})
assert table.all() == [{"n": 1}]
""",
    "turn": """
import threading
table.insert({"n": 1})
hold = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.flock(f, 2); print('held', flush=True); sys.stdin.read()"
holder = subprocess.Popen([sys.executable, "-c", hold, f"{db.path}-turn"], stdin=-1, stdout=-1)
assert holder.stdout.readline() == b"held\\n"
thread = threading.Thread(target=table.insert, args=[{"n": 2}])
thread.start()
thread.join(0.3)
waited = thread.is_alive()
holder.communicate()
thread.join()
assert waited and len(table) == 2
""",
    "flipped bit": """
table.insert_multiple([{"n": 1, "text": "sound"}, {"n": 2, "text": "rotten"}])
db.close()
path = folder / "store.db"
path.write_bytes(path.read_bytes().replace(b"rotten", b"rotteN"))
fresh = opened()
assert [document["n"] for document in fresh.table("a")] == [1] and fresh.damage
""",
    "change of another handle": """
table.insert({"s": "x", "n": 1})
assert len(db.ordered("a", "s", "x", "n")) == 1
heard = []
db.subscribe(heard.append)
opened().table("a").insert({"s": "x", "n": 2})
assert db.refresh() and heard == [{"a": {2}}]
""",
    "order after a change": """
table.insert_multiple([{"s": "x", "n": 1}, {"s": "x", "n": 2}])
assert list(db.ordered("a", "s", "x", "n")) == [1, 2]
table.update({"n": 3}, doc_ids=[1])
assert list(db.ordered("a", "s", "x", "n")) == [2, 1]
""",
    "flush": """
real, flushed = os.fdatasync, []
os.fdatasync = lambda descriptor: flushed.append(os.readlink(f"/proc/self/fd/{descriptor}")) or real(descriptor)
table.insert({"n": 1})
assert flushed == [f"{db.path}-wal"]
""",
    "rotten journal": """
from commtui.store.tinydb_sqlite.check import check
for n in range(20):
    table.insert({"n": n})
journal = Path(f"{db.path}-wal")
with open(journal, "r+b") as file:
    file.seek(journal.stat().st_size // 2)
    byte = file.read(1)[0]
    file.seek(-1, 1)
    file.write(bytes([byte ^ 1]))
assert not check(db.path).is_sound
""",
}
MUTANTS = {
    "no lock": ("files.py", "fcntl.flock(self._descriptor, fcntl.LOCK_EX)", "pass", "turn"),
    "no checksum": ("documents.py", "checksum(seed, doc_id, archived, raw) == crc", "True", "flipped bit"),
    "no catch-up": ("changes.py", "if data_version != self._data_version:", "if False:", "change of another handle"),
    "no moving": ("changes.py", "_add(self._untaken, table, ids)", "pass", "order after a change"),
    "no flush": ("storage.py", "self.flush() if durable else self._flusher.soon()", "pass", "flush"),
    "no journal check": ("check.py", "damaged_journal_pages(read_journal(path))", "0", "rotten journal"),
}


def passes(root: Path, check: str, folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-c", OPEN + CHECKS[check], str(folder)]
    return subprocess.run(command, cwd=root, capture_output=True, timeout=60).returncode == 0


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the engine alone."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / ENGINE, root / ENGINE, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("commtui", "commtui/store"):
        (root / folder / "__init__.py").touch()
    return root


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_passes_on_the_real_engine(copy, check, tmp_path):
    assert passes(copy, check, tmp_path / "s")


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_caught(copy, mutant, tmp_path):
    file, guard, replacement, check = MUTANTS[mutant]
    path = copy / ENGINE / file
    real = path.read_text()
    assert guard in real, f"{guard!r} is not in {file} any more"
    try:
        path.write_text(real.replace(guard, replacement))
        shutil.rmtree(copy / ENGINE / "__pycache__", ignore_errors=True)
        assert passes(copy, "alive", tmp_path / "s")
        assert not passes(copy, check, tmp_path / "s")
    finally:
        path.write_text(real)
        shutil.rmtree(copy / ENGINE / "__pycache__", ignore_errors=True)
