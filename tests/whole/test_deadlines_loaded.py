"""What deadlines are computed with is loaded in a thread of the screen, and read once by a command."""

import subprocess
import sys
from contextlib import closing
from datetime import timedelta

from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.main.home import Home as OpenHome
from tests.triage.desks import arrive, conversation_of

PROGRAM = """
import sys, threading
from pathlib import Path
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.main.home import ScreenHome
from commtui.sync.lock import EngineLock
home = Home.at(Path(sys.argv[1]))
home.prepare()
home.config.write_text('[hours]\\nholidays = "DE"\\n')
assert EngineLock(home.data, "commtui run").take()
screen = ScreenHome(home, {})
screen.store  # makes it
assert "holidays" not in sys.modules
screen.engine.start()
for thread in threading.enumerate():
    if thread.name == "engine starter":
        thread.join()
print("holidays" in sys.modules, screen.engine.state().where)
screen.engine.stop()
"""


def test_holidays_are_loaded_in_a_thread_whoever_runs_the_engine(tmp_path):
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["True", "elsewhere"], "")


def test_a_command_reads_the_config_once_and_the_plain_prompt_computes_by_what_it_read_last(tmp_path, monkeypatch):
    home = Home.at(tmp_path)
    home.prepare()
    home.config.write_text("")
    read = []
    monkeypatch.setattr("commtui.main.home.load", lambda *given: read.append(given) or load(*given))
    opened = OpenHome(home, {})
    with closing(opened.store):
        for number, hours in enumerate((2, 1), 1):
            home.config.write_text(f'[[service_level]]\nname = "all"\nfirst = "{hours}h"\nnext = "1h"\n')
            desk = opened.desk()
            one = arrive(desk, str(number))
            assert conversation_of(desk, one).due_at == one.created_at + timedelta(hours=hours)
            assert len(read) == number
