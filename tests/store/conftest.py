"""A home and its desk, under a clock of the tests' own."""

from pathlib import Path

import pytest

from commtui.activity.desk import Desk
from commtui.config.paths import Home
from tests.clock import FakeClock
from tests.triage.desks import desk_on


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.prepare()
    return home


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def desk(home: Home, clock: FakeClock) -> Desk:
    return desk_on(home.data, clock)
