"""Saved replies and macros: what the config has ready, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commtui.model.records import Mention
from commtui.triage import answering, marking, resolve
from commtui.triage.desk import Desk, Outcome, as_one
from commtui.triage.errors import TriageError, Usage

Ids = Sequence[str]
_PLACE: Final = re.compile(r"\{(author|name|me)\}")
PLAIN: Final[Mapping[str, Callable[[Desk, Ids], Outcome]]] = {
    "done": marking.done,
    "reopen": marking.reopen,
    "claim": marking.claim,
    "read": marking.read,
    "mute": marking.mute,
    "unmute": marking.unmute,
}
VALUED: Final[Mapping[str, Callable[[Desk, Ids, str], Outcome]]] = {
    "assign": marking.assign,
    "snooze": marking.snooze,
    "tag": marking.tag,
    "untag": marking.untag,
    "note": marking.note,
}
REPLY: Final = "reply"


def filled(desk: Desk, text: str, mention: Mention) -> str:
    """A text with {author}, {name} and {me} filled in; what else stands in braces stays."""
    given = {"author": mention.author, "name": mention.author_name or mention.author, "me": desk.who}
    return _PLACE.sub(lambda found: given[found[1]], text)


def saved_reply(desk: Desk, name: str, text_id: str) -> str:
    """The saved reply of that name for what is answered. Raises Usage for an unknown one, UnknownId."""
    text = desk.settings.saved.get(name)
    if text is None:
        raise Usage(f"no saved reply {name!r}{_there(desk.settings.saved, 'saved')}")
    mention, _ = answering.answered(desk.store, text_id)
    return filled(desk, text, mention)


def lines(desk: Desk, name: str) -> list[tuple[str, str]]:
    """The verbs of a macro, each with its value. Raises Usage, naming the line, for one that a macro can't have."""
    found = desk.settings.macros.get(name)
    if found is None:
        raise Usage(f"no macro {name!r}{_there(desk.settings.macros, 'macros')}")
    read = []
    for number, line in enumerate(found, 1):
        verb, _, value = line.strip().partition(" ")
        where = f"macro {name}, line {number}:"
        if verb not in PLAIN and verb not in VALUED and verb != REPLY:
            known = ", ".join(sorted([*PLAIN, *VALUED, REPLY]))
            raise Usage(f"{where} {verb!r} can't be in a macro; these can: {known}")
        if verb in PLAIN and value.strip():
            raise Usage(f"{where} {verb} takes nothing after it")
        if verb not in PLAIN and not value.strip():
            raise Usage(f"{where} {verb} needs something after it")
        read.append((verb, value.strip()))
    return read


def answers(desk: Desk, name: str) -> bool:
    """Whether a macro sends something, so that a person is asked first. Raises Usage."""
    return any(verb == REPLY for verb, _ in lines(desk, name))


def run_macro(desk: Desk, name: str, ids: Ids) -> Outcome:
    """Does the lines of a macro on each conversation, as one step. Raises TriageError: nothing was done then."""
    steps = lines(desk, name)
    with as_one(desk, f"macro {name}", tuple(ids)) as taken:
        for verb, value in steps:
            try:
                _do(desk, verb, value, ids)
            except TriageError as error:
                why = str(error).partition("; kept as draft")[0]  # the draft goes with everything else
                raise TriageError(f"macro {name}, {verb}: {why}; nothing was done") from error
        taken.detail = "; ".join(f"{verb} {value}".strip() for verb, value in steps)
        op_id = taken.op_id if taken.changed else None
    people = [held.author for held in resolve.conversations(desk.store, ids)]
    told = people[0] + (f" and {len(people) - 1} more" if len(people) > 1 else "")
    if op_id is None:
        return Outcome(f"macro {name}: nothing to change on {told}")
    return Outcome(f"macro {name} on {told}: {taken.detail}", tuple(ids), op_id)


def _do(desk: Desk, verb: str, value: str, ids: Ids) -> None:
    if verb in PLAIN:
        PLAIN[verb](desk, ids)
        return
    for each in resolve.conversations(desk.store, ids):
        mention, _ = answering.answered(desk.store, each.id)
        said = filled(desk, value, mention)
        if verb in VALUED:
            VALUED[verb](desk, [each.id], said)
        else:
            answering.reply(desk, each.id, said)


def _there(known: Mapping[str, object], table: str) -> str:
    return f"; there are: {', '.join(known)}" if known else f": write some under [{table}] in the config"
