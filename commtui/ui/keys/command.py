"""What a command is."""

from __future__ import annotations

from msgspec import Struct


class Command(Struct, frozen=True):
    """What is known of a command without doing it."""

    id: str
    """What `[keys]` of the config, and presets, call it."""
    title: str
    group: str
    keys: tuple[str, ...] = ()
    """Of the preset `default`, as Textual names keys."""
    leader: str = ""
    """The letters after the leader key."""
    verb: str = ""
    """Its name on the `:` line: the command line's, where it has one."""
    argument: str = ""
    """What the `:` line takes after the verb, as help names it."""
    public: bool = False
    """Others see what it does: never on a single key, and confirmed by another one."""
    counted: str = ""
    """The view whose number of rows the leader's menu shows."""
    repeats: bool = False
    """`.` does it again."""
