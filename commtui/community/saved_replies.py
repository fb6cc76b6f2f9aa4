"""Saved replies: texts that the config has ready, by name, with the author's name filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import Usage
from commtui.model.records import Mention

_PLACE: Final = re.compile(r"\{(author|name|me)\}")


def filled(desk: Desk, text: str, mention: Mention) -> str:
    """A text with {author}, {name} and {me} filled in; what else stands in braces stays."""
    given = {"author": mention.author, "name": mention.author_name or mention.author, "me": desk.who}
    return _PLACE.sub(lambda found: given[found[1]], text)


def saved_reply(desk: Desk, name: str, text_id: str) -> str:
    """The saved reply of that name for what is answered. Raises Usage for an unknown one, UnknownId."""
    text = desk.settings.saved.get(name)
    if text is None:
        raise Usage(f"no saved reply {name!r}{those_there(desk.settings.saved, 'saved')}")
    mention, _ = resolve.answered(desk.store, text_id)
    return filled(desk, text, mention)


def those_there(known: Mapping[str, object], table: str) -> str:
    return f"; there are: {', '.join(known)}" if known else f": write some under [{table}] in the config"
