"""A real terminal's own ways: a key held down, a paste, no mouse; and a home of the benchmarks', which asks nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commtui.config.paths import Home
from commtui.model.records import AccountState, Mention
from commtui.store.store import Store
from tests.ui.terminal import ROOT, Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path):
    """200 open conversations, as the benchmarks make them."""
    made = tmp_path / "home"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, ROOT / "benchmarks" / "fill.py", made, "200"], check=True, env=env)
    return made


def opened(home, size):
    return Terminal([sys.executable, "-m", "commtui", "--home", str(home)], size)


def pointed(terminal):
    """The row of the mentions pane with the cursor; -1 if there is none."""
    return next((y for y, line in enumerate(terminal.screen.display) if line.startswith(">")), -1)


def preview(terminal):
    """What stands on the right of the panes."""
    lines = [line[60:].rstrip() for line in terminal.screen.display[:-1]]
    return tuple(lines) if any(lines[1:]) else ()


def test_while_j_is_held_the_preview_waits_and_at_rest_it_follows(home):
    with opened(home, (120, 40)) as terminal:
        terminal.until(" open")
        terminal.until(lambda _: any(preview(terminal)))
        terminal.read(1)
        before, row = preview(terminal), pointed(terminal)
        os.write(terminal.master, b"j" * 12)
        seen = {before}
        for _ in range(200):
            terminal.read(0.005)
            seen.add(preview(terminal))
            if pointed(terminal) == row + 12 and len(seen) > 1:
                break
        terminal.read(1)
        assert pointed(terminal) == row + 12
        assert preview(terminal) != before
        assert len(seen | {preview(terminal)}) <= 4, "a frame or two of the one that follows, not one for each step"


def test_the_mouse_stays_the_terminals_own_to_select_text_with(home):
    with opened(home, (80, 24)) as terminal:
        terminal.until(" open")
        terminal.press("j")
        assert b"\x1b[?1000h" not in terminal.raw and b"\x1b[?1003h" not in terminal.raw


def test_what_is_pasted_into_the_composer_is_text_and_no_keys(home):
    with opened(home, (80, 24)) as terminal:
        terminal.until(" open")
        terminal.read(1)
        os.write(terminal.master, b"r")
        terminal.until("esc review")
        os.write(terminal.master, b"\x1b[200~dear all,\nq e U y\nbye\x1b[201~")
        terminal.until("bye")
        shown = terminal.text
        assert "dear all," in shown and "q e U y" in shown


def sockets_to_elsewhere(pid):
    """The connections of a process over TCP or UDP."""
    open_files = {os.readlink(fd) for fd in Path(f"/proc/{pid}/fd").iterdir() if os.path.islink(fd)}
    found = set()
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]:
            if f"socket:[{line.split()[9]}]" in open_files:
                found.add(line)
    return found


def kept(home):
    store = Store(Home.at(home).data)
    try:
        return sorted(store.all(Mention), key=lambda mention: mention.id), list(store.all(AccountState))
    finally:
        store.close()


def test_a_home_of_the_benchmarks_opens_without_a_request_and_without_arrivals(home):
    before = kept(home)
    with opened(home, (80, 24)) as terminal:
        terminal.until(" open")
        for _ in range(10):
            terminal.read(0.3)
            assert sockets_to_elsewhere(terminal.process.pid) == set()
    mentions, accounts = kept(home)
    assert (len(mentions), mentions) == (len(before[0]), before[0])
    assert [account.synced_at for account in accounts] == [row.synced_at for row in before[1]]
