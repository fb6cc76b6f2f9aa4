"""The inbox: three panes, the thread, one status line. It turns keys into commands and changes into repainted rows."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from commtui.activity.desk import Desk, Outcome
from commtui.activity.errors import TriageError
from commtui.config.errors import ConfigError
from commtui.model.records import Outgoing
from commtui.store.errors import StoreError
from commtui.triage import status, views
from commtui.ui.keys.table import BY_ID
from commtui.ui.live import following
from commtui.ui.live.countdown import Countdown
from commtui.ui.live.notices import Notices
from commtui.ui.live.position import Position
from commtui.ui.live.watch import Watch
from commtui.ui.panes.pane import NAMES, Pane, make_panes
from commtui.ui.screens import layout
from commtui.ui.services import Services
from commtui.ui.text import statusline
from commtui.ui.text.rows import Look
from commtui.ui.verbs import thread_pane
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import Box, Lines, OneLine
from commtui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from commtui.ui.app import InboxApp
    from commtui.ui.widgets.leader import Leader
    from commtui.ui.widgets.prompt import Prompt

REST = 0.15
"""Seconds that the cursor rests before the preview follows: a held `j` must not repaint it at every step."""


class InboxScreen(Screen[None], inherit_bindings=False, inherit_css=False):
    """See the module."""

    class StoreChanged(Message):
        """Something changed; Watch knows what."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, InboxScreen.StoreChanged)

    HORIZONTAL_BREAKPOINTS = layout.WIDTHS
    VERTICAL_BREAKPOINTS = layout.HEIGHTS
    DEFAULT_CSS = layout.CSS

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.panes = make_panes()
        self.position = Position(services.home.state / "ui.json")
        self._lists: dict[str, Rows] = {}
        self._titles: dict[str, OneLine] = {}
        self._here = "mentions"
        self.last_verb: tuple[str, str] | None = None
        self._rest: Timer | None = None
        self.lines: list[str] = []
        """What was typed on the `:` line, the newest last."""
        self.promised: tuple[str, tuple[str, ...]] = ("", ())
        """The message that speaks of a countdown, and of what."""
        self.failures: set[str] = set()
        """Replies and posts whose failure was told."""
        self._untold = ""
        self._message = ""
        self.polls = 0
        self.lively = 0
        self.awake = 0
        self.leaving = False
        self.desk: Desk = services.desk()
        self.setting = views.setting(self.desk)
        self.standing = status.standing(self.desk, needs=False)
        self.soon: Outgoing | None = None
        self.news = Watch(services.store, self._wake)
        self.notices = Notices(self)
        self.countdown = Countdown(self)

    # what is on the screen

    def compose(self) -> ComposeResult:
        self.add_class(*layout.classes(*self.app.size))
        with Box(id="panes"):
            for name, pane in self.panes.items():
                title = self._titles[name] = OneLine()
                rows = self._lists[name] = Rows(layout.writer(self, pane), layout.emptiness(self, pane))
                with Box(id=name, classes="pane -here" if name == self._here else "pane"):
                    yield title
                    yield rows
        self.detail_title = OneLine()
        self.detail = Detail(lambda width: thread_pane.lines(self, width))
        with Box(id="reading"):
            yield self.detail_title
            yield self.detail
        self.status_line = OneLine()
        yield self.status_line

    @cached_property
    def leader_menu(self) -> Leader:
        """The menu of the leader key, made when it is first wanted."""
        from commtui.ui.widgets.leader import Leader

        made = Leader(self._led)
        self.mount(made)
        return made

    @cached_property
    def prompt(self) -> Prompt:
        """The line of questions, made when the first is asked."""
        from commtui.ui.widgets.prompt import Prompt

        made = Prompt(self._prompt_ended, self.services.demo)
        self.mount(made)
        return made

    def look(self, width: int) -> Look:
        """What rows of that width are written with."""
        return Look(self.setting, self.desk.zone, width, len(self.desk.settings.accounts) > 1)

    def key(self, command: str) -> str:
        """The key of a command, as people read it."""
        return self.inbox_app.keymap.shown(command) or f":{BY_ID[command].verb or command}"

    @property
    def inbox_app(self) -> InboxApp:
        return cast("InboxApp", self.app)

    @property
    def rows(self) -> Rows:
        """The list of the pane that has the keys."""
        return self._lists[self._here]

    @property
    def pane(self) -> Pane:
        """The pane that has the keys."""
        return self.panes[self._here]  # type: ignore[index]

    @property
    def reading(self) -> bool:
        """Whether the thread has the keys."""
        return self.has_class("-reading")

    @property
    def wide(self) -> bool:
        return self.size.width >= 120 and self.size.height >= 16

    # beginning and ending

    def on_mount(self) -> None:
        for name, rows in self._lists.items():
            rows.activate(name == self._here)
        self.position.restore(self)
        self.rows.focus()
        self.set_timer(following.POLL, lambda: following.poll(self))
        self.call_after_refresh(self._started)

    def _started(self) -> None:
        import commtui.ui.verbs.dispatch  # noqa: F401 - before the first key needs it

        gc.freeze()
        gc.enable()
        try:
            self.services.engine.start()
        except ConfigError as error:
            self.tell(str(error), bad=True)
        self.tell_problems()

    def tell_problems(self) -> None:
        """Says what is wrong with keys and themes, if anything is; the help says all of it."""
        problems = self.inbox_app.problems
        if problems:
            more = f" (and {len(problems) - 1} more: {self.key('help')})" if len(problems) > 1 else ""
            self.tell(problems[0] + more, bad=True)

    def on_unmount(self) -> None:
        self.news.end()
        self.position.save_now(self)

    def remember(self) -> None:
        """Keeps where the person is, soon."""
        self.position.save_soon(self)

    # news

    def _wake(self) -> None:
        self.post_message(self.StoreChanged())

    def sync_panes(self, everything: bool = False) -> None:
        """Brings the panes up to what the store has."""
        following.sync(self, everything)

    def on_inbox_screen_store_changed(self) -> None:
        following.changed(self)

    # what the lines say

    def show_titles(self) -> None:
        """Writes what each pane's title says."""
        statusline.show_titles(self, self._titles)

    def show_status(self) -> None:
        """Writes the status line: the message of the last key, else how both lanes stand."""
        statusline.show(self, self.status_line, self._message)

    def tell(self, text: str, bad: bool = False) -> None:
        """Says something on the status line until the next key."""
        self._message = ("! " if bad else "") + text
        self.show_status()

    @property
    def message(self) -> str:
        """What stands on the status line."""
        return self._message

    def tell_surely(self, text: str) -> None:
        """Says what went wrong; while a question or another screen stands before the line, as soon as it is over."""
        self._untold = text
        self._tell_untold()

    def _tell_untold(self) -> None:
        if self._untold and self.status_line.display and self.app.screen is self:
            self.tell(self._untold, bad=True)
            self._untold = ""

    def on_screen_resume(self) -> None:
        self.call_later(self._tell_untold)

    def forget(self, words: str) -> None:
        """Takes away a message with these words: what it says is over."""
        if words in self._message:
            self._message = ""
            self.show_status()

    # keys

    async def _on_key(self, event: events.Key) -> None:
        # not by Textual's bindings: with a keymap it builds them anew at every key, 24 ms for 70 commands
        name = self.inbox_app.keymap.command_of.get(event.key)
        if name is not None:
            event.stop()
            event.prevent_default()
            self.action_do(name)

    def action_do(self, name: str, argument: str = "") -> None:
        """Does the command of that id; what it can't do it says in one line."""
        from commtui.ui.verbs.dispatch import DO  # every verb there is: the first rows do without

        self._message = ""
        command = BY_ID[name]
        if command.repeats and not command.argument:
            self.last_verb = (name, "")
        self.do(DO[name], argument)
        self.show_titles()
        if not self._message:
            self.show_status()

    def do(self, action: Callable[[InboxScreen, str], None], argument: str = "") -> None:
        """Calls it, and says in one line what goes wrong."""
        following.touch(self)
        try:
            action(self, argument)
        except (TriageError, StoreError) as error:
            self.tell(statusline.without_ids(str(error), self.name_of), bad=True)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        if event.rows is not self.rows:
            return
        self.remember()
        if self.wide and not self.reading:
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(REST, self._rested)

    def _rested(self) -> None:
        if not self.reading:
            thread_pane.show(self, self.pointed)

    def on_resize(self, event: events.Resize) -> None:
        if self.wide:  # the preview is of the cursor's row, whatever was read before the screen was wide
            self.call_after_refresh(self._rested)
        self.call_after_refresh(self.show_status)
        self.call_after_refresh(self.show_titles)

    # panes and thread

    def go_to_pane(self, index: int) -> None:
        """Gives the keys to a pane."""
        thread_pane.close(self)
        self.query_one(f"#{self._here}").remove_class("-here")
        self.rows.activate(False)
        self._here = NAMES[index]
        self.rows.activate(True)
        self.query_one(f"#{self._here}").add_class("-here")
        self.rows.focus()
        self.show_titles()
        self.post_message(Rows.Moved(self.rows))
        self.remember()

    def next_pane(self, step: int) -> None:
        """Gives the keys to the pane after, or before."""
        self.go_to_pane((NAMES.index(self.pane.name) + step) % len(NAMES))

    def list_of(self, name: str) -> Rows:
        """The list of a pane."""
        return self._lists[name]

    @property
    def pointed(self) -> str | None:
        """The id of the cursor's row."""
        number = self.rows.number
        return None if number is None else self.pane.identity(number)

    def did(self, outcome: Outcome, advance: bool = False, keep_marks: bool = False, undoes: str = "undoes") -> None:
        """After a verb: rows, cursor and thread follow, and the status line says what was done.

        `undoes`: what the undo key does to it, in a word; empty where that goes without saying.
        """
        if not keep_marks:
            self.rows.mark(set())
        self.sync_panes()
        if advance:
            thread_pane.next_one(self)
        said = statusline.without_ids(outcome.said, self.name_of)
        self.tell(said + (f" - {self.key('undo')} {undoes}" if outcome.op_id and undoes else ""))
        if "leaves" in said:
            self.promised = (self._message, outcome.ids)
        self.remember()

    def name_of(self, identity: str) -> str:
        """Something of ours or theirs in a few words."""
        from commtui.ui.text.thread import name_of

        return name_of(self.desk, identity)

    def _prompt_ended(self) -> None:
        self.status_line.display = True
        self._message = ""
        (self.detail if self.reading else self.rows).focus()
        self.show_status()
        self.call_later(self._tell_untold)

    def _led(self, command: str | None) -> None:
        (self.detail if self.reading else self.rows).focus()
        if command:
            self.action_do(command)

    def repaint_all(self) -> None:
        """Writes everything anew: after another theme."""
        for widget in self.query(Lines):
            widget.refresh()
        for rows in self._lists.values():
            rows.forget_rows()
