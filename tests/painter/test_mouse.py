"""Reports of the mouse: what a click is, and that nothing of one ever becomes text or a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.ui.painter.input import Kind, TerminalInput
from commtui.ui.painter.mouse import DOUBLE, Clicks, Report, is_report, read

NUMBERS = st.integers(0, 99999)
REPORTS = st.builds("\x1b[<{};{};{}{}".format, NUMBERS, NUMBERS, NUMBERS, st.sampled_from("Mm"))


@pytest.mark.parametrize(
    ("sequence", "report"),
    [
        ("\x1b[<0;1;1M", Report("click", 0, 0)),
        ("\x1b[<0;80;24M", Report("click", 79, 23)),
        ("\x1b[<64;5;6M", Report("up", 4, 5)),
        ("\x1b[<65;5;6M", Report("down", 4, 5)),
        ("\x1b[<0;1;1m", None),  # a release
        ("\x1b[<1;1;1M", None),  # the middle button
        ("\x1b[<2;1;1M", None),  # the right button
        ("\x1b[<32;1;1M", None),  # motion
        ("\x1b[<4;1;1M", None),  # with shift
        ("\x1b[<66;1;1M", None),  # the wheel to the left
        ("\x1b[<0;0;1M", None),  # no cell
        ("\x1b[<0;1;0M", None),
    ],
)
def test_a_report_is_a_click_or_the_wheel_or_nothing(sequence: str, report: Report | None) -> None:
    assert is_report(sequence) and read(sequence) == report


@given(st.text(st.sampled_from("\x1b[<;0123456789Mm ?é"), max_size=20))
def test_only_whole_reports_are_read(text: str) -> None:
    if read(text) is not None:
        assert is_report(text) and text.startswith("\x1b[<") and text.endswith("M") and text.count(";") == 2


@given(REPORTS)
def test_a_report_is_at_a_cell_and_of_a_known_kind(sequence: str) -> None:
    report = read(sequence)
    assert report is None or (report.kind in ("click", "up", "down") and report.x >= 0 and report.y >= 0)


@given(st.lists(st.one_of(REPORTS, st.sampled_from(["a", "é", "\x1b[A", "\r"])), max_size=8), st.data())
def test_reports_cut_anywhere_leave_the_keys_between_them_whole(parts: list[str], data: st.DataObject) -> None:
    received, whole, keys, reports = TerminalInput(), "".join(parts).encode(), "", []
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        for kind, text in received.feed(whole[start:end], 1.0):
            if kind is Kind.MOUSE:
                reports.append(text)
            else:
                keys += text
    assert reports == [part for part in parts if is_report(part)]
    assert keys == "".join(part for part in parts if not is_report(part))


def kinds(*presses: tuple[float, int, int]) -> list[str]:
    clicks = Clicks()
    return [clicks.pointer(Report("click", x, y), at).kind for at, x, y in presses]


def test_two_presses_at_one_place_are_a_double_click_and_a_third_begins_anew() -> None:
    assert kinds((1.0, 2, 3), (1.2, 2, 3), (1.4, 2, 3), (1.5, 2, 3)) == ["click", "double", "click", "double"]


@pytest.mark.parametrize("second", [(1.0 + DOUBLE + 0.01, 2, 3), (1.1, 3, 3), (1.1, 2, 4)])
def test_late_or_elsewhere_is_another_click(second: tuple[float, int, int]) -> None:
    assert kinds((1.0, 2, 3), second) == ["click", "click"]


def test_the_wheel_between_two_presses_parts_them() -> None:
    clicks = Clicks()
    steps = [Report("click", 1, 1), Report("up", 1, 1), Report("click", 1, 1)]
    assert [clicks.pointer(report, 1.0).kind for report in steps] == ["click", "up", "click"]
