"""Which conversations, mentions and outgoing items a query asks for. The language is in model/query_terms.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from commtui.activity.errors import BadQuery
from commtui.model import facets, query_terms
from commtui.model.conversations import is_muted
from commtui.model.languages import spoken
from commtui.model.query_terms import OF_CONVERSATIONS, OF_MENTIONS, Query, QueryError, Term
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import NEEDS_PERSON, ConversationStatus, OutgoingState, is_late

if TYPE_CHECKING:
    from commtui.model.query_times import Period


class QueryContext(Struct, frozen=True):
    """What the terms of a query depend on beside the record: the time, the person, and the config."""

    now: datetime
    who: str
    overdue_post: timedelta
    account_names: dict[str, str]
    """Account id -> its name in the config."""
    zone: Callable[[], str] = lambda: "UTC"
    """Returns the IANA zone of days; asked for only by a query that names a time."""
    noted: Callable[[str], bool] = lambda conversation: False
    """Returns whether a conversation (its id) has a note; asked for by `has:note` only."""
    campaign_id: Callable[[str], str] = lambda name: name
    """Returns the id of the campaign of a name, or what it is given; asked for by `campaign:` only."""
    campaign_name: Callable[[str], str] = lambda campaign: campaign
    """Returns the name of a campaign (its id), for a row that names it."""
    repeat: Callable[[str], str] = lambda series: series
    """Returns the times of a series (its id) in words, for a post that names it."""


def parse(text: str) -> Query:
    """Returns the query of a text; see model/query_terms.py. Raises BadQuery."""
    try:
        return query_terms.parse(text)
    except QueryError as error:
        raise BadQuery(error) from None


def bound(term: Term, context: QueryContext) -> datetime:
    """Returns the moment of a `since:`, from which on a time meets it, or of an `until:`, which a time before it
    meets."""
    from commtui.model import query_times  # most queries name no time

    period = query_times.period(term.value, context.now, context.zone())
    return period.begin if term.key == "since" else period.end


def due_in(term: Term, context: QueryContext) -> Period:
    """Returns the time of a `due:`, in which our answer is due."""
    from commtui.model import query_times

    return query_times.due(term.value, context.now, context.zone())


def matches_conversation(
    terms: Query,
    conversation: Conversation,
    context: QueryContext,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None = None,
    *,
    archived: bool = False,
) -> bool:
    """Whether a conversation (or, with `mention`, that mention of it) meets a query.

    `mentions` returns its mentions; it is called only if a term needs their texts. `archived`: it is in the archive.
    """

    def meets(term: Term) -> bool:
        if term.key == "is" and term.value == "archived":
            return archived != term.negated
        return _conversation_meets(term, conversation, context, mentions, mention) != term.negated

    return all(any(map(meets, clause)) for clause in terms)


def _conversation_meets(
    term: Term,
    conversation: Conversation,
    context: QueryContext,
    mentions: Callable[[], list[Mention]],
    mention: Mention | None,
) -> bool:
    key, value = term.key, term.value
    if key == "is" and value not in OF_MENTIONS:
        return conversation_is(value, conversation, context)
    if key == "tag":
        return value.lstrip("#") in conversation.tags
    if key in ("since", "until"):
        at, begin = mention.created_at if mention else conversation.newest_at, bound(term, context)
        return at >= begin if key == "since" else at < begin
    if key == "due":
        begin, end = due_in(term, context)
        return conversation.due_at is not None and begin <= conversation.due_at < end
    if key == "priority":
        return conversation.priority.value == value
    if key == "net":
        return conversation.network == value
    if key == "account":
        return value in (conversation.account, context.account_names.get(conversation.account, "").casefold())
    if key == "assigned":
        return is_assigned(conversation.assignee, value, context)
    if key == "campaign":
        return conversation.campaign is not None and conversation.campaign == context.campaign_id(value)
    if key == "has" and value == "draft":
        return conversation.draft is not None
    if key == "has" and value == "note":
        return context.noted(conversation.id)
    if mention:
        return _mention_meets(term, mention)
    if key == "from" and _from(value, conversation.author, conversation.author_name):
        return True
    if not key and _says(value, conversation.author, conversation.author_name, conversation.text):
        return True
    return any(_mention_meets(term, member) for member in mentions())


def _mention_meets(term: Term, mention: Mention) -> bool:
    """Whether a term about a mention's own content or author is true of it."""
    key, value = term.key, term.value
    if key == "from":
        return _from(value, mention.author, mention.author_name)
    if key == "via":
        return mention.via.value == value
    if key == "lang":
        return facets.speaks(value, spoken(mention).code)
    if key == "has":
        return value in facets.contents(mention.text, mention.media, mention.poll)
    if key == "is":
        return _mention_is(value, mention)
    return _says(value, mention.author, mention.author_name, mention.spoiler, mention.text)


