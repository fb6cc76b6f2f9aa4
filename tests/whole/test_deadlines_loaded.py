"""What deadlines are computed with is loaded in a thread of the screen, also where another process runs the engine."""

import subprocess
import sys

PROGRAM = """
import sys, threading
from pathlib import Path
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
