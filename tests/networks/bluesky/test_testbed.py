"""The testbed leaves nothing behind, however a test run ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.networks.bluesky import install
from tests.servers.mock import free_port

pytestmark = pytest.mark.slow
NODE = "import sys; print('{\"ready\": true}', flush=True); sys.stdin.read()"
RUN = """
import json, subprocess, sys
keeper = subprocess.Popen([sys.executable, sys.argv[1], sys.argv[2]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(keeper.pid, keeper.stdout.readline(), flush=True)
keeper.wait()
"""


def test_database_and_network_end_when_the_test_run_is_killed(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="bluesky-"))  # not in tmp_path: PostgreSQL runs as somebody else
    program = tmp_path / "network.py"
    program.write_text(NODE)
    ports = {"postgres": free_port()}
    given = {"folder": str(folder), "node": sys.executable, "program": str(program), "ports": ports}
    given |= {"bin": str(install.postgres_programs()), "user": install.postgres_user()}
    keeper = Path(install.__file__).with_name("keeper.py")
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(keeper), json.dumps(given)], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    line = run.stdout.readline()
    assert "ready" in line
    assert (folder / "postgres" / "postmaster.pid").exists()
    database = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(database, 0)


def test_lock_file_names_no_host():
    for name in install.COPIED:
        assert "resolved" not in (install.HERE / name).read_text().replace("omit-lockfile-registry-resolved", "")
