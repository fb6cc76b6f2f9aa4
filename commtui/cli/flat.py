"""The flat objects of the command line's JSON: every field always there, null never left out.

`list` gives one array of them; `show` gives one with `thread`. Times are ISO 8601, UTC, Z.
"""

from __future__ import annotations

from typing import Any

from commtui.activity.desk import Desk
from commtui.model.records import Act, Activity, Context, Conversation, Mention, Outgoing
from commtui.triage import views
from commtui.triage.query import status_of
from commtui.triage.status import iso

Flat = dict[str, Any]


class Flattener:
    """Makes objects of records, for one desk at one moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now = desk.now
        self._names = {account.id: account.name for account in desk.settings.accounts}

    def account(self, identity: str) -> str:
        """The account's name in the config; its id if the config has it no more."""
        return self._names.get(identity, identity)

    def _common(self, record: Mention | Outgoing | Context | Act, lane: str, kind: str) -> Flat:
        return {
            "id": record.id,
            "lane": lane,
            "kind": kind,
            "account": self.account(record.account),
            "network": record.network,
            "remote_id": getattr(record, "remote_id", None),
            "url": getattr(record, "url", None),
            "text": record.text,
            "created_at": iso(record.created_at),
        }

    def mention(self, mention: Mention, held: Conversation) -> Flat:
        """A mention with what its conversation says."""
        status = status_of(held, self.now)
        return {
            **self._common(mention, "community", "mention"),
            "via": mention.via.value,
            "author": mention.author,
            "author_name": mention.author_name,
            "conversation": held.id,
            "status": status,
            "assignee": held.assignee,
            "tags": list(held.tags),
            "unread": held.unread,
            "snoozed_until": iso(held.snoozed_until) if status == "snoozed" else None,
            "edited": mention.edited,
            "deleted": mention.deleted,
        }

    def outgoing(self, item: Outgoing) -> Flat:
        """A reply or a variant of a post."""
        reply = item.conversation is not None
        return {
            **self._common(item, "community" if reply else "marketing", "reply" if reply else "post"),
            "state": item.state.value,
            "reason": item.reason,
            "conversation": item.conversation,
            "in_reply_to": item.in_reply_to,
            "post": item.post,
            "scheduled_at": iso(item.scheduled_at),
            "sent_at": iso(item.sent_at),
            "tries": item.tries,
            "error": item.error,
        }

    def context(self, context: Context) -> Flat:
        """A text of the thread that is neither a mention nor written here."""
        return {
            **self._common(context, "community", "context"),
            "author": context.author,
            "author_name": context.author_name,
            "conversation": context.conversation,
            "ours": context.ours,
        }

    def act(self, act: Act) -> Flat:
        """An act on its way."""
        return {
            **self._common(act, "community", "act"),
            "act": act.kind.value,
            "of": act.of,
            "state": act.state.value,
            "reason": act.reason,
            "scheduled_at": iso(act.scheduled_at),
            "tries": act.tries,
            "error": act.error,
        }

    def thread(self, held: Conversation) -> list[Flat]:
        """Everything said in a conversation, oldest first."""
        found = []
        for said in views.thread(self.desk, held):
            if isinstance(said, Mention):
                found.append(self.mention(said, held))
            else:
                found.append(self.outgoing(said) if isinstance(said, Outgoing) else self.context(said))
        return found


def activity(done: Activity) -> Flat:
    """A line of the log."""
    return {
        "op_id": done.op_id,
        "at": iso(done.at),
        "who": done.who,
        "verb": done.verb,
        "ids": list(done.ids),
        "detail": done.detail,
        "undoes": done.undoes,
        "changes": [
            {"table": each.table, "id": each.id, "before": each.before, "after": each.after} for each in done.changes
        ],
    }
