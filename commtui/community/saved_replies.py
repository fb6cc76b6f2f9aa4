"""Saved replies: texts that the config has ready, by name, with the author's name filled in."""

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
    """A text with {author}, {name} and {me} filled in; what else stands in braces stays."""
    return _VARIABLE.sub(lambda match: _VARIABLES[match[1]](desk, mention), text)


def saved_reply(desk: Desk, name: str, named: str) -> str:
    """The saved reply of that name for what is answered. Raises UnknownName, UnknownId."""
    text = desk.settings.saved.get(name)
    if text is None:
        raise UnknownName("saved", name, list(desk.settings.saved))
    mention, _ = resolve.answered(desk.store, named)
    return filled(desk, text, mention)
