"""QUERY: words that must all occur, and `is: from: tag: net: account: assigned:`; the same for list and filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from commtui.activity.errors import UnknownTerm
from commtui.model.records import Conversation, Mention, Outgoing, Via
from commtui.model.states import NEEDS_PERSON, ConversationStatus, OutgoingState

KEYS: Final = ("is", "from", "tag", "net", "account", "assigned")
OF_CONVERSATIONS: Final = (
    "open", "waiting", "snoozed", "done", "archived", "muted", "unread", "overdue", "assigned", "unassigned", "mine",
)  # fmt: skip
OF_MENTIONS: Final = (*(via.value for via in Via), "edited", "deleted")
OF_OUTGOING: Final = (*(state.value for state in OutgoingState), "late", "stuck")
IS: Final = (*OF_CONVERSATIONS, *OF_MENTIONS, *OF_OUTGOING, "reply", "post")
_TERM = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')


class Term(Struct, frozen=True):
    """One word of a query: key (empty for a word of the text), value, and whether it must not hold."""

    key: str
    value: str
    negated: bool = False


class Setting(Struct, frozen=True):
    """What terms are measured against: who asks, when, and the config's spans."""

    now: datetime
    who: str
    answer_within: timedelta
    overdue_post: timedelta
    account_names: dict[str, str]
    """Account id -> its name in the config."""


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a query. Raises UnknownTerm for an unknown `is:`."""
    found = []
    for minus, key, quoted, plain in _TERM.findall(text):
        value = (quoted or plain).casefold()
        if key and key.lower() not in KEYS:  # a link, a time: just a word
            found.append(Term("", f"{key}:{value}".casefold(), bool(minus)))
            continue
        if not value:
            continue
        if key.lower() == "is" and value not in IS:
            from commtui.model.suggestions import nearest

            raise UnknownTerm(value, nearest(value, IS), sorted(set(IS)))
        found.append(Term(key.lower(), value, bool(minus)))
    return tuple(found)


def names_a_status(terms: tuple[Term, ...]) -> bool:
    """Whether a query says itself which statuses it wants, so that the usual choice does not apply."""
    return asks_for(terms, "open", "waiting", "snoozed", "done", "archived", "muted")


def asks_for(terms: tuple[Term, ...], *words: str) -> bool:
    """Whether one of these `is:` words is asked for."""
    return any(term.key == "is" and term.value in words and not term.negated for term in terms)


def words(terms: tuple[Term, ...]) -> list[str]:
    """What has to stand in a conversation's texts or names for it to be found."""
    said = [term for term in terms if term.key in ("", "from") and not term.negated]
    return [term.value.lstrip("@") if term.key else term.value for term in said]


def matches_conversation(
    terms: tuple[Term, ...],
    held: Conversation,
    setting: Setting,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None = None,
) -> bool:
    """Whether a conversation's row (or, with `mention`, that mention) meets every term.

    `mentions` gives its mentions when a term needs their texts.
    """
    return all(_conversation_meets(term, held, setting, mentions, mention) != term.negated for term in terms)


def _conversation_meets(
    term: Term,
    held: Conversation,
    setting: Setting,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None,
) -> bool:
    key, value = term.key, term.value
    if key == "is":
        if value in OF_MENTIONS:
            return any(_mention_is(value, each) for each in ([mention] if mention else mentions()))
        return conversation_is(value, held, setting)
    if key == "tag":
        return value.lstrip("#") in held.tags
    if key == "net":
        return held.network == value
    if key == "account":
        return value in (held.account, setting.account_names.get(held.account, "").casefold())
    if key == "assigned":
        return is_assigned(held.assignee, value, setting)
    if key == "from":
        if mention:
            return _from(value, mention.author, mention.author_name)
        return _from(value, held.author, held.author_name) or any(
            _from(value, each.author, each.author_name) for each in mentions()
        )
    if mention:
        return value in _haystack(mention)
    if value in f"{held.author}\n{held.author_name}\n{held.text}".casefold():
        return True
    return any(value in _haystack(each) for each in mentions())


def _from(value: str, author: str, name: str) -> bool:
    return value.lstrip("@") in author.casefold() or value in name.casefold()


def _haystack(mention: Mention) -> str:
    return f"{mention.author}\n{mention.author_name}\n{mention.spoiler}\n{mention.text}".casefold()


def _mention_is(value: str, mention: Mention) -> bool:
    if value == "edited":
        return mention.edited
    if value == "deleted":
        return mention.deleted
    return mention.via.value == value


def is_assigned(assignee: str | None, value: str, setting: Setting) -> bool:
    """Whether an assignee is whom `assigned:` names."""
    if value in ("nobody", "none"):
        return assignee is None
    wanted = setting.who if value == "me" else value
    return assignee is not None and assignee.casefold() == wanted.casefold()


def snoozed(held: Conversation, now: datetime) -> bool:
    """Whether it sleeps now: until they answer, or until a time still ahead."""
    return held.snoozed_for_answer or (held.snoozed_until is not None and held.snoozed_until > now)


def status_of(held: Conversation, now: datetime) -> str:
    """The status as people see it: open, waiting, snoozed or done."""
    if held.status is ConversationStatus.OPEN and snoozed(held, now):
        return "snoozed"
    return held.status.value


def conversation_is(value: str, held: Conversation, setting: Setting) -> bool:
    """Whether one of the OF_CONVERSATIONS words is true of it; False for words about other things."""
    status = status_of(held, setting.now)
    if value in ("open", "waiting", "snoozed", "done"):
        return status == value and not (held.muted and status != "done")
    facts = {
        "archived": status == "done",
        "muted": held.muted,
        "unread": held.unread,
        "overdue": status == "open" and not held.muted and held.since < setting.now - setting.answer_within,
        "assigned": held.assignee is not None,
        "unassigned": held.assignee is None,
        "mine": held.assignee == setting.who,
    }
    return facts.get(value, False)


def matches_outgoing(terms: tuple[Term, ...], item: Outgoing, setting: Setting) -> bool:
    """Whether an outgoing item meets every term."""
    return all(_outgoing_meets(term, item, setting) != term.negated for term in terms)


def _outgoing_meets(term: Term, item: Outgoing, setting: Setting) -> bool:
    key, value = term.key, term.value
    if key == "is":
        facts = {
            "late": is_late(item, setting.now, setting.overdue_post),
            "stuck": item.state in NEEDS_PERSON,
            "reply": item.conversation is not None,
            "post": item.conversation is None,
            "mine": item.author == setting.who,
        }
        return facts.get(value, item.state.value == value)
    if key == "net":
        return item.network == value
    if key == "account":
        return value in (item.account, setting.account_names.get(item.account, "").casefold())
    if key == "from":
        return value.lstrip("@") in item.author.casefold()
    if key in ("tag", "assigned"):
        return False
    return value in f"{item.spoiler}\n{item.text}".casefold()


def is_late(item: Outgoing, now: datetime, overdue_post: timedelta) -> bool:
    """Whether it should have left by now: still here longer than the config's `overdue_post` after its time."""
    waiting = (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.UNKNOWN, OutgoingState.SENDING)
    return item.state in waiting and item.scheduled_at is not None and item.scheduled_at < now - overdue_post
