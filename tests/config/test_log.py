"""The log file: private, rotated by several processes, and without any secret in it."""

import logging
import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.config.errors import ConfigError
from commtui.config.log import HomeLog, set_up
from commtui.config.logfile import check
from commtui.config.paths import Home
from commtui.config.redact import redact
from commtui.system.masking import REPLACEMENT, register
from tests.nasty import NASTY, raw

SECRET = "s3cret/t0ken+'of\"brand"


@pytest.fixture
def logged(home):
    """A logger that writes to the home's file, and the file."""
    register(SECRET)
    root, raising = logging.getLogger(), logging.raiseExceptions
    level, own = root.level, logging.getLogger("commtui").level
    handler = set_up(home)
    yield logging.getLogger("commtui.test"), home.state / "commtui.log"
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)
    logging.getLogger("commtui").setLevel(own)
    logging.raiseExceptions = raising


def test_the_file_is_the_owners_alone_even_if_it_was_not(logged):
    _, path = logged
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    HomeLog(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("link", ["to a file", "to nothing"])
def test_a_link_is_not_followed(home, tmp_path, link):
    victim = tmp_path / "victim"
    if link == "to a file":
        victim.write_text("precious")
        victim.chmod(0o644)
    home.log.symlink_to(victim)
    with pytest.raises(ConfigError, match="links are not followed"):
        set_up(home)
    with pytest.raises(ConfigError, match="links are not followed"):
        check(home)
    if link == "to a file":
        assert victim.read_text() == "precious" and stat.S_IMODE(victim.stat().st_mode) == 0o644
    else:
        assert not victim.exists()


def test_a_link_to_the_null_device_switches_the_log_off(home):
    home.log.symlink_to(os.devnull)
    mode = os.stat(os.devnull).st_mode
    check(home)
    handler = HomeLog(home.log)
    for number in range(3):
        handler.emit(logging.LogRecord("commtui.test", logging.INFO, __file__, 1, f"line {number}", None, None))
    handler.close()
    assert home.log.is_symlink() and os.stat(os.devnull).st_mode == mode


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_refused_and_never_waited_for(home, kind):
    os.mkfifo(home.log) if kind == "pipe" else home.log.mkdir()
    with pytest.raises(ConfigError, match="cannot write the log"):
        set_up(home)


def test_the_log_is_made_for_the_owner_alone_whatever_the_umask_is(home):
    before = os.umask(0)
    try:
        HomeLog(home.log).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.log.stat().st_mode) == 0o600


@pytest.mark.parametrize("bad", NASTY)
def test_no_line_acts_on_a_terminal_or_looks_like_another_entry(logged, bad):
    log, path = logged
    log.info("is out as %s", bad)
    try:
        raise ValueError(f"{bad}\n2026-01-01T00:00:00.000Z 1 INFO commtui: forged")
    except ValueError:
        log.exception("failed")
    log.warning("where", stack_info=True)
    text = path.read_text()
    assert not raw(text)
    entries = [line for line in text.split("\n") if line[:1] not in (" ", "")]
    assert len(entries) == 3 and all(f" {os.getpid()} " in line for line in entries)


def test_a_line_has_its_time_in_utc_and_says_who_wrote_it(logged):
    log, path = logged
    log.info("hello")
    line = path.read_text()
    assert line.endswith(f"Z {os.getpid()} INFO commtui.test: hello\n")
    assert line[4] == "-" and line[10] == "T"


def test_others_are_heard_from_warning_on(logged):
    _, path = logged
    logging.getLogger("httpx").info("a request")
    logging.getLogger("httpx").warning("trouble")
    assert "a request" not in path.read_text() and "trouble" in path.read_text()


def test_a_known_secret_is_in_no_line_and_in_no_traceback(logged):
    log, path = logged
    log.info("token is %s in %r", SECRET, {"t": SECRET})
    log.info("https://x/?t=%s", "s3cret%2Ft0ken%2B%27of%22brand")
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise RuntimeError(f"with {SECRET}") from error
    except RuntimeError:
        log.exception("failed with %s", SECRET)
    log.warning("where", stack_info=True)
    text = path.read_text()
    assert "s3cret" not in text
    assert text.count(REPLACEMENT) >= 5
    assert "Traceback" in text and "KeyError" in text and "Stack (most recent call last)" in text


