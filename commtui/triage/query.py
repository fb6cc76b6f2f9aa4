"""The query language of lists and filters: words that must all occur, `is: from: tag:` and the other KEYS."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from commtui.activity.errors import BadPriority, BadTime, UnknownTerm
from commtui.model.records import Conversation, Mention, Outgoing, Via
from commtui.model.states import NEEDS_PERSON, ConversationStatus, OutgoingState, Priority
from commtui.model.times import WhenError

KEYS: Final = ("is", "from", "tag", "net", "account", "assigned", "priority", "since")
OF_CONVERSATIONS: Final = (
    "open", "waiting", "snoozed", "done", "archived", "muted", "unread", "overdue", "assigned", "unassigned", "mine",
)  # fmt: skip
OF_MENTIONS: Final = (*(via.value for via in Via), "edited", "deleted", "pending")
OF_OUTGOING: Final = (*(state.value for state in OutgoingState), "late", "stuck")
IS: Final = (*OF_CONVERSATIONS, *OF_MENTIONS, *OF_OUTGOING, "reply", "post")
_TERM = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')


class Term(Struct, frozen=True):
    """One term of a query: its key (empty for a plain word), its value, and whether `-` negates it."""

    key: str
    value: str
    negated: bool = False


class QueryContext(Struct, frozen=True):
    """What the terms of a query depend on beside the record: the time, the person, and the config's targets."""

    now: datetime
    who: str
    answer_within: timedelta
    overdue_post: timedelta
    account_names: dict[str, str]
    """Account id -> its name in the config."""


def parse(text: str) -> tuple[Term, ...]:
    """Returns the terms of a query. Raises UnknownTerm for an unknown `is:` word."""
    terms = []
    for minus, key, quoted, plain in _TERM.findall(text):
        value = (quoted or plain).casefold()
        if key and key.lower() not in KEYS:  # a link or a time: a plain word
            terms.append(Term("", f"{key}:{value}".casefold(), bool(minus)))
            continue
        if not value:
            continue
        if key.lower() == "is" and value not in IS:
            from commtui.model.suggestions import nearest

            raise UnknownTerm(value, nearest(value, IS), sorted(set(IS)))
        if key.lower() == "priority" and value not in set(Priority):
            raise BadPriority(value)
        if key.lower() == "since":
            since(value, datetime.max.replace(tzinfo=UTC))
        if key.lower() == "from" and not value.isascii():
            value = _with_ascii_host(value)
        terms.append(Term(key.lower(), value, bool(minus)))
    return tuple(terms)


@lru_cache(maxsize=64)
def since(value: str, now: datetime) -> datetime:
    """The moment of `since:`: a span before now (`2h`), or a moment with its zone (`2026-11-27T13:30Z`).

    Raises BadTime.
    """
    from commtui.model.spans import parse_span  # few queries name a time

    try:
        if value[:1].isdigit() and "-" not in value:
            return now - parse_span(value)
        moment = datetime.fromisoformat(value.upper())
        if moment.tzinfo is not None:
            return moment
    except (ValueError, OverflowError):
        pass
    raise BadTime(WhenError(f"since: takes a span such as 2h, or a moment such as 2026-11-27T13:30Z, not {value!r}"))


def _with_ascii_host(value: str) -> str:
    """An author as the store has it: the host of a handle, or a host alone, in its IDNA form."""
    from commtui.model.addressing import canonical_handle, canonical_host  # most queries name nobody by such a host

    if "@" in value.lstrip("@"):
        return canonical_handle(value)
    return canonical_host(value) if "." in value else value


def names_a_status(terms: tuple[Term, ...]) -> bool:
    """Whether a query names a status, so that the default choice of statuses does not apply."""
    return asks_for(terms, "open", "waiting", "snoozed", "done", "archived", "muted")


def asks_for(terms: tuple[Term, ...], *words: str) -> bool:
    """Whether a query has one of these `is:` words, not negated."""
    return any(term.key == "is" and term.value in words and not term.negated for term in terms)


def words(terms: tuple[Term, ...]) -> list[str]:
    """Returns the words that must occur in a conversation's texts or names."""
    required = [term for term in terms if term.key in ("", "from") and not term.negated]
    return [term.value.lstrip("@") if term.key else term.value for term in required]


def matches_conversation(
    terms: tuple[Term, ...],
    conversation: Conversation,
    context: QueryContext,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None = None,
) -> bool:
    """Whether a conversation (or, with `mention`, that mention of it) matches every term.

    `mentions` returns its mentions; it is called only if a term needs their texts.
    """
    return all(_conversation_meets(term, conversation, context, mentions, mention) != term.negated for term in terms)


