"""Macros: several verbs under one name of the config, done as one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step
from commtui.activity.errors import BadMacroLine, TriageError, UnknownName
from commtui.activity.outcome import Outcome
from commtui.activity.parts import in_parts
from commtui.activity.refusals import CannotSend, MacroFailed
from commtui.community import replies
from commtui.community.saved_replies import filled
from commtui.triage.lines import BadLine, Line, read_line
from commtui.triage.verbs import VERBS

Ids = Sequence[str]
REPLY: Final = "reply"


def lines(desk: Desk, name: str) -> list[Line]:
    """Returns the lines of a macro, parsed. Raises UnknownName, BadMacroLine."""
    texts = desk.settings.macros.get(name)
    if texts is None:
        raise UnknownName("macro", name, list(desk.settings.macros))
    allowed = [REPLY, *(verb.id for verb in VERBS.values() if verb.in_macros)]
    parsed = []
    for number, text in enumerate(texts, 1):
        try:
            parsed.append(read_line(text, allowed))
        except BadLine as error:
            raise BadMacroLine(name, number, error.verb, error.problem, sorted(allowed)) from None
    return parsed


def answers(desk: Desk, name: str) -> bool:
    """Whether a macro sends a reply, so that a person has to confirm it. Raises UnknownName, BadMacroLine."""
    return any(line.verb == REPLY for line in lines(desk, name))


def run_macro(desk: Desk, name: str, named: Ids) -> Outcome:
    """Does the lines of a macro on each conversation, as one step.

    Raises UnknownName, BadMacroLine, MacroFailed: nothing was done then.
    """
    steps = lines(desk, name)
    return in_parts(desk, named, lambda part: _run_on(desk, name, steps, part))


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
        value = filled(desk, line.value, mention)
        values.add(value)
        if line.verb == REPLY:
            replies.reply(desk, conversation.id, value)
        else:
            VERBS[line.verb].call(desk, [conversation.id], value)
    return Line(line.verb, values.pop()) if len(values) == 1 else line
