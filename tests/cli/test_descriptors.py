"""A command that may open few files says so in one line: each import needs a descriptor, too."""

import sys

import pytest

COMMANDS = (("post", "hello"), ("status",), ("list", "mentions"), ("show", "m0"))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_that_can_open_few_files_ends_in_one_line(busy, words):
    codes = []
    for most in range(5, 13):
        limit = f'ulimit -n {most}; exec "$@"'
        busy.program = ("sh", "-c", limit, "sh", sys.executable, "-m", "commtui")
        done = busy(*words, *(("--account", "brand") if words[0] == "post" else ()), code=None)
        assert "fault" not in done.err
        assert len(done.err.splitlines()) == 1 or (done.code, done.err) == (0, "")
        codes.append(done.code)
    assert codes[0] == 1 and set(codes) <= {0, 1, 3}
