"""What the screen is handed by main: everything that it cannot, or must not, reach by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from commtui.activity.desk import Desk
from commtui.config.paths import Home
from commtui.model.clock import Clock
from commtui.model.engine import EngineState
from commtui.store.store import Store

if TYPE_CHECKING:  # the first rows do without
    from commtui.config.logins import Logins
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


class Services(Protocol):
    """One home, as the screen is handed it."""

    send_in_background: bool
    """Set before the program ends: a process without a screen goes on sending."""
    show_demo: bool
    """Set before the program ends: the demo is opened in its place."""

    @property
    def environ(self) -> Mapping[str, str]: ...

    @property
    def accounts(self) -> Logins:
        """For adding and checking an account; not for the screen's loop."""
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
