"""The query language in words: why a text is no query, and what each key asks for."""

from __future__ import annotations

from typing import Final, NamedTuple

from commtui.model.query_terms import HAS, KEYS, OF_CONVERSATIONS, OF_MENTIONS, OF_OUTGOING, QueryError
from commtui.model.text import phrase


class Key(NamedTuple):
    """A key of the language. `values`: what stands behind it; `asks`: what is shown then."""

    values: str
    asks: str


KEY_TEXTS: Final = {
    "is": Key(
        "a word",
        f"of a conversation {', '.join(OF_CONVERSATIONS)}; of a mention {', '.join(OF_MENTIONS)};"
        f" of a reply or post {', '.join(OF_OUTGOING)}, reply, post",
    ),
    "from": Key("a handle, a name, or a part", "who wrote it"),
    "tag": Key("a tag", "a tag of the conversation"),
    "net": Key("a network", "mastodon, bluesky, or what a plug-in is called"),
    "account": Key("a name or an id", "one of your accounts"),
    "assigned": Key("a teammate, me or nobody", "whose it is"),
    "priority": Key("urgent, high, normal or low", "the priority of the conversation"),
    "via": Key("mention, answer, quote or direct", "how they spoke to you"),
    "lang": Key(
        "a code such as de or pt-br",
        "the language that its network names, else the one that was guessed; pt is pt-br, too",
    ),
    "has": Key(
        f"{', '.join(HAS[:-1])} or {HAS[-1]}",
        "what stands in it or beside it; no-alt: a file without a description; note and draft: your own",
    ),
    "campaign": Key("a name", "the campaign of the post, or of the post that a conversation is about"),
    "due": Key(
        "<2h, >1d, today or tomorrow",
        "your answer is due within two hours (or overdue), later than in a day, or on that day",
    ),
    "since": Key("a time", "the newest mention came at that time, or later"),
    "until": Key("a time", "the newest mention came before the end of that time"),
}
"""Key -> what it is, in the order of KEYS."""
_WORDS: Final = (
    "Words must all occur, in any order and in either case; a part of a word counts. What stands in quotation marks is"
    " one phrase."
)
_OR: Final = (
    "A space between two terms means and; `or` between two means that one of them is enough, and binds closer than the"
    " space: `invoice or bill is:open` is what is open and says one of the two words. Several may follow each other:"
    " `a or b or c`. Brackets group nothing: a word that begins with one stands in quotation marks."
)
_STATUS: Final = (
    "A conversation meets a term about its texts if one of its mentions does. Without a word of `is:` that names a"
    " status (open, waiting, snoozed, done, archived, muted) the pane shows the open ones; `commtui list mentions"
    " QUERY` looks through all, done and archived ones too."
)
RULES: Final = (
    _WORDS,
    _OR,
    "`-` before a term means not, and belongs to that term alone: `-tag:spam or is:mine`.",
    'The word itself is `"or"`; what looks like a term is a text in quotation marks: `"from:here"`.',
    _STATUS,
)
"""What a query is, each a paragraph; code stands between backticks."""
EXAMPLES: Final = (
    ('is:open -tag:spam from:@ada@example.org net:bluesky since:monday "log in"', "all of these at once"),
    ("invoice or bill or refund -is:done", "one of three words, not done"),
    ("via:direct is:unread", "direct messages that nobody has read"),
    ("due:<2h -is:mine", "due within two hours or overdue, and not yours"),
    ("has:image has:no-alt", "pictures, and a file without a description"),
    ("lang:de or lang:nl is:unassigned", "in one of two languages, unassigned"),
    ('since:"last week" until:"last week" is:done', "what was done of the seven days before this Monday"),
)
TIMES: Final = (
    'A time is `today`, `yesterday`, a weekday (`monday`, `fri`: the last one, today too), `"last friday"` (before'
    ' today), `"this week"`, `"last week"`, `"this month"`, `"last year"`, a date (`2026-11-27`, `27.11.2026`), a month'
    " (`2026-11`), a moment (`2026-11-27T13:30`, with Z or an offset if it is not of your zone), a time of the day"
    " (`14:30`: the last one), or a span before now (`2h`, `3d`). Days begin at midnight in the config's `zone`, weeks"
    " on Monday. `since:monday until:tuesday` are two whole days."
)
KEYS_LINE: Final = " ".join(f"{key}:" for key in KEYS)
"""The keys, for the prompt of a filter and the help of a command."""


def query_sentence(error: QueryError) -> str:
    """Returns one line: what is wrong, where it stands, and what may be meant."""
    where = f" (at character {error.at + 1})" if error.at else ""
    return f"{_wrong(error)}{where}"


def _wrong(error: QueryError) -> str:
    given = phrase(error.given, 40)
    match error.problem:
        case "key":
            text = f"{error.key}:{given}"
            return f'no key {error.key}:; did you mean {error.nearest}:? To look for these words: "{text}"'
        case "value" if error.key == "lang":
            return f"lang:{given} is no language: say a code such as de, en or pt-br"
        case "value":
            meant = (
                f"did you mean {error.key}:{error.nearest}?" if error.nearest else f"one of: {', '.join(error.known)}"
            )
            return f"unknown {error.key}:{given}; {meant}"
        case "time":
            return f"{error.key}: {error.error}"
        case "empty" if error.key:
            return f"{error.key}: lacks its value: {KEY_TEXTS[error.key].values}"
        case "empty":
            return "an empty phrase asks for nothing"
        case "quote":
            return f'the phrase "{given} has no end: a " is missing'
        case "bracket":
            return f'brackets group nothing (or binds closer than the space); to look for it: "{given}"'
        case _:
            return 'or stands between two terms; the word itself is "or"'
