"""The rooms stay apart at run time, too: what a command does not need, it does not import; and one clock serves all."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import commtui

HEAVY = ("textual", "rich", "httpx")


@pytest.mark.parametrize("arguments", [["--help"], ["status"]])
def test_a_quick_command_imports_no_screen_and_no_http(arguments, tmp_path):
    program = (
        "import sys, contextlib, io\n"
        "from commtui.main import run\n"
        f"sys.argv = ['commtui', '--home', {str(tmp_path)!r}] + {arguments!r}\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    run()\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


ROOM = Path(commtui.__file__).parent
CLOCKS = {
    "datetime": {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"},
    "date": {"today", "fromtimestamp"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "sleep", "gmtime"}
    | {"localtime", "ctime", "strftime"},
    "asyncio": {"sleep"},
    "loop": {"time", "call_later", "call_at"},
}
ALLOWED = {
    ("model/clock.py", "datetime.now"),
    ("model/clock.py", "time.monotonic"),
    ("model/clock.py", "asyncio.sleep"),
    ("config/log.py", "time.gmtime"),  # given to logging, which stamps its own lines
    ("main/loops.py", "time.sleep"),  # a process that waits for another one
    ("store/journal/compaction.py", "time.sleep"),  # of nothing: lets other threads run
    ("store/journal/follow.py", "time.sleep"),  # the journal imports nothing else of commtui
    ("ui/verbs/filtering.py", "asyncio.sleep"),  # of nothing: lets the screen go on
    ("ui/live/filter_search.py", "asyncio.sleep"),  # lets the screen go on between two slices
    ("ui/terminal/suspending.py", "time.sleep"),  # until the signal to ourselves has stopped us
}


def asks_of_the_machine(source: str) -> set[str]:
    """The names by which a module asks for the time or waits: `time.sleep`, also under another name."""
    tree = ast.parse(source)
    named = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            whose = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            whose = named.get(whose, whose)
            if node.attr in CLOCKS.get(whose, ()):
                found.add(f"{whose}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "asyncio"):
            found |= {f"{node.module}.{each.name}" for each in node.names if each.name in CLOCKS[node.module]}
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import time\ntime.sleep(1)", {"time.sleep"}),
        ("import time as t\nt.monotonic()", {"time.monotonic"}),
        ("from asyncio import sleep", {"asyncio.sleep"}),
        ("import datetime\ndatetime.datetime.now()", {"datetime.now"}),
        ("from datetime import datetime as d\nd.utcnow()", {"datetime.utcnow"}),
        ("from datetime import time\ntime(9)", set()),
        ("clock.now()\nself.clock.sleep(1)", set()),
    ],
)
def test_asking_the_machine_for_the_time_is_seen(source, found):
    assert asks_of_the_machine(source) == found


def test_nothing_but_the_clock_asks_the_time():
    modules = sorted(ROOM.rglob("*.py"))
    assert len(modules) > 100
    asked = {
        (path.relative_to(ROOM).as_posix(), name)
        for path in modules
        for name in asks_of_the_machine(path.read_text(encoding="utf-8"))
    }
    assert asked == ALLOWED
