"""The screen as verbs and followers see it: what they may read and ask for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec import Struct
from textual.geometry import Size
from textual.screen import Screen
from textual.timer import Timer

from commtui.activity.desk import Desk
from commtui.config.settings import Settings
from commtui.model import times
from commtui.ui.keys.keymap import Keymap
from commtui.ui.painter.colour import Depth
from commtui.ui.panes.side import SideColumns
from commtui.ui.panes.stack import PaneStack
from commtui.ui.panes.thread_pane import ThreadPane
from commtui.ui.services import Services
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.key_hints import unbound_words
from commtui.ui.text.rows import Piece
from commtui.ui.widgets.marked_rows import MarkedRows
from commtui.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:  # made when they are first needed
    from commtui.system.pictures import Cache
    from commtui.ui.composer.draft import Draft
    from commtui.ui.own_store import Running
    from commtui.ui.widgets.leader import Leader
    from commtui.ui.widgets.prompt import Prompt

Result = TypeVar("Result")
Action = Callable[["Host", str], None]
"""What a command does: `action(host, argument)`; the argument is empty when a key was pressed."""


class Serving(Struct, eq=False):
    """Conversations that are opened one after the other, until none is left."""

    began_at: datetime
    seen: set[int] = set()
    """The rows that were opened."""
    served: int = 0
    skipped: int = 0

    def summary(self, now: datetime) -> str:
        """How many were answered or put away, and how long it took."""
        took = times.countdown(now, self.began_at).replace("now", "0s")
        return f"{self.served} done with in {took}" + (f", {self.skipped} skipped" if self.skipped else "")


class Session(Struct, eq=False):
    """What is remembered until the program ends. What the composer was open for is kept beyond that, in ui.json."""

    last_verb: tuple[str, str] | None = None
    """The command that `.` repeats, with its argument."""
    lines: list[str] = []
    """What was typed on the `:` line, the newest last."""
    spike_since: str = ""
    """Since when the last spike that was told came, as `since:` takes it."""
    late_undo: str = ""
    """The op_id of the step that the next undo or redo would revert after one that came too late: it is asked about."""
    engagement_seen: str = ""
    """When the likes, boosts and follows were last looked at, in ISO 8601. It is kept beyond that, too."""
    searches: list[str] = []
    """What was searched for, the newest last. It is kept beyond that, too."""
    composing: dict[str, Any] | None = None
    """What the composer is open for."""
    serving: Serving | None = None
    """The conversations that are opened one after the other; ends with the thread."""
    running: Running | None = None
    """The verb on many items that runs."""
    marking: str = ""
    """The words with which rows are being looked for, to mark them."""
    passed_by: MarkedRows | None = None
    """The list whose marks the last command does not act on."""
    opened_from: Callable[[], None] | None = None
    """Shows the screen on which the open thread was chosen: out of it leads back there."""
    pictures: Cache | None = None
    """Files from the web that were looked at, once there are some."""

    def aside(self) -> str:
        """That marks stay, where the last command does not act on them; else empty."""
        count = len(self.passed_by.marks) if self.passed_by is not None else 0
        return f"{count} marked stay marked" if count else ""


class Program(Protocol):
    """The app: what outlives a screen."""

    keymap: Keymap

    @property
    def size(self) -> Size: ...

    @property
    def depth(self) -> Depth:
        """How many colours the terminal has."""
        ...

    @property
    def problems(self) -> list[str]:
        """What is wrong with keys, themes and saved replies, a line each."""
        ...

    @property
    def theme_names(self) -> Sequence[str]:
        """The names of all themes: of files, then Textual's own."""
        ...

    @property
    def theme_name(self) -> str:
        """The name of the theme in use."""
        ...

    def use_theme(self, name: str) -> bool:
        """Takes the theme of that name; False, and another one, if there is none."""
        ...

    def reload_themes(self) -> str:
        """Takes themes whose files changed; what is wrong with one of them, else empty."""
        ...

    def settings_changed(self, settings: Settings) -> None:
        """Takes theme and keys of changed settings."""
        ...

    def to_terminal(self, sequence: str) -> None:
        """Sends a sequence past the screen: a copy, a notice."""
        ...

    def erase_screen(self) -> None:
        """Clears the screen, so that all of it is drawn anew."""
        ...

    def show_cursor(self, shown: bool) -> None:
        """Shows the terminal's own cursor from the next frame on, or hides it."""
        ...

    def leave(self) -> None:
        """Ends the program."""
        ...


class Host(Protocol):
    """The inbox, as verbs and followers see it."""

    services: Services
    session: Session
    snapshot: Snapshot
    panes: PaneStack
    thread: ThreadPane
    side: SideColumns
    status: StatusBar

    @property
    def desk(self) -> Desk:
        """The desk of the snapshot."""
        ...

    @property
    def program(self) -> Program: ...

    @property
    def prompt(self) -> Prompt:
        """The line of questions; it stands in place of the status line."""
        ...

    @property
    def leader(self) -> Leader:
        """The menu of the leader key."""
        ...

    def place_parts(self) -> None:
        """Gives every part its place, after something else has got the focus."""
        ...

    def key_of(self, command: str) -> str:
        """The key of a command, as people read it."""
        ...

    def tell(self, text: str, bad: bool = False) -> None:
        """Says something on the status line until the next key."""
        ...

    def run(self, action: Action, argument: str = "") -> None:
        """Does something; what it can't do is shown on the status line."""
        ...

    def do(self, command: str, argument: str = "") -> None:
        """Does the command of that id, as its key does."""
        ...

    def action_of(self, command: str) -> Action:
        """What the command of that id does; it raises TriageError and StoreError."""
        ...

    def follow(self, everything: bool = False) -> None:
        """Brings the screen up to what the store has. `everything`: whatever changed."""
        ...

    def renew(self) -> None:
        """Takes the moment and the settings as they are now."""
        ...

    def remember(self, now: bool = False) -> None:
        """Writes where the person is to ui.json, soon or now."""
        ...

    def repaint_all(self) -> None:
        """Paints everything again: after another theme."""
        ...

    def write(self, draft: Draft) -> None:
        """Opens the composer."""
        ...

    def push(self, screen: Screen[Result], ended: Callable[[Result | None], None] | None = None) -> None:
        """Lays another screen over this one; `ended` gets what it ends with."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer:
        """See textual.message_pump.MessagePump."""
        ...

    def set_interval(self, interval: float, callback: Callable[[], object]) -> Timer:
        """See textual.message_pump.MessagePump."""
        ...

    def run_worker(
        self, work: Coroutine[Any, Any, None], *, group: str, exclusive: bool, exit_on_error: bool = True
    ) -> object:
        """See textual.message_pump.MessagePump."""
        ...


def resting_pieces(host: Host) -> list[Piece]:
    """What stands above the keys while there is no message: what runs, else what is wrong."""
    running, marking = host.session.running, host.session.marking
    if marking:
        return [("bar", f"marking {marking!r} ... ({host.key_of('escape')}: stop)")]
    if running is None:
        return host.snapshot.problems()
    way_out = f" ({host.key_of('escape')}: stop)" if running.stops else ""
    return [("bar", running.progress + way_out)]


def tell_unbound(host: Host, keys: str) -> None:
    """Says that these keys do nothing, unless a message stands there."""
    host.status.hint(unbound_words(keys, host.key_of("help")))
