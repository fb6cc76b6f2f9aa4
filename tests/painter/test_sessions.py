"""What a Textual app wrote in a whole session, into one emulator; what the painter makes of it, into another."""

import json

import pytest

from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from tests.painter import terminal
from tests.painter.terminal import APP, Session

# Not the overlay: pyte stumbles over joiners (the tests with a terminal of our own have them).
KEYS = ["j", "jj", "\x04", "\x04", "k", "\x15", "w", "a", "b c", "é", "\x7f", "\x1b", "j", "G"]


def through(text):
    """As a terminal gets it: its line discipline makes new lines of line feeds, and of nothing else."""
    return text.replace("\n", "\r\n").encode()


@pytest.mark.slow
def test_every_frame_of_a_session_is_the_same(tmp_path):
    file = tmp_path / "record"
    with Session([APP, "record", str(file)]) as session:
        session.shows("@user")
        session.settle()
        for keys in KEYS:
            session.press(keys)
        session.press("q")
        session.ends()
    styles = Styles()
    screen = Frame(80, 24, styles, Cells())
    painter = Painter(Abilities(newline="crlf", links=False), styles.plain)
    ours, theirs = terminal.Screen(80, 24), terminal.Screen(80, 24)
    ours_stream, theirs_stream = terminal.Stream(ours), terminal.Stream(theirs)
    frames, spent, theirs_spent = 0, 0, 0
    for line in file.read_text().splitlines():
        written = json.loads(line)
        if written is not None:
            data = through(written)
            theirs_spent += len(data)
            theirs_stream.feed(data)
            screen.feed(written)
            continue
        screen.take_passes()
        if not screen.drawn or not screen.alternate:
            continue
        text = painter.paint(screen.rows, 80, (screen.y, screen.x))
        spent += len(text.encode())
        ours_stream.feed(through(text))
        assert terminal.look(ours) == terminal.look(theirs)
        assert (ours.cursor.y, ours.cursor.x) == (theirs.cursor.y, theirs.cursor.x)
        frames += 1
    assert frames > 12
    assert spent * 5 < theirs_spent
