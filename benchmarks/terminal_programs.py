"""The programs that benchmarks/terminal.py compares, each with as many rows of the same texts, and the keys they take."""

from __future__ import annotations

import compileall
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path

from fill import SystemClock, fill, texts, timedelta

HERE = Path(__file__).parent
START = "from commtui.main import run; run()"
"""What the installed script does; `python -m` would search and read more."""
FRESH = timedelta(hours=1)
"""A home is made anew after that: its ages count back from when it was made, and none may get overdue."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A program with `rows` rows. `ready`: a regex that its first rows meet. `keys`: what is done -> bytes to press."""

    name: str
    rows: int
    command: list[str]
    ready: str
    keys: Mapping[str, bytes]
    home: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.name} {self.rows:,}"


def home(cache: Path, rows: int) -> Path:
    """The cached home of that size, made if it is missing or old."""
    folder = cache / f"home-{rows}"
    if folder.exists() and SystemClock().now().timestamp() - folder.stat().st_mtime < FRESH.total_seconds():
        return folder
    print(f"making a home of {rows:,} conversations", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    fill(folder, rows)
    folder.touch()
    return folder


def compile_all() -> None:
    """Bytecode for all that commtui and the bare list import, as an installation makes it."""
    for folder in (HERE.parent / "commtui", Path(sysconfig.get_path("purelib"))):
        compileall.compile_dir(folder, quiet=2)


def mailbox(cache: Path, rows: int) -> Path:
    """The cached mbox: the same texts as subjects and bodies, the oldest first."""
    path = cache / f"mail-{rows}"
    if not path.exists():
        print(f"making a mailbox of {rows:,} messages", file=sys.stderr)
        now, bodies = SystemClock().now(), texts(1)
        with path.with_suffix(".new").open("w", encoding="utf-8") as out:
            for n in range(rows):
                author, name, text = next(bodies)
                at = now - timedelta(seconds=80000 - 80000 * n / rows)
                subject = " ".join(text.split())
                out.write(
                    f"From {author[1:]} {at:%a %b %d %H:%M:%S %Y}\nFrom: {name} <{author[1:]}>\n"
                    f"Date: {format_datetime(at)}\nMessage-ID: <{n}@example.org>\nSubject: {subject}\n"
                    f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n"
                )
        path.with_suffix(".new").replace(path)
    return path


def commtui(cache: Path, work: Path, rows: int) -> Subject:
    """commtui on a copy of the cached home: a run changes it."""
    copy = work / f"home-{rows}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home(cache, rows), copy)
    keys = {
        "j": b"j",
        "top": b"g",
        "half page": b"\x04",
        "triage": b"e",
        "pane": b"\t",
        "compose": b"r",
        "letter": b"h",
    }
    keys |= {"leave": b"\x1b", "discard": b"d", "page": b"\x1b[6~"}
    command = [sys.executable, "-c", START, "--home", str(copy)]
    return Subject("commtui", rows, command, r"^>.{3,5}[smhdwy]", keys, copy, {"PYTHONPATH": str(HERE.parent)})


def neomutt(cache: Path, work: Path, rows: int) -> Subject:
    """neomutt as it comes, but for a folder that exists. Its letter is typed at the search prompt."""
    copy, folder, settings = work / f"mail-{rows}", work / "folder", work / "neomuttrc"
    if not copy.exists():
        shutil.copy(mailbox(cache, rows), copy)
    folder.mkdir(exist_ok=True)
    settings.write_text(f'set folder="{folder}"\nset assumed_charset="utf-8"\nset sleep_time=0\n')
    keys = {"j": b"j", "top": b"=", "half page": b"]", "page": b"z", "triage": b"d", "search": b"/", "letter": b"h"}
    keys |= {"leave": b"\x07"}
    command = ["neomutt", "-n", "-F", str(settings), "-R", "-f", str(copy)]
    return Subject("neomutt", rows, command, r"^ +1 .*\(", keys)


def bare(cache: Path, work: Path, rows: int) -> Subject:
    """bare_list.py: the least that Textual can do."""
    command = [sys.executable, str(HERE / "bare_list.py"), str(rows)]
    return Subject("bare list", rows, command, r"row number hello", {"j": b"j", "half page": b"\x04"})


MAKERS = {"commtui": commtui, "neomutt": neomutt, "bare": bare}
