"""A program that was started without stdin, stdout or stderr."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, os, sys
from commtui.system.streams import open_missing_streams
open_missing_streams()
with open(sys.argv[1], "w") as file:
    print("data")
    print("a note", file=sys.stderr)
    json.dump({"number": file.fileno(), "stdin": sys.stdin is None}, file)
sys.stdout.flush()
"""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-", ""])
def test_a_file_never_takes_the_place_of_a_stream_and_notes_never_get_into_the_data(tmp_path, closed):
    target = tmp_path / "file"
    command = ["bash", "-c", f'"$@" {closed}', "bash", sys.executable, "-c", PROGRAM, str(target)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0
    assert done.stdout == ("" if " >&-" in f" {closed}" else "data\n")
    assert done.stderr == ("" if "2>&-" in closed else "a note\n")
    written = json.loads(target.read_text())
    assert written["number"] > 2
    assert written["stdin"] is ("<&-" in closed)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_command_does_its_work_without_its_streams(tmp_path, closed):
    command = [
        "bash",
        "-c",
        f'"$@" {closed}',
        "bash",
        sys.executable,
        "-m",
        "commtui",
        "--home",
        str(tmp_path),
        "status",
    ]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mentions") is (closed == "2>&-")
