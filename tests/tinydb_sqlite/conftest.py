"""A store and its folder."""

import pytest

from tests.tinydb_sqlite.calls import open_db


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "s"


@pytest.fixture
def db(folder):
    with open_db(folder) as made:
        yield made
