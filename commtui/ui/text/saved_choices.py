"""Saved replies as choices of the picker, and what the one under the cursor would say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.community import saved_replies
from commtui.model.languages import spoken
from commtui.model.records import Mention
from commtui.model.saved_replies import SavedReply
from commtui.ui.text.cells import TEXT_MOST, wrap
from commtui.ui.text.matching import Choice
from commtui.ui.text.rows import Pieces

BEGINNING: Final = 2000
"""Characters of a saved reply that the list knows: no screen shows more of it."""
HEAD_LEAST: Final = 3
"""Lines that the text has for itself."""
ASKED: Final = 50
"""Of how many chosen mentions the language counts."""


def saved_choices(desk: Desk, language: str | None) -> list[Choice]:
    """The saved replies: first those in the language, then those that say none, then the others."""
    replies = list(saved_replies.all_saved(desk).values())
    if language:
        # each language is compared once: there may be thousands of replies
        by_language = {reply.language: reply for reply in replies}
        ranks = {code: 0 if reply.is_in(language) else 2 for code, reply in by_language.items()}
        ranks[""] = 1
        replies.sort(key=lambda reply: ranks[reply.language])
    return [_choice(reply) for reply in replies]


def _choice(reply: SavedReply) -> Choice:
    text = reply.text[:BEGINNING]
    title = f"{reply.title}: {text}" if reply.title else text
    return Choice(reply.name, reply.language or "reply", title, " ".join(reply.tags))


def answered_mentions(desk: Desk, ids: Sequence[str]) -> list[Mention]:
    """The mentions that a reply to the first of these conversations would answer."""
    found = []
    for identity in islice(ids, ASKED):
        try:
            found.append(resolve.answered(desk.store, identity)[0])
        except TriageError:  # it is gone meanwhile: who answers it is told so
            continue
    return found


def shared_language(mentions: Sequence[Mention]) -> str | None:
    """The language of all of these mentions; None where they differ, or one has none."""
    languages = {spoken(mention).code for mention in mentions}
    return (languages.pop() or None) if len(languages) == 1 else None


def preview(desk: Desk, name: str, mention: Mention | None, width: int, room: int) -> list[Pieces]:
    """The lines of a saved reply, without blank ones, filled in for a mention: its variables of its own have the values
    that it proposes, and stay in braces where it proposes none. What it is about stands above, where there is room."""
    try:
        reply = saved_replies.find(desk, name)
    except TriageError:  # its file was removed meanwhile
        return []
    proposed = {variable: value for variable, value in reply.variables.items() if value}
    text = reply.text[:BEGINNING]
    if mention is not None:
        text = saved_replies.filled(desk, text, mention, proposed)
    asks = f"asks {', '.join(reply.asked)}" if reply.asked else ""
    about = [reply.title, reply.language, " ".join(f"#{tag}" for tag in reply.tags), asks]
    head: list[Pieces] = (
        [(("dim", f"  {' - '.join(filter(None, about))}"),)] if any(about) and room > HEAD_LEAST else []
    )
    lines = filter(None, wrap(text, min(width, TEXT_MOST) - 3))
    return [*head, *((("read", f"  {line}"),) for line in lines)]