def test_a_second_handler_finds_no_secret_in_the_record_either(logged):
    log, _ = logged
    seen = []

    class Later(logging.Handler):
        def emit(self, record):
            seen.append(logging.Formatter().format(record))

    logging.getLogger().addHandler(later := Later())
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("no")
    finally:
        logging.getLogger().removeHandler(later)
    assert len(seen) == 1 and "s3cret" not in seen[0] and "ValueError" in seen[0]


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "{{'Authorization': 'Bearer {}'}}",
        "[(b'authorization', b'Basic {}')]",
        "GET /x bearer {}",
        '{{"access_token": "{}", "scope": "read"}}',
        '"{{\\"refreshJwt\\":\\"{}\\"}}"',
        "client_secret={}&x=1",
        "POST /oauth?code={}&state=1",
        "wss://host/stream?access_token={}",
        "password: {}",
        "eyJhbGciOiJIUzI1.{}.x",
    ],
)
def test_what_looks_like_a_secret_is_blotted_out_unknown_as_it_is(text):
    assert "zzzTOKENzzz" not in redact(text.format("zzzTOKENzzz"))


@pytest.mark.parametrize(
    "text",
    [
        "account brand: 3 new mentions",
        "https://host/@ada/112233?limit=80",
        "code 404: tokens were counted",
        "a basic fact",
    ],
)
def test_what_is_no_secret_is_left_alone(text):
    assert redact(text) == text


@given(st.text(st.characters(exclude_characters="\n\t")))
def test_nothing_that_acts_in_a_terminal_is_left(text):
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in redact(text))


def test_a_servers_line_break_cannot_forge_a_line(logged):
    log, path = logged
    log.warning("server said: %s", "x\n2026-01-01 fake\x1b[2J")
    assert path.read_text().count("\n") == 1 and "\\n2026" in path.read_text() and "\x1b" not in path.read_text()


def test_a_mistaken_format_loses_no_line(logged):
    log, path = logged
    log.info("%d of %d", SECRET)
    assert "of %d" in path.read_text() and "s3cret" not in path.read_text()


def test_it_rotates_and_keeps_so_many_old_files(tmp_path):
    handler = HomeLog(tmp_path / "l.log", most_bytes=500, old_files=2)
    for number in range(60):
        handler.handle(logging.LogRecord("n", logging.INFO, "", 0, "line %d", (number,), None))
    handler.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["l.log", "l.log.1", "l.log.2", "l.log.lock"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert "line 59" in (tmp_path / "l.log").read_text()


def test_several_processes_lose_no_line_when_one_rotates(tmp_path):
    program = (
        "import logging, sys; from pathlib import Path; from commtui.config.log import HomeLog\n"
        "handler = HomeLog(Path(sys.argv[1]), most_bytes=2000, old_files=50)\n"
        "for number in range(100):\n"
        "    handler.handle(logging.LogRecord('n', logging.INFO, '', 0, 'p%s-%d.', (sys.argv[2], number), None))\n"
    )
    path = tmp_path / "l.log"
    running = [subprocess.Popen([sys.executable, "-c", program, path, str(which)]) for which in range(3)]
    assert [child.wait() for child in running] == [0, 0, 0]
    text = "".join(file.read_text() for file in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) > 5
    assert all(text.count(f"p{which}-{number}.") == 1 for which in range(3) for number in range(100))


def test_a_log_that_is_taken_away_is_made_again(logged):
    log, path = logged
    path.unlink()
    log.info("after")
    assert "after" in path.read_text()


def test_a_folder_that_is_taken_away_stops_nothing(logged, capfd):
    log, path = logged
    path.unlink()
    path.parent.rmdir()
    log.info("nowhere")
    log.info("nowhere again")
    path.parent.mkdir()
    log.info("back")
    assert "back" in path.read_text()
    assert capfd.readouterr() == ("", "")


def test_a_state_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "state").write_text("")
    with pytest.raises(ConfigError, match="cannot write the log: Not a directory"):
        set_up(Home.at(tmp_path))
