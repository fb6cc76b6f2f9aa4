"""Macros: several verbs under one name, done as one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, as_one
from commtui.activity.errors import TriageError, Usage
from commtui.community import conversations, replies
from commtui.community.saved_replies import filled, those_there

Ids = Sequence[str]
PLAIN: Final[Mapping[str, Callable[[Desk, Ids], Outcome]]] = {
    "done": conversations.done,
    "reopen": conversations.reopen,
    "claim": conversations.claim,
    "read": conversations.read,
    "mute": conversations.mute,
    "unmute": conversations.unmute,
}
VALUED: Final[Mapping[str, Callable[[Desk, Ids, str], Outcome]]] = {
    "assign": conversations.assign,
    "snooze": conversations.snooze,
    "tag": conversations.tag,
    "untag": conversations.untag,
    "note": conversations.note,
}
REPLY: Final = "reply"


def lines(desk: Desk, name: str) -> list[tuple[str, str]]:
    """The verbs of a macro, each with its value. Raises Usage, naming the line, for one that a macro can't have."""
    found = desk.settings.macros.get(name)
    if found is None:
        raise Usage(f"no macro {name!r}{those_there(desk.settings.macros, 'macros')}")
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
        mention, _ = resolve.answered(desk.store, each.id)
        said = filled(desk, value, mention)
        if verb in VALUED:
            VALUED[verb](desk, [each.id], said)
        else:
            replies.reply(desk, each.id, said)
