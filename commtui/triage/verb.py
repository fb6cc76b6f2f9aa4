"""What a verb is, as data. Its function is imported when it is first called: a table of all verbs costs no start."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from commtui.activity.outcome import Outcome


class Target(StrEnum):
    """What a verb is for. The function takes the desk, then what stands here, then the argument where it has one."""

    CONVERSATIONS = "conversations"
    """Ids of conversations, or of anything in them."""
    OUTGOING = "outgoing"
    """Ids of replies and posts of ours."""
    AUTHOR = "author"
    """The id of one conversation: an act about its newest mention or that one's author."""
    SENT = "sent"
    """The id of one thing of ours that is out: an act."""
    OWN = "own"
    """Something else, or with more than an argument beside it: the front ends have a form of their own for it."""


class Verb(Struct, frozen=True, kw_only=True):
    """One thing that a person can do, by key, command line, prompt, palette, macro or rule."""

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
    """WHO, TAG, WHEN, TEXT, ...; in brackets where it may be left out."""
    group: str = "Triage"
    command: str = ""
    """One line of `commtui --help`; empty: it is no command of the shell."""
    form: str = "verb"
    """The module of cli/commands that reads the command's words."""
    public: bool = False
    """Others see what it does: never on a single key, and confirmed by another one."""
    repeatable: bool = False
    """`.` does it again."""
    in_macros: bool = False
    in_rules: bool = False
    keys: tuple[str, ...] = ()
    """Of the preset `default`, as Textual names keys."""
    leader: str = ""
    """The letters after the leader key."""
    event: str = ""
    """The transition that it makes of an outgoing item (model/states.py)."""
    question: str = ""
    """What the screen asks for the argument."""
    default: str = ""
    """What an empty answer to that question means."""
    confirm: str = ""
    """The question that `y` confirms, up to what it is about; empty: none is asked."""
    advance: bool = False
    """The row goes away: the cursor goes on to the next."""

    @property
    def word(self) -> str:
        """What a person types for it."""
        return self.name or self.id

    def call(self, *arguments: Any) -> Outcome:
        """Does it. Raises what its function raises."""
        outcome: Outcome = self.resolved()(*arguments)
        return outcome

    def resolved(self) -> Callable[..., Outcome]:
        """Its function."""
        module, _, name = self.function.partition(":")
        function: Callable[..., Outcome] = getattr(import_module(module), name)
        return function
