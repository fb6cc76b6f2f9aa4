"""The settings: each with its value and where that comes from; a change is checked and written into config.toml."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from commtui.config.described import describe
from commtui.config.edit import set_value
from commtui.config.errors import ConfigError
from commtui.config.login_changes import change_account
from commtui.config.setting_row import Described, toml_value
from commtui.config.table_entries import new_entry
from commtui.config.watch import stamp
from commtui.system.threads import in_thread
from commtui.ui.keys.keymap import Keymap
from commtui.ui.services import Services
from commtui.ui.terminal.editor import EditorFailed, edited, open_file
from commtui.ui.text.matching import Choice
from commtui.ui.text.rows import Pieces
from commtui.ui.text.settings_row import WHAT_FOLLOWS, changed, explained, name_of, settings_row
from commtui.ui.widgets.lines import Lines, OneLine
from commtui.ui.widgets.picker import Picker, Picking
from commtui.ui.widgets.prompt import Prompt
from commtui.ui.widgets.rows import Rows

LOOK: Final = 0.5
"""Seconds between two looks whether another program has changed the file."""
WIDE: Final = 60
"""Columns from which on the line of keys has room for all."""
HELP_LINES: Final = 4
PAGES: Final = {"half-page-down": 1, "half-page-up": -1, "page-down": 2, "page-up": -2}
"""Commands that turn the page -> by how many halves."""
ALWAYS: Final = {
    "escape": "escape", "ctrl+c": "quit", "enter": "open", "down": "down", "up": "up", "pagedown": "page-down",
    "pageup": "page-up", "home": "first", "end": "last",
}  # fmt: skip
"""Keys that work here whatever the keymap binds."""


class SettingsScreen(Screen[None], inherit_bindings=False):
    """Ends by the keys that lead back. `themes`: the names of all themes; `keymap`: the keys now, which may be changed
    here."""

    AUTO_FOCUS = ""

    def __init__(self, services: Services, themes: Callable[[], Sequence[str]], keymap: Callable[[], Keymap]) -> None:
        super().__init__()
        self._services, self._themes, self._keymap = services, themes, keymap
        self._settings: list[Described] = []
        self._seen = stamp(services.home.config)
        self._message = ""
        self._bad = False
        self.title_line, self.foot, self.keys_line = OneLine(), OneLine(), OneLine()
        self.rows = Rows(self._row, lambda width: [(("late", f"  {self._message}"),)])
        self.prompt = Prompt(self._prompt_ended, services.demo, over=(self.keys_line,))

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.rows
        yield self.foot
        yield self.keys_line
        yield self.prompt

    def on_mount(self) -> None:
        demo = [("bar-late", " DEMO ")] if self._services.demo else []
        self.title_line.say((*demo, ("title-here", " settings "), ("bar-dim", f" {self._services.home.config}")), "bar")
        self.read()
        self.set_interval(LOOK, self._look)

    # what is shown

    def read(self) -> None:
        """Takes the settings as they stand in the file; what is wrong there is said, and the rows stay."""
        self._seen = stamp(self._services.home.config)
        try:
            self._settings = describe(self._services.home, self._services.environ)
        except ConfigError as error:
            self._tell(error.brief, bad=True)
        for widget in self.query(Lines):  # the change may be another theme
            widget.refresh()
        self.rows.show(range(len(self._settings)), None)
        self._show_foot()

    def _look(self) -> None:
        if stamp(self._services.home.config) != self._seen:
            self._message = ""
            self.read()
        self._show_keys()  # the keymap follows the file a moment later

    @property
    def _pointed(self) -> Described | None:
        number = self.rows.number
        return self._settings[number] if number is not None else None

    def _row(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        widest = max(len(name_of(row)) for row in self._settings)
        return settings_row(self._settings[number], widest, pointed, width)

    def _tell(self, text: str, bad: bool = False) -> None:
        self._message, self._bad = text, bad
        self._show_foot()

    def _show_keys(self) -> None:
        key_of = self._keymap().named
        editor = f"{key_of('edit')} $EDITOR  " if self.app.size.width >= WIDE else ""
        keys = f" {key_of('open')} change  d default  {key_of('search')} find  {editor}{key_of('back')} back"
        self.keys_line.say((("bar-dim", keys),), "bar")

    def _show_foot(self) -> None:
        row = self._pointed
        self._show_keys()
        pieces: list[tuple[str, str]] = []
        if self._message:
            pieces = [("bar-late" if self._bad else "bar", f" {'! ' if self._bad else ''}{self._message}")]
        elif row is not None:
            pieces = [("bar", f" {explained(row, self._services.home.config.name)}")]
        self.foot.say(tuple(pieces), "bar", most=HELP_LINES)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        self._show_foot()

    def on_resize(self, event: events.Resize) -> None:
        self._show_foot()

    def _prompt_ended(self) -> None:
        self.set_focus(None)

    # changes

    def _change(self) -> None:
        """Turns it over, or asks for another value."""
        row = self._pointed
        if row is None:
            return
        if row.kind == "toggle":
            self._write(row, "false" if row.value == "true" else "true")
        elif row.kind == "choice":
            names = row.options or tuple(self._themes())
            choices = [Choice(name, "in use" if name == row.value else "") for name in names]
            self._pick(name_of(row), choices, lambda name: self._write(row, name))
        elif row.kind == "fixed":
            self._tell_elsewhere(row)
        elif row.kind == "table":
            self._ask_entry(row)
        elif "\n" in row.written:
            self._edit_text(row)
        else:
            self._ask(row)

    def _tell_elsewhere(self, row: Described) -> None:
        self._tell(_elsewhere(row, self._services.home.config, self._keymap().named("edit")), bad=True)

    def _pick(self, question: str, choices: Sequence[Choice], then: Callable[[str], None]) -> None:
        def ended(taken: tuple[str, ...] | None) -> None:
            if taken:
                then(taken[0])

        self.app.push_screen(Picker(Picking(question, choices), self._services.demo), ended)

    def _ask(self, row: Described) -> None:
        """Asks for another value: the one in force stands there, and what is typed takes its place."""
        more = {"list": " (apart by commas)", "lines": " (apart by ;)"}.get(row.kind, "")

        def answered(typed: str) -> None:
            if typed == row.typed:
                self._tell(f"{name_of(row)} stays {row.value or 'empty'}")
            else:
                self._change_to(row, typed)

        self.prompt.ask(f"{name_of(row)}{more}", answered, row.typed)

    def _ask_entry(self, row: Described) -> None:
        """Asks for the name of a new entry, then for what it is."""

        def named(name: str) -> None:
            known = next((other for other in self._settings if other.path == (row.key, name.strip())), None)
            if known is not None and known.kind == "fixed":
                self._tell_elsewhere(known)
            elif name.strip():
                self._ask(known or new_entry(row, name.strip()))

        self.prompt.ask(f"{row.key}: name of a new one", named)

    def _edit_text(self, row: Described) -> None:
        """Lets the person edit a text of several lines."""
        try:
            text = edited(self.app, row.written)
        except EditorFailed as error:
            self._tell(str(error), bad=True)
        else:
            if text != row.written:
                self._write(row, text)

    def _open_config(self) -> None:
        """Opens the config in the person's editor, at the setting's line."""
        row = self._pointed
        try:
            open_file(self.app, self._services.home.config, row.line if row else None)
        except EditorFailed as error:
            self._tell(str(error), bad=True)
        else:
            self.read()

    def _find(self) -> None:
        choices = [Choice(name_of(row), "", row.help) for row in self._settings]
        names = [choice.id for choice in choices]
        self._pick("setting", choices, lambda name: self.rows.move_to(names.index(name)))

    def _default(self) -> None:
        row = self._pointed
        if row is None or row.kind == "table":
            return
        if row.kind == "fixed":
            self._tell_elsewhere(row)
        elif row.source == "config":
            self._change_to(row, None)
        else:
            self._tell(f"{name_of(row)} does not stand in the config: there is nothing to take away")

    def _change_to(self, row: Described, typed: str | None) -> None:
        """Writes what was typed, None for the default. Asks first where another account may be the consequence."""
        follows = WHAT_FOLLOWS.get(row.key) if row.account else None
        if follows:
            self.prompt.choose(f"{follows}  y change it  any other key: back", {"y": lambda: self._write(row, typed)})
        else:
            self._write(row, typed, asked=typed is not None)

    def _write(self, row: Described, typed: str | None, asked: bool = False) -> None:
        """Checks and writes it; `typed` None: the default. What is refused can be typed again."""
        value = None if typed is None else toml_value(row, typed)
        home = self._services.home
        account = self._services.desk().settings.account(row.account) if row.account else None

        def change() -> None:
            if account is None:
                set_value(home, row.path or row.key, value)
            else:
                change_account(home, account, row.key, value)

        async def write() -> None:
            try:  # the parser of TOML is large, and another program may hold the file's lock
                await in_thread(change, "settings")
            except ConfigError as error:
                if asked:
                    self.prompt.again(error.bare)
                else:
                    self._tell(error.bare, bad=True)
                return
            self._message = ""
            self.read()
            name = f"{value}: name" if row.account and row.key == "name" else name_of(row)
            told = next((now for now in self._settings if name_of(now) == name), None)
            if told is None:
                self._tell(f"{name_of(row)} is removed")
                return
            self.rows.move_to(self._settings.index(told))
            self._tell(changed(told, value is None, self._keymap().named("accounts")))

        self.run_worker(write(), group="settings", exclusive=False)

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key, rows = event.key, self.rows
        command = ALWAYS.get(key) or self._keymap().command_of.get(key, "")
        self._message = ""
        if command in ("back", "escape", "quit"):
            self.dismiss(None)
        elif command in ("down", "up"):
            rows.move_to(rows.at + (1 if command == "down" else -1))
        elif command in PAGES:
            rows.scroll_page(rows.page // 2 * PAGES[command])
        elif command in ("first", "last"):
            rows.move_to(0 if command == "first" else len(self._settings) - 1)
        elif command == "open":
            self._change()
        elif command == "search":
            self._find()
        elif command == "edit":
            self._open_config()
        elif key in ("d", "delete"):
            self._default()
        elif key in ("e", "space"):
            self._change()
        if not self._message:
            self._show_foot()


def _elsewhere(row: Described, config: Path, key: str) -> str:
    """Why it is not changed here, and where it is."""
    file = f"{config.name}, line {row.line}" if row.line else str(config)
    return f"{name_of(row)} cannot be written on this line: {key} opens {file} in $EDITOR"
