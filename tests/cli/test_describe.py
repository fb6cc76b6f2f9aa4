"""docs/commands.md says what the parser says."""

from pathlib import Path

import pytest

from commtui.cli.describe import renewed
from commtui.cli.registry import COMMANDS

DOCUMENT = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_document_is_made_from_the_parser():
    text = DOCUMENT.read_text()
    assert renewed(text) == text, "run: .venv/bin/python -m commtui.cli.describe docs/commands.md"
    assert all(f"### `commtui {name}" in text for name in COMMANDS)


def test_a_document_without_the_marks_is_an_error():
    with pytest.raises(ValueError, match="no <!-- commands"):
        renewed("# nothing")
