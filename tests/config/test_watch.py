"""Settings of a running program follow the file, and a bad change keeps the old ones."""

import os
from datetime import timedelta

import pytest

from commtui.config.errors import ConfigError
from commtui.config.watch import SettingsFile


def write(home, text):
    """As editors do: a new file in the old one's place."""
    (home.config.parent / "new").write_text(text)
    os.replace(home.config.parent / "new", home.config)


def test_nothing_changed_is_one_stat_and_no_reading(home, monkeypatch):
    write(home, "hold = '5s'")
    settings = SettingsFile(home, {})
    monkeypatch.setattr("commtui.config.watch.load", None)
    assert [settings.refresh() for _ in range(3)] == [False] * 3
    assert settings.current.hold == timedelta(seconds=5)


def test_a_change_is_taken_over_once(home):
    settings = SettingsFile(home, {})
    write(home, "hold = '5s'")
    assert settings.refresh() is True
    assert settings.current.hold == timedelta(seconds=5)
    assert settings.refresh() is False


def test_a_change_in_place_of_the_same_length_is_noticed(home):
    write(home, "hold = '5s'")
    settings = SettingsFile(home, {})
    home.config.write_text("hold = '6s'")
    status = home.config.stat()
    os.utime(home.config, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert settings.refresh() is True
    assert settings.current.hold == timedelta(seconds=6)


def test_a_change_of_comments_alone_is_no_change_of_settings(home):
    settings = SettingsFile(home, {})
    write(home, "# nothing\n")
    assert settings.refresh() is False and settings.error is None


def test_a_bad_change_keeps_the_old_and_names_the_line_until_it_is_mended(home):
    write(home, "hold = '5s'")
    settings = SettingsFile(home, {})
    write(home, "hold = '7s'\nthem = 'x'")
    assert settings.refresh() is False
    assert settings.current.hold == timedelta(seconds=5)
    assert "config.toml:2: unknown key 'them': do you mean `theme`?" in str(settings.error)
    assert settings.refresh() is False and settings.error
    write(home, "hold = '7s'")
    assert settings.refresh() is True and settings.error is None
    assert settings.current.hold == timedelta(seconds=7)


def test_mending_back_to_what_was_clears_the_problem_without_a_change(home):
    write(home, "hold = '5s'")
    settings = SettingsFile(home, {})
    write(home, "hold = ")
    settings.refresh()
    assert settings.error
    write(home, "hold = '5s'")
    assert settings.refresh() is False and settings.error is None


def test_a_file_that_vanishes_takes_no_account_away(home):
    write(home, "[[account]]\nname = 'a'\nnetwork = 'demo'\n")
    settings = SettingsFile(home, {})
    home.config.unlink()
    assert settings.refresh() is False
    assert len(settings.current.accounts) == 1 and "is gone" in str(settings.error)
    write(home, "[[account]]\nname = 'a'\nnetwork = 'demo'\n")
    assert settings.refresh() is False and settings.error is None


def test_at_the_start_a_bad_file_is_an_error(home):
    write(home, "hold = ")
    with pytest.raises(ConfigError, match=r"config\.toml:1: "):
        SettingsFile(home, {})


def test_a_large_file_is_read_in_a_thread_where_nobody_can_wait(home):
    settings = SettingsFile(home)
    many = "".join(f'answer{number} = "Hello, no. {number}"\n' for number in range(3000))
    home.config.write_text(f'me = "kim"\n[saved]\n{many}')
    assert settings.refresh(wait=False) is False
    assert settings.current.me != "kim"
    settings._reading.join()
    assert settings.refresh(wait=False) is True
    assert settings.current.me == "kim" and len(settings.current.saved) == 3000
    home.config.write_text(f'me = "lea"\n[saved\n{many}')
    settings.refresh(wait=False)
    settings._reading.join()
    assert settings.refresh(wait=False) is False
    assert settings.error is not None and settings.current.me == "kim"
    home.config.write_text(f'me = "lea"\n[saved]\n{many}')
    assert settings.refresh() is True
    assert settings.error is None and settings.current.me == "lea"
