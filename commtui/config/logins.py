"""Logging in, as the front ends are handed it by main: they import no network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from commtui.config.settings import Account


class Logins(Protocol):
    """Every method blocks, and may raise LoginError, ConfigError, StoreError."""

    def networks(self) -> list[str]:
        """The names of the networks that can be added."""
        ...

    def login_kind(self, network: str) -> str:
        """How it logs in: none, browser, password (by name and password), or token (that the person has)."""
        ...

    def log_in(
        self, network: str, identifier: str, password: str, server: str, insecure_http: bool = False
    ) -> tuple[str, str, bool]:
        """For names and passwords: lasting name, server, whether direct messages may be read. Raises LoginError."""
        ...

    def begin_login(self, network: str, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """For networks with a browser login: the address to open, and what makes a token of the code."""
        ...

    def check(self, account: Account, token: str | None = None) -> dict[str, Any]:
        """One request to see who the login is: `{"user", "handle", "name", "ok", "error", "refused"}`.

        `token`: not stored yet; None: the account's own.
        """
        ...

    def try_again(self, account: Account) -> None:
        """Lets the next check use its plug-in, though it has ended the program before."""
        ...

    def save_token(self, account: Account, token: str) -> None:
        """Stores a token in the home's secrets (or the keyring, where the account says so)."""
        ...

    def forget(self, account: Account) -> None:
        """Removes its stored secrets. Raises ConfigError where a file cannot be removed or a keyring fails."""
        ...
