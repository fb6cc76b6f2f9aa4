"""docs/config.md says what the code says."""

import tomllib
from pathlib import Path

import pytest

from commtui.config.describe import TABLES, docstrings, renewed, table
from commtui.config.settings import parse, settings_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "config.md"


@pytest.mark.parametrize("kind", [kind for _, _, kind in TABLES])
def test_every_setting_has_a_docstring(kind):
    assert list(docstrings(kind)) == list(kind.__struct_fields__)
    assert all(text.endswith(".") for text in docstrings(kind).values())


def test_the_tables_of_the_document_are_those_of_the_code():
    text = DOCUMENT.read_text()
    assert renewed(text) == text, "run: .venv/bin/python -m commtui.config.describe docs/config.md"


def test_the_documents_example_is_a_valid_config():
    example = DOCUMENT.read_text().split("```toml\n")[1].split("```")[0]
    assert tomllib.loads(example)
    assert parse(example, DOCUMENT, {}).accounts[0].name == "brand"


def test_every_row_says_value_and_default():
    rows = [line for line in table().splitlines() if line.startswith("| `")]
    assert (
        len(rows) == sum(bool(setting.shape) for _, _, kind in TABLES for setting in settings_of(kind).values()) >= 29
    )
    assert all(cell.strip() for row in rows for cell in row.strip("|").split(" | "))


def test_a_document_without_the_marks_is_an_error():
    with pytest.raises(ValueError, match="no <!-- settings"):
        renewed("# nothing")
