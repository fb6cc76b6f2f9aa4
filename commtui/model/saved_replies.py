"""Saved replies and the variables in their texts. Pure: what they are filled with is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

BUILT_IN: Final = ("author", "name", "first_name", "account", "me")
"""The variables that are filled in from what is answered."""
VARIABLE: Final = r"(?<!\{)\{([A-Za-z][A-Za-z0-9_]*)\}(?!\})"
"""A variable in a text: a name in single braces. Everything else in braces, `{{name}}` too, is text."""


class SavedReply(Struct, frozen=True):
    """A text that is ready to be sent, by its name."""

    name: str
    text: str
    title: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    """A code such as `de` or `pt-BR`; empty: it is not said."""
    variables: Mapping[str, str] = {}
    """Its own variables -> the value that is proposed; empty: one has to be given."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The variables of its own that its text has, in the text's order."""
        return tuple(name for name in used(self.text) if name in self.variables)

    def is_in(self, language: str | None) -> bool:
        """Whether it is in a language, whatever the country."""
        return bool(language and self.language) and _tongue(self.language) == _tongue(language or "")


def used(text: str) -> tuple[str, ...]:
    """Returns what stands in a text as variables do, each once, in the text's order."""
    return tuple(dict.fromkeys(re.findall(VARIABLE, text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Returns the text with its variables replaced by their values; one without a value stays. A value is not read
    again: the braces of an author's name are text."""
    return re.sub(VARIABLE, lambda match: values.get(match[1], match[0]), text)


def unknown(text: str, own: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Returns what looks like a variable and is none, neither a built-in one nor one of the text's `own`."""
    return tuple(name for name in used(text) if name not in BUILT_IN and name not in (own or {}))


def _tongue(language: str) -> str:
    return re.split("[-_]", language, maxsplit=1)[0].casefold()
