"""Every setting with its value, where the value comes from, and what may be put there."""

from __future__ import annotations

import ast
import inspect
import shlex
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any, Final

from msgspec.structs import replace

from commtui.config.calendar_rules import CalendarRules
from commtui.config.lines import statements
from commtui.config.loading import parse, read_text
from commtui.config.paths import Home
from commtui.config.readers import DAY
from commtui.config.service_levels import WorkingHours
from commtui.config.setting_row import Described, Kind, Source, as_it_can_be_changed
from commtui.config.settings import KEYMAPS, LATE, Account, Notify, Retention, Settings
from commtui.config.table_entries import with_entries
from commtui.config.tables import settings_of
from commtui.config.zone import zone_name
from commtui.model.spans import span_text
from commtui.model.text import number_of
from commtui.model.visibility import Visibility

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "late": LATE,
    "keymap": KEYMAPS,
    "visibility": tuple(str(word) for word in Visibility),
}
_COMMANDS: Final = frozenset(("open", "token_command"))
"""Settings that are commands: they are typed as in a shell."""


def describe(home: Home, environ: Mapping[str, str]) -> list[Described]:
    """Every setting, in the order of docs/config.md. Raises ConfigError if the config can't be read."""
    text = read_text(home.config).removeprefix("\ufeff")
    settings = parse(text, home.config, environ)
    places = {path: first for first, _, path in statements(text)} if text else {}
    table = tomllib.loads(text) if text else {}
    rows = _of_table(Settings, settings, table, places, ())
    rows = with_entries([_from_environment(row, settings, environ) for row in rows], table, places)
    rows += _of_table(Notify, settings.notify, table.get("notify", {}), places, ("notify",))
    rows += _of_table(Retention, settings.retention, table.get("retention", {}), places, ("retention",))
    rows += _of_table(WorkingHours, settings.hours, table.get("hours", {}), places, ("hours",))
    rows += _of_table(CalendarRules, settings.calendar, table.get("calendar", {}), places, ("calendar",))
    for index, account in enumerate(settings.accounts):
        rows += _of_table(Account, account, table["account"][index], places, ("account", index), account.name)
    return rows


def _of_table(
    kind: type[Any],
    record: Any,
    table: Mapping[str, Any],
    places: Mapping[tuple[str | int, ...], int],
    path: tuple[str | int, ...],
    account: str = "",
) -> list[Described]:
    meant, defaults, rows = docstrings(kind), kind(), []
    prefix = "" if account or not path else f"{path[0]}."
    for name, about in settings_of(kind).items():
        if name in ("notify", "retention", "hours", "calendar", "accounts"):
            continue
        key, value = about.key or name, getattr(record, name)
        typed = shlex.join(value or ()) if name in _COMMANDS else _shown(value)
        kind_of_row = _kind(name, getattr(defaults, name))
        if kind_of_row == "lines":
            typed = "; ".join(value)
        here = (*path, key)
        row = Described(
            key=prefix + key,
            account=account,
            kind=kind_of_row,
            value=typed if value is not None else about.default,
            typed=typed,
            written=typed if key in table else "",
            default=about.default.strip('"') or _shown(getattr(defaults, name)),
            source="config" if key in table else "default",
            line=_line(places, here) if key in table else None,
            variable="",
            help=" ".join(meant[name].split()),
            options=_CHOICES.get(name, ()),
        )
        if row.kind in ("list", "lines") and row.written:
            row = as_it_can_be_changed(row, [str(part).strip() for part in table[key]])
        rows.append(row)
    return rows


def _line(places: Mapping[tuple[str | int, ...], int], here: tuple[str | int, ...]) -> int | None:
    """The line of a key; of the table or the inline table that has it where it has none of its own."""
    inside = [line for path, line in places.items() if path[: len(here)] == here]
    around = [line for path, line in places.items() if path == here[: len(path)]]
    return min(inside) if inside else max(around, default=None)


def _kind(name: str, default: Any) -> Kind:
    if isinstance(default, Mapping) or name in ("service_levels", "rules"):
        return "fixed"
    if isinstance(default, bool):
        return "toggle"
    if name in _CHOICES or name == "theme":
        return "choice"
    if name == "slots":  # their days are apart by commas
        return "lines"
    return "list" if name in ("teammates", "week", "closed", "quiet") else "text"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f"{value.days}d" if value and not value % DAY else span_text(value)
    if isinstance(value, Mapping):
        return number_of(len(value), "value") if value else ""
    if isinstance(value, tuple):
        return ", ".join(part if isinstance(part, str) else str(part.name) for part in value)
    return "" if value is None else str(value)


def _from_environment(row: Described, settings: Settings, environ: Mapping[str, str]) -> Described:
    """The same, where nothing is written and the value comes from the environment or from the machine."""
    if row.source != "default" or row.key not in ("me", "zone"):
        return row
    names = ("USER", "LOGNAME") if row.key == "me" else ("TZ",)
    variable = next((name for name in names if environ.get(name)), "")
    value = settings.me if row.key == "me" else zone_name(settings, environ)
    source: Source = "environment" if variable else "default"
    return replace(row, value=value, typed=value, source=source, variable=variable)


def docstrings(kind: type[Any]) -> dict[str, str]:
    """The docstring under each field of a record of the config; a field without one is left out."""
    classes = (node for node in _source(kind.__module__).body if isinstance(node, ast.ClassDef))
    body = next(node.body for node in classes if node.name == kind.__name__)
    found = {}
    for field, after in pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            found[field.target.id] = inspect.cleandoc(after.value.value)
    return found


@cache
def _source(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))
