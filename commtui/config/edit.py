"""Changes to the config that the program writes; comments, order and blank lines of the person's file stay."""

from __future__ import annotations

import fcntl
import os
import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from commtui.config.errors import ConfigError
from commtui.config.files import replace_file
from commtui.config.paths import Home, make_private
from commtui.config.settings import Account, Settings, parse, read_text
from commtui.model.when import span_text

HEADER = "# The settings of commtui; every one is described in docs/config.md.\n"


def add_account(home: Home, account: Account) -> Settings:
    """Appends an [[account]]. Raises ConfigError, and leaves the file, if the result would not be a valid config."""

    def change(document: tomlkit.TOMLDocument) -> None:
        table = tomlkit.table()
        for key, value in _written(account).items():
            table.append(key, value)
        accounts = document.get("account")
        if isinstance(accounts, AoT):
            accounts.append(table)
        else:
            document.append("account", tomlkit.aot())
            document["account"].append(table)

    return _edit(home, change, lambda plain: plain.setdefault("account", []).append(_written(account)))


def remove_account(home: Home, name: str) -> Settings:
    """Takes out the [[account]] of that name. Raises ConfigError if there is none."""

    def change(document: Any) -> None:
        index = _index(home, document, name)
        del document["account"][index]
        if not document["account"]:
            del document["account"]

    return _edit(home, change, change)


def set_value(home: Home, key: str, value: Any, account: str | None = None) -> Settings:
    """Sets `key` (`theme`, `notify.bell`), in the account of that name if one is given; None takes it out.

    `value` is what TOML can hold, a length of time or a path. Raises ConfigError for what is no valid setting.
    """
    names = key.split(".")
    plain = _plain(value)

    def change(document: Any) -> None:
        table = document
        if account is not None:
            index = _index(home, document, account)
            table = document["account"][index]
        for name in names[:-1]:
            if name not in table:
                if value is None:
                    return
                table[name] = tomlkit.table() if isinstance(document, tomlkit.TOMLDocument) else {}
            table = table[name]
        if value is None:
            table.pop(names[-1], None)
        else:
            table[names[-1]] = plain

    return _edit(home, change, change)


def _index(home: Home, document: Any, name: str) -> int:
    names = [each.get("name") for each in document.get("account", [])]
    if name not in names:
        known = "; there are: " + ", ".join(map(str, names)) if names else ""
        raise ConfigError(f"no account is named {name!r}{known}", home.config)
    return names.index(name)


def _edit(
    home: Home, change: Callable[[tomlkit.TOMLDocument], None], plainly: Callable[[dict[str, Any]], None]
) -> Settings:
    """One change under the lock, checked before it replaces the file: valid, and nothing changed but what was asked."""
    with _locked(home):
        old = read_text(home.config).removeprefix("\ufeff")
        parse(old, home.config)  # a broken file is the person's to mend, not ours to rewrite
        expected = tomllib.loads(old)
        plainly(expected)
        document = tomlkit.parse(old or HEADER)
        change(document)
        new = tomlkit.dumps(document)
        settings = parse(new, home.config)
        if tomllib.loads(new) != expected:
            raise ConfigError(
                "this file is written in a way that cannot be changed safely: edit it by hand", home.config
            )
        target = home.config.resolve()  # people link it from elsewhere: the link stays
        try:
            mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
            make_private(target.parent)
            replace_file(target, new.encode(), mode)
        except OSError as error:
            raise ConfigError(f"cannot write the config: {error.strerror}", target) from None
        return settings


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Two commands at once change one after the other. The kernel frees the lock when its holder ends."""
    try:
        make_private(home.state)
        handle = os.open(home.state / "config.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"cannot lock the config: {error.strerror}", home.state) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _written(account: Account) -> dict[str, Any]:
    """The account's settings that are not their defaults, as TOML holds them."""
    written: dict[str, Any] = {}
    for each in fields(Account):
        value = getattr(account, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != default:
            written[each.name] = _plain(value)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str):
        return str(value)  # an enum's word
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
