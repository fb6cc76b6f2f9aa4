"""The flat objects of the command line's JSON: every field is always present, with null where it has no value.

`list` gives one array of them; `show` gives one with `thread`. Times are ISO 8601, UTC, Z.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from commtui.activity.desk import Desk
from commtui.model.conversations import is_muted, mute_ends_at
from commtui.model.languages import spoken
from commtui.model.records import Act, Activity, Context, Conversation, Mention, Outgoing
from commtui.triage import views
from commtui.triage.engagement import Engaged
from commtui.triage.query import conversation_is, status_of
from commtui.triage.status import iso

Flat = dict[str, Any]


class Flattener:
    """Turns records into flat objects, for one desk at one moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now = desk.now
        self._names = {account.id: account.name for account in desk.settings.accounts}
        self._context = views.query_context(desk)

    def account(self, identity: str) -> str:
        """The account's name in the config; its id if the config no longer has it."""
        return self._names.get(identity, identity)

    def campaign(self, identity: str | None) -> str | None:
        """The name of a campaign; its id if it is gone."""
        return self._campaigns.get(identity, identity) if identity else None

    @cached_property
    def _campaigns(self) -> dict[str, str]:
        return self.desk.store.campaigns.names()

    def _common(self, record: Mention | Outgoing | Context | Act, lane: str, kind: str) -> Flat:
        return {
            "id": record.id,
            "lane": lane,
            "kind": kind,
            "account": self.account(record.account),
            "network": record.network,
            "remote_id": getattr(record, "remote_id", None) or None,
            "url": getattr(record, "url", None),
            "text": record.text,
            "created_at": iso(record.created_at),
        }

    def mention(self, mention: Mention, conversation: Conversation) -> Flat:
        """A mention with the fields of its conversation."""
        status, muted = status_of(conversation, self.now), is_muted(conversation, self.now)
        said = spoken(mention)
        return {
            **self._common(mention, "community", "mention"),
            "via": mention.via.value,
            "author": mention.author,
            "author_name": mention.author_name,
            "others": list(mention.others),
            "conversation": conversation.id,
            "campaign": self.campaign(conversation.campaign),
            "status": status,
            "assignee": conversation.assignee,
            "tags": list(conversation.tags),
            "priority": conversation.priority.value,
            "unread": conversation.unread,
            "snoozed_until": iso(conversation.snoozed_until) if status == "snoozed" else None,
            **self._deadline(conversation),
            "muted": muted,
            "muted_until": iso(mute_ends_at(conversation)) if muted else None,
            "edited": mention.edited,
            "deleted": mention.deleted,
            "pending": mention.pending,
            "erased": mention.erased,
            "bot": mention.bot,
            "language": said.code or None,
            "language_guessed": said.is_guess,
            **_content(mention),
        }

    def _deadline(self, conversation: Conversation) -> Flat:
        """When our answer is due, and by which service level."""
        return {
            "due_at": iso(conversation.due_at),
            "at_risk": conversation_is("at-risk", conversation, self._context),
            "overdue": conversation_is("overdue", conversation, self._context),
            "service_level": views.service_level(self.desk, conversation),
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
            "others": list(item.others),
            "post": item.post,
            "campaign": self.campaign(item.campaign),
            "series": item.series,
            "after": item.after,
            "scheduled_at": iso(item.scheduled_at),
            "sent_at": iso(item.sent_at),
            "tries": item.tries,
            "error": item.error,
            "look_alikes": [
                {
                    "remote_id": found.remote_id,
                    "url": found.url,
                    "text": found.text,
                    "created_at": iso(found.created_at),
                }
                for found in item.look_alikes
            ],
        }

    def context(self, context: Context) -> Flat:
        """A text of the thread that is neither a mention nor ours from here."""
        return {
            **self._common(context, "community", "context"),
            "author": context.author,
            "author_name": context.author_name,
            "conversation": context.conversation,
            "ours": context.ours,
            **_content(context),
        }

    def act(self, act: Act) -> Flat:
        """An act that is not done yet."""
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

    def engagement(self, row: Engaged) -> Flat:
        """What people did with one post of ours, or the follows of an account."""
        return {
            "id": row.post,
            "lane": "community",
            "kind": "follows" if row.target is None else "engagement",
            "account": self.account(row.account),
            "remote_id": row.target,
            "url": row.url,
            "text": row.text or None,
            "likes": row.likes,
            "boosts": row.boosts,
            "follows": row.follows,
            "last_at": iso(row.last_at),
            "people": list(row.people),
        }

    def thread(self, conversation: Conversation) -> list[Flat]:
        """All texts of a conversation, oldest first."""
        return [self._text(text, conversation) for text in views.thread(self.desk, conversation)]

    def _text(self, text: Mention | Outgoing | Context, conversation: Conversation) -> Flat:
        match text:
            case Mention():
                return self.mention(text, conversation)
            case Outgoing():
                return self.outgoing(text)
            case Context():
                return self.context(text)


def _content(text: Mention | Context) -> Flat:
    """What stands beside a text that came in."""
    poll = text.poll
    return {
        "spoiler": text.spoiler or None,
        "media": [{"kind": file.kind, "url": file.url, "alt": file.alt or None} for file in text.media],
        "poll": poll
        and {
            "options": [{"text": option.text, "votes": option.votes} for option in poll.options],
            "multiple": poll.multiple,
            "ends_at": iso(poll.ends_at),
            "ended": poll.ended,
            "voters": poll.voters,
        },
    }


def activity(step: Activity) -> Flat:
    """A step of the log."""
    return {
        "op_id": step.op_id,
        "at": iso(step.at),
        "who": step.who,
        "verb": step.verb,
        "ids": list(step.ids),
        "detail": step.detail,
        "undoes": step.undoes,
        "process": step.process
        and {
            "command": step.process.command,
            "pid": step.process.pid,
            "host": step.process.host,
        },
        "changes": [
            {"table": change.table, "id": change.id, "before": change.before, "after": change.after}
            for change in step.changes
        ],
    }
