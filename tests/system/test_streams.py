"""A program that was started without stdin, stdout or stderr; and the gate before what is printed."""

import json
import os
import subprocess
import sys

import pytest

from tests.nasty import NASTY, raw

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


GATED = """
import argparse, json, sys, warnings
from commtui.cli.output import json_array, json_object
from commtui.system.masking import register
from commtui.system.streams import gate_streams
gate_streams()
register("tok-4711-abcdef-ghijkl")
bad = json.loads(sys.argv[1])
print("data", bad)
sys.stdout.writelines([bad, "\\n"])
print(bad, file=sys.__stdout__)
print("note", bad, file=sys.stderr)
print(bad, file=sys.__stderr__)
warnings.warn(bad)
print("the token tok-4711-abcdef-ghijkl")
if "json" in sys.argv:
    json_object({bad: [bad, {bad: "tok-4711-abcdef-ghijkl"}]})
    json_array([{bad: bad}])
if "argparse" in sys.argv:
    argparse.ArgumentParser(prog=bad).parse_args([bad])
raise ValueError(bad)
"""


def gated(bad: str, *more: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", GATED, json.dumps(bad), *more]
    return subprocess.run(command, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8", **environ})


@pytest.mark.parametrize("bad", NASTY)
def test_whatever_is_printed_passes_the_gate(bad):
    for more in ((), ("argparse",)):
        done = gated(bad, *more)
        for stream in (done.stdout, done.stderr):
            assert stream and not raw(stream.decode())
            assert b"4711" not in stream
        assert b"usage" in done.stderr if more else b"ValueError" in done.stderr


@pytest.mark.parametrize("bad", NASTY)
def test_json_says_the_same_behind_the_gate(bad):
    out = gated(bad, "json").stdout.decode()
    assert not raw(out)
    text = out[out.index("{\n") :]
    first, end = json.JSONDecoder().raw_decode(text)
    assert first == {bad: [bad, {bad: "[secret]"}]}
    assert json.loads(text[end:]) == [{bad: bad}]


def test_what_people_write_stays_as_it_is():
    text = "Grüße, 世界, می‌خواهم, 👩🏽‍🚀 🏳️‍🌈 1️⃣ \t tab"
    assert f"data {text}\n" in gated(text).stdout.decode()


def test_a_terminal_of_few_letters_gets_question_marks():
    done = gated("Grüße \x1b[m", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert b"data Gr??e \\x1b[m\n" in done.stdout.replace(b"Gr????e", b"Gr??e")
