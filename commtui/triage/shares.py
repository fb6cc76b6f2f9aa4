"""How the open conversations are shared out: among teammates, accounts and campaigns; and the unread ones by account.

By counters of the store, and indexed fields of those whose snooze or mute has ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from commtui.activity.desk import Desk
from commtui.model.states import Queue
from commtui.triage import queues


def team(desk: Desk) -> Mapping[str, int]:
    """Returns how many open conversations each teammate has: the config's in its order, then others by their number."""
    counts = Counter(
        {
            who: count
            for (queue, who), count in desk.store.conversations.assigned_counts().items()
            if queue is Queue.OPEN and who
        }
    )
    counts.update(who for who in desk.store.conversations.assignees(queues.woken(desk)).values() if who)
    return dict.fromkeys((desk.who, *desk.settings.teammates), 0) | dict(counts.most_common())


def unread(desk: Desk) -> Mapping[str, int]:
    """Returns how many open conversations of each account of the config (its id) are unread."""
    conversations = desk.store.conversations
    counts = Counter(conversations.unread_counts())
    counts.update(found.account for found in conversations.facets(queues.woken(desk)).values() if found.unread)
    return {account.id: counts[account.id] for account in desk.settings.accounts}


def of_accounts_and_campaigns(desk: Desk) -> tuple[Counter[str], Counter[str]]:
    """Returns how many open conversations each account and each campaign has, by their ids; those without are left
    out."""
    conversations, accounts, campaigns = desk.store.conversations, Counter[str](), Counter[str]()
    found = [(facets, count) for facets, count in conversations.facet_counts().items() if facets.queue == Queue.OPEN]
    found += [(facets, 1) for facets in conversations.facets(queues.woken(desk)).values()]
    for facets, count in found:
        accounts[facets.account] += count
        if facets.campaign:
            campaigns[facets.campaign] += count
    return accounts, campaigns
