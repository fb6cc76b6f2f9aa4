"""The column beside the thread: the person who wrote, and the account that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from commtui.model import times
from commtui.model.engine import EngineState
from commtui.model.erasing import ERASED
from commtui.model.records import Conversation
from commtui.model.text import one_line
from commtui.sentences.people import counts, mark_words
from commtui.triage.people import Author, Profile
from commtui.triage.query import status_of
from commtui.triage.status import AccountStanding
from commtui.ui.text.cells import cells_of, cut_words, roomy, wrap
from commtui.ui.text.rows import Pieces, RowContext
from commtui.ui.text.statusline import sending_words

NOTES: Final = 3
"""Notes that are shown."""
NOTE_LINES: Final = 4
"""Lines of each."""
LABELS: Final = 11
"""Cells of the words before a value."""


def section(title: str) -> list[Pieces]:
    """The head of a part of a column, below an empty line."""
    return [(), (("unread", f" {title}"),)]


def person_lines(person: Profile, context: RowContext) -> list[Pieces]:
    """Name, mark, handles, since when they write, how much, what we answered, and their tags."""
    lines: list[Pieces] = []
    if person.name:
        lines += _wrapped("plain", roomy(person.name), context)
    lines += _wrapped("author", f"@{person.handle.removeprefix('@')}", context)
    for author in person.authors[1:]:
        lines += _wrapped("author", f"= @{author.handle.removeprefix('@')}", context)
    if person.mark:
        lines += _wrapped("soon", person.mark.value, context)
    if person.first_at and person.last_at:
        lines += _value("first seen", _ago(person.first_at, context))
        lines += _value("last seen", _ago(person.last_at, context))
    for words in counts(person.mentions, person.answers, person.total, person.open):
        lines += _wrapped("plain", words, context)
    if person.tags:
        lines += _wrapped("plain", " ".join(f"#{tag}" for tag in person.tags), context)
    return lines


def title_words(person: Profile) -> str:
    """Name, handle and mark: `Rolf Brandt @rolf@kaffe.example  vip`."""
    mark = f"  {person.mark.value}" if person.mark else ""
    return f"{roomy(person.name)} {person.handle or ERASED}{mark}".lstrip()


def head_lines(person: Profile, maybe: Sequence[Author], context: RowContext) -> list[Pieces]:
    """What stands above a person's conversations: who they also are, the rule of their mark, since when they write and
    how much, tags, who may be the same person, and the newest notes."""
    lines: list[Pieces] = []
    for author in person.authors[1:]:
        lines += _wrapped("author", f"= {author.handle} {roomy(author.name)}", context)
    lines += _wrapped("plain", mark_words(person.mark), context)
    if person.first_at and person.last_at:
        words = f"first seen {_ago(person.first_at, context)}, last seen {_ago(person.last_at, context)}"
        lines += _wrapped("plain", words, context)
    wrote, where = counts(person.mentions, person.answers, person.total, person.open)
    answered = f", the last {_ago(person.answered_at, context)}" if person.answered_at else ""
    lines += _wrapped("plain", f"{wrote}{answered}; {where}", context)
    if person.tags:
        lines += _wrapped("plain", " ".join(f"#{tag}" for tag in person.tags), context)
    for author in maybe:
        lines += _wrapped("dim", f"perhaps also {author.handle} {roomy(author.name)}", context)
    for note in person.notes[:NOTES]:
        parts = _wrapped("note", f"{note.who}, {_ago(note.at, context)}: {one_line(note.text)}", context)
        lines += parts[:NOTE_LINES]
    return lines


def note_lines(person: Profile, context: RowContext) -> list[Pieces]:
    """The newest notes on a person's conversations; nothing where there is none."""
    lines: list[Pieces] = []
    for note in person.notes[:NOTES]:
        parts = _wrapped("note", f"{note.who}, {_ago(note.at, context)}: {one_line(note.text)}", context)
        lines += parts[:NOTE_LINES]
    return [*section("Notes"), *lines] if lines else []


def other_lines(person: Profile, shown: str, context: RowContext) -> list[Pieces]:
    """The other conversations with a person, the newest first; nothing where there is none. `shown`: the id of the
    one in the reader."""
    others = [other for other in person.conversations if other.id != shown]
    lines = [_other(other, context) for other in others]
    more = person.total - len(person.conversations)
    if more > 0:
        lines.append((("dim", f" and {more:,} more"),))
    return [*section("Their other conversations"), *lines] if lines else []


def account_lines(account: AccountStanding | None, name: str, engine: EngineState, context: RowContext) -> list[Pieces]:
    """The account of what is shown. `account` is None where the config has it no more."""
    lines = section("Account")
    if account is None:
        return [*lines, *_wrapped("late", f"{name}, not in the config", context)]
    lines.append((("plain", f" {account.account}"), ("dim", f"  {account.network}")))
    health = account.health.value + (f": {account.error}" if account.error else "")
    lines += _wrapped("plain" if account.health.value == "ok" else "late", health, context)
    synced = _ago(account.synced_at, context) if account.synced_at else "never"
    lines += _value("synced", synced) + _value("unread", str(account.unread))
    return lines + _wrapped("plain" if engine.where == "here" else "late", sending_words(engine, 2), context)


def _other(conversation: Conversation, context: RowContext) -> Pieces:
    status = status_of(conversation, context.now)
    head = f" {times.ago(conversation.newest_at, context.now):>3} "
    words = conversation.spoiler or conversation.text or ", ".join(conversation.attached) or "no text"
    state = "" if status == "done" else f"{status}: "
    room = max(1, context.width - cells_of(head) - cells_of(state) - 1)
    return ("plain", head), ("soon", state), ("plain", cut_words(roomy(one_line(words)), room))


def _value(label: str, value: str) -> list[Pieces]:
    return [(("dim", f" {label:<{LABELS}}"), ("plain", value))]


def _wrapped(role: str, text: str, context: RowContext) -> list[Pieces]:
    return [((role, f" {line}"),) for line in wrap(text, context.width - 2)]


def _ago(at: datetime, context: RowContext) -> str:
    words = times.ago(at, context.now)
    return words if words == "now" else f"{words} ago"
