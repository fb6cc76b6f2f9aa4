"""Macros: several verbs under one name, of the config or of a file, done as one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step
from commtui.activity.errors import BadMacroLine, TriageError, UnknownName
from commtui.activity.outcome import Outcome
from commtui.activity.parts import in_parts
from commtui.activity.refusals import CannotSend, MacroFailed
from commtui.community import replies, saved_replies
from commtui.community.saved_replies import filled
from commtui.triage.lines import BadLine, Line, read_line
from commtui.triage.verbs import VERBS

Ids = Sequence[str]
REPLY: Final = "reply"
SAVED: Final = "saved"
"""The line `saved NAME` replies with a saved reply."""


class _Action(NamedTuple):
    """A line, and what its variables are filled into."""

    line: Line
    text: str
    own: Mapping[str, str]
    """Of a saved reply: the values of the variables of its own."""


def all_macros(desk: Desk) -> Mapping[str, Sequence[str]]:
    """Returns the lines of the macros by name: the config's, then those of files. Of two of one name the config's."""
    own = desk.settings.macros
    return {**own, **{name: lines for name, lines in desk.saved_files.current.macros.items() if name not in own}}


def lines(desk: Desk, name: str) -> list[Line]:
    """Returns the lines of a macro, parsed. Raises UnknownName, BadMacroLine."""
    known = all_macros(desk)
    if name not in known:
        raise UnknownName("macro", name, list(known))
    allowed = [REPLY, SAVED, *(verb.id for verb in VERBS.values() if verb.in_macros)]
    parsed = []
    for number, text in enumerate(known[name], 1):
        try:
            parsed.append(read_line(text, allowed))
        except BadLine as error:
            raise BadMacroLine(name, number, error.verb, error.problem, sorted(allowed)) from None
    return parsed


def answers(desk: Desk, name: str) -> bool:
    """Whether a macro sends a reply, so that a person has to confirm it. Raises UnknownName, BadMacroLine."""
    return any(line.verb in (REPLY, SAVED) for line in lines(desk, name))


def asked(desk: Desk, name: str) -> dict[str, str]:
    """Returns the variables of their own that a macro's saved replies have -> the value that is proposed.

    Raises UnknownName, BadMacroLine.
    """
    variables = dict[str, str]()
    for line in lines(desk, name):
        if line.verb == SAVED:
            reply = saved_replies.find(desk, line.value)
            for variable in reply.asked:
                variables.setdefault(variable, reply.variables[variable])
    return variables


def texts(desk: Desk, name: str, identity: str, given: Mapping[str, str]) -> list[str]:
    """Returns the replies that a macro would send in a conversation. `given`: the values of what is `asked`.

    Raises UnknownName, BadMacroLine, NoValue, NothingToAnswer.
    """
    mention, _ = resolve.answered(desk.store, identity)
    actions = [_action(desk, line, given) for line in lines(desk, name) if line.verb in (REPLY, SAVED)]
    return [filled(desk, action.text, mention, action.own) for action in actions]


def run_macro(desk: Desk, name: str, named: Ids, given: Mapping[str, str] | None = None) -> Outcome:
    """Does the lines of a macro on each conversation, as one step. `given`: the values of what is `asked`.

    Raises UnknownName, BadMacroLine, NoValue, MacroFailed: nothing was done then.
    """
    variables = asked(desk, name)
    for variable in given or {}:
        if variable not in variables:
            raise UnknownName("variable", variable, list(variables))
    actions = [_action(desk, line, given or {}) for line in lines(desk, name)]
    return in_parts(desk, named, lambda part: _run_on(desk, name, actions, part))


def _action(desk: Desk, line: Line, given: Mapping[str, str]) -> _Action:
    """Raises UnknownName, NoValue."""
    if line.verb != SAVED:
        return _Action(line, line.value, {})
    reply = saved_replies.find(desk, line.value)
    own = {variable: value for variable, value in given.items() if variable in reply.variables}
    return _Action(line, reply.text, saved_replies.own_values(reply, own))


def _run_on(desk: Desk, name: str, actions: Sequence[_Action], named: Ids) -> Outcome:
    with one_step(desk, f"macro {name}", tuple(named)) as step:
        done = []
        for action in actions:
            verb = action.line.verb
            try:
                done.append(_do(desk, action, named))
            except CannotSend as error:  # the draft that it names is rolled back with the whole step
                raise MacroFailed(name, verb, error.kept_as(())) from error
            except TriageError as error:
                raise MacroFailed(name, verb, error) from error
        step.detail = "; ".join(map(str, done))
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


def _do(desk: Desk, action: _Action, named: Ids) -> Line:
    """Does a line on each conversation. Returns it with its variables filled in, where all have the same value."""
    line = action.line
    if not line.value:
        VERBS[line.verb].call(desk, named)
        return line
    values = set()
    for conversation in resolve.conversations(desk.store, named):
        mention, _ = resolve.answered(desk.store, conversation.id)
        value = filled(desk, action.text, mention, action.own)
        values.add(value)
        if line.verb in (REPLY, SAVED):
            replies.reply(desk, conversation.id, value)
        else:
            VERBS[line.verb].call(desk, [conversation.id], value)
    return Line(line.verb, values.pop()) if len(values) == 1 and line.verb != SAVED else line
