"""Merging on the screen: what is marked, or one conversation with the one that it looks like."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity.parts import MARKED_MOST
from commtui.model import times
from commtui.model.merging import audiences
from commtui.model.records import Conversation
from commtui.model.text import one_line, phrase
from commtui.sentences.errors import mixing_question
from commtui.triage.similar import similar
from commtui.triage.verbs import VERBS
from commtui.ui.host import Host
from commtui.ui.own_store import FEW
from commtui.ui.verbs import many, prompts, targets

QUOTED = 30
"""Characters of a message in the question."""


def merge(host: Host, argument: str = "") -> None:
    """Merges what is marked. Where one conversation is chosen, asks about the one that looks like one with it."""
    chosen = targets.conversations(host)
    if not chosen:
        return
    desk = host.desk
    conversation = desk.store.get(Conversation, chosen[0]) if len(chosen) == 1 else None
    other = similar(desk, conversation) if conversation else None
    if other is None:
        _merge(host, chosen)
        return
    ids = (chosen[0], other.id)
    quoted = phrase(one_line(other.text), QUOTED)
    question = f"merge with {times.ago(other.newest_at, desk.now)} {other.author} '{quoted}'?"
    prompts.confirm(host, question, lambda: _merge(host, ids))


def _merge(host: Host, ids: Sequence[str]) -> None:
    """Merges them, after a question where not the same people see them."""
    host.session.last_verb = ("merge", "")
    found = list(host.desk.store.get_each(Conversation, ids if len(ids) <= MARKED_MOST else ()).values())
    # each message of theirs is moved
    count = len(ids) if len(ids) > FEW else max(len(ids), sum(conversation.mentions for conversation in found))
    seen = audiences(found)

    def merge_them(agreed: bool = False) -> None:
        many.do(host, "merge", count, lambda desk: VERBS["merge"].call(desk, ids, agreed), stops=False)

    if len(seen) > 1 and len({conversation.account for conversation in found}) == 1:
        prompts.confirm(host, mixing_question(seen), lambda: merge_them(agreed=True))
    else:
        merge_them()
