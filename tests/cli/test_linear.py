"""The inbox as plain lines: the same verbs, rows by number, no escape code, nothing unasked."""

import os
import pty
import subprocess
import sys

from commtui.cli.linear import run_linear
from commtui.cli.start import is_plain
from tests.cli.conftest import ROOT
from tests.cli.program import services_at
from tests.triage.desks import arrive


def session(shell, *lines, capfd=None):
    """What was printed while a person said `lines`; a callable among them is called instead."""
    typed = iter(lines)

    def ask(prompt):
        for line in typed:
            if not callable(line):
                return line
            line()
        raise EOFError

    assert run_linear(services_at(shell.folder, USER="me"), ask) == 0
    done = capfd.readouterr()
    assert "Traceback" not in done.err
    return done.out + done.err


def test_rows_have_numbers_and_verbs_take_them(busy, capfd):
    output = session(
        busy, "mentions", "tag 1 2 bug", "done 2", "mentions", "snooze 1 tomorrow 9am", "undo", capfd=capfd
    )
    assert "1. 30m  open*" in output and "@ada@example.org" in output and "3. 28m" in output
    found = busy("list", "mentions", "--json").json
    assert [(row["id"], row["tags"], row["status"]) for row in found] == [
        (busy.ids[0], ["bug"], "open"),
        (busy.ids[2], [], "open"),
    ]
    assert "undo: snooze" in output


def test_a_text_needs_no_quotes_and_may_be_asked_for(busy, capfd):
    session(
        busy, "mentions", "reply 1 It's on its way, 2 days", "reply 2", "first line", "-second", ".",
        "note 3", "an aside", ".", "note 2 3 race to 5 - maybe", "reply 3", "never mind", "!", capfd=capfd,
    )  # fmt: skip
    texts = {reply["in_reply_to"]: reply["text"] for reply in busy("list", "replies", "--json").json}
    assert texts == {busy.ids[0]: "It's on its way, 2 days", busy.ids[1]: "first line\n-second"}
    assert "race to 5" in busy("show", busy.ids[1]).out
    shown = busy("show", busy.ids[2]).out
    assert "an aside" in shown and "race to 5 - maybe" in shown


def test_errors_stay_at_the_prompt_and_news_are_reported_before_the_next(busy, capfd):
    output = session(
        busy, "lst", "done 9", "mentions is:opn", "show mzzz", "sync", lambda: arrive(busy.desk(), "new", "hi"),
        "help", "help snooze", "replies", capfd=capfd,
    )  # fmt: skip
    assert "do you mean `list`" in output and "is:open" in output and "no mention" in output and "for a shell" in output
    assert output.count("1 more conversation is open now.") == 1
    assert (
        "a single dot ends it" in " ".join(output.split())
        and "usage: commtui snooze" in output
        and "no replies" in output
    )


def test_on_a_dumb_terminal_no_escape_code_is_written(busy):
    assert is_plain("dumb") and is_plain(None) and not is_plain("xterm")
    program = (
        "import os\nfrom commtui.cli.linear import run_linear\n"
        "from tests.cli.program import HomeServices, find_home\n"
        "run_linear(HomeServices(find_home(None, os.environ)))\n"
    )
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, env=busy.environ(TERM="dumb"), stdin=theirs, stdout=theirs,
        stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    message = b""
    try:
        for line in (b"mentions", b"show 1", b"status", b"quit"):
            while not message.endswith(b"commtui> "):
                message += os.read(ours, 4096)
            message += b"\n"
            os.write(ours, line + b"\n")
        assert child.wait(60) == 0
    finally:
        os.close(ours)
    assert b"parcel" in message and b"\x1b" not in message


def test_the_program_on_a_dumb_terminal_opens_as_lines_with_its_workers(tmp_path):
    environment = {**os.environ, "TERM": "dumb"}
    child = subprocess.Popen(
        [sys.executable, "-m", "commtui", "--home", str(tmp_path / "home"), "--demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    output, _ = child.communicate("mentions\nquit\n", timeout=60)
    assert child.returncode == 0, output
    assert "\x1b" not in output
    assert "DEMO" in output and "commtui> " in output


def test_a_wrong_row_is_reported_before_a_text_is_asked_for_and_a_text_that_fails_is_not_lost(busy, capfd):
    output = session(busy, "reply 2", "mentions", "done 99", "reply 9", "note mzzz", "done 1 7", capfd=capfd)
    assert "there is no row 2 yet" in output and "there is no row 99: the rows listed last are 1 to 3" in output
    assert (
        "no row 9" in output and "no row 7" in output and "no mention mzzz" in output and "a single dot" not in output
    )
    assert [mention["status"] for mention in busy("list", "mentions", "--json").json] == ["open"] * 3
    output = session(
        busy, "mentions", "reply 1", "   ", ".", "reply 1 hi", "reply 1", "a second answer", ".", capfd=capfd
    )
    assert "What you typed:\na second answer" in output and "kept as draft r" in output
    texts = {reply["text"]: reply["state"] for reply in busy("list", "replies", "--json").json}
    assert texts == {"hi": "scheduled", "a second answer": "draft"}


def test_a_view_is_listed_with_numbers(busy, capfd):
    output = session(
        busy, "mentions", "assign 1 anna", "mentions --view unassigned", "mentions --view mine", "mentions --view nix",
        "mentions --view", "replies --view open", capfd=capfd,
    )  # fmt: skip
    numbers = [line[0] for line in output.splitlines() if line[1:3] == ". "]
    assert numbers == ["1", "2", "3", "1", "2"] and "no mentions" in output
    assert "no view 'nix'; there are: open" in output and "--view needs the name of a view" in output
    assert "--view is for mentions" in output


def test_errors_at_the_prompt_name_its_own_help_and_guess_no_far_word(busy, capfd):
    output = session(busy, "?", "bogus", "r", "hold 1", "snooze", "list foo", capfd=capfd)
    assert "a single dot ends it" in " ".join(output.split())
    assert "unknown command 'bogus' (see help)" in output and "unknown command 'r' (see help)" in output
    assert "hold works on the screen only" in output and "(see help snooze)" in output
    assert (
        "list what? mentions, replies, posts, people, campaigns or engagement (see help list)" in output
        and "--help" not in output
    )


def test_help_and_show_break_between_words_and_rows_are_cut_behind_one(busy, capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    output = session(busy, "help", "mentions", "show 1", "help list", capfd=capfd)
    assert all(len(line) <= 50 for line in output.splitlines())
    assert " ".join(output.split()).count("assign 2 anna, reply 1 We are on it.") == 1
    row = next(row for row in output.splitlines() if row[:2] == "1.")
    assert row.endswith("…") and row.rstrip("…").split()[-1] in ("where", "is", "my", "parcel?", "[not"), row
