"""Which folders are a home, and what happens when they can't be made."""

import stat

import pytest

from commtui.config.errors import ConfigError
from commtui.config.paths import Home, find_home


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_option_goes_before_the_variable(tmp_path):
    assert find_home(str(tmp_path / "a"), {"COMMTUI_HOME": str(tmp_path / "b")}) == Home.at(tmp_path / "a")


def test_the_variable_makes_a_home_of_one_folder(tmp_path):
    home = find_home(None, {"COMMTUI_HOME": str(tmp_path), "XDG_CONFIG_HOME": "/elsewhere"})
    assert home == Home(
        config=tmp_path / "config.toml",
        data=tmp_path / "data",
        state=tmp_path / "state",
        secrets=tmp_path / "secrets",
        themes=tmp_path / "themes",
    )


def test_a_relative_home_becomes_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_home("desk", {}).data == tmp_path / "desk" / "data"


def test_without_either_the_xdg_folders_are_used():
    environ = {"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"}
    home = find_home(None, environ)
    assert str(home.config) == "/c/commtui/config.toml"
    assert str(home.themes) == "/c/commtui/themes"
    assert str(home.replies) == "/c/commtui/replies"
    assert str(home.data) == "/d/commtui/data"
    assert str(home.secrets) == "/d/commtui/secrets"
    assert str(home.state) == "/s/commtui"


@pytest.mark.parametrize("value", [None, "", "relative/folder"])
def test_an_unset_empty_or_relative_xdg_variable_is_its_default(value):
    environ = {"HOME": "/h"} | ({} if value is None else {"XDG_DATA_HOME": value, "XDG_CONFIG_HOME": value})
    home = find_home(None, environ)
    assert str(home.data) == "/h/.local/share/commtui/data"
    assert str(home.config) == "/h/.config/commtui/config.toml"
    assert str(home.state) == "/h/.local/state/commtui"


def test_an_empty_commtui_home_counts_as_unset():
    assert str(find_home(None, {"HOME": "/h", "COMMTUI_HOME": ""}).state) == "/h/.local/state/commtui"


def test_the_folders_are_made_for_the_owner_alone(tmp_path):
    home = Home.at(tmp_path / "deep" / "home")
    home.prepare()
    made = (home.data, home.state, home.secrets, home.themes, tmp_path / "deep", tmp_path / "deep" / "home")
    assert [mode(folder) for folder in made] == [0o700] * 6
    home.prepare()
    assert not home.config.exists()


def test_a_home_below_a_file_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        Home.at(tmp_path / "file" / "home").prepare()
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "file")) and "--home" in message and "\n" not in message


def test_a_file_in_a_folders_place_is_one_clear_line(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(ConfigError, match="data: cannot make the folder"):
        Home.at(tmp_path).prepare()


def test_a_config_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "file").write_text("")
    home = Home(tmp_path / "file" / "config.toml", tmp_path / "d", tmp_path / "s", tmp_path / "k", tmp_path / "file")
    home.prepare()
    assert home.secrets.is_dir()
