"""The paths of a home."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from commtui.config.errors import ConfigError
from commtui.system.files import make_private

VARIABLE = "COMMTUI_HOME"
DEMO_MARK = "this-home-is-a-demo"
"""The name of a file beside the config of a home that `--demo` made: the screen says DEMO there, however opened."""


class Home(Struct, frozen=True):
    """Config, data and state of one person or team desk."""

    config: Path
    """The settings file, config.toml; the defaults apply if it is missing."""
    data: Path
    """The folder of the store."""
    state: Path
    """The folder of the engine's lock and the log."""
    secrets: Path
    """The folder of tokens (mode 0700)."""
    themes: Path
    """The folder of the user's own themes."""

    @property
    def replies(self) -> Path:
        """The folder of saved replies, and of macros, in files."""
        return self.config.parent / "replies"

    @property
    def log(self) -> Path:
        """The log file (logfile.py)."""
        return self.state / "commtui.log"

    @property
    def open_texts(self) -> Path:
        """The folder in which each window says what it has open (system/open_texts.py)."""
        return self.state / "open"

    @property
    def plugins(self) -> Path:
        """The folder in which is kept that a plug-in ended the program (networks/plugin_ends.py)."""
        return self.state / "plugins"

    @classmethod
    def at(cls, folder: Path) -> Home:
        """A home that is one folder."""
        return cls(folder / "config.toml", folder / "data", folder / "state", folder / "secrets", folder / "themes")

    def prepare(self) -> None:
        """Makes the folders that are missing, mode 0700. Raises ConfigError if the data's can't be made.

        A home may be read-only, as in a backup that is mounted: it can be read, and whatever writes says that it can't.
        """
        try:
            make_private(self.data)
        except OSError as error:
            raise ConfigError(f"cannot make the folder: {error.strerror}; {WAY_OUT}", self.data) from None
        for folder in (self.state, self.secrets, self.config.parent, self.themes, self.replies):
            try:
                make_private(folder)
            except OSError:
                continue


WAY_OUT = f"check its owner and mode, or choose another home with --home DIR or {VARIABLE}"


def find_home(option: str | None, environ: Mapping[str, str]) -> Home:
    """The home of `option` (--home), else of COMMTUI_HOME, else the XDG folders. Reads and writes no file.

    Follows the XDG Base Directory Specification 0.8: a relative path in a variable is ignored. Reads three variables
    itself, since importing platformdirs takes longer. Raises ConfigError.
    """
    chosen = option or environ.get(VARIABLE)
    if chosen:
        try:
            return Home.at(Path(chosen).expanduser().absolute())
        except RuntimeError:  # ~name of an unknown user
            raise ConfigError(f"no such home: {chosen!r}") from None
    config = _xdg(environ, "XDG_CONFIG_HOME", ".config")
    data = _xdg(environ, "XDG_DATA_HOME", ".local/share")
    # not in the config's folder, which people publish as their dotfiles
    return Home(
        config=config / "config.toml",
        data=data / "data",
        state=_xdg(environ, "XDG_STATE_HOME", ".local/state"),
        secrets=data / "secrets",
        themes=config / "themes",
    )


def _xdg(environ: Mapping[str, str], variable: str, default: str) -> Path:
    value = environ.get(variable, "")
    if os.path.isabs(value):  # noqa: PTH117 - "" is no path
        return Path(value, "commtui")
    return _user_folder(environ) / default / "commtui"


def _user_folder(environ: Mapping[str, str]) -> Path:
    home = environ.get("HOME")
    if home:
        return Path(home).absolute()
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigError(f"this user has no home folder; choose one with --home DIR or {VARIABLE}") from None
