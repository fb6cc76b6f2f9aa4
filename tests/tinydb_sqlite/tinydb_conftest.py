"""Stands in place of conftest.py in a copy of TinyDB's own tests: every TinyDB that they make is ours.

Left out, each for its reason, and nothing else; the test that runs them counts.
"""

import itertools

import pytest
import tinydb
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage

from commtui.store.tinydb_sqlite import SqliteDB

LEFT_OUT = {
    # What JSONStorage's file looks like, how it is opened, and what its keyword arguments do.
    "test_storages.py::test_json": "JSONStorage's file",
    "test_storages.py::test_json_kwargs": "JSONStorage's file",
    "test_storages.py::test_json_readwrite": "JSONStorage's file",
    "test_storages.py::test_json_read": "JSONStorage's file",
    "test_storages.py::test_create_dirs": "JSONStorage's file",
    "test_storages.py::test_json_invalid_directory": "JSONStorage's file",
    "test_storages.py::test_encoding": "JSONStorage's file",
    "test_middlewares.py::test_caching_json_write": "JSONStorage's file",
    "test_tinydb.py::test_empty_write": "JSONStorage's file, behind a middleware",
    # Storages that the test brings along itself, under TinyDB's own Table: nothing of ours takes part.
    "test_storages.py::test_in_memory_close": "another storage",
    "test_storages.py::test_custom_with_exception": "another storage",
    "test_storages.py::test_read_once": "another storage",
    "test_storages.py::test_yaml": "another storage",
    "test_tinydb.py::test_storage_closed_once": "another storage",
    "test_tinydb.py::test_access_storage": "another storage",
    "test_tinydb.py::test_storage_access": "another storage",
    "test_middlewares.py::test_caching_read": "another storage",
    # The names of the classes in the texts of repr().
    "test_tinydb.py::test_repr": "the text has our class's name",
    "test_tables.py::test_table_repr": "the text has our class's name",
}


def pytest_collection_modifyitems(config, items):
    kept, out = [], []
    for item in items:
        name = f"{item.path.name}::{item.originalname}"
        (out if name in LEFT_OUT else kept).append(item)
    missing = set(LEFT_OUT) - {f"{item.path.name}::{item.originalname}" for item in out}
    assert not missing, f"left out, but not there: {missing}"
    config.hook.pytest_deselected(items=out)
    items[:] = kept


@pytest.fixture(autouse=True)
def ours(request, monkeypatch, tmp_path):
    """`TinyDB(path)` and `TinyDB(storage=MemoryStorage)` in the tests make one of ours."""
    numbers = itertools.count()

    class Ours(SqliteDB):
        def __init__(self, path=None, storage=None, **_ignored):
            super().__init__(f"{path}.sqlite" if path else tmp_path / f"memory{next(numbers)}")

    if hasattr(request.module, "TinyDB"):
        monkeypatch.setattr(request.module, "TinyDB", Ours)
    return Ours


@pytest.fixture(params=["memory", "after a checkpoint", "behind the back"])
def db(request, ours, tmp_path):
    made = ours(tmp_path / "test.db")
    made.drop_tables()
    if request.param == "behind the back":  # another handle writes
        with ours(tmp_path / "test.db") as other:
            other.insert_multiple({"int": 1, "char": c} for c in "abc")
    else:
        made.insert_multiple({"int": 1, "char": c} for c in "abc")
    if request.param == "after a checkpoint":
        assert made.checkpoint()
    yield made
    assert isinstance(made, tinydb.TinyDB)
    made.close()


@pytest.fixture
def storage():
    return CachingMiddleware(MemoryStorage)()
