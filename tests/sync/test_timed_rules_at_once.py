"""Rules on waits in several processes, and in one that is killed: each still runs once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from commtui.model.records import RuleState
from commtui.model.rules import state_id
from commtui.sync import timed_rules
from tests.at_once import run_at_once
from tests.clock import FakeClock
from tests.sync.timed_desk import HOUR, LATE, Desk


def test_two_processes_run_what_is_due_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(120)))
    home.store.close()
    code = """
import sys
from pathlib import Path
from tests.clock import FakeClock
from tests.sync.timed_desk import HOUR, LATE, Desk

clock = FakeClock()
clock.advance(HOUR)
home = Desk(Path(sys.argv[1]), clock, LATE)
print("ready", flush=True)
sys.stdin.readline()
home.turn()
"""
    run_at_once(*[["-c", code, str(tmp_path)]] * 2)
    again = Desk(tmp_path, FakeClock(), LATE)
    assert len(again.notes()) == len(set(again.notes())) == 120
    state = again.store.get(RuleState, state_id("late"))
    assert state is not None and (state.runs, state.failed) == (120, 0)


def test_killed_while_rules_on_time_run_each_still_runs_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(timed_rules.AT_ONCE + 20)))
    home.store.close()
    code = """
import os, signal, sys
from pathlib import Path
from commtui.sync import timed_rules
from commtui.triage import rules
from tests.clock import FakeClock
from tests.sync.timed_desk import HOUR, LATE, Desk

kept, ran = rules.Running._run, []
def killed(self, *given):
    found = kept(self, *given)
    ran.append(found)
    if len(ran) == timed_rules.AT_ONCE + 10:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

rules.Running._run = killed
clock = FakeClock()
clock.advance(HOUR)
Desk(Path(sys.argv[1]), clock, LATE).turn()
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    clock = FakeClock()
    clock.advance(HOUR)
    again = Desk(tmp_path, clock, LATE)
    assert len(again.notes()) == len(again.runs()) == timed_rules.AT_ONCE
    again.turn()
    assert len(again.notes()) == len(set(again.notes())) == len(again.runs()) == timed_rules.AT_ONCE + 20
