"""What a query asks for, said once more: slowly, term by term, over everything that a conversation has.

It shares no code with what the program searches by, but for the reading of a text into terms.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from commtui.model import ids
from commtui.model.records import Conversation

FIRST, LAST = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))  # noqa: DTZ901
BERLIN = ZoneInfo("Europe/Berlin")


def meets(desk, query, number, mention=None):
    """Whether a conversation, or one mention of it, meets a query."""
    conversation = desk.store.at(Conversation, number)
    facts = Facts(desk, conversation, [mention] if mention else desk.store.mentions.of_conversation(conversation.id))
    facts.mention = mention
    return all(any(holds(term, facts) != term.negated for term in clause) for clause in query)


class Facts:
    def __init__(self, desk, conversation, mentions):
        self.desk, self.row, self.mentions, self.now = desk, conversation, mentions, desk.now
        self.mention = None
        self.archived = desk.store.conversations.is_archived(ids.number(conversation.id))
        asleep = conversation.snoozed_for_answer or (conversation.snoozed_until or self.now) > self.now
        ends = [row for row in (conversation.muted_until, conversation.snoozed_until) if row]
        ended = (
            conversation.muted_until
            and not conversation.snoozed_for_answer
            and (max(ends) <= self.now or conversation.status == "done")
        )
        self.muted = conversation.muted and not ended
        self.status = "snoozed" if conversation.status != "done" and asleep else str(conversation.status)

    @property
    def texts(self):
        said = [text for m in self.mentions for text in (m.author, m.author_name, m.spoiler, m.text)]
        if not self.mention:
            said += [self.row.author, self.row.author_name, self.row.text]
        return [text.casefold() for text in said]

    @property
    def authors(self):
        said = [(m.author, m.author_name) for m in self.mentions]
        return said if self.mention else [*said, (self.row.author, self.row.author_name)]


def holds(term, facts):
    value, row, now = term.value, facts.row, facts.now
    match term.key:
        case "":
            return any(value in text or (" " in value and value in " ".join(text.split())) for text in facts.texts)
        case "from":
            bare = value.lstrip("@")
            return any(bare in author.casefold() or value in name.casefold() for author, name in facts.authors)
        case "tag":
            return value.removeprefix("#") in row.tags
        case "net":
            return row.network == value
        case "account":
            names = {account.id: account.name for account in facts.desk.settings.accounts}
            return value == row.account or value == names.get(row.account, "").casefold()
        case "assigned":
            if value == "nobody":
                return row.assignee is None
            return (row.assignee or "").casefold() == ("me" if value == "me" else value) and row.assignee is not None
        case "priority":
            return row.priority == value
        case "campaign":
            return facts.desk.store.campaigns.names().get(row.campaign, "").casefold() == value
        case "via":
            return any(m.via == value for m in facts.mentions)
        case "lang":
            named = [(m.language or "").lower() for m in facts.mentions]
            of_words = [(m.language_guess or "").lower() for m in facts.mentions]
            none = ("", "und", "no language")
            spoken = [guess if tag in none else tag for tag, guess in zip(named, of_words, strict=True)]
            return any(tag == value or tag.split("-")[0] == value for tag in spoken)
        case "has":
            return has(value, facts)
        case "due":
            begin, end = {
                "<30m": (FIRST, now + timedelta(minutes=30)),
                "<26h": (FIRST, now + timedelta(hours=26)),
                ">1h": (now + timedelta(hours=1), LAST),
                "today": days(now, 0),
                "tomorrow": days(now, 1),
            }[value]
            return row.due_at is not None and begin <= row.due_at < end
        case "since" | "until":
            at = facts.mention.created_at if facts.mention else row.newest_at
            begin, end = {
                "150m": (now - timedelta(minutes=150),) * 2,
                "today": days(now, 0),
                "yesterday": days(now, -1),
                "2000-01-01": (datetime(1999, 12, 31, 23, tzinfo=UTC), datetime(2000, 1, 1, 23, tzinfo=UTC)),
            }[value]
            return at >= begin if term.key == "since" else at < end
    return is_(value, facts)


def days(now, back):
    local = now.astimezone(BERLIN)
    begin, end = (
        datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
        for day in (local + timedelta(days=back), local + timedelta(days=back + 1))
    )
    return begin, end


def has(value, facts):
    if value == "note":
        return bool(facts.desk.store.notes.of_conversation(facts.row.id))
    if value == "draft":
        return facts.row.draft is not None
    for mention in facts.mentions:
        kinds = [file.kind for file in mention.media]
        found = {
            "media": bool(kinds),
            "no-alt": any(file.alt.strip() == "" for file in mention.media),
            "poll": mention.poll is not None,
            "link": "https://" in mention.text,
        }
        if found.get(value, value in kinds):
            return True
    return False


def is_(value, facts):
    row, status = facts.row, facts.status
    if value in ("mention", "answer", "quote", "direct"):
        return any(m.via == value for m in facts.mentions)
    if value == "edited":
        return any(m.edited for m in facts.mentions)
    if value in ("open", "waiting", "snoozed"):
        return status == value and not facts.muted
    waits = status == "open" and not facts.muted and row.due_at is not None
    return {
        "done": status == "done",
        "archived": facts.archived,
        "muted": facts.muted,
        "unread": row.unread,
        "overdue": waits and row.due_at < facts.now,
        "at-risk": waits and row.risk_at is not None and row.risk_at < facts.now <= row.due_at,
        "assigned": row.assignee is not None,
        "unassigned": row.assignee is None,
        "mine": row.assignee == "me",
    }[value]
