"""A home and its desk, under a clock of the tests' own."""

import pytest

from commtui.config.paths import Home
from tests.clock import FakeClock
from tests.triage.desks import desk_on


@pytest.fixture
def home(tmp_path):
    home = Home.at(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def desk(home, clock):
    return desk_on(home.data, clock)
