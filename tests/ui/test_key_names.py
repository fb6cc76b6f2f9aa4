"""Every place that names a key: it asks the keymap, by a command that exists, and the key it gets runs that command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import commtui
from commtui.config.settings import KEYMAPS
from commtui.ui.keys.keymap import build, textual_name
from commtui.ui.keys.table import BY_ID, BY_LEADER, COMMANDS

PACKAGE = Path(commtui.__file__).parent
SOURCES = [file for part in ("ui", "sentences") for file in sorted((PACKAGE / part).rglob("*.py"))]
ASKERS = {"key_of", "_key_of", "named", "way", "_way"}
"""The calls that turn a command into the name of its key."""
TABLES = {"keys", "BY_ID"}
"""The tables that a place reads by a command. (The letters of the composer's question are in a `keys`, too.)"""
SETTLED = {"assign-me", "campaign resume", "set-value"}
"""What a naming is asked for besides commands: it answers with several keys, or with words."""
LITERAL = re.compile(r"\b[Pp]ress [a-zA-Z.:!?/]\b|; [a-zA-Z]: ")


def commands_named(file: Path) -> Iterator[tuple[int, str]]:
    """Yields (line, command) for each place in a module that asks for the key of a command that it spells out."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        argument: ast.expr | None = None
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            argument = node.args[0] if name in ASKERS else None
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in TABLES:
            argument = node.slice
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and len(argument.value) > 1:
            yield argument.lineno, argument.value


PLACES = [(file.relative_to(PACKAGE), line, name) for file in SOURCES for line, name in commands_named(file)]


def test_the_places_are_found() -> None:
    named = {name for _, _, name in PLACES}
    assert {"undo", "help", "retry", "leader", "search", "reply", "delete", "filter", "compose"} <= named


@pytest.mark.parametrize(("file", "line", "command"), PLACES)
def test_a_place_asks_for_a_command_that_exists(file: Path, line: int, command: str) -> None:
    assert command in BY_ID or command in SETTLED, f"{file}:{line} names {command}"


@pytest.mark.parametrize("preset", KEYMAPS)
def test_the_key_that_is_named_runs_the_command(preset: str) -> None:
    keymap = build(preset, {})
    for command in COMMANDS:
        named = keymap.named(command.id)
        leader, _, letter = named.partition(" ")
        if letter and not keymap.keys.get(command.id):
            assert keymap.command_of[textual_name(leader)] == "leader" and BY_LEADER[letter].id == command.id
        elif named.startswith(":") and len(named) > 1:
            assert not keymap.keys.get(command.id)
        else:
            assert keymap.command_of[textual_name(named)] == command.id, (preset, command.id, named)


@pytest.mark.parametrize("preset", KEYMAPS)
def test_a_command_without_a_key_that_a_place_names_has_a_line_to_type(preset: str) -> None:
    keymap = build(preset, {})
    for file, line, command in PLACES:
        if command in BY_ID and not keymap.keys.get(command):
            known = BY_ID[command]
            assert known.leader or known.verb, f"{file}:{line}: {command} has neither a key nor a line in {preset}"


def test_no_sentence_has_a_key_in_it() -> None:
    texts = [
        (file.name, node.value)
        for file in SOURCES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if LITERAL.search(text[1])] == []
