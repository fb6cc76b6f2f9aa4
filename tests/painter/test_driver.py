"""The driver in a real pseudo-terminal, under a real Textual app."""

import fcntl
import os
import re
import signal
import struct
import termios
import time

import pytest

from tests.painter.terminal import APP, WAIT, Session

# TERM=linux: no SU and SD, no links.
PLAIN = {"TERM": "linux"}
MODES_OFF = [b"\x1b[?1000l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?7h"]


def painter(*more, **options):
    return Session([APP, "painter", *more], **options)


def assert_sane(session):
    for mode in MODES_OFF:
        assert session.data.rfind(mode) > session.data.rfind(mode[:-1] + (b"h" if mode.endswith(b"l") else b"l")), mode
    assert termios.tcgetattr(session.slave) == session.before


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
def test_a_session_looks_the_same_as_with_textual_s_own_driver(size):
    with painter(size=size, env=PLAIN) as ours, Session([APP, "textual"], size=size, env=PLAIN) as theirs:
        for driver in (ours, theirs):
            driver.shows("@user")
            driver.settle()
        assert ours.cells() == theirs.cells()
        for keys in (
            "j",
            "jjj",
            "\x04",
            "\x04\x04",
            "k" * 9,
            "\x15",
            "jjjjjjjjjjjjjjjjjjjjjjjj",
            "w",
            "hello é w",
            "\x7f",
        ):
            for driver in (ours, theirs):
                driver.press(keys)
            assert ours.cells() == theirs.cells(), keys
            assert (ours.screen.cursor.y, ours.screen.cursor.x) == (theirs.screen.cursor.y, theirs.screen.cursor.x)
        assert len(ours.data) * 5 < len(theirs.data)
        for driver in (ours, theirs):
            driver.resize(size[0] + 7, size[1] - 2)
            driver.kill(signal.SIGWINCH)
            driver.settle()
        assert ours.cells() == theirs.cells()
        for driver in (ours, theirs):
            driver.press("\x1b")
            driver.press("q")
            assert driver.ends() == 0
            assert_sane(driver)


def test_idle_writes_nothing_and_a_key_that_changes_nothing_writes_nothing():
    with painter() as session:
        session.shows("@user")
        session.settle()
        assert session.press("k") == b""
        assert session.read(1.5) == b""


def test_a_bell_and_a_typed_letter_and_a_step_cost_few_bytes():
    with painter() as session:
        session.shows("@user")
        session.settle()
        assert session.press("b") == b"\x07"
        assert len(session.press("j")) < 99
        session.press("w")
        session.press("h")
        # The letter, and Textual's own cursor drawn in its next place.
        assert len(session.press("e")) <= 60


def test_synchronized_output_is_used_for_big_frames_where_the_terminal_has_it():
    with painter(synchronizes=True) as session:
        session.shows("@user")
        session.settle()
        assert b"\x1b[?2026h" not in session.press("j")
        page = session.press("\x04\x04\x04")
        assert page.count(b"\x1b[?2026h") == page.count(b"\x1b[?2026l") > 0
    with painter() as session:
        session.shows("@user")
        session.press("\x04\x04\x04")
        assert b"\x1b[?2026h" not in session.data


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_app_and_leaves_the_terminal_sane(number, code):
    with painter() as session:
        session.shows("@user")
        session.kill(number)
        assert session.ends() == code
        assert_sane(session)


def test_an_exception_leaves_the_terminal_sane_and_is_reported():
    with painter() as session:
        session.shows("@user")
        session.press("x")
        assert session.ends() == 1
        assert_sane(session)
        assert b"crashed on purpose" in session.data[session.data.rfind(b"\x1b[?1049l") :]


def test_a_crash_before_textual_can_stop_leaves_the_terminal_sane():
    program = (
        "import sys; sys.path.insert(0, '.'); sys.argv = ['', 'painter']\n"
        "from tests.painter.app import Session, driver\n"
        "app = Session(driver_class=driver(['painter']))\n"
        "def broken(*a): raise SystemExit(7)\n"
        "def key(self, by): self._driver.stop_application_mode = broken; sys.exit(7)\n"
        "Session.action_m = key\n"
        "app.run()\n"
    )
    with Session(["-c", program]) as session:
        session.shows("@user")
        session.press("j")
        session.ends()
        assert_sane(session)


@pytest.mark.parametrize("how", ["key", "signal"])
def test_after_a_stop_and_a_continue_the_screen_is_whole_again(how):
    with painter(env=PLAIN) as session:
        session.shows("@user")
        session.press("jj")
        before = session.cells()
        if how == "key":
            os.write(session.master, b"z")
        else:
            session.kill(signal.SIGTSTP)
        session.until(lambda: stopped(session.pid), "the stop")
        session.settle()
        assert_sane(session)
        session.stream.feed(b"\x1b[2J\x1b[Hsomething else")
        session.kill(signal.SIGCONT)
        session.shows("@user")
        session.comes_to(before)
        session.press("jq")
        assert session.ends() == 0
        assert_sane(session)


