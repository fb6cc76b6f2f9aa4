"""No room: a clear error, memory as before, all that was acknowledged still there; work goes on when there is room."""

import contextlib
import os
import resource
import subprocess

import pytest

from commtui.store.journal import StoreFull, compaction
from commtui.store.journal.check import verify
from tests.journal.calls import open_db
from tests.programs import no_mount


@pytest.fixture(params=["tmpfs", "limit"])
def small(request, tmp_path):
    """(folder with little room, what makes room): a mounted tmpfs, or a limit on the size of files."""
    place = tmp_path / "small"
    place.mkdir()
    if request.param == "tmpfs":
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)]
        if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
            no_mount()
        ballast = place / "ballast"
        ballast.write_bytes(bytes(600_000))
        yield place / "s", ballast.unlink
        subprocess.run(["umount", "-l", str(place)], check=True)
    else:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
        with contextlib.ExitStack() as stack:
            stack.callback(resource.setrlimit, resource.RLIMIT_FSIZE, before)
            yield place / "s", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(table, at_most=3000):
    """Inserts until there is no room. Returns the acknowledged ids."""
    acknowledged, said = [], ""
    for number in range(at_most):
        try:
            acknowledged += table.insert_multiple([{"s": "x", "n": number, "pad": "p" * 300}] * 3)
        except StoreFull as error:
            said = str(error)
            break
    assert "no room" in said and "\n" not in said
    return acknowledged


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(small):
    folder, make_room = small
    with open_db(folder) as db, open_db(folder) as other:
        table = db.table("a")
        acknowledged = fill(table)
        assert len(acknowledged) > 100
        for _ in range(3):
            with pytest.raises(StoreFull):
                table.update({"pad": "q" * 100_000}, doc_ids=acknowledged[:6])
            for handle in (db, other):
                assert [doc.doc_id for doc in handle.table("a")] == acknowledged
                assert all(doc["pad"] == "p" * 300 for doc in handle.table("a"))
                assert list(handle.ordered("a", "s", "x", "n")) == acknowledged
        with open_db(folder) as fresh:
            assert [doc.doc_id for doc in fresh.table("a")] == acknowledged
        assert verify(folder).sound
        make_room()
        more = table.insert({"s": "x", "n": 9999})
        assert more == acknowledged[-1] + 1
        assert len(other.table("a")) == len(acknowledged) + 1
        assert db.compact()
    with open_db(folder) as db:
        assert [doc.doc_id for doc in db.table("a")] == [*acknowledged, more]
        assert not db.damage


def test_a_compaction_without_room_changes_nothing_and_leaves_nothing_behind(small, monkeypatch):
    folder, make_room = small
    with open_db(folder) as db:
        table = db.table("a")
        ids = table.insert_multiple([{"s": "x", "n": n, "pad": "p" * 300} for n in range(700)])
        if (folder.parent / "ballast").exists():
            with pytest.raises(StoreFull, match="no room to compact"):
                db.compact()
            assert db.journal.log.generation == 0
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        monkeypatch.setattr(compaction, "_check_room", lambda storage: None)
        for _ in range(3):
            with pytest.raises(StoreFull):
                db.compact()
            assert not [path.name for path in folder.iterdir() if path.name.endswith(("tmp", "new"))]
            assert [doc.doc_id for doc in table] == ids
        with open_db(folder) as fresh:
            assert [doc.doc_id for doc in fresh.table("a")] == ids
        make_room()
        assert db.compact()
        assert [doc.doc_id for doc in table] == ids
    assert len(list(folder.iterdir())) == 5
