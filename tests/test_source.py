"""What the sources of the program may not contain: another clock, errors swallowed without a reason, long files."""

import ast
import re
from pathlib import Path

import pytest

import commtui

PACKAGE = Path(commtui.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
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
    ("ui/verbs/filtering.py", "asyncio.sleep"),  # of nothing: lets the screen go on
    ("ui/widgets/picker.py", "asyncio.sleep"),  # the same
    ("ui/dialogs/calendar.py", "asyncio.sleep"),  # the same
    ("ui/verbs/marking.py", "asyncio.sleep"),  # lets the screen go on between two slices
    ("ui/verbs/copying.py", "asyncio.sleep"),  # between two looks at a process
    ("ui/live/filter_search.py", "asyncio.sleep"),  # lets the screen go on between two slices
    ("ui/verbs/many.py", "asyncio.sleep"),  # the same
    ("ui/terminal/suspending.py", "time.sleep"),  # until the signal to ourselves has stopped us
    ("ui/painter/driver.py", "time.monotonic"),  # how long the terminal has sent nothing: an escape alone is a key then
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
            found |= {f"{node.module}.{name.name}" for name in node.names if name.name in CLOCKS[node.module]}
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
    assert len(MODULES) > 200
    uses = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in MODULES
        for name in asks_of_the_machine(path.read_text(encoding="utf-8"))
    }
    assert uses == ALLOWED


LONGEST = 300


def test_a_file_has_one_job():
    longer = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    assert longer == set()


def unexplained(source: str) -> list[int]:
    """The lines of handlers that catch every error, do not raise it again and have no comment that says why."""
    lines = source.splitlines()
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and _catches_all(node.type)
        and not (isinstance(last := node.body[-1], ast.Raise) and last.exc is None)
        and not re.search(r"#\s*(noqa: [A-Z0-9, ]+- )?(?!noqa)\w\S* \S", lines[node.lineno - 1])
    ]


def _catches_all(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)


@pytest.mark.parametrize(
    ("handler", "explained"),
    [
        ("except BaseException:\n    print()\n    raise\nexcept OSError:", True),
        ("except:", False),
        ("except Exception:", False),
        ("except (OSError, BaseException) as error:", False),
        ("except Exception:  # noqa: BLE001", False),
        ("except Exception:  # noqa: BLE001 - each keyring raises its own", True),
        ("except Exception as error:  # the screen goes on", True),
        ("except OSError:", True),
    ],
)
def test_a_handler_without_a_reason_is_seen(handler, explained):
    assert unexplained(f"try:\n    pass\n{handler}\n    pass\n") == ([] if explained else [3])


def test_what_catches_every_error_says_why():
    assert [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in MODULES
        for line in unexplained(path.read_text(encoding="utf-8"))
    ] == []


def test_only_the_store_knows_its_database():
    reaching = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] != "store"
        and any(
            isinstance(node, ast.Attribute) and node.attr in ("db", "_db")
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert reaching == set()
