"""The help, made from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from commtui.ui.keys.keymap import Keymap, readable
from commtui.ui.keys.table import COMMANDS, GROUPS
from commtui.ui.text.cells import wrap
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import OneLine

COMPOSER = (
    ("enter", "a new line"),
    ("esc", "end typing: y send, e edit, v visibility, t time, p save draft, d discard"),
    ("", "where the network can: m media with alt text, w content warning; s saved reply"),
    ("", "for a post also: a accounts; h thread: several posts, where it is too long for one"),
    ("ctrl+e", "$EDITOR"),
)
ROWS: Final = (
    ("> x * !", "the cursor, marked, unread, overdue"),
    ("w z d m", "waiting for them, snoozed, done, muted"),
    ("(3) #bug @lea", "three mentions, a tag, assigned to lea"),
    ("[i] [v] [a]", "with an image, a video, audio; [p] a poll, [f] a file"),
)
"""Signs in a row, and what they mean."""


def help_lines(keymap: Keymap, width: int) -> list[Pieces]:
    """The commands by group: keys, title, leader keys, verb."""
    lines: list[Pieces] = []
    for group in GROUPS:
        lines += [(), (("soon", f" {group}"),)]
        for command in COMMANDS:
            if command.group != group:
                continue
            keys = " ".join(readable(key) for key in keymap.keys[command.id])
            if command.leader:
                keys = f"{keys} {keymap.shown('leader')} {command.leader}".strip()
            verb = f":{command.verb} {command.argument}".rstrip() if command.verb else ""
            title = command.title + (" (asks first)" if command.public else "")
            lines += _entry(keys, title, verb, width)
    lines += [(), (("soon", " Composer"),)]
    for keys, title in COMPOSER:
        for part in wrap(title, max(20, width - 15)):
            lines.append((("unread", f"  {keys:<12} "), ("plain", part)))
            keys = ""
    lines += [
        (),
        (("soon", " Rows"),),
        *(line for signs, meaning in ROWS for line in _entry(signs, meaning, "", width)),
    ]
    return lines


def _entry(keys: str, title: str, verb: str, width: int) -> list[Pieces]:
    """A command: its keys, what it does in as many lines as that takes, and its verb behind or below it."""
    lines: list[Pieces] = []
    parts = wrap(title, max(20, width - 15))
    for part in parts:
        lines.append((("unread", f"  {keys:<12} "), ("plain", part)))
        keys = ""
    if verb and 15 + cell_len(parts[-1]) + 2 + cell_len(verb) <= width:
        lines[-1] = (*lines[-1], ("dim", f"  {verb}"))
    elif verb:
        lines += [(("dim", f"{'':15}{part}"),) for part in wrap(verb, max(20, width - 15))]
    return lines


def problem_lines(problems: Sequence[str], width: int) -> list[Pieces]:
    """What is wrong with keys and themes."""
    return [(("late", f" ! {line}"),) for problem in problems for line in wrap(problem, max(10, width - 4))]


class HelpScreen(Screen[None]):
    """Every command with its keys, and what the symbols of rows mean."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("q,escape,question_mark,enter,ctrl+c", "dismiss", "back", show=False),
        Binding("j,down", "by(1)", show=False),
        Binding("k,up", "by(-1)", show=False),
        Binding("ctrl+d", "page(1)", show=False),
        Binding("ctrl+u", "page(-1)", show=False),
        Binding("space,pagedown", "page(2)", show=False),
        Binding("pageup", "page(-2)", show=False),
        Binding("g,home", "start", show=False),
        Binding("G,end", "end", show=False),
    ]

    def __init__(self, keymap: Keymap, problems: Sequence[str] = (), demo: bool = False) -> None:
        super().__init__()
        self._demo = demo
        self.lines = Detail(
            lambda width: [Part("help", lambda: [*problem_lines(problems, width), *help_lines(keymap, width)])]
        )

    def compose(self) -> ComposeResult:
        title = OneLine()
        yield title
        name = " commtui, a DEMO: keys and commands " if self._demo else " commtui: keys and commands "
        keys = "  j k move, q back"
        shown = (("bar-dim", keys),) if len(name + keys) <= self.app.size.width else ()
        title.say((("title-here", name), *shown), "bar")
        yield self.lines

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.lines.show("help")
        self.lines.to_start()

    def action_by(self, lines: int) -> None:
        """Moves what is visible."""
        self.lines.scroll_lines(lines)

    def action_page(self, halves: int) -> None:
        """Moves by half pages."""
        lines = max(1, self.lines.size.height * abs(halves) // 2)
        self.lines.scroll_lines(lines if halves > 0 else -lines)

    def action_start(self) -> None:
        """Shows the first lines."""
        self.lines.to_start()

    def action_end(self) -> None:
        """Shows the last lines."""
        self.lines.to_end()
