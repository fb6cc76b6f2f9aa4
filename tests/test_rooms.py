"""The rooms stay apart at run time, too: what a command does not need, it does not import."""

import subprocess
import sys

import pytest

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
