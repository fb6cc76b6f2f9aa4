"""What main hands to the command line: the cli imports neither the workers nor the networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # --help needs none of them
    from commtui.activity.desk import Desk
    from commtui.config.paths import Home
    from commtui.config.settings import Account, Settings
    from commtui.model.clock import Clock


class CliError(Exception):
    """A command failed (exit 1, or `code`); `str()` is the one line for the person."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Accounts(Protocol):
    """Logins: the networks are reached through these. Every method may raise LoginError, ConfigError, StoreError."""

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

    def save_token(self, account: Account, token: str) -> None:
        """Stores a token in the home's secrets (or the keyring, where the account says so)."""
        ...

    def forget(self, account: Account) -> None:
        """Removes its stored secrets."""
        ...


class Services(Protocol):
    """One home, and what talks to networks on its behalf. Every method may raise CliError, ConfigError, StoreError."""

    home: Home
    clock: Clock
    environ: Mapping[str, str]

    @property
    def accounts(self) -> Accounts:
        """Logins, for the commands on accounts."""
        ...

    def settings(self) -> Settings:
        """The config as it is now."""
        ...

    def desk(self) -> Desk:
        """The store, opened at the first call, and who is at work."""
        ...

    def sync(self, wait: bool) -> dict[str, Any]:
        """One round of all workers, here or by whoever holds the engine: `{"engine": str, "accounts": [row, ...]}`."""
        ...

    def run(self) -> int:
        """The workers until SIGTERM or SIGINT. Raises CliError, naming the holder, when another process has them."""
        ...

    def holder(self) -> str | None:
        """Who runs the engine, in words; None: nobody."""
        ...

    def key_problems(self) -> list[str]:
        """What is wrong with the config's [keys], as the screen says it at its start."""
        ...
