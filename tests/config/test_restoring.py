"""A restore that is killed leaves an empty home or a restored one."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtui.config import restoring as module
from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.restoring import FILES, PART, restoring, settle

CONFIG = {"config.toml": 'me = "ann"\n', "themes/mine.toml": 'name = "mine"\n'}


class Killed(BaseException):
    """Stands for the end of the process: nothing may clean up."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path / "home")
    made.prepare()
    return made


def fill(home: Home) -> None:
    for name in ("store.db", "store.db-wal", "store.db-shm", "store.db-next", "store.db-turn"):
        (home.data / name).write_text(name)


def is_empty(home: Home) -> bool:
    return not any(home.data.iterdir()) and not home.config.exists() and not any(home.themes.iterdir())


def is_whole(home: Home) -> bool:
    names = {path.name for path in home.data.iterdir()}
    return (
        names == {"store.db", "store.db-wal", "store.db-shm", "store.db-next", "store.db-turn"}
        and home.config.read_text() == CONFIG["config.toml"]
        and (home.themes / "mine.toml").read_text() == CONFIG["themes/mine.toml"]
    )


def test_a_restore_puts_the_files_in_place(home: Home) -> None:
    with restoring(home, CONFIG):
        fill(home)
        assert not home.config.exists()
    assert is_whole(home)
    settle(home)
    assert is_whole(home)


def test_a_restore_that_fails_leaves_the_home_empty(home: Home) -> None:
    def fails() -> None:
        with restoring(home, CONFIG):
            fill(home)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fails()
    assert is_empty(home)


CALLS = ("unlink", "replace_file", "flush_folder")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("nth", range(1, 6))
def test_a_restore_that_is_killed_before_any_step_is_settled(
    home: Home, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    count = 0

    def or_killed(real):
        def step(*given, **more):
            nonlocal count
            count += 1
            if count >= nth:
                raise Killed
            return real(*given, **more)

        return step

    with monkeypatch.context() as patch:
        if call == "unlink":
            patch.setattr(Path, "unlink", or_killed(Path.unlink))
        else:
            patch.setattr(module, call, or_killed(getattr(module, call)))
        try:
            with restoring(home, CONFIG):
                fill(home)
        except Killed:
            pass
    settle(home)
    assert is_empty(home) or is_whole(home)


def test_a_start_beside_a_restore_is_told_to_wait_and_takes_nothing_away(home: Home) -> None:
    with restoring(home, CONFIG):
        fill(home)
        with pytest.raises(ConfigError, match="under way"):
            settle(home)
        assert (home.data / "store.db").exists()
    assert is_whole(home)


@pytest.mark.parametrize("left", ["mark", "mark and store", "mark, store and files", "files"])
def test_what_a_killed_restore_left_is_settled_by_the_next_start(home: Home, left: str) -> None:
    if "mark" in left:
        (home.data / PART).touch()
    if left != "mark":
        fill(home)
    if "files" in left:
        (home.data / FILES).write_text('{"config.toml":"me = \\"ann\\"\\n","themes/mine.toml":"name = \\"mine\\"\\n"}')
    settle(home)
    assert is_whole(home) if left == "files" else is_empty(home)


@pytest.mark.parametrize("name", [PART, FILES])
@pytest.mark.parametrize("leads_to", ["a file", "nothing"])
def test_a_link_in_the_place_of_what_a_restore_left_is_not_followed(home: Home, name: str, leads_to: str) -> None:
    target = home.state / "target"
    if leads_to == "a file":
        target.write_text('{"config.toml":"me = \\"eve\\"\\n"}')
    fill(home)
    (home.data / name).symlink_to(target)
    with pytest.raises(ConfigError, match="symbolic link"):
        settle(home)
    assert (home.data / "store.db").exists() and not home.config.exists()
    assert target.exists() == (leads_to == "a file")


def test_a_restore_does_not_write_through_a_link(home: Home) -> None:
    target = home.state / "target"
    (home.data / PART).symlink_to(target)
    with pytest.raises(FileExistsError), restoring(home, CONFIG):
        pass
    assert not target.exists() and not home.config.exists()
