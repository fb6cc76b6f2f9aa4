"""What main hands to the command line: the cli imports neither the workers nor the networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # --help needs none of them
    from commtui.activity.desk import Desk
    from commtui.config.logins import Logins
    from commtui.config.paths import Home
    from commtui.config.settings import Settings
    from commtui.model.clock import Clock


class CliError(Exception):
    """A command failed (exit 1, or `code`); `str()` is the one line for the person."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Services(Protocol):
    """One home, and what talks to networks on its behalf. Every method may raise CliError, ConfigError, StoreError."""

    home: Home
    clock: Clock
    environ: Mapping[str, str]

    @property
    def accounts(self) -> Logins:
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
