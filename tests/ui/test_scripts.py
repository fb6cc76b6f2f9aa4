"""Rows in scripts whose marks take a column on many terminals, in a real tmux: no letter is lost."""

import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes
from textual.geometry import Region

from commtui.model.text import clean, one_line
from commtui.ui.painter.abilities import Abilities
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.styles import Styles
from commtui.ui.screens.layout import message_width
from commtui.ui.text import cells
from commtui.ui.text.cells import cells_of, cut_words, ending, fit, roomy, wrap
from commtui.ui.text.form_lines import Field, Typed, form_lines
from commtui.ui.text.rows import filled
from tests.programs import need
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, shown
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


VISIBLE = "".join(
    character
    for character in map(chr, (*range(0x300, 0x370), *range(0x591, 0x1AFF), *range(0xA800, 0xAC00), 0x11038, 0x1F469))
    if unicodedata.category(character) in ("Mn", "Mc", "Lo", "Ll", "So")
)
"""Letters and marks of many scripts, the conjoining jamo of Hangul among them, and one emoji."""
LETTERS = st.text(st.sampled_from(f"{VISIBLE}\u200d \ufe0f\U0001f680")).map(clean).map(one_line)


def without_room(pieces):
    return "".join(text for _, text in pieces).replace("\u00a0", "")


@given(LETTERS, st.integers(1, 9))
def test_no_letter_or_mark_of_a_text_that_has_room_is_lost(text, more):
    width = cell_len(roomy(text)) + more
    shown = filled([("plain", text)], width)
    assert without_room(shown).rstrip(" ") == text.rstrip(" ")
    assert fit(text, width).replace("\u00a0", "").rstrip(" ") == text.rstrip(" ")
    assert cut_words(text, width).replace("\u00a0", "") == text
    assert "".join(wrap(text, max(2, width))).replace("\u00a0", "").split() == text.split()
    _, row = Cells().of("".join(words for _, words in shown), Styles().plain)
    assert sum(width for _, width, _, _ in row) == len(row)


@given(LETTERS, st.integers(2, 40))
def test_room_is_left_once_and_what_is_cut_keeps_it(text, width):
    for made in (roomy(text), fit(text, width), cut_words(text, width), *wrap(text, width)):
        assert roomy(made) == made
    assert cell_len(fit(text, width)) == width


@given(LETTERS, st.integers(1, 40))
def test_the_end_of_a_text_fits_and_has_no_room_for_one_cluster_more(text, width):
    kept = ending(text, width)
    assert text.endswith(kept) and cells_of(kept) <= width
    more = next((text[start:] for start, *_ in reversed(split_graphemes(text)[0]) if start < len(text) - len(kept)), "")
    assert not more or cells_of(more) > width


def test_the_end_of_a_long_text_is_found_by_splitting_it_once(monkeypatch):
    splits = []
    monkeypatch.setattr(cells, "split_graphemes", lambda text: splits.append(text) or split_graphemes(text))
    long = f"{HINDI} " * 100
    form_lines([Field("alt", "alt text")], lambda field: Typed(long), 0, "", 60)
    assert splits.count(long) == 1 and sum(map(len, splits)) < 2 * len(long)


NAME = "प्रिया नायर"


def test_the_marks_of_a_name_have_their_room_on_every_screen(tmp_path):
    services = services_in(tmp_path, 0)
    arrive(services, 1, author_name=NAME, text=f"{NAME} {NAME}")

    def check(app, where):
        named = [line for line in lines(app) if NAME in line.replace("\u00a0", "")]
        assert named, where + shown(app)
        assert all(roomy(line) == line for line in lines(app)), where + shown(app)
        return named

    async def scenario(app, pilot):
        check(app, "list")
        await pilot.press("enter")
        await pilot.pause()
        check(app, "thread")
        await pilot.press("escape", "s", "1", "h", "enter", "H")
        await pilot.pause()
        check(app, "activity")

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("most", [60, 75, 77, 79, 140])
def test_a_message_and_what_is_typed_keep_their_ends_where_marks_need_room(tmp_path, size, most):
    text = " ".join([NAME] * 20)[:most].rstrip()

    def plain(words):
        return "".join(words.split())

    async def scenario(app, pilot):
        if cell_len(roomy(text)) <= 2 * message_width(*size) - 20:
            inbox(app).tell(text)
            await pilot.pause()
            status = inbox(app).status
            strips = status.render_lines(Region(0, 0, *status.size))
            assert plain("".join(strip.text for strip in strips)) == plain(text), shown(app)
        await pilot.press("slash")
        inbox(app).prompt.insert(text)
        await pilot.pause()
        last = lines(app)[-1]
        assert plain(last).endswith(plain(text[-10:])) and cell_len(last) < size[0], shown(app)

    drive(services_in(tmp_path, 1), scenario, size)


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
