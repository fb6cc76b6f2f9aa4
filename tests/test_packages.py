"""Packages stay apart: no import cycle anywhere, and a quick command imports no screen and no HTTP."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import commtui
from tests.imports import cycles_in, graph_of, imported_names, modules_of

PACKAGE = Path(commtui.__file__).parent
STANDARD_JSON = {
    "commtui.cli.output",  # writes what msgspec refuses: half a surrogate pair, as in the name of a file
    "commtui.networks.json_texts",  # reads what msgspec refuses in an answer of a server: half an emoji
    "commtui.store.tinydb_sqlite.values",  # the engine depends on TinyDB alone, and stores what that takes
}
"""Modules that read or write JSON by the standard library; all others do it by msgspec."""
ENGINE = "commtui.store.tinydb_sqlite"
HEAVY = ("textual", "rich", "httpx", "holidays", "commtui.community", "commtui.triage.rules")
HOURS = (
    '[hours]\nholidays = "DE"\n[[service_level]]\nname = "all"\nfirst = "2h"\n[[rule]]\nname = "x"\nthen = ["tag x"]\n'
)


def test_no_modules_import_each_other_in_a_circle():
    graph = graph_of(PACKAGE)
    assert len(graph) > 200
    assert cycles_in(graph) == []


def test_the_engine_of_the_store_imports_nothing_else_of_commtui():
    graph = graph_of(PACKAGE)
    engine = {name for name in graph if name.startswith(ENGINE)}
    assert engine
    assert {name: others - engine for name, others in graph.items() if name in engine and others - engine} == {}


def test_json_is_read_and_written_by_msgspec():
    importing = {
        name
        for name, file in modules_of(PACKAGE).items()
        if {"json", "orjson"} & imported_names(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert importing == STANDARD_JSON


@pytest.mark.parametrize(
    ("sources", "cycles"),
    [
        ({"a": "from pack import b", "b": "import os"}, []),
        ({"a": "from pack import b", "b": "import pack.a"}, [("pack.a", "pack.b")]),
        ({"a": "from . import b", "b": "def f():\n    from .a import x"}, [("pack.a", "pack.b")]),
        (
            {"a": "import pack.b", "b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack import a"},
            [("pack.a", "pack.b")],
        ),
        ({"a": "from pack import x", "__init__": "from pack.a import x"}, [("pack", "pack.a")]),
        ({"a": "import pack.b", "b": "import pack.c", "c": "import pack.a"}, [("pack.a", "pack.b", "pack.c")]),
        ({"a": "import pack.b", "b": "import pack.a", "c": "import pack.a"}, [("pack.a", "pack.b")]),
    ],
)
def test_a_cycle_is_found(tmp_path, sources, cycles):
    package = tmp_path / "pack"
    package.mkdir()
    for name, source in {"__init__": "", **sources}.items():
        (package / f"{name}.py").write_text(source)
    assert cycles_in(graph_of(package)) == cycles


@pytest.mark.parametrize("arguments", [["--help"], ["status"]])
def test_a_quick_command_imports_no_screen_no_http_and_nothing_that_deadlines_need(arguments, tmp_path):
    (tmp_path / "config.toml").write_text(HOURS)
    program = (
        "import sys, contextlib, io\n"
        "from commtui.main import run\n"
        f"sys.argv = ['commtui', '--home', {str(tmp_path)!r}] + {arguments!r}\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    run()\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
