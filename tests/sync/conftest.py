"""What many tests of the engine begin with."""

import pytest

from tests.sync.bench import Bench


@pytest.fixture
def bench(tmp_path):
    """A home with one account on the demo network."""
    return Bench(tmp_path)
