"""Homes for the tests of the whole program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.whole.home import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Desk]:
    """Makes homes: `desk('hold = "1s"')`."""
    made: list[Desk] = []

    def make(config: str = "") -> Desk:
        made.append(Desk(tmp_path / f"home{len(made)}", config))
        return made[-1]

    return make
