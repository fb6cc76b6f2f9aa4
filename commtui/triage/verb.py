"""The entry of a verb in the table. Its function is imported at the first call, so the table costs no start-up time."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from commtui.activity.desk import Desk
    from commtui.activity.outcome import Outcome


class Target(StrEnum):
    """What a verb applies to. Its function takes the desk, then what is described here, then the argument, if any."""

    CONVERSATIONS = "conversations"
    """Ids of conversations, or of anything in them."""
    OUTGOING = "outgoing"
    """Ids of replies and posts of ours."""
    POSTS = "posts"
    """Ids of posts of ours, or of their variants."""
    AUTHOR = "author"
    """The id of one conversation: an act about its newest mention or that one's author."""
    SENT = "sent"
    """The id of one sent reply or post of ours: an act about it."""
    OWN = "own"
    """Another target, or more than one argument: each front end has a form of its own for the verb."""


class Verb(Struct, frozen=True, kw_only=True):
    """One action of a person, done by key, command line, prompt, palette, macro or rule."""

    id: str
    """Its name on the command line, in macros, in `[keys]` and in the log."""
    name: str = ""
    """Its name on the command line and on the `:` line; empty: the id."""
    title: str
    """What help, palette and the key's tables call it."""
    applies_to: Target
    function: str
    """`package.module:name`."""
    argument: str = ""
    """WHO, TAG, WHEN, TEXT, ...; in brackets if it is optional; empty: none."""
    takes_time: bool = False
    """Whether the argument is a time: it may have several words."""
    takes_all: bool = False
    """Its function takes the ids of many items, too, and does these in parts itself, or at once: what becomes of one
    depends on the others."""
    group: str = "Triage"
    command: str = ""
    """Its line in `commtui --help`; empty: the shell has no such command."""
    form: str = "verb"
    """The module of cli/commands that parses the command's arguments."""
    public: bool = False
    """Other people see its effect: it is never on a single key, and has to be confirmed."""
    repeatable: bool = False
    """The key `.` repeats it."""
    in_macros: bool = False
    in_rules: bool = False
    """A rule may do it: others see nothing of it, and undo takes it back."""
    keys: tuple[str, ...] = ()
    """Its keys in the preset `default`, as Textual names them."""
    leader: str = ""
    """Its letters after the leader key."""
    event: str = ""
    """The transition of an outgoing item that it makes (model/states.py)."""
    question: str = ""
    """The prompt of the screen for the argument."""
    default: str = ""
    """The argument that an empty answer to the prompt means."""
    confirm: str = ""
    """The question to confirm, without the names of the items; empty: none is asked."""
    advance: bool = False
    """Whether the row leaves the pane, so that the cursor moves to the next."""

    @property
    def needs_value(self) -> bool:
        """Whether it takes an argument that can't be left out."""
        return bool(self.argument) and not self.argument.startswith("[")

    @property
    def word(self) -> str:
        """What a person types for it."""
        return self.name or self.id

    def call(self, desk: Desk, *arguments: Any) -> Outcome:
        """Calls its function and returns the outcome; on many items in parts. Raises what the function raises."""
        function = self.resolved()
        if self.takes_all or self.applies_to not in (Target.CONVERSATIONS, Target.OUTGOING):
            return function(desk, *arguments)
        from commtui.activity.parts import in_parts  # the table costs no start-up time

        named, *more = arguments
        return in_parts(desk, named, lambda part: function(desk, part, *more))

    def resolved(self) -> Callable[..., Outcome]:
        """Imports and returns its function."""
        module, _, name = self.function.partition(":")
        function: Callable[..., Outcome] = getattr(import_module(module), name)
        return function
