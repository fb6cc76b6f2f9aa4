"""Rows in scripts whose marks take a column on many terminals, in a real tmux: no letter is lost."""

import subprocess
import sys
import time

import pytest

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from commtui.ui.text.cells import roomy
from tests.programs import need
from tests.ui.fill import arrive, services_in
from tests.ui.terminal import ROOT

HINDI = "क्या आपके यहाँ डिकैफ़"


@pytest.mark.slow
def test_hindi_survives_whole_in_a_row_under_tmux(tmp_path):
    need("tmux", "tmux")
    services = services_in(tmp_path / "home", 0)
    arrive(services, 1, text=f"{HINDI} |end")
    services.store.close()
    tmux = ["tmux", "-u", "-f", "/dev/null", "-S", str(tmp_path / "socket")]
    command = f"cd {ROOT} && exec {sys.executable} -m tests.ui.program {tmp_path / 'home'} 0"
    env = {
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", command], check=True, env=env)
    try:
        end = time.monotonic() + 30
        shown = ""
        while "|end" not in shown:
            assert time.monotonic() < end, shown
            time.sleep(0.1)
            shown = subprocess.run(
                [*tmux, "capture-pane", "-p"], check=True, env=env, capture_output=True
            ).stdout.decode()
        assert f"{HINDI} |end" in shown
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, env=env)


def test_room_is_left_behind_marks_that_take_a_column_and_nowhere_else():
    assert roomy("क्या") == "क्या\u00a0"
    for text in ("plain", "Zoë", "日本語", "한국", "مرحبا", "❤️", "เก่า"):
        assert roomy(text) == text


def test_the_painter_takes_the_room_for_the_cluster_and_blanks_it_first():
    styles = Styles()
    frame = Frame(8, 1, styles, Cells())
    painter = Painter(Abilities(), styles.plain)
    frame.feed("\x1b[1;1Hab\u092f\u093e\u00a0cd")
    assert [cell[:2] for cell in frame.rows[0][1:5]] == [("b", 1), ("\u092f\u093e", 2), ("", 0), ("c", 1)]
    painted = painter.paint(frame.rows, frame.width, (0, 0))
    assert "  \b\b\u092f\u093e\x1b[5G" in painted
    frame.feed("\x1b[1;4HX")
    assert [cell[0] for cell in frame.rows[0][:5]] == ["a", "b", " ", "X", "c"]
    frame.resize(3, 1)
    assert [cell[0] for cell in frame.rows[0]] == ["a", "b", " "]
