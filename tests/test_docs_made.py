"""The parts of the documentation that are made from the code are as the code has them now."""

import tomllib
from pathlib import Path

import pytest

from commtui.cli.registry import COMMANDS
from commtui.config.described import docstrings
from commtui.config.loading import parse
from commtui.config.tables import settings_of
from docs.generate.settings import TABLES, tables
from docs.make import PARTS, made_page, with_part

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("path", sorted({path for path, _, _ in PARTS}))
def test_a_page_is_up_to_date(path):
    assert made_page(path) == (ROOT / path).read_text(encoding="utf-8"), "run: make docs"


def test_a_page_without_the_marks_is_an_error():
    with pytest.raises(ValueError, match="no <!-- keys"):
        with_part("# nothing", "keys", "")


def test_every_command_has_a_section():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"### `commtui {name}" not in text] == []


@pytest.mark.parametrize("kind", [kind for _, _, kind in TABLES])
def test_every_setting_has_a_docstring(kind):
    assert list(docstrings(kind)) == list(kind.__struct_fields__)
    assert all(text.endswith(".") for text in docstrings(kind).values())


def test_every_setting_has_a_row_with_value_and_default():
    rows = [line for line in tables().splitlines() if line.startswith("| `")]
    documented = [setting for _, _, kind in TABLES for setting in settings_of(kind).values() if setting.shape]
    assert len(rows) == len(documented) >= 29
    assert all(cell.strip() for row in rows for cell in row.strip("|").split(" | "))


def test_the_example_of_a_config_is_valid():
    page = ROOT / "docs" / "config.md"
    example = page.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    assert tomllib.loads(example)
    assert parse(example, page, {}).accounts[0].name == "brand"
