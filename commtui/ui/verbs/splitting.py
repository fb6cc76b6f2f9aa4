"""Splitting a conversation: what was merged, or from which message on, is chosen from a list."""

from __future__ import annotations

from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.community import merging
from commtui.model import times
from commtui.model.content import row_text
from commtui.model.records import Conversation
from commtui.model.text import one_line, snippet
from commtui.triage import views
from commtui.ui.host import Host
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import many, prompts, targets
from commtui.ui.widgets.picker import Picking

APART: Final = "all that was merged"
SHOWN: Final = 120
"""Characters of a message in the list."""


def split(host: Host, argument: str = "") -> None:
    """Asks what is split off the chosen conversation: all that was merged, or a message with what answers it."""
    chosen = targets.conversations(host, one=True)
    if not chosen:
        return
    conversation = resolve.conversation(host.desk.store, chosen[0])

    def then(found: tuple[list[Choice], dict[str, str]]) -> None:
        choices, named = found

        def split_off(taken: tuple[str, ...]) -> None:
            what = named[taken[0]]
            many.do(host, "split", conversation.mentions, lambda desk: merging.split(desk, what), stops=False)

        prompts.pick(host, Picking("split off, with what answers it", choices, "it has one message only"), split_off)

    many.look(host, "split", conversation.mentions, lambda desk: _choices(desk, conversation), then)


def _choices(desk: Desk, conversation: Conversation) -> tuple[list[Choice], dict[str, str]]:
    """What can be split off, and the id that each choice stands for."""
    parts = len(merging.merged_threads(desk.store, conversation))
    choices = [Choice(APART, "", f"{parts} conversations, each as it came")] if parts > 1 else []
    named = {APART: conversation.id}
    for number, mention in enumerate(views.mentions(desk, conversation)[1:], 2):
        words = one_line(snippet(row_text(mention.text, mention.media, mention.poll), SHOWN))
        name = f"message {number}"
        named[name] = mention.id
        choices.append(Choice(name, f"{times.ago(mention.created_at, desk.now)} {mention.author}", words))
    return choices, named
