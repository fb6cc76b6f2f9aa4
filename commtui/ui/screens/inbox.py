"""The inbox: three panes, the reader, the line of keys. It mounts them, and turns messages into calls."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip

from commtui.activity.desk import Desk
from commtui.config.errors import ConfigError
from commtui.ui.host import Action, Program, Session, resting_pieces, tell_unbound
from commtui.ui.keys.keymap import readable
from commtui.ui.live.follower import Follower
from commtui.ui.live.position import Position
from commtui.ui.panes.side import SideColumns
from commtui.ui.panes.stack import PaneStack
from commtui.ui.panes.thread_pane import ThreadPane
from commtui.ui.screens.layout import CSS, RULES, InboxLayout, Shape, is_wide, message_width
from commtui.ui.services import Services
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.rows import RowContext
from commtui.ui.widgets.column_rule import ColumnRule
from commtui.ui.widgets.key_line import KeyLine
from commtui.ui.widgets.lines import Lines, blank_lines
from commtui.ui.widgets.rows import Rows
from commtui.ui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from commtui.ui.composer.composer import Composer
    from commtui.ui.composer.draft import Draft
    from commtui.ui.widgets.leader import Leader
    from commtui.ui.widgets.prompt import Prompt

Result = TypeVar("Result")


class InboxScreen(Screen[None], inherit_bindings=False, inherit_css=False):
    """The inbox. Verbs and followers see it as host.Host."""

    class StoreChanged(Message):
        """Something changed; the follower knows what."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, InboxScreen.StoreChanged)

    AUTO_FOCUS = ""  # keys are for the screen itself while nothing is typed
    DEFAULT_CSS = CSS

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.session = Session()
        self.snapshot = Snapshot(services, lambda: self.session.composing)
        self.thread = ThreadPane(self.snapshot, lambda: self.side.follow(), self.key_of)
        self.side = SideColumns(self.snapshot, lambda: self.thread.about, self.key_of)
        self.panes = PaneStack(self.snapshot, self.key_of, lambda: not self.thread.is_open)
        self.status = StatusBar(lambda: resting_pieces(self), lambda: message_width(*self.app.size), self.session.aside)
        self.keys = KeyLine(lambda command: self.program.keymap.shown(command), services.demo)
        self._composing = False
        self._layout = InboxLayout(self)
        self.position = Position(self, services.home.state / "ui.json")
        self.follower = Follower(self, lambda: self.post_message(self.StoreChanged()))

    def compose(self) -> ComposeResult:
        yield from self.panes.views
        yield self.thread
        yield from self.side.columns
        yield from (ColumnRule(id=name) for name in RULES)
        yield from (self.status, self.status.problem_line, self.keys)

    @property
    def layout(self) -> InboxLayout:
        return self._layout

    def shape(self, size: Size, bottom: int) -> Shape:
        """What decides where everything stands."""
        reading = self.thread.is_open or self._composing
        status, panes = self.status, self.panes
        return Shape(*size, panes.pane.name, panes.wanted(), reading, bottom, status.rows, status.problem_rows)

    @cached_property
    def leader(self) -> Leader:
        """The menu of the leader key, made when it is first opened."""
        from commtui.ui.widgets.leader import Leader

        leader = Leader(self._leader_ended, lambda key: tell_unbound(self, f"{self.key_of('leader')} {key}"))
        self.mount(leader)
        return leader

    @cached_property
    def prompt(self) -> Prompt:
        """The line of questions, made when the first is asked."""
        from commtui.ui.widgets.prompt import Prompt

        prompt = Prompt(self._prompt_ended, self.services.demo, over=(self.status, self.keys))
        self.mount(prompt)
        return prompt

    @cached_property
    def composer(self) -> Composer:
        """The composer in the reader, made when the program rests or the first text is written."""
        from commtui.ui.composer.composer import Composer

        composer = Composer(self, self.services, lambda: self.session.running is not None)
        self.mount(composer.foot, composer.prompt)
        self.thread.mount(composer)
        return composer

    # what verbs and followers ask for

    @property
    def desk(self) -> Desk:
        return self.snapshot.desk

    @property
    def program(self) -> Program:
        return cast("Program", self.app)

    def place_parts(self) -> None:
        """Gives every part its place, after something else has got the focus."""
        self.thread.show_parts(not self._composing)
        self.thread.refresh(layout=True)  # of a child: Textual keeps what it has arranged else
        pane = self.panes.pane.name
        self.keys.show(pane if not self.thread.is_open else "item" if pane == "posts" else "thread")

    def key_of(self, command: str) -> str:
        """The key of a command, as people read it."""
        return self.program.keymap.named(command)

    def tell(self, text: str, bad: bool = False) -> None:
        self.status.tell(text, bad)

    def run(self, action: Action, argument: str = "") -> None:
        """Does something; what it can't do is shown on the status line."""
        from commtui.ui.verbs import dispatch  # every verb there is: the first rows do without

        dispatch.run(self, action, argument)

    def do(self, command: str, argument: str = "") -> None:
        from commtui.ui.verbs import dispatch

        dispatch.do(self, command, argument)

    def action_of(self, command: str) -> Action:
        from commtui.ui.verbs import dispatch

        return dispatch.ACTIONS[command]

    def follow(self, everything: bool = False) -> None:
        self.follower.follow(everything)

    def renew(self) -> None:
        self.follower.renew()

    def remember(self, now: bool = False) -> None:
        self.position.save() if now else self.position.save_soon()

    def repaint_all(self) -> None:
        """Paints everything again: after another theme."""
        self.refresh()
        for widget in self.query(Lines):
            widget.refresh()
        self.panes.forget_rows()

    def write(self, draft: Draft) -> None:
        self.session.composing = draft.place()
        self.remember(now=True)
        if self.composer.mounted.is_set():
            self._open_composer(draft)
        else:
            self.call_next(self._open_composer_once_mounted, draft)  # the next key waits for it

    async def _open_composer_once_mounted(self, draft: Draft) -> None:
        await self.composer.mounted.wait()
        self._open_composer(draft)

    def _open_composer(self, draft: Draft) -> None:
        self._composing = True
        self.status.display = self.keys.display = False
        self.composer.open(draft)
        self.place_parts()

    def save_draft(self) -> None:
        """Stores what is being written."""
        if self.session.composing is not None:
            self.composer.save()

    def complain(self, problem: str) -> None:
        """Says what went wrong where the person looks: on the composer's last line, or on the status line."""
        if self.session.composing is None:
            self.tell(problem)
        else:
            self.composer.complain(problem)

    def row_context(self, width: int) -> RowContext:
        """What lines of that width are made from."""
        return self.snapshot.row_context(width)

    def show_cursor(self, shown: bool) -> None:
        """Shows the terminal's own cursor from the next frame on, or hides it."""
        self.program.show_cursor(shown)

    def push(self, screen: Screen[Result], ended: Callable[[Result | None], None] | None = None) -> None:
        """Lays another screen over this one."""
        self.app.push_screen(screen, ended)

    def on_mount(self) -> None:
        self.position.restore()
        self.follower.start()
        self.call_after_refresh(self._started)

    def _started(self) -> None:
        import commtui.ui.verbs.dispatch  # noqa: F401 - before the first key needs it

        gc.freeze()
        gc.enable()
        try:
            self.services.engine.start()
        except ConfigError as error:
            self.tell(str(error), bad=True)
        self.follower.after_first_rows()
        self.composer  # noqa: B018 - mounted now, so that the first opening costs what every other one costs

    def on_unmount(self) -> None:
        self.follower.end()
        self.position.save()

    def on_inbox_screen_store_changed(self) -> None:
        self.follower.store_changed()

    def on_screen_resume(self) -> None:
        self.call_later(self.status.tell_waiting)

    def render_lines(self, crop: Region) -> list[Strip]:
        return blank_lines(self, crop)

    async def _on_key(self, event: events.Key) -> None:
        # not by Textual's bindings: with a keymap it builds them at every key, 24 ms for 70 commands
        command = self.program.keymap.command_of.get(event.key)
        event.stop()
        event.prevent_default()
        self.do(command) if command is not None else tell_unbound(self, readable(event.key))

    def on_rows_moved(self, event: Rows.Moved) -> None:
        if event.rows is self.panes.rows:
            self.remember()
            self.follower.want_more(self.panes.active)
            if is_wide(*self.size):
                self.thread.preview_soon(lambda: self.panes.pointed)

    def error_sentence(self, error: Exception) -> str:
        from commtui.ui.text.naming import error_sentence

        return error_sentence(error, self.desk, self.key_of)

    def on_composer_saved(self, event: Composer.Saved) -> None:
        self.session.composing = event.place
        self.remember()

    def on_composer_closed(self, event: Composer.Closed) -> None:
        from commtui.ui.verbs.finish import finish

        self.session.composing = None
        self._composing = False
        self.status.display = self.keys.display = True
        self.set_focus(None)
        self.place_parts()
        self.snapshot.renew_desk()
        self.panes.forget_rows()  # the draft's row says again what it says
        finish(self, event.outcome, advance=event.sent, keep_marks=True)
        self.remember(now=True)
        self.call_later(self.status.tell_waiting)

    def on_resize(self, event: events.Resize) -> None:
        self.place_parts()
        if is_wide(*self.size):  # whatever was read before the screen was wide
            self.call_after_refresh(lambda: self.thread.preview(self.panes.pointed))
        self.call_after_refresh(self.status.show)

    def _prompt_ended(self) -> None:
        self.status.clear()
        self.set_focus(None)
        self.status.show()
        self.call_later(self.status.tell_waiting)

    def _leader_ended(self, command: str | None) -> None:
        self.set_focus(None)
        if command:
            self.do(command)
