"""The program on the screen: it registers themes and keymap, pushes the first screen, and quits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen
from textual.theme import Theme as ScreenTheme
from textual.widget import Widget

from commtui.config.settings import Settings
from commtui.config.theme import Theme
from commtui.config.themes import ThemeFailure, Themes
from commtui.model.text import message_line
from commtui.ui.keys import keymap
from commtui.ui.painter.colour import Depth
from commtui.ui.painter.compositor import SteadyCompositor
from commtui.ui.painter.mouse import Pointer
from commtui.ui.screens.inbox import InboxScreen
from commtui.ui.services import Services
from commtui.ui.terminal.typeahead import Typeahead
from commtui.ui.text.colours import RoleStyles, styles_of

if TYPE_CHECKING:
    from commtui.ui.painter.driver import PainterDriver

FALLBACK = Theme(
    name="plain", primary="#5fafff", secondary="#87afd7", warning="#ffaf00", error="#ff8787", success="#87d787",
    accent="#ffaf5f", foreground="#dadada", background="#121212", surface="#1c1c1c", panel="#303030", dark=True,
)  # fmt: skip
"""Used when no theme file can be read."""


SWITCH_INTERVAL: Final = 0.0005
"""Seconds for which a thread may compute while another one waits."""


class InboxApp(App[int], inherit_bindings=False, inherit_css=False):
    """The app. `return_value` is the exit code."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    InboxApp { background: $background; color: $foreground; }
    * { scrollbar-size: 0 0; }
    """

    def __init__(self, services: Services, driver_class: type[Driver] | None = None) -> None:
        self.terminal: PainterDriver | None = None
        settings = services.desk().settings
        self.services = services
        self.keymap = keymap.build(settings.keymap, settings.keys)
        self._theme_files = Themes(services.home)
        self._no_theme = ""
        super().__init__(driver_class=driver_class)
        self.animation_level = "none"
        self._typeahead = Typeahead(self)
        self.use_theme(settings.theme)

    @property
    def theme_names(self) -> Sequence[str]:
        """The names of all themes: of files, then Textual's own."""
        return self._theme_files.names

    @property
    def depth(self) -> Depth:
        """How many colours the terminal has."""
        return self.terminal.abilities.depth if self.terminal is not None else Depth.TRUE

    @property
    def problems(self) -> list[str]:
        """What is wrong with keys, themes and saved replies, a line each."""
        saved_files = self.services.desk().saved_files
        files = [*map(_problem, self._theme_files.failed), *(problem.brief for problem in saved_files.problems)]
        return [*(f"[keys] {problem}" for problem in self.keymap.problems), *filter(None, [self._no_theme]), *files]

    @property
    def styles_by_role(self) -> RoleStyles:
        """The style of each role (colours.py) under the theme in use."""
        return self._styles_by_role

    def use_theme(self, name: str) -> bool:
        """Takes the theme of that name; False, and another one, if there is none."""
        theme = self._theme_files.get(name)
        self._no_theme = "" if theme else f"no theme {name!r}; there are: {', '.join(self.theme_names)}"
        chosen = theme or self._theme_files.get("commtui-dark") or FALLBACK
        self._in_use = chosen
        self._styles_by_role = styles_of(chosen, links="NO_COLOR" not in os.environ)
        self.register_theme(
            ScreenTheme(
                name=chosen.name,
                primary=chosen.primary,
                secondary=chosen.secondary,
                warning=chosen.warning,
                error=chosen.error,
                success=chosen.success,
                accent=chosen.accent,
                foreground=chosen.foreground,
                background=chosen.background,
                surface=chosen.surface,
                panel=chosen.panel,
                dark=chosen.dark,
                variables=dict(chosen.variables),
            )
        )
        if not self.is_running:  # no style sheet has been applied yet
            self.set_reactive(App.theme, chosen.name)
            self.stylesheet.set_variables(self.get_css_variables())
            return theme is not None
        if self.theme == chosen.name:
            self.refresh_css(animate=False)
        self.theme = chosen.name
        return theme is not None

    @property
    def theme_in_use(self) -> Theme:
        """The theme in use."""
        return self._in_use

    @property
    def theme_name(self) -> str:
        """The name of the theme in use."""
        return self.theme

    def reload_themes(self) -> str:
        """Takes themes whose files changed. Where one is broken, the theme in use stays, and what is wrong is given."""
        before = self._theme_files.failed
        if not self._theme_files.changed():
            return ""
        broken = [failed for failed in self._theme_files.failed if failed not in before]
        if broken:
            return f"{_problem(broken[0])}; the colours from before stay"
        name = self.services.desk().settings.theme if self._no_theme else self._in_use.name
        theme = self._theme_files.get(name)
        if theme is not None and theme != self._in_use:
            self.use_theme(name)
            self._inbox.repaint_all()
        return ""

    @property
    def _inbox(self) -> InboxScreen:
        return next(screen for screen in self.screen_stack if isinstance(screen, InboxScreen))

    async def on_event(self, event: events.Event) -> None:
        """Passes events on as Textual does, but one key, paste or click at a time."""
        if not isinstance(event, events.Key | events.Paste | Pointer) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key == "ctrl+z":  # on every screen, and not the text area's
            self._suspend()
        elif not self._typeahead.waits(event):
            target = self.focused or self.screen
            if isinstance(event, Pointer):
                self._point(event)
            else:
                await super().on_event(event)
            self._typeahead.sent(target)

    def _point(self, event: Pointer) -> None:
        from commtui.ui.screens import pointing

        pointing.point(self.screen, event)

    def _suspend(self) -> None:
        from commtui.ui.terminal import suspending

        if suspending.resumable():
            self._inbox.save_draft()
            self._inbox.remember(now=True)
            suspending.suspend(self)
        else:
            self._inbox.complain(suspending.CANNOT_RESUME)

    def get_default_screen(self) -> InboxScreen:
        return InboxScreen(self.services)

    def _register_child(self, parent: DOMNode, child: Widget, before: int | None, after: int | None) -> None:
        if isinstance(child, Screen):
            child._compositor = SteadyCompositor()
        super()._register_child(parent, child, before, after)

    def settings_changed(self, settings: Settings) -> None:
        """Takes theme, keys and mouse of changed settings."""
        self.keymap = keymap.build(settings.keymap, settings.keys)
        if self.terminal is not None:
            self.terminal.use_mouse(settings.mouse)
        if settings.theme != self.theme:
            self.use_theme(settings.theme)
            self._inbox.repaint_all()
            self.screen.refresh()

    def to_terminal(self, sequence: str) -> None:
        """Sends a sequence past the screen: a copy, a notice."""
        if self.terminal is not None and sequence:
            self.terminal.pass_on(sequence)

    def erase_screen(self) -> None:
        """Clears the screen, so that all of it is drawn anew."""
        if self.terminal is not None:
            self.terminal.write("\x1b[2J")
            self.terminal.flush()

    def show_cursor(self, shown: bool) -> None:
        """Shows the terminal's own cursor at `cursor_position`, or hides it, from the next frame on."""
        if not shown:
            self.cursor_position = Offset(0, 0)
        if self.terminal is not None:
            self.terminal.shows_cursor = shown

    def on_hung_up(self) -> None:
        """The terminal is gone: each screen saves its state, and the program ends."""
        self.exit(129)

    def _fatal_error(self) -> None:
        """Ends the program after an error that nobody caught. Textual would print it with the values of variables,
        among which may be secrets and anybody's words: it goes into the log."""
        import logging

        logging.getLogger("commtui.ui").error("a fault of commtui's own", exc_info=self._exception)
        self._close_messages_no_wait()

    @property
    def fault(self) -> Exception | None:
        """The error that ended the program, if one did."""
        return self._exception

    def leave(self) -> None:
        """Ends the program: each screen saves its state as it is unmounted."""
        self.exit(0)


def _problem(failed: ThemeFailure) -> str:
    return f"themes/{failed.path.name}: {failed.reason}"


def run_inbox(services: Services) -> int:
    """Shows the inbox until the person quits; the exit code."""
    from commtui.ui.painter.driver import PainterDriver

    class Terminal(PainterDriver):
        """The painter, which registers itself with the app: copies and notices go past the screen."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            cast("InboxApp", app).terminal = self

    app = InboxApp(services, driver_class=Terminal)
    # when the workers are busy, the screen waits for its turn after every look at a file: 5 ms each time by default
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        app.run(mouse=services.desk().settings.mouse)
    finally:
        services.engine.stop()
    if app.fault is not None:
        fault = message_line(f"{type(app.fault).__name__}: {app.fault}", 300)
        print(f"commtui: a fault of commtui's own: {fault}; {services.home.log} says more", file=sys.stderr)
    return app.return_code or 0