def test_after_a_sigstop_that_cannot_be_caught_the_screen_is_whole_again_and_the_end_is_sane():
    with painter(env=PLAIN) as session:
        session.shows("@user")
        session.settle()
        before = session.cells()
        session.kill(signal.SIGSTOP)
        session.until(lambda: stopped(session.pid), "the stop")
        session.stream.feed(b"\x1b[2J\x1b[Hsomething else")
        session.kill(signal.SIGCONT)
        session.shows("@user")
        session.comes_to(before)
        session.press("q")
        assert session.ends() == 0
        assert_sane(session)


def test_another_program_may_have_the_terminal_in_between():
    with painter(env=PLAIN) as session:
        session.shows("@user")
        session.settle()
        before = session.cells()
        os.write(session.master, b"e")
        session.shows("outside")
        assert_sane(session)
        os.write(session.master, b"\n")
        session.shows("@user")
        session.comes_to(before)


@pytest.mark.slow
def test_a_terminal_that_takes_nothing_does_not_stop_the_app_and_gets_the_newest_frame(tmp_path):
    counter = tmp_path / "count"
    with painter(str(counter), env=PLAIN) as session:
        session.shows("@user")
        session.settle()
        before = len(session.data)
        os.write(session.master, b"t")
        # Nobody reads: Textual's own driver stands still after some thirty frames.
        end = time.monotonic() + WAIT
        while not (counter.exists() and int(counter.read_text() or 0) > 310):
            assert time.monotonic() < end, "the app stands still"
            time.sleep(0.05)
        session.settle()
        assert "tick 300" in session.text()
        # What the terminal's own buffers had taken, and two frames.
        assert len(session.data) - before < 30_000
        ours = session.cells()
        # All painted anew must be the same.
        session.kill(signal.SIGTSTP)
        session.until(lambda: stopped(session.pid), "the stop")
        session.stream.feed(b"\x1b[2J")
        session.kill(signal.SIGCONT)
        session.shows("tick 300")
        session.comes_to(ours)


@pytest.mark.parametrize("stuck", [False, True])
def test_a_terminal_that_hangs_up_ends_the_app_quietly(stuck, tmp_path):
    told = tmp_path / "told"
    program = (
        "import sys, signal, pathlib\n"
        f"sys.path.insert(0, '.'); sys.argv = ['', 'painter', {str(tmp_path / 'count')!r}]\n"
        "from tests.painter.app import Session, driver\n"
        "class Mine(Session):\n"
        "    def on_hung_up(self, message):\n"
        f"        with open({str(told)!r}, 'a') as file: file.write('told.')\n"
        "        self.exit(return_code=5)\n"
        f"sys.stderr = open({str(tmp_path / 'errors')!r}, 'w')\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "app = Mine(driver_class=driver(['painter'])); app.run(); sys.exit(app.return_code)\n"
    )
    with Session(["-c", program]) as session:
        session.shows("@user")
        session.settle()
        if stuck:
            os.write(session.master, b"t")
            time.sleep(1)
        os.close(session.slave)
        os.close(session.master)
        end = time.monotonic() + WAIT
        while not session.status:
            assert time.monotonic() < end, "the app does not end"
            done, status = os.waitpid(session.pid, os.WNOHANG)
            session.status = (status,) if done else None
            time.sleep(0.02)
        assert os.waitstatus_to_exitcode(session.status[0]) == 5
        assert told.read_text() == "told."
        assert (tmp_path / "errors").read_text() == ""


def test_without_a_handler_a_hang_up_ends_the_app_too():
    with painter() as session:
        session.shows("@user")
        os.close(session.slave)
        os.close(session.master)
        end = time.monotonic() + WAIT
        done = 0
        while not done:
            assert time.monotonic() < end, "the app does not end"
            done, status = os.waitpid(session.pid, os.WNOHANG)
            time.sleep(0.02)
        session.status = status
        assert os.waitstatus_to_exitcode(status) == 129


def test_the_terminal_s_own_descriptors_still_block():
    with painter() as session:
        session.shows("@user")
        for name in ("0", "1", "2"):
            with open(f"/proc/{session.pid}/fdinfo/{name}") as file:
                flags = next(int(line.split()[1], 8) for line in file if line.startswith("flags"))
            assert not flags & os.O_NONBLOCK


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "vt220"}])
def test_without_colour_not_one_colour_is_sent(env):
    with painter(env=env) as session:
        session.shows("@user")
        session.press("jw")
        said = {code for codes in re.findall(rb"\x1b\[([0-9;]*)m", session.data) for code in codes.split(b";")}
        assert said <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"9", b"22", b"23", b"24", b"27", b"29"}
        assert b"\x1b[;7m" in session.data or b"\x1b[7m" in session.data


def stopped(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "T"


def test_a_pseudo_terminal_without_a_size_is_drawn_for_80_by_24():
    with painter(env={"TERM": "xterm-256color"}) as session:
        fcntl.ioctl(session.master, termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        session.shows("@user")
