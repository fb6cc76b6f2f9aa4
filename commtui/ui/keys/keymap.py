"""Which key does what: presets, the config's own keys, and what is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from commtui.ui.keys.table import BY_ID, COMMANDS

NAMES: Final = {
    "question_mark": "?", "slash": "/", "backslash": "\\", "full_stop": ".", "colon": ":", "exclamation_mark": "!",
    "asterisk": "*", "comma": ",", "semicolon": ";", "minus": "-", "plus": "+", "equals_sign": "=",
    "number_sign": "#", "at": "@", "left_square_bracket": "[", "right_square_bracket": "]",
    "ampersand": "&", "apostrophe": "'", "quotation_mark": '"', "dollar_sign": "$", "percent_sign": "%",
    "left_parenthesis": "(", "right_parenthesis": ")", "less_than_sign": "<", "greater_than_sign": ">",
    "circumflex_accent": "^", "underscore": "_", "grave_accent": "`", "left_curly_bracket": "{",
    "vertical_line": "|", "right_curly_bracket": "}", "tilde": "~",
    "pagedown": "page down", "pageup": "page up",
}  # fmt: skip
_LONG: Final = {short: long for long, short in NAMES.items()}
CONFUSED: Final = {
    "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "escape",
    "ctrl+left_square_bracket": "escape",
}  # fmt: skip
"""Keys that a terminal sends as another key: that one is meant then, so they can never be reached."""
TAKEN: Final = {
    "ctrl+a": "screen and tmux take it", "ctrl+b": "tmux takes it", "ctrl+s": "it stops many terminals",
    "ctrl+q": "it belongs to many terminals", "ctrl+z": "it suspends", "ctrl+space": "input methods take it",
    "ctrl+c": "it interrupts",
}  # fmt: skip
WITH_VALUE: Final = (
    "view", "filter", "search", "search-all", "only", "sort", "saved", "macro", "tag", "untag", "assign", "snooze",
    "priority",
)  # fmt: skip
"""Commands that a key may do with a value: nothing of them is seen by others without a look at it."""


class Keymap(Struct, frozen=True):
    """The keys of each command as Textual names them, and what a person should know about them."""

    keys: Mapping[str, tuple[str, ...]]
    """Command, or one with its value (`view bugs`) -> its keys."""
    problems: tuple[str, ...] = ()
    command_of: Mapping[str, str] = {}
    """Key -> its command."""

    def shown(self, command: str) -> str:
        """The command's first key as people read it; empty if it has none."""
        keys = self.keys.get(command, ())
        return readable(keys[0]) if keys else ""

    def named(self, command: str) -> str:
        """The command's first key, else the keys of the leader's menu, else its name on the `:` line."""
        known, leader = BY_ID[command], self.shown("leader")
        by_menu = f"{leader} {known.leader}" if leader and known.leader else ""
        return self.shown(command) or by_menu or f":{known.verb or command}"


def readable(key: str) -> str:
    """`question_mark` as `?`, `upper_a` and `A` as `A`."""
    *modifiers, last = key.split("+")
    last = NAMES.get(last, last.removeprefix("upper_"))
    return "+".join([*modifiers, last])


def textual_name(key: str) -> str:
    """`?` as `question_mark`, `page down` as `pagedown`; names that Textual knows stay."""
    return _LONG.get(key, key)


def preset(name: str) -> dict[str, tuple[str, ...]]:
    """The keys of a preset; what it does not name is the default's. Raises KeyError for an unknown one."""
    keys = {command.id: tuple(map(textual_name, command.keys)) for command in COMMANDS}
    if name == "default":
        return keys
    table = tomllib.loads((Path(__file__).parent / "keymaps" / f"{name}.toml").read_text(encoding="utf-8"))
    for command, listed in table["keys"].items():
        keys[command] = tuple(map(textual_name, listed))
    return keys


def build(name: str, own: Mapping[str, tuple[str, ...]]) -> Keymap:
    """The keymap of a preset with a person's own keys over it. What can't be is left out and named."""
    problems: list[str] = []
    keys = preset(name)
    taken_by = {key: command for command, bound in keys.items() for key in bound}
    for command, listed in own.items():
        known, argument = BY_ID.get(command.partition(" ")[0]), command.partition(" ")[2]
        if known is None:
            problems.append(f"{command}: no such command{_near(command.partition(' ')[0])}")
            continue
        if argument and known.id not in WITH_VALUE:
            problems.append(f"{command}: no value stands behind {known.id} here; it may behind {', '.join(WITH_VALUE)}")
            continue
        if known.public:
            problems.append(f"{command}: others see what it does, so it is never on one key")
            continue
        fine = []
        for key in map(textual_name, listed):
            reason = unreachable(key)
            if reason:
                problems.append(f"{command}: {readable(key)} can't be reached: {reason}")
            else:
                fine.append(key)
        for key in keys.get(command, ()):
            taken_by.pop(key, None)
        for key in fine:
            other = taken_by.get(key)
            if other and other in own and other != command and key in map(textual_name, own[other]):
                problems.append(f"{readable(key)} is given to {other} and to {command}: {other} keeps it")
                continue
            if other and other != command:
                keys[other] = tuple(bound for bound in keys[other] if bound != key)
                if not keys[other]:
                    problems.append(f"{readable(key)} was {other}'s, which has no key now")
            taken_by[key] = command
        keys[command] = tuple(key for key in fine if taken_by.get(key) == command)
    command_of = {key: command for command, bound in keys.items() for key in bound}
    return Keymap(keys, tuple(problems), {"ctrl+c": "quit", **command_of})


def unreachable(key: str) -> str | None:
    """Why a key is no good in a terminal; None if it is."""
    if key in CONFUSED:
        return f"terminals send it as {CONFUSED[key]}"
    if key in TAKEN:
        return TAKEN[key]
    if "alt+" in key or "meta+" in key:
        return "terminals send Alt as escape and a letter"
    return None


def _near(command: str) -> str:
    from commtui.model.suggestions import nearest

    near = nearest(command, BY_ID, cutoff=0.6)
    return f"; do you mean {near}?" if near else ""
