import pytest

from commtui.config.paths import Home


@pytest.fixture
def home(tmp_path):
    """A home in one folder, its folders made."""
    made = Home.at(tmp_path / "home")
    made.prepare()
    return made
