"""Environment variables that hold secrets: taken out of this process's environment, so that no child inherits them.

An editor, a browser, a token command and whatever a library starts get the environment without them; another
process of this program gets `whole_environment`.
"""

from __future__ import annotations

import os

from commtui.system.masking import register

_taken: dict[str, str] = {}
"""Name -> value, of the variables that were taken."""


def take(name: str) -> None:
    """Takes a variable out of the environment; `value_of` has it from then on. One that is not set is none."""
    value = os.environ.pop(name, None)
    if value is not None:
        _taken[name] = value
        register(value.strip())


def whole_environment() -> dict[str, str]:
    """The environment with the variables that were taken, for a child that is this program itself."""
    return {**_taken, **os.environ}


def value_of(name: str) -> str | None:
    """The value of a variable, taken or not; None: it is not set."""
    return os.environ.get(name, _taken.get(name))
