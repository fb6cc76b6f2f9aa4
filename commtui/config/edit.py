"""Changes that the program makes to the config; comments, order and blank lines stay."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from commtui.config.errors import ConfigError
from commtui.config.lines import statements
from commtui.config.loading import parse, read_text
from commtui.config.paths import Home
from commtui.config.settings import Account, Settings
from commtui.model.spans import span_text
from commtui.system.files import lock_file, make_private, replace_file

HEADER = "# The settings of commtui; every one is described in docs/config.md.\n"


def add_account(home: Home, account: Account) -> Settings:
    """Appends an [[account]]; returns the new settings. Raises ConfigError if they are not valid."""

    def change(text: str) -> str:
        document = tomlkit.parse(text)
        accounts: Any = document.get("account")
        if accounts is None:
            accounts = tomlkit.aot()
            document.append("account", accounts)
        if isinstance(accounts, AoT):
            table = tomlkit.table()
            table.update(_toml_of(account))
            accounts.append(table)
        else:  # account = [{...}]
            accounts.append(_toml_of(account))
        return tomlkit.dumps(document)

    return _edit(home, change, lambda plain: plain.setdefault("account", []).append(_toml_of(account)))


def remove_account(home: Home, name: str) -> Settings:
    """Removes the [[account]] of that name; returns the new settings. Raises ConfigError if there is none."""

    def change_plain(plain: Any) -> None:
        index = _index(home, plain, name)
        del plain["account"][index]
        if not plain["account"]:
            del plain["account"]

    def change(text: str) -> str:
        # by lines: tomlkit would remove the comment above the next table too
        index = _index(home, tomllib.loads(text), name)
        lines: list[str | None] = list(text.split("\n"))
        before = None
        for first, last, path in statements(text):
            ours = path[:2] == ("account", index)
            if ours:
                lines[(before or first) - 1 : last] = [None] * (last - (before or first) + 1)
            before = last + 1 if ours else None
        return "\n".join(line for line in lines if line is not None)

    return _edit(home, change, change_plain)


def set_value(
    home: Home,
    key: str | tuple[str, ...],
    value: Any,
    account: str | None = None,
    first: Callable[[], None] = lambda: None,
) -> Settings:
    """Sets `key` (`theme`, `notify.bell`), in the account of that name if one is given; None removes it. A key with a
    dot in a name is given as a tuple.

    `value`: what TOML can hold, a length of time or a path. `first` is called before it is written, once it is known to
    be valid; what it raises leaves the file as it is. Returns the new settings. Raises ConfigError.
    """
    names = key.split(".") if isinstance(key, str) else key
    plain = _plain(value)

    def set_in(document: Any) -> None:
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
        if not isinstance(table, dict):
            raise ConfigError(f"there is no setting {key!r}", home.config)
        if value is None:
            table.pop(names[-1], None)
        else:
            table[names[-1]] = plain

    def change(text: str) -> str:
        document = tomlkit.parse(text)
        set_in(document)
        return tomlkit.dumps(document)

    return _edit(home, change, set_in, first)


def _index(home: Home, document: Any, name: str) -> int:
    names = [table.get("name") for table in document.get("account", [])]
    if name not in names:
        known = "; there are: " + ", ".join(map(str, names)) if names else ""
        raise ConfigError(f"no account is named {name!r}{known}", home.config)
    return names.index(name)


def _edit(
    home: Home,
    change: Callable[[str], str],
    change_plain: Callable[[dict[str, Any]], None],
    first: Callable[[], None] = lambda: None,
) -> Settings:
    """Makes one change under the lock. The result is checked first: it is valid, and nothing else has changed.

    `change` edits the text; `change_plain` makes the same change on plain data, to compare with; `first` is
    set_value's.
    """
    with _locked(home):
        old = read_text(home.config).removeprefix("\ufeff")
        parse(old, home.config)  # raises: a broken file is not ours to rewrite
        expected = tomllib.loads(old)
        change_plain(expected)
        # tomlkit would continue a last line that has no end
        try:
            new = change(old.removesuffix("\n") + "\n" if old else HEADER)
            as_asked = tomllib.loads(new) == expected
        except (TOMLKitError, tomllib.TOMLDecodeError):
            as_asked = False
        if not as_asked:
            raise ConfigError("the way this file is written makes that change unsafe: edit it by hand", home.config)
        try:
            settings = parse(new, home.config)
        except ConfigError as error:  # its line number is of a text that nobody sees
            raise ConfigError(error.bare, home.config) from None
        first()
        target = home.config.resolve()  # the config may be a link into another folder: the link stays
        try:
            mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
            make_private(target.parent)
            replace_file(target, new.encode(), mode)
        except OSError as error:
            raise ConfigError(f"cannot write the config: {error.strerror}", target) from None
        return settings


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Makes two commands that change the config wait for each other."""
    try:
        make_private(home.state)
        lock = lock_file(home.state / "config.lock")
    except OSError as error:
        raise ConfigError(f"cannot lock the config: {error.strerror}", home.state) from None
    with lock:
        yield


def _toml_of(account: Account) -> dict[str, Any]:
    """The account's settings that differ from their defaults, in TOML's types."""
    table: dict[str, Any] = {}
    defaults = Account()
    for name in Account.__struct_fields__:
        value = getattr(account, name)
        if value != getattr(defaults, name):
            table[name] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str):
        return str(value)  # an enum's word
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
