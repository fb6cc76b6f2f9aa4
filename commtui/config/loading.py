"""The config file, read into the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.settings import Settings
from commtui.config.tables import SettingError, read_table
from commtui.model.cleaning import clean_line
from commtui.system.files import read_file

MOST_BYTES: Final = 16 << 20
"""Of a config: 10,000 saved replies have one million."""


def parse(text: str, path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a TOML text. `path`: for messages, and the folder of relative token files. Raises ConfigError."""
    from msgspec.structs import replace

    text = text.removeprefix("\ufeff")
    table: dict[str, Any] = {}
    if text:
        import tomllib  # 7 ms that a home without a config does not pay

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _syntax_error(text, path, str(error)) from None
        except ValueError:  # Python reads no number of more than 4,300 digits
            raise ConfigError("this is not TOML: a number is too long", path) from None
        except RecursionError:
            raise ConfigError("this is not TOML: it is nested too deep", path) from None
    try:
        settings = read_table(Settings, table, ())
    except SettingError as error:
        from commtui.config.lines import line_of

        raise ConfigError(str(error), path, line_of(text, error.path)) from None
    except RecursionError:
        raise ConfigError("a value is nested too deep", path) from None
    if "me" not in table:
        settings = replace(settings, me=_user(os.environ if environ is None else environ))
    if any(account.token_file for account in settings.accounts):
        settings = replace(
            settings,
            accounts=tuple(
                replace(account, token_file=path.parent / account.token_file) if account.token_file else account
                for account in settings.accounts
            ),
        )
    return settings


def _syntax_error(text: str, path: Path, message: str) -> ConfigError:
    """The error with its line, which tomllib puts into its message: `Invalid value (at line 3, column 8)`."""
    import re

    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", message)
    line = int(place[1]) if place and place[1] else text.count("\n", 0, len(text.rstrip())) + 1
    return ConfigError(f"this is not TOML: {message[: place.start()] if place else message}", path, line)


def _user(environ: Mapping[str, str]) -> str:
    for variable in ("USER", "LOGNAME"):
        if name := clean_line(environ.get(variable, "")):
            return name
    import pwd

    try:
        return clean_line(pwd.getpwuid(os.getuid()).pw_name) or "me"
    except KeyError:
        return "me"


def read_text(path: Path) -> str:
    """The config's text; empty if the file is missing. Raises ConfigError."""
    try:
        data = read_file(path, MOST_BYTES)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError(f"cannot read the config: {error.strerror}", path) from None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ConfigError("this is not UTF-8 text", path, data.count(b"\n", 0, error.start) + 1) from None


def load(home: Home, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a home, with `me` filled in. Raises ConfigError, which names file and line.

    The variables that hold tokens are taken out of the environment of this process.
    """
    settings = parse(read_text(home.config), home.config, environ)
    for account in settings.accounts:
        if account.token_env and (environ is None or environ is os.environ):
            from commtui.system.secret_variables import take  # most homes have no such account

            take(account.token_env)
    return settings
