"""Lines that have little room: margins, cuts behind words, what a question on a low screen says."""

from __future__ import annotations

import socket

import httpx
import pytest

from commtui.networks.answers import transport_error
from commtui.ui.text.cells import cut_words
from commtui.ui.text.rows import filled
from commtui.ui.text.titles import Title, title_pieces
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, shown, typed


def test_both_lines_of_a_message_have_the_margin(tmp_path):
    async def scenario(app, pilot):
        inbox(app).tell("undo: a reply of which this says so much that it needs a second line " * 2)
        await pilot.pause()
        region = inbox(app).status.region
        said = lines(app)[region.y : region.bottom]
        assert len(said) == 2 and all(line[0] == " " and line[1] != " " for line in said), said

    drive(services_in(tmp_path, 3), scenario)


@pytest.mark.parametrize("width", [20, 30, 39, 40])
def test_a_line_that_is_too_long_is_cut_behind_a_word(width):
    text = "Roastlog 2.5 enters its beta on Monday: who wants to be among the first of all?"
    words = "".join(words for _, words in filled([("plain", " "), ("plain", text)], width))
    assert words.rstrip() == f" {cut_words(text, width - 1)}" and len(words) == width
    assert words.rstrip(" ~").split()[-1] in text.split()


def test_the_menu_and_a_question_are_cut_behind_words(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("space")
        await pilot.pause()
        titles = [line for line in lines(app) if "~" in line]
        assert all(line.split("~")[0][-1].isalnum() for line in titles)
        await pilot.press("escape", "e", "s")
        await pilot.pause()
        assert "snooze until (empty: tomorrow)" in lines(app)[-1]

    drive(services_in(tmp_path, 3), scenario, (40, 12))


def test_the_number_of_open_conversations_stands_before_the_order_on_a_narrow_screen(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("S", *"new", "enter")
        await pilot.pause()
        assert "12 open" in lines(app)[0]

    drive(services_in(tmp_path, 12), scenario, (40, 12))


def test_a_page_of_the_help_is_a_whole_one(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        last = lines(app)[-1]
        before = lines(app)[1:]
        await pilot.press("pagedown")
        await pilot.pause()
        assert last not in lines(app)[1:] or not last.strip()
        await pilot.press("pageup")
        await pilot.pause()
        assert lines(app)[1:] == before, shown(app)

    drive(services_in(tmp_path, 1), scenario)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_the_help_is_searched(tmp_path, size):
    def found(app):
        return [line for line in lines(app)[1:] if line.startswith(">")]

    async def scenario(app, pilot):
        await pilot.press("question_mark", "slash")
        await typed(pilot, "Mark")
        await pilot.press("enter")
        await pilot.pause()
        first = found(app)
        assert len(first) == 1 and "mark" in first[0]
        assert "find: mark (1 of " in lines(app)[0]
        await pilot.press("n")
        await pilot.pause()
        second = found(app)
        assert len(second) == 1 and second != first
        await pilot.press("N")
        await pilot.pause()
        assert found(app) == first
        await pilot.press("N")  # around the end
        await pilot.pause()
        assert found(app) not in (first, second)
        await pilot.press("slash")
        await typed(pilot, "qqq")
        await pilot.press("enter")
        await pilot.pause()
        assert "find: qqq (not here)" in lines(app)[0] and found(app) == []
        await pilot.press("slash", "escape", "q")
        await pilot.pause()
        assert "1 Mentions" in lines(app)[0]

    drive(services_in(tmp_path, 1), scenario, size)


def test_a_server_whose_name_is_unknown_is_said_in_words():
    try:
        try:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        except socket.gaierror as error:
            raise httpx.ConnectError("[Errno -2] Name or service not known") from error
    except httpx.ConnectError as error:
        said = str(transport_error(error, "GET", "GET nowhere.example/api"))
    assert "no server of that name is known" in said and "Errno" not in said


def test_a_low_screen_names_the_ways_out_of_a_review(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "hello")
        await pilot.press("escape")
        await pilot.pause()
        for words in ("y send", "e/esc edit", "p save draft", "d discard"):
            assert words in shown(app), shown(app)

    drive(services_in(tmp_path, 1), scenario, (40, 12))


def test_marks_leave_the_title_whether_it_sends(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("x")
        await pilot.pause()
        assert "1 marked" in lines(app)[0] and "sending: " in lines(app)[0], lines(app)[0]

    for width in (40, 80):
        folder = tmp_path / str(width)
        folder.mkdir()
        drive(services_in(folder, 2), scenario, (width, 12))


@pytest.mark.parametrize("width", range(30, 90))
def test_beside_a_filter_the_last_piece_of_the_ending_stands_before_further_numbers(width):
    name = (("title-here", " 1 Mentions "), ("bar-late", " filter: is:snoozed (1)"))
    numbers = tuple(("bar", f" {words} ") for words in ("35 open", "17 overdue", "1 at risk"))
    line = "".join(text for _, text in title_pieces(Title(name, numbers, (("bar", " sending: on "),)), width))
    assert ("sending: on" in line) == (width >= 12 + 23 + 1 + 13), line
    assert "open" not in line or "sending: on" in line
