"""Themes: files of colours, ours and the user's (TOML or base16), read without Textual."""

from __future__ import annotations

import errno
import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import Struct

from commtui.config.paths import Home
from commtui.config.theme import COLOUR, Theme
from commtui.config.watch import Stamp, stamp
from commtui.system.files import read_file

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
MOST_BYTES = 64 * 1024
BASE16 = (".yaml", ".yml")
"""The endings of a base16 scheme; its name is the file's."""


class ThemeFailure(Struct, frozen=True):
    """A theme file that could not be used."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class _Wrong(ValueError):
    """Why a file is no theme; `key` is the wrong one."""

    def __init__(self, reason: str, *key: str) -> None:
        super().__init__(reason)
        self.key = key


def own_folder() -> Path:
    """The folder of our themes: in the package as a wheel installs it, beside the package in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load_themes(home: Home) -> tuple[dict[str, Theme], list[ThemeFailure]]:
    """All themes by name, and the files that could not be used. A theme of the user replaces one of ours."""
    (ours, failed), (theirs, failed_too) = map(_load, (own_folder(), home.themes))
    return ours | theirs, failed + failed_too


def _load(folder: Path) -> tuple[dict[str, Theme], list[ThemeFailure]]:
    loaded: dict[str, Theme] = {}
    failed: list[ThemeFailure] = []
    seen: dict[str, Path] = {}
    for path in _files(folder):
        try:
            theme = read_theme(path)
            if theme.name in seen:
                raise _Wrong(f"{seen[theme.name].name} has the name {theme.name!r} already")
        except _Wrong as wrong:
            failed.append(ThemeFailure(path, str(wrong)))
            continue
        seen[theme.name] = path
        loaded[theme.name] = theme
    return loaded, failed


def load_theme(home: Home, name: str) -> Theme | None:
    """The theme of that name: a file of the user's, else of ours, else Textual's. Reads no other one of ours."""
    theme = _load(home.themes)[0].get(name)
    if theme is None and NAME.fullmatch(name):
        path = own_folder() / f"{name}.toml"
        if not path.is_file():
            return bundled().get(name)
        try:
            theme = read_theme(path)
        except _Wrong:
            return None
    return theme


def bundled() -> dict[str, Theme]:
    """Textual's own themes by name."""
    from commtui.config.bundled_themes import bundled_themes

    return bundled_themes()


def read_theme(path: Path) -> Theme:
    """The theme of a file. Raises ValueError: the reason, without the file's name."""
    try:
        text = read_file(path, MOST_BYTES).decode()
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise _Wrong("too large for a theme") from None
        raise _Wrong(error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise _Wrong("not UTF-8 text") from None
    return _base16(path, text) if path.suffix in BASE16 else _toml(text)


def _base16(path: Path, text: str) -> Theme:
    from commtui.config.base16 import base16_theme

    name = path.stem.lower().replace(" ", "-")
    if not NAME.fullmatch(name):
        raise _Wrong("the file's name, which is the theme's, must be of small letters, digits, `-` and `_`")
    try:
        return base16_theme(name, text)
    except ValueError as error:
        raise _Wrong(str(error)) from None


def _toml(text: str) -> Theme:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _Wrong(f"not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise _Wrong("not TOML: a number is too long, or it is nested too deep") from None
    try:
        return _theme(table)
    except _Wrong as wrong:
        from commtui.config.lines import line_of

        line = line_of(text, wrong.key) if wrong.key else None
        raise _Wrong(f"line {line}: {wrong}" if line else str(wrong)) from None


def _theme(table: dict[str, Any]) -> Theme:
    known = Theme.__struct_fields__
    for key in table:
        if key not in known:
            from commtui.model.suggestions import nearest

            near = nearest(key, known)
            raise _Wrong(f"unknown key {key!r}" + (f": do you mean `{near}`?" if near else ""), key)
    needed = [key for key in known if key != "variables"]
    missing = [key for key in needed if key not in table]
    if missing:
        raise _Wrong("missing: " + ", ".join(missing))
    for key in needed:
        value = table[key]
        if key == "name":
            if not isinstance(value, str) or not NAME.fullmatch(value):
                raise _Wrong("`name` must be of small letters, digits, `-` and `_`", key)
        elif key == "dark":
            if not isinstance(value, bool):
                raise _Wrong("`dark` must be true or false", key)
        elif not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise _Wrong(f'`{key}` must be a colour such as "#1e90ff"', key)
    variables = table.get("variables", {})
    if not isinstance(variables, dict):
        raise _Wrong("`variables` must be a table", "variables")
    for key, value in variables.items():
        # they become part of Textual's style sheet
        if not re.fullmatch(r"[a-z][a-z0-9-]*", key) or not isinstance(value, str) or not VARIABLE.fullmatch(value):
            raise _Wrong(
                f"variables: {key!r} must be a colour, with a share if wanted (`#88c0d0 35%`), or words",
                "variables",
                key,
            )
    return Theme(**table)


VARIABLE = re.compile(r"(#[0-9a-fA-F]{6}( \d{1,3}%)?|[a-z][a-z0-9 -]*)")


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(
            path for path in folder.iterdir() if path.suffix in (".toml", *BASE16) and not path.name.startswith(".")
        )
    except OSError:
        return []


class Themes:
    """The themes of a running program, read when needed; `changed` notices a change in either folder."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamps = self._stamp_files()
        self._all: tuple[dict[str, Theme], list[ThemeFailure]] | None = None

    @property
    def loaded(self) -> dict[str, Theme]:
        """The themes of files by name."""
        return self._read()[0]

    @property
    def names(self) -> list[str]:
        """The names of all themes, Textual's own last."""
        return list(dict.fromkeys((*self.loaded, *bundled())))

    @property
    def failed(self) -> list[ThemeFailure]:
        """The files that could not be used."""
        return self._read()[1]

    def get(self, name: str) -> Theme | None:
        """The theme of that name; before `loaded` is used, only its own file is read."""
        theme = self._all[0].get(name) if self._all else None
        return theme or load_theme(self._home, name)

    def _read(self) -> tuple[dict[str, Theme], list[ThemeFailure]]:
        if self._all is None:
            self._all = load_themes(self._home)
        return self._all

    def changed(self) -> bool:
        """Whether the themes differ from the last time; they are read again only if a file differs."""
        now = self._stamp_files()
        if now == self._stamps:
            return False
        self._stamps = now
        before, self._all = self._all, None
        return before != self._read()

    def _stamp_files(self) -> dict[Path, Stamp]:
        return {path: stamp(path) for folder in (own_folder(), self._home.themes) for path in _files(folder)}
