"""The help, made from the table of commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from commtui.sentences.query import KEY_TEXTS, RULES, TIMES
from commtui.ui.keys.keymap import Keymap, readable
from commtui.ui.keys.table import BY_ID, COMMANDS, GROUPS
from commtui.ui.text.cells import cells_of, wrap
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.detail import Detail
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.prompt import Prompt
from commtui.ui.widgets.tops import CONTEXT

COMPOSER = (
    ("enter", "a new line"),
    ("esc", "end typing: y send, e or esc edit, v visibility, t time, p save draft, d discard"),
    ("", "where the network can: m media with alt text, w content warning; s saved reply"),
    ("", "for a post also: a accounts, c campaign; h thread: several posts, where it is too long for one"),
    ("", "one text for many: o all, where only the newest of each person gets it"),
    ("ctrl+e", "$EDITOR"),
)
ROWS: Final = (
    ("> x *", "the cursor, marked, unread: nobody has opened it since they wrote"),
    ("6 new", "below a list: rows that came meanwhile and were not in sight yet, read or not"),
    ("due 25m", "when our answer is due; at risk: most of the time is over; overdue 2h: since then"),
    ("w z d m", "waiting for them, snoozed, done, muted"),
    ("(3) #ui @lea", "three mentions, a tag, assigned to lea"),
    ("[i] [v] [a]", "with an image, a video, audio; [p] a poll, [f] a file"),
)
"""Signs in a row, and what they mean."""

ALWAYS: Final = {
    "escape": "escape", "enter": "back", "q": "back", "question_mark": "back", "ctrl+c": "quit", "space": "page-down",
    "down": "down", "up": "up", "pagedown": "page-down", "pageup": "page-up", "home": "first", "end": "last",
}  # fmt: skip
"""Keys that work here whatever the keymap binds."""
LEAVE: Final = frozenset(("back", "escape", "quit", "help"))
STEPS: Final = {"down": 1, "up": -1}
HALVES: Final = {"half-page-down": 1, "half-page-up": -1, "page-down": 2, "page-up": -2}
"""Commands that turn the page -> by how many halves."""
SEARCHES: Final = {"search-next": 1, "search-previous": -1}


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
        for own, bound in keymap.keys.items():
            name, _, argument = own.partition(" ")
            if argument and BY_ID[name].group == group:
                lines += _entry(" ".join(map(readable, bound)), f"{BY_ID[name].title}: {argument}", "", width)
    lines += [(), (("soon", " Composer"),)]
    for keys, title in COMPOSER:
        for part in wrap(title, max(20, width - 15)):
            lines.append((("unread", f"  {keys:<12} "), ("plain", part)))
            keys = ""
    lines += [(), (("soon", " Filters and searches"),)]
    for key, (values, asks) in KEY_TEXTS.items():
        lines += _entry(f"{key}:", asks if values == "a word" else f"{values}: {asks}", "", width)
    for rule in (*RULES, TIMES):
        lines += [(("plain", f"  {part}"),) for part in wrap(rule.replace("`", ""), max(20, width - 4))]
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
    if verb and 15 + cells_of(parts[-1]) + 2 + cells_of(verb) <= width:
        lines[-1] = (*lines[-1], ("dim", f"  {verb}"))
    elif verb:
        lines += [(("dim", f"{'':15}{part}"),) for part in wrap(verb, max(20, width - 15))]
    return lines


def problem_lines(problems: Sequence[str], width: int) -> list[Pieces]:
    """What is wrong with keys and themes."""
    return [(("late", f" ! {line}"),) for problem in problems for line in wrap(problem, max(10, width - 4))]


class HelpScreen(Screen[None], inherit_bindings=False):
    """Every command with its keys, and what the symbols of rows mean. Its keys are those of the keymap."""

    AUTO_FOCUS = ""

    def __init__(self, keymap: Keymap, problems: Sequence[str] = (), demo: bool = False) -> None:
        super().__init__()
        self._keymap, self._problems, self._demo = keymap, problems, demo
        self._words = ""
        self._match = -1
        """Which of the lines with the words is pointed to."""
        self.title_line = OneLine()
        self.lines = Detail(lambda width: [Part("help", lambda: self._marked_lines(width))])
        self.prompt = Prompt(lambda: self.set_focus(None), demo)

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.lines
        yield self.prompt

    def on_mount(self) -> None:
        self._show_title()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.lines.show("help")
        self.lines.to_start()

    def on_resize(self) -> None:
        self._show_title()

    def _show_title(self) -> None:
        name = " commtui, a DEMO: keys and commands " if self._demo else " commtui: keys and commands "
        pieces: Pieces = (("title-here", name),)
        if self._words:
            count = len(_with(self._words, self._lines(self.lines.size.width)))
            where = f"{self._match + 1} of {count}" if count else "not here"
            pieces = (("title-here", " help "), ("bar-late", f" find: {self._words} ({where}) "))
        key_of = self._keymap.shown
        keys = f"  {key_of('search')} find, {key_of('search-next')} next, {key_of('back')} back"
        room = self.app.size.width - sum(cells_of(text) for _, text in pieces)
        self.title_line.say((*pieces, *((("bar-dim", keys),) if len(keys) <= room else ())), "bar")

    # what is searched for

    def _lines(self, width: int) -> list[Pieces]:
        return [*problem_lines(self._problems, width), *help_lines(self._keymap, width)]

    def _marked_lines(self, width: int) -> list[Pieces]:
        """All lines, the one that was found as the row of a list's cursor."""
        lines = self._lines(width)
        found = _with(self._words, lines)
        if self._words and found:
            place = found[min(self._match, len(found) - 1)]
            lines[place] = (("plain-pointed", f">{_text(lines[place])[1:]}"),)
        return lines

    def _ask_words(self) -> None:
        def answered(words: str) -> None:
            self._words, self._match = words.strip().casefold(), -1
            self._go_on(1)

        self.prompt.ask("search", answered)

    def _go_on(self, step: int) -> None:
        """Shows the next line with the words, or the one before, around the end if need be."""
        width = self.lines.size.width
        found = _with(self._words, self._lines(width)) if self._words else []
        if found:
            self._match = (self._match + step) % len(found)
        self.lines.show("help")
        if found:
            self.lines.to_start()
            self.lines.scroll_lines(max(0, found[self._match] - CONTEXT))
        self._show_title()

    # keys

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        command = ALWAYS.get(event.key) or self._keymap.command_of.get(event.key, "")
        if command in LEAVE:
            self.dismiss(None)
        elif command in STEPS:
            self.lines.scroll_lines(STEPS[command])
        elif command in HALVES:
            height, halves = self.lines.size.height, HALVES[command]
            self.lines.scroll_lines(max(1, height * abs(halves) // 2) * (1 if halves > 0 else -1))
        elif command == "first":
            self.lines.to_start()
        elif command == "last":
            self.lines.to_end()
        elif command == "search":
            self._ask_words()
        elif command in SEARCHES:
            self._go_on(SEARCHES[command])


def _text(line: Pieces) -> str:
    return "".join(text for _, text in line)


def _with(words: str, lines: Sequence[Pieces]) -> list[int]:
    """The places of the lines with these words."""
    return [place for place, line in enumerate(lines) if words in _text(line).casefold()]
