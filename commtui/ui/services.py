"""What the screen is handed by main: everything that it cannot, or must not, reach by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from commtui.activity.desk import Desk
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.model.clock import Clock
from commtui.model.engine import EngineState
from commtui.store.store import Store

if TYPE_CHECKING:  # the first rows do without
    from commtui.model.attachments import Fetched


class EngineView(Protocol):
    """The workers as the screen sees them."""

    def start(self) -> None:
        """Begins in a thread of its own, or waits there for the lock; returns at once."""
        ...

    def stop(self) -> None:
        """Ends and waits for the thread."""
        ...

    def state(self) -> EngineState:
        """Whether they run here, or who runs them."""
        ...


class Accounts(Protocol):
    """Logins. Every method blocks, and may raise LoginError, ConfigError, StoreError: not for the screen's loop."""

    def networks(self) -> list[str]:
        """The names of the networks that can be added."""
        ...

    def login_kind(self, network: str) -> str:
        """How it logs in: none, browser, password (by name and password), or token (that the person has)."""
        ...

    def log_in(
        self, network: str, identifier: str, password: str, server: str, insecure_http: bool = False
    ) -> tuple[str, str, bool]:
        """For names and passwords: lasting name, server, whether direct messages may be read."""
        ...

    def begin_login(self, network: str, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """For networks with a browser login: the address to open, and what makes a token of the code."""
        ...

    def check(self, account: Account, token: str | None = None) -> dict[str, Any]:
        """One request to see who the login is: `{"user", "handle", "name", "ok", "error", "refused"}`."""
        ...

    def save_token(self, account: Account, token: str) -> None:
        """Stores a token in the home's secrets (or the keyring, where the account says so)."""
        ...

    def forget(self, account: Account) -> None:
        """Removes its stored secrets."""
        ...


class Services(Protocol):
    """One home, as the screen is handed it."""

    send_in_background: bool
    """Set before the program ends: a process without a screen goes on sending."""
    show_demo: bool
    """Set before the program ends: the demo is opened in its place."""

    @property
    def environ(self) -> Mapping[str, str]: ...

    @property
    def accounts(self) -> Accounts:
        """Logins, for adding and checking an account."""
        ...

    @property
    def store(self) -> Store: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def home(self) -> Home: ...

    @property
    def engine(self) -> EngineView: ...

    @property
    def demo(self) -> bool:
        """The simulated network, in a home of its own: the screen says so, always."""
        ...

    def desk(self) -> Desk:
        """Who is at work, with the settings as they are now (the file is looked at, with one stat)."""
        ...

    def settings_problem(self) -> str | None:
        """What is wrong with the config file as it stands, in one line; None if nothing is."""
        ...

    def sync_now(self) -> None:
        """Asks for one round of all workers; returns at once."""
        ...

    def fetch_file(self, address: str, most: int) -> Fetched:
        """The file at an address of the public web, of at most `most` bytes; for a thread. Raises NotFetched."""
        ...
