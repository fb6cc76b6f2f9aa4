"""The sentences of outcomes and errors, as the shell shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.cli.naming import ShellNaming
from commtui.sentences import errors, outcomes


def told(desk: Desk, outcome: Outcome) -> str:
    """What a person reads of an outcome."""
    return outcomes.sentence(outcome, ShellNaming(desk))


@contextmanager
def refused(desk: Desk, kind: type[TriageError], match: str = "") -> Iterator[None]:
    """Something raises an error of `kind`, whose sentence has `match`."""
    with pytest.raises(kind) as caught:
        yield
    assert re.search(match, errors.sentence(caught.value, ShellNaming(desk)))
