"""Changes of an account's settings: with another name, or another place of its secrets, what is stored moves along."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from msgspec.structs import replace

from commtui.config.edit import set_value
from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.secrets import Secrets
from commtui.config.settings import Account, Settings

MOVES_SECRETS: Final = ("name", "token_keyring")
"""Settings of an account by which its stored secrets are found."""


def change_account(home: Home, account: Account, key: str, value: Any) -> Settings:
    """Sets a key; None removes it. With one of MOVES_SECRETS the secrets are stored in the new place before the config
    names it, and removed from the old one afterwards.

    Returns the new settings. Raises ConfigError: the account is as before then, or its secrets are in both places.
    """
    if key not in MOVES_SECRETS:
        return set_value(home, key, value, account.name)
    old = Secrets(home, account)
    new = Secrets(home, replace(account, **{key: getattr(Account(), key) if value is None else value}))
    stored: dict[str, str] = {}

    def copy() -> None:
        stored.update(old.stored())
        for name, secret in stored.items():
            new.save(name, secret)

    try:
        settings = set_value(home, key, value, account.name, first=copy)
    except ConfigError:
        if stored:
            with suppress(ConfigError):  # why it was not changed is what a person can mend
                new.remove_stored()
        raise
    if stored:
        old.remove_stored()
    return settings