def _from(value: str, author: str, name: str) -> bool:
    return value.lstrip("@") in author.casefold() or value in name.casefold()


def _says(value: str, *texts: str) -> bool:
    """Whether texts hold a word, or a phrase across the ends of their lines."""
    folded = [text.casefold() for text in texts]
    if any(value in text for text in folded):
        return True
    return " " in value and any(value in " ".join(text.split()) for text in folded)


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
    if conversation.status is not ConversationStatus.DONE and snoozed(conversation, now):
        return "snoozed"
    return conversation.status.value


def conversation_is(value: str, conversation: Conversation, context: QueryContext) -> bool:
    """Whether one of the OF_CONVERSATIONS words is true of it; False for `archived`, which no record tells, and for
    other words."""
    status, muted = status_of(conversation, context.now), is_muted(conversation, context.now)
    if value in ("open", "waiting", "snoozed", "done"):
        return status == value and not (muted and status != "done")
    due_at, risk_at = conversation.due_at, conversation.risk_at
    is_due = due_at is not None and status == "open" and not muted
    is_overdue = is_due and due_at is not None and due_at < context.now
    facts = {
        "muted": muted,
        "unread": conversation.unread,
        "overdue": is_overdue,
        "at-risk": is_due and not is_overdue and risk_at is not None and risk_at < context.now,
        "assigned": conversation.assignee is not None,
        "unassigned": conversation.assignee is None,
        "mine": conversation.assignee == context.who,
    }
    return facts.get(value, False)


def matches_outgoing(terms: Query, item: Outgoing, context: QueryContext) -> bool:
    """Whether an outgoing item meets a query."""
    return all(any(_outgoing_meets(term, item, context) != term.negated for term in clause) for clause in terms)


def matches_reply(
    terms: Query, reply: Outgoing, conversation: Conversation, context: QueryContext, *, archived: bool = False
) -> bool:
    """Whether a reply of ours, as a text of its conversation, meets a query."""

    def meets(term: Term) -> bool:
        if term.key == "is" and term.value == "archived":
            return archived != term.negated
        if is_of_reply(term):
            return _outgoing_meets(term, reply, context) != term.negated
        return _conversation_meets(term, conversation, context, list, None) != term.negated

    return all(any(map(meets, clause)) for clause in terms)


def is_of_reply(term: Term) -> bool:
    """Whether a term asks for something of a reply itself, not of its conversation."""
    key, value = term.key, term.value
    if key == "is":
        return value not in OF_CONVERSATIONS
    return key in ("", "from", "via", "lang", "since", "until") or (key == "has" and value not in ("note", "draft"))


def _outgoing_meets(term: Term, item: Outgoing, context: QueryContext) -> bool:
    key, value = term.key, term.value
    if key == "is":
        facts = {
            "late": is_late(item.state, item.scheduled_at, context.now, context.overdue_post),
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
    if key in ("since", "until"):
        begin = bound(term, context)
        return item.created_at >= begin if key == "since" else item.created_at < begin
    if key == "lang":
        return facets.speaks(value, item.language)
    if key == "has":
        is_draft = value == "draft" and item.state is OutgoingState.DRAFT
        return is_draft or value in facets.contents(item.text, item.media, None)
    if key == "campaign":
        return item.campaign is not None and item.campaign == context.campaign_id(value)
    if key:  # tag, assigned, priority, via: only conversations have these
        return False
    return _says(value, item.spoiler, item.text)