def _conversation_meets(
    term: Term,
    conversation: Conversation,
    context: QueryContext,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None,
) -> bool:
    key, value = term.key, term.value
    if key == "is":
        if value in OF_MENTIONS:
            return any(_mention_is(value, member) for member in ([mention] if mention else mentions()))
        return conversation_is(value, conversation, context)
    if key == "tag":
        return value.lstrip("#") in conversation.tags
    if key == "since":
        return (mention.created_at if mention else conversation.newest_at) >= since(value, context.now)
    if key == "priority":
        return conversation.priority.value == value
    if key == "net":
        return conversation.network == value
    if key == "account":
        return value in (conversation.account, context.account_names.get(conversation.account, "").casefold())
    if key == "assigned":
        return is_assigned(conversation.assignee, value, context)
    if key == "from":
        if mention:
            return _from(value, mention.author, mention.author_name)
        return _from(value, conversation.author, conversation.author_name) or any(
            _from(value, member.author, member.author_name) for member in mentions()
        )
    if mention:
        return value in _searched_text(mention)
    if value in f"{conversation.author}\n{conversation.author_name}\n{conversation.text}".casefold():
        return True
    return any(value in _searched_text(member) for member in mentions())


def _from(value: str, author: str, name: str) -> bool:
    return value.lstrip("@") in author.casefold() or value in name.casefold()


def _searched_text(mention: Mention) -> str:
    return f"{mention.author}\n{mention.author_name}\n{mention.spoiler}\n{mention.text}".casefold()


def _mention_is(value: str, mention: Mention) -> bool:
    if value == "edited":
        return mention.edited
    if value == "deleted":
        return mention.deleted
    if value == "pending":
        return mention.pending
    return mention.via.value == value


def is_assigned(assignee: str | None, value: str, context: QueryContext) -> bool:
    """Whether an assignee is the person that `assigned:` names."""
    if value in ("nobody", "none"):
        return assignee is None
    wanted = context.who if value == "me" else value
    return assignee is not None and assignee.casefold() == wanted.casefold()


def snoozed(conversation: Conversation, now: datetime) -> bool:
    """Whether it is snoozed now: until the author answers, or until a time that has not come yet."""
    return conversation.snoozed_for_answer or (
        conversation.snoozed_until is not None and conversation.snoozed_until > now
    )


def status_of(conversation: Conversation, now: datetime) -> str:
    """Returns the status as people see it: open, waiting, snoozed or done."""
    if conversation.status is ConversationStatus.OPEN and snoozed(conversation, now):
        return "snoozed"
    return conversation.status.value


def conversation_is(value: str, conversation: Conversation, context: QueryContext) -> bool:
    """Whether one of the OF_CONVERSATIONS words is true of it; False for other words."""
    status = status_of(conversation, context.now)
    if value in ("open", "waiting", "snoozed", "done"):
        return status == value and not (conversation.muted and status != "done")
    facts = {
        "archived": status == "done",
        "muted": conversation.muted,
        "unread": conversation.unread,
        "overdue": status == "open"
        and not conversation.muted
        and conversation.since < context.now - context.answer_within,
        "assigned": conversation.assignee is not None,
        "unassigned": conversation.assignee is None,
        "mine": conversation.assignee == context.who,
    }
    return facts.get(value, False)


def matches_outgoing(terms: tuple[Term, ...], item: Outgoing, context: QueryContext) -> bool:
    """Whether an outgoing item matches every term."""
    return all(_outgoing_meets(term, item, context) != term.negated for term in terms)


def _outgoing_meets(term: Term, item: Outgoing, context: QueryContext) -> bool:
    key, value = term.key, term.value
    if key == "is":
        facts = {
            "late": is_late(item, context.now, context.overdue_post),
            "stuck": item.state in NEEDS_PERSON,
            "reply": item.conversation is not None,
            "post": item.conversation is None,
            "mine": item.author == context.who,
        }
        return facts.get(value, item.state.value == value)
    if key == "net":
        return item.network == value
    if key == "account":
        return value in (item.account, context.account_names.get(item.account, "").casefold())
    if key == "from":
        return value.lstrip("@") in item.author.casefold()
    if key == "since":
        return item.created_at >= since(value, context.now)
    if key in ("tag", "assigned", "priority"):
        return False
    return value in f"{item.spoiler}\n{item.text}".casefold()


def is_late(item: Outgoing, now: datetime, overdue_post: timedelta) -> bool:
    """Whether it should have been sent: its time is longer ago than the config's `overdue_post`."""
    not_sent = (OutgoingState.SCHEDULED, OutgoingState.RETRYING, OutgoingState.UNKNOWN, OutgoingState.SENDING)
    return item.state in not_sent and item.scheduled_at is not None and item.scheduled_at < now - overdue_post
