"""The proofs can fail: with one guard taken out of a copy of the journal, a check fails that passes on the real one."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKS = {
    "alive": """
        db.table("a").insert({"n": 1})
        assert db.table("a").all() == [{"n": 1}]
    """,
    "two writers": """
        import subprocess, sys
        other = "from store import *\\nfor n in range(150): db.table('a').update(increment('n'), doc_ids=[1])"
        db.table("a").insert({"n": 0})
        both = [subprocess.Popen([sys.executable, "-c", other, sys.argv[1]]) for _ in range(2)]
        assert [one.wait() for one in both] == [0, 0]
        fresh = opened()
        assert fresh.table("a").get(doc_id=1) == {"n": 300} and not fresh.damage
    """,
    "flipped bit": """
        db.table("a").insert_multiple([{"n": 1}, {"n": 2}])
        db.table("a").insert({"n": 3})
        db.close()
        path = folder / "log-00000000.jl"
        path.write_bytes(path.read_bytes().replace(b'"n":2', b'"n":6'))
        fresh = opened()
        assert [doc["n"] for doc in fresh.table("a")] == [3] and fresh.damage
    """,
    "lost line": """
        with db.transaction():
            db.table("a").insert({"n": 1})
            db.table("a").insert({"n": 2})
        db.table("a").insert({"n": 3})
        db.close()
        path = folder / "log-00000000.jl"
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([lines[0], *lines[2:]]))
        assert [doc["n"] for doc in opened().table("a")] == [3]
    """,
    "torn end": """
        db.table("a").insert({"n": 1})
        with open(folder / "log-00000000.jl", "ab") as file:
            file.write(b'0123abcd 2 P\\ta\\t2\\t{"n":')
        db.table("a").insert({"n": 3})
        fresh = opened()
        assert [doc["n"] for doc in fresh.table("a")] == [1, 3] and not fresh.damage
    """,
    "foreign change": """
        table = db.table("a")
        table.insert({"n": 1})
        opened().table("a").insert({"n": 2})
        assert len(table) == 2 and table.insert({}) == 3
    """,
    "flush": """
        import os
        real, flushed = os.fdatasync, []
        os.fdatasync = lambda fd: flushed.append(fd) or real(fd)
        db.table("a").insert({"n": 1})
        assert flushed
    """,
    "disk full": """
        import resource
        db.table("a").insert({"n": 1})
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
        for _ in range(3):
            try:
                db.table("a").update({"pad": "x" * 100_000})
            except StoreError:
                pass
            assert db.table("a").get(doc_id=1) == {"n": 1}
        assert db.journal.log.size() < 1000
    """,
    "compaction": """
        other = opened()
        table = db.table("a")
        table.insert_multiple([{"n": n} for n in range(20)])
        assert len(other.table("a")) == 20
        assert db.compact()
        table.insert({"n": 20})
        assert len(other.table("a")) == len(opened().table("a")) == 21
    """,
    "query cache": """
        table = db.table("a")
        table.insert_multiple([{"s": "x"}, {"s": "x"}])
        assert table.count(where("s") == "x") == 2
        table.update({"s": "y"}, doc_ids=[1])
        assert table.count(where("s") == "x") == 1
    """,
    "rolled back": """
        try:
            with db.transaction():
                db.table("a").insert({"n": 1})
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        assert len(db.table("a")) == 0 and len(opened().table("a")) == 0
    """,
}
STORE = """
import sys
from pathlib import Path
from tinydb import where
from tinydb.operations import increment
from commtui.store.journal import *
folder = Path(sys.argv[1])
def opened():
    return JournalDB(folder, indexes={"a": ["s"]})
db = opened()
"""
MUTANTS = {
    "no lock": ("files.py", "fcntl.flock(self.fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)", "pass", "two writers"),
    "no checksum": ("log.py", 'text[:9] != b"%08x " % crc32(text[9:])', "crc32 is None", "flipped bit"),
    "no count of lines": ("log.py", "len(ops) == (int(count) if count else 1)", "True", "lost line"),
    "no truncate": (
        "log.py",
        "os.ftruncate(self.fd, self.offset)\n        self.seen = self.offset",
        "pass",
        "torn end",
    ),
    "no catch-up of readers": ("follow.py", "changed = self._catch_up()", "changed = False", "foreign change"),
    "no catch-up of writers": (
        "storage.py",
        "        try:\n            self._catch_up()",
        "        try:\n            pass",
        "two writers",
    ),
    "no flush": ("storage.py", "files.flush(fd)", "pass", "flush"),
    "no cut after a failed write": (
        "log.py",
        "self.seen = -1\n            os.ftruncate(self.fd, self.offset)",
        "pass",
        "disk full",
    ),
    "no rollback after a failed write": (
        "storage.py",
        "self.roll_back(0, 0)\n            raise expl",
        "raise expl",
        "disk full",
    ),
    "no seal": ("compaction.py", "old.seal(generation)", "pass", "compaction"),
    "no patching of results": ("cache.py", "_replace(result, ident, position)", "pass", "query cache"),
    "no rollback": ("transaction.py", "storage.roll_back(*self._mark)", "pass", "rolled back"),
}


def passes(root: Path, check: str, folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    (root / "store.py").write_text(STORE)
    body = "from store import *\n" + "\n".join(line[8:] for line in CHECKS[check].splitlines())
    done = subprocess.run(
        [sys.executable, "-c", body, str(folder)], cwd=root, capture_output=True, text=True, timeout=60
    )
    return done.returncode == 0


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the journal alone, which also shows that it can be taken out."""
    root = tmp_path_factory.mktemp("copy")
    package = root / "commtui" / "store"
    shutil.copytree(ROOT / "commtui" / "store" / "journal", package / "journal")
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    return root


@pytest.mark.slow
def test_every_check_passes_on_the_real_journal_taken_out_alone(copy, tmp_path):
    assert [check for check in CHECKS if not passes(copy, check, tmp_path / "s")] == []


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_caught(copy, mutant, tmp_path):
    file, guard, instead, check = MUTANTS[mutant]
    path = copy / "commtui" / "store" / "journal" / file
    real = path.read_text()
    assert real.count(guard) >= 1, f"{guard!r} is not in {file} any more"
    path.write_text(real.replace(guard, instead))
    try:
        assert passes(copy, "alive", tmp_path / "s")
        # What a missing lock does depends on chance: a few tries, one of which must show it.
        assert not all(passes(copy, check, tmp_path / "s") for _ in range(5 if check == "two writers" else 1))
    finally:
        path.write_text(real)
