"""Macros: several verbs under one name, of the config or of a file, done as one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step
from commtui.activity.errors import BadMacroLine, TriageError, UnknownName
from commtui.activity.outcome import Outcome
from commtui.activity.parts import in_parts
from commtui.activity.refusals import CannotSend, MacroFailed
from commtui.community import replies, saved_replies
from commtui.community.saved_replies import filled
from commtui.triage.verbs import VERBS

Ids = Sequence[str]
REPLY, SAVED = "reply", "saved"
"""The lines that answer: `reply TEXT`, and `saved NAME` with a saved reply."""


class Line(NamedTuple):
    """A verb of a macro with its argument, empty for a verb without one."""

    verb: str
    value: str
    text: str = ""
    """Of a saved reply: its text."""
    own: Mapping[str, str] = {}
    """The values of the variables of its own."""


def all_macros(desk: Desk) -> Mapping[str, Sequence[str]]:
    """Returns the lines of the macros by name: the config's, then those of files. Of two with one name the config's
    counts."""
    own = desk.settings.macros
    return {**own, **{name: lines for name, lines in desk.saved_files.current.macros.items() if name not in own}}


def lines(desk: Desk, name: str) -> list[Line]:
    """Returns the lines of a macro, parsed. Raises UnknownName, BadMacroLine."""
    known = all_macros(desk)
    if name not in known:
        raise UnknownName("macro", name, list(known))
    parsed = []
    for number, text in enumerate(known[name], 1):
        verb, _, value = text.strip().partition(" ")
        entry = VERBS.get(verb)
        sends = verb in (REPLY, SAVED)
        if not sends and not (entry and entry.in_macros):
            raise BadMacroLine(name, number, verb, "verb", sorted([REPLY, SAVED, *_in_macros()]))
        takes_value = sends or bool(entry and entry.argument)
        if value.strip() and not takes_value:
            raise BadMacroLine(name, number, verb, "value")
        if not value.strip() and takes_value:
            raise BadMacroLine(name, number, verb, "no-value")
        parsed.append(Line(verb, value.strip()))
    return parsed


def _in_macros() -> list[str]:
    return [verb.id for verb in VERBS.values() if verb.in_macros]


def answers(desk: Desk, name: str) -> bool:
    """Whether a macro sends a reply, so that a person has to confirm it. Raises UnknownName, BadMacroLine."""
    return any(line.verb in (REPLY, SAVED) for line in lines(desk, name))


def asked(desk: Desk, name: str) -> dict[str, str]:
    """Returns the variables of their own that a macro's saved replies have -> the value that is proposed.

    Raises UnknownName, BadMacroLine.
    """
    replies_of_it = [saved_replies.find(desk, line.value) for line in lines(desk, name) if line.verb == SAVED]
    return {variable: reply.variables[variable] for reply in reversed(replies_of_it) for variable in reply.asked}


def run_macro(desk: Desk, name: str, named: Ids, given: Mapping[str, str] | None = None) -> Outcome:
    """Does the lines of a macro on each conversation, as one step. `given`: the values of what is `asked`.

    Raises UnknownName, BadMacroLine, NoValue, MacroFailed: nothing was done then.
    """
    variables = asked(desk, name)
    for variable in given or {}:
        if variable not in variables:
            raise UnknownName("variable", variable, list(variables))
    steps = [_with_values(desk, line, given or {}) for line in lines(desk, name)]
    return in_parts(desk, named, lambda part: _run_on(desk, name, steps, part))


def _with_values(desk: Desk, line: Line, given: Mapping[str, str]) -> Line:
    """The line; that of a saved reply with its text and the values of its own variables."""
    if line.verb != SAVED:
        return line
    reply = saved_replies.find(desk, line.value)
    own = {variable: value for variable, value in given.items() if variable in reply.variables}
    return line._replace(text=reply.text, own=saved_replies.own_values(reply, own))


def _run_on(desk: Desk, name: str, steps: Sequence[Line], named: Ids) -> Outcome:
    with one_step(desk, f"macro {name}", tuple(named)) as step:
        done = []
        for line in steps:
            try:
                done.append(_do(desk, line, named))
            except CannotSend as error:  # the draft that it names is rolled back with the whole step
                raise MacroFailed(name, line.verb, error.kept_as(())) from error
            except TriageError as error:
                raise MacroFailed(name, line.verb, error) from error
        step.detail = "; ".join(f"{line.verb} {line.value}".strip() for line in done)
        op_id = step.op_id if step.changed else None
    authors = [conversation.author for conversation in resolve.conversations(desk.store, named)]
    return Outcome(
        verb="macro",
        macro=name,
        ids=tuple(named),
        op_id=op_id,
        value=step.detail,
        author=authors[0],
        more=len(authors) - 1,
    )


def _do(desk: Desk, line: Line, named: Ids) -> Line:
    """Does a line on each conversation. Returns it with its variables filled in, where all have the same value."""
    if not line.value:
        VERBS[line.verb].call(desk, named)
        return line
    values = set()
    for conversation in resolve.conversations(desk.store, named):
        mention, _ = resolve.answered(desk.store, conversation.id)
        value = filled(desk, line.text or line.value, mention, line.own)
        values.add(line.value if line.verb == SAVED else value)
        if line.verb in (REPLY, SAVED):
            replies.reply(desk, conversation.id, value)
        else:
            VERBS[line.verb].call(desk, [conversation.id], value)
    return Line(line.verb, values.pop()) if len(values) == 1 else line
