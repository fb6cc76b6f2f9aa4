"""The file's format: steps forward under the writers' turn, a newer minor version read, a newer major one refused."""

import multiprocessing

import pytest

from commtui.model.records import Mention
from commtui.store import format as forms
from commtui.store.errors import NewerFormat
from commtui.store.store import Store
from commtui.store.tinydb_sqlite import SqliteDB
from tests.store.test_store import mention


def version_of(folder):
    database = SqliteDB(folder / "store.db")
    try:
        return database.user_version
    finally:
        database.close()


def with_version(folder, version):
    store = Store(folder)
    with store.write() as write:
        write.put(mention(1))
    store._db.set_user_version(version)
    store.close()


def test_a_new_store_has_the_present_version(tmp_path):
    Store(tmp_path).close()
    assert version_of(tmp_path) == forms.VERSION


def test_a_newer_minor_version_is_read_and_written_and_stays_as_it_is(tmp_path):
    with_version(tmp_path, forms.VERSION + 7)
    store = Store(tmp_path)
    assert store.get(Mention, mention(1).id) == mention(1)
    with store.write() as write:
        write.put(mention(2))
    store.close()
    assert version_of(tmp_path) == forms.VERSION + 7


def test_a_newer_major_version_is_refused_and_nothing_is_changed(tmp_path):
    with_version(tmp_path, forms.VERSION + forms.MAJORS)
    with pytest.raises(NewerFormat) as refused:
        Store(tmp_path)
    assert (refused.value.written, refused.value.known) == (2, 1)
    assert version_of(tmp_path) == forms.VERSION + forms.MAJORS


def steps(counted):
    """Two steps, each of which adds a word to every note."""

    def step(word):
        def add(db):
            counted.append(word)
            db.table("notes").insert({"text": word})

        return add

    return {forms.VERSION: (forms.VERSION + 1, step("one")), forms.VERSION + 1: (forms.VERSION + 2, step("two"))}


def test_each_step_is_taken_once_in_order(tmp_path, monkeypatch):
    with_version(tmp_path, forms.VERSION)
    counted: list[str] = []
    monkeypatch.setattr(forms, "STEPS", steps(counted))
    monkeypatch.setattr(forms, "VERSION", forms.VERSION + 2)
    for _ in range(2):
        store = Store(tmp_path)
        assert [note["text"] for note in store._db.table("notes")] == ["one", "two"]
        assert store.get(Mention, mention(1).id) == mention(1)
        store.close()
    assert counted == ["one", "two"]
    assert version_of(tmp_path) == forms.VERSION


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    with_version(tmp_path, forms.VERSION)

    def fails(db):
        db.table("notes").insert({"text": "half"})
        raise ZeroDivisionError

    monkeypatch.setattr(forms, "STEPS", {forms.VERSION: (forms.VERSION + 1, fails)})
    monkeypatch.setattr(forms, "VERSION", forms.VERSION + 1)
    with pytest.raises(ZeroDivisionError):
        Store(tmp_path)
    monkeypatch.undo()
    store = Store(tmp_path)
    assert len(store._db.table("notes")) == 0
    assert store._db.user_version == forms.VERSION
    store.close()


def _open(folder, barrier):
    forms.STEPS = steps([])
    forms.VERSION += 2  # type: ignore[misc]
    barrier.wait()
    Store(folder).close()


def test_of_several_processes_that_open_an_old_file_one_takes_the_steps(tmp_path):
    with_version(tmp_path, forms.VERSION)
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    opening = [context.Process(target=_open, args=(tmp_path, barrier)) for _ in range(4)]
    for process in opening:
        process.start()
    for process in opening:
        process.join()
    assert [process.exitcode for process in opening] == [0] * 4
    database = SqliteDB(tmp_path / "store.db")
    assert [note["text"] for note in database.table("notes")] == ["one", "two"]
    database.close()
