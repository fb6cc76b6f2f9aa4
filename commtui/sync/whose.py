"""Whose login a token is: that of the account in the config, or nothing is fetched and nothing is sent."""

from __future__ import annotations

from commtui.config.settings import Account
from commtui.model.records import AccountState
from commtui.model.servers import ascii_host
from commtui.networks.base import LoginRefused, Profile


class WrongLogin(LoginRefused):
    """The token belongs to another account of the network than the one that the config names."""

    def __init__(self, expected: str, profile: Profile) -> None:
        super().__init__(
            f"the token belongs to {profile.handle}, not to {expected}: nothing is fetched or sent; "
            f"give the token of {expected}, or add {profile.handle} as an account of its own"
        )
        self.expected, self.user = expected, profile.user


def check_login(account: Account, state: AccountState, profile: Profile) -> None:
    """Raises WrongLogin. An account whose config has no `user` is that of its first login."""
    expected = account.user or state.user
    names = {_comparable(name) for name in (profile.user, profile.handle, *profile.names)}
    if expected and _comparable(expected) not in names:
        raise WrongLogin(expected, profile)


def _comparable(name: str) -> str:
    """A name as it is compared: without the leading @, in lower case, its host in ASCII."""
    user, at, host = name.strip().removeprefix("@").rpartition("@")
    try:
        host = ascii_host(host)
    except ValueError:
        pass  # compared as it stands
    return f"{user}{at}{host}".casefold()
