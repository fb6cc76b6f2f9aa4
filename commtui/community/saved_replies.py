"""Saved replies: texts of the config, by name, with variables such as {author}."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import UnknownName
from commtui.model.records import Mention

_VARIABLES: Final[Mapping[str, Callable[[Desk, Mention], str]]] = {
    "author": lambda desk, mention: mention.author,
    "name": lambda desk, mention: mention.author_name or mention.author,
    "me": lambda desk, mention: desk.who,
}
_VARIABLE: Final = re.compile(rf"\{{({'|'.join(_VARIABLES)})\}}")


def filled(desk: Desk, text: str, mention: Mention) -> str:
    """Returns the text with {author}, {name} and {me} replaced; other text in braces stays."""
    return _VARIABLE.sub(lambda match: _VARIABLES[match[1]](desk, mention), text)


def saved_reply(desk: Desk, name: str, named: str) -> str:
    """Returns the saved reply of that name, filled in for the answered mention. Raises UnknownName, UnknownId."""
    text = saved_text(desk, name)
    mention, _ = resolve.answered(desk.store, named)
    return filled(desk, text, mention)


def saved_text(desk: Desk, name: str) -> str:
    """Returns the saved reply of that name as it is in the config. Raises UnknownName."""
    text = desk.settings.saved.get(name)
    if text is None:
        raise UnknownName("saved", name, list(desk.settings.saved))
    return text
