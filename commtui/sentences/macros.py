"""What is wrong with the macros, a line each."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.activity.errors import BadMacroLine, UnknownName
from commtui.config.saved_texts import no_variable
from commtui.model.saved_replies import unknown
from commtui.sentences.errors import sentence
from commtui.sentences.naming import Naming
from commtui.triage import macros


def macro_problems(desk: Desk, naming: Naming) -> list[str]:
    """Returns the lines of macros that can't be done, and those with a name in braces that is no variable."""
    problems = []
    for name in macros.all_macros(desk):
        try:
            lines = macros.lines(desk, name)
            macros.asked(desk, name)
        except BadMacroLine as error:
            problems.append(sentence(error, naming))
        except UnknownName as error:  # of the saved reply in one of its lines
            problems.append(f"macro {name}: {sentence(error, naming)}")
        else:
            problems += [
                f"macro {name}, line {number}: {no_variable(variable)}"
                for number, line in enumerate(lines, 1)
                for variable in unknown(line.value)
            ]
    return problems
