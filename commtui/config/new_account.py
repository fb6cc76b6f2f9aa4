"""An account that is added: the secret of its login is stored, then it is written into the config."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from commtui.config.edit import add_account
from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.logins import Logins
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.model.logins import LoginError, free_name


class Added(Struct, frozen=True):
    """An account that stands in the config now."""

    account: Account
    handle: str
    """Its name on the network, with @."""


def add_checked(
    home: Home,
    environ: Mapping[str, str],
    logins: Logins,
    account: Account,
    answer: Mapping[str, Any],
    name: str | None,
    token: str | None,
) -> Added:
    """Stores the secret of a login, then the config: a failure leaves nothing behind that can be removed.

    `answer`: what the check of the login gave. `name`: what the person calls it; None: a name made of the handle.
    `token`: the secret to store; None: it is kept where the account says. Raises LoginError, ConfigError.
    """
    if not answer["ok"]:
        raise LoginError(str(answer["error"]), "token" if answer["refused"] else "server")
    new = replace(account, user=answer["user"])
    settings = load(home, environ)
    for other in settings.accounts:
        if other.id == new.id:
            raise LoginError(f"{answer['handle']} is here already, as {other.name!r}")
    used = [other.name for other in settings.accounts]
    if name and name.casefold() in (other.casefold() for other in used):  # added since the login began
        raise LoginError(f"an account is named {name!r} already: choose another name", "name")
    new = replace(new, name=name or free_name(str(answer["handle"] or answer["user"]), used))
    if token is not None:
        logins.save_token(new, token)
    try:
        add_account(home, new)
    except ConfigError:
        if token is not None:
            with suppress(ConfigError):  # why the account was not added is what a person can mend
                logins.forget(new)
        raise
    return Added(new, str(answer["handle"]))
