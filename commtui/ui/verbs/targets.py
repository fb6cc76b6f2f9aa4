"""What a verb is meant for: the open thread, the marked rows, or the cursor's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from commtui.activity import resolve
from commtui.activity.errors import TriageError
from commtui.model import ids
from commtui.model.records import ActKind, Outgoing
from commtui.model.states import WAYS
from commtui.outgoing import acts

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def conversations(inbox: InboxScreen, one: bool = False) -> list[str]:
    """The conversations that a verb is meant for: the open thread's, else the marked rows', else the cursor's.

    `one`: for what is done to one at a time; marks count for nothing then.
    """
    if inbox.pane.name == "posts":
        inbox.tell("a post belongs to no conversation", bad=True)
        return []
    found = _chosen(inbox, one)
    if inbox.pane.name == "replies":
        found = [resolve.conversation(inbox.services.store, each).id for each in found]
    return found


def outgoing(inbox: InboxScreen, one: bool = False) -> list[str]:
    """The replies or posts that a verb is meant for; `one` as above."""
    if inbox.pane.name == "mentions":
        keys = f"{inbox.key('pane-replies')} and {inbox.key('pane-posts')}"
        inbox.tell(f"that is for replies and posts: {keys}", bad=True)
        return []
    return _chosen(inbox, one)


def _chosen(inbox: InboxScreen, one: bool) -> list[str]:
    if one and not (inbox.reading and inbox.detail.about):
        found = [] if inbox.pointed is None else [inbox.pointed]
    else:
        found = pointed(inbox)
    if not found:
        inbox.tell("nothing is chosen: the pane is empty")
    return found


def able(inbox: InboxScreen, found: list[str], event: str) -> tuple[list[str], str]:
    """Those of several to which the event can happen, and which were left out, in words. Where it can happen to none of
    them, all: the verb says why."""
    items = [item for each in found if (item := inbox.desk.store.get(Outgoing, each))]
    fit = [item.id for item in items if item.state in WAYS[event]]
    left = Counter(item.state.value for item in items if item.state not in WAYS[event])
    if not fit or not left:
        return found, ""
    return fit, "; left out: " + ", ".join(f"{count} {state}" for state, count in sorted(left.items()))


def named(inbox: InboxScreen, found: Sequence[str]) -> str:
    """What is asked about, in a few words."""
    return inbox.name_of(found[0]) if len(found) == 1 else f"{len(found)} items"


def pointed(inbox: InboxScreen) -> list[str]:
    """The ids of what is chosen, in whatever pane; empty, without a word, where nothing is."""
    if inbox.reading and inbox.detail.about:
        return [inbox.detail.about]
    return [inbox.pane.identity(number) for number in inbox.rows.chosen()]


def point_to(inbox: InboxScreen, found: Sequence[str]) -> None:
    """Puts the cursor on the first of these ids that has a row in its pane."""
    for each in found:
        if each[:1] in (ids.CONVERSATION, ids.MENTION, ids.REPLY) and inbox.pane.name == "mentions":
            try:
                each = resolve.conversation(inbox.services.store, each).id
            except TriageError:
                continue
        elif each[:1] not in (ids.REPLY, ids.VARIANT):
            continue
        if inbox.rows.move_to_number(ids.number(each)):
            return


def repeatable(inbox: InboxScreen, command: str, argument: str) -> None:
    """Notes the value of a verb, so that `.` can do it again."""
    inbox.last_verb = (command, argument)


def repeat(inbox: InboxScreen, argument: str = "") -> None:
    """Does the last verb again, on what is chosen now."""
    if inbox.last_verb is None:
        inbox.tell("nothing to repeat yet")
        return
    from commtui.ui.verbs.dispatch import DO  # it knows this module

    inbox.do(DO[inbox.last_verb[0]], inbox.last_verb[1])


def act_target(inbox: InboxScreen, kind: ActKind) -> str | None:
    """What an act is about: the thing of ours for a deletion, else the conversation."""
    found = outgoing(inbox, one=True) if kind in acts.OF_OURS else conversations(inbox, one=True)
    return found[0] if found else None
