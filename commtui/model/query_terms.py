"""The query language: what a QUERY of a list, a filter, a view or a rule is made of. Pure functions.

A query is a row of clauses, each of which must hold. A clause is a term, or several with `or` between them, of which
one must hold: `or` binds closer than the space. So `a b or c d` asks for a, for b or c, and for d. A term is a word, a
phrase in quotation marks, or `key:value`; `-` before it negates that term alone. `"or"` in quotation marks is the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from commtui.model.facets import language
from commtui.model.records import Via
from commtui.model.states import OutgoingState, Priority
from commtui.model.times import WhenError

KEYS: Final = (
    "is", "from", "tag", "net", "account", "assigned", "priority", "via", "lang", "has", "campaign", "due", "since",
    "until",
)  # fmt: skip
STATUSES: Final = ("open", "waiting", "snoozed", "done", "archived", "muted")
"""The `is:` words that name where a conversation stands."""
OF_CONVERSATIONS: Final = (*STATUSES, "unread", "overdue", "at-risk", "assigned", "unassigned", "mine")
OF_MENTIONS: Final = (*(via.value for via in Via), "edited", "deleted", "pending")
OF_OUTGOING: Final = (*(state.value for state in OutgoingState), "late", "stuck")
IS: Final = tuple(dict.fromkeys((*OF_CONVERSATIONS, *OF_MENTIONS, *OF_OUTGOING, "reply", "post")))
HAS: Final = ("media", "image", "video", "audio", "no-alt", "poll", "link", "note", "draft")
VALUES: Final = {
    "is": IS,
    "has": HAS,
    "via": tuple(via.value for via in Via),
    "priority": tuple(priority.value for priority in Priority),
}
"""Key -> the values that it takes, where these are few."""
MEANT: Final = {
    "network": "net", "author": "from", "by": "from", "language": "lang", "status": "is", "label": "tag",
    "assignee": "assigned", "after": "since", "before": "until", "prio": "priority",
}  # fmt: skip
"""Keys of other programs -> ours."""
_TERM: Final = re.compile(r'(?P<minus>-?)(?:(?P<key>\w+):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>\S*))')


class Term(Struct, frozen=True):
    """One term of a query: its key (empty for a word or a phrase), its value, and whether `-` negates it."""

    key: str
    value: str
    negated: bool = False


Clause = tuple[Term, ...]
"""Terms of which one must hold."""
Query = tuple[Clause, ...]
"""Clauses of which each must hold."""


class QueryError(ValueError):
    """A text is no query. `problem`: key (no key of ours, but nearly), value (not one that the key takes), empty (no
    value), time, quote (a phrase without its end), bracket (a word that begins with one, as a
    group does elsewhere) or or (a side of it is missing).

    `at`: where it begins, in characters from 0. `nearest`: the key or value that may be meant. `known`: the values that
    the key takes; empty for a key that takes any. `error`: what is wrong with a time.
    """

    def __init__(
        self, problem: str, at: int, key: str = "", given: str = "", nearest: str | None = None,
        error: WhenError | None = None, known: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(problem, at, key, given)
        self.problem, self.at, self.key, self.given = problem, at, key, given
        self.nearest, self.error = nearest, error
        self.known = VALUES.get(key, ()) if known is None else known


def parse(text: str) -> Query:
    """The query that a text is; () for one without terms. Raises QueryError."""
    clauses: list[Clause] = []
    either: re.Match[str] | None = None
    for match in _tokens(text):
        if match[0].casefold() == "or":
            if either or not clauses:
                raise QueryError("or", match.start(), given=match[0])
            either = match
            continue
        term = _term(match)
        if either:
            clauses[-1] = (*clauses[-1], term)
        else:
            clauses.append((term,))
        either = None
    if either:
        raise QueryError("or", either.start(), given=either[0])
    return tuple(clauses)


def printed(query: Query) -> str:
    """A text of a query, which `parse` reads as an equal one."""
    return " ".join(" or ".join(map(_printed, clause)) for clause in query)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TERM.match(text, at)
        assert match is not None and match.end() > at  # what is no space begins a term
        yield match
        at = match.end()


def _term(match: re.Match[str]) -> Term:
    minus, key, phrase, word = match["minus"], (match["key"] or "").lower(), match["phrase"], match["word"]
    if phrase is not None and not match["end"]:
        raise QueryError("quote", match.start("phrase") - 1, given=phrase)
    if word and (word[0] == "(" or word == ")"):  # a group, in other programs; as a word it would match nothing
        raise QueryError("bracket", match.start("word"), given=word)
    value = (word if phrase is None else phrase).casefold()
    if key and key not in KEYS:
        nearest = _nearest_key(key) if value and not value.startswith("//") else None
        if nearest:
            raise QueryError("key", match.start("key"), key=key, given=value, nearest=nearest)
        key, value = "", f"{match['key']}:{value}".casefold()  # a link or a time: a plain word
    if minus and not key and not value and phrase is None:
        return Term("", "-")
    if not value:
        raise QueryError("empty", match.start(), key=key)
    return Term(key, _checked(key, value, match.start()), bool(minus))


def _nearest_key(key: str) -> str | None:
    from commtui.model.suggestions import nearest  # few queries have such a key

    return MEANT.get(key) or nearest(key, KEYS, 0.75)


def _checked(key: str, value: str, at: int) -> str:
    """The value as a term has it. Raises QueryError."""
    if key in VALUES and value not in VALUES[key]:
        from commtui.model.suggestions import nearest

        raise QueryError("value", at, key, value, nearest(value, VALUES[key]))
    if key == "lang" and language(value) != value:
        raise QueryError("value", at, key, value)
    if key in ("since", "until", "due"):
        from commtui.model import query_times  # few queries name a time

        try:
            (query_times.due if key == "due" else query_times.period)(value, query_times.FAR, "UTC")
        except WhenError as error:
            raise QueryError("time", at, key, value, error=error) from None
    if key == "from" and not value.isascii():
        return _with_ascii_host(value)
    return value


def _with_ascii_host(value: str) -> str:
    """An author as the store has it: the host of a handle, or a host alone, in its IDNA form."""
    from commtui.model.addressing import canonical_handle, canonical_host  # most queries name nobody by such a host

    if "@" in value.lstrip("@"):
        return canonical_handle(value)
    return canonical_host(value) if "." in value else value


def _printed(term: Term) -> str:
    key, value = f"{term.key}:" if term.key else "", term.value
    is_word = '"' in value or not (
        re.search(r"\s|^\(|^\)$", value) or (not key and (value == "or" or re.match(r"-.|\w+:", value)))
    )
    return "-" * term.negated + key + (value if is_word else f'"{value}"')


# what a query asks for


def all_terms(query: Query) -> Iterator[Term]:
    """The terms of all clauses."""
    return (term for clause in query for term in clause)


def required(query: Query) -> list[Term]:
    """The terms that must hold, those of clauses with `or` left out."""
    return [clause[0] for clause in query if len(clause) == 1]


def asks_for(query: Query, *words: str) -> bool:
    """Whether a query has one of these `is:` words, not negated."""
    return any(term.key == "is" and term.value in words and not term.negated for term in all_terms(query))


def asks_about(query: Query, key: str, value: str) -> bool:
    """Whether a query has a term with this key and value, negated or not."""
    return any((term.key, term.value) == (key, value) for term in all_terms(query))


def names_a_status(query: Query) -> bool:
    """Whether a query names a status, so that the default choice of statuses does not apply."""
    return asks_for(query, *STATUSES)


def words_of(term: Term) -> str:
    """The words that must stand in the texts or names of what meets a term; empty for a term of another kind, or a
    negated one."""
    if term.negated or term.key not in ("", "from"):
        return ""
    return term.value.lstrip("@") if term.key else term.value


def words(query: Query) -> list[str]:
    """The words that must occur in a conversation's texts or names."""
    return [word for term in required(query) if (word := words_of(term))]
