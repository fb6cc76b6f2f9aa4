"""What can be chosen for a verb's argument: teammates, tags. The lists of the picker, and what tab completes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from commtui.community.saved_replies import all_saved
from commtui.model.records import Conversation
from commtui.model.states import Priority, Queue
from commtui.triage import view_counts
from commtui.triage.macros import all_macros
from commtui.triage.verb import Verb
from commtui.ui.host import Host
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import account_filter, sorting
from commtui.ui.widgets.picker import Picking

PRIORITIES: Final = [Choice(priority.value) for priority in Priority]
NEWEST: Final = 500
"""How many of the newest conversations, or of those that are chosen, are asked for their tags."""


def of_verb(host: Host, verb: Verb, ids: Sequence[str] = ()) -> Picking | None:
    """The list to choose a verb's argument from; None where it is typed freely."""
    if verb.id == "assign":
        return Picking("assign to", teammates(host), new="new name", new_last=True)
    if verb.id == "tag":
        return Picking("tag", tags(host), new="new tag")
    if verb.id == "priority":
        return Picking("priority", PRIORITIES)
    if verb.id == "untag":
        own = Counter(tag for item in ids[:NEWEST] for tag in _tags_of(host, item))
        return Picking("untag", [Choice(tag) for tag in sorted(own)], "it has no tag")
    return None


def of_argument(host: Host, command: str) -> list[Choice]:
    """What tab completes behind a command on the `:` line."""
    if command in ("assign", "tag"):
        return teammates(host) if command == "assign" else tags(host)
    if command == "priority":
        return PRIORITIES
    if command == "only":
        return account_filter.accounts(host)
    if command in ("view", "remove-view"):
        own = command == "remove-view"
        return [Choice(name) for name in (host.desk.settings.views if own else view_counts.all_views(host.desk))]
    if command == "sort":
        return sorting.orders(host)
    if command in ("saved", "macro"):
        return [Choice(name) for name in (all_saved if command == "saved" else all_macros)(host.desk)]
    return [Choice(name) for name in host.program.theme_names] if command == "theme" else []


def teammates(host: Host) -> list[Choice]:
    """Who conversations can be assigned to: the config's teammates, oneself, who has some already, and nobody."""
    desk = host.desk
    open_ones = {
        who: count for (queue, who), count in desk.store.conversations.assigned_counts().items() if queue is Queue.OPEN
    }
    names = dict.fromkeys((*desk.settings.teammates, desk.who, *filter(None, open_ones)))
    choices = [
        Choice(name, f"{open_ones[name]} open" if name in open_ones else "", "me" if name == desk.who else "")
        for name in names
    ]
    return [*choices, Choice("nobody", "", "unassigned")]


def tags(host: Host) -> list[Choice]:
    """The tags of the newest conversations, the most frequent first."""
    counts = host.desk.store.conversations.tags_of_newest(NEWEST)
    return [Choice(tag, str(count)) for tag, count in counts.most_common()]


def _tags_of(host: Host, identity: str) -> tuple[str, ...]:
    conversation = host.desk.store.get(Conversation, identity)
    return conversation.tags if conversation else ()
