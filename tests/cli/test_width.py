"""Rows fit the terminal, whatever script they are in."""

from hypothesis import given
from hypothesis import strategies as st

from commtui.cli.output import rows
from commtui.cli.width import fit, width, wrap


def test_wide_characters_take_two_cells_and_marks_none():
    assert width("ab") == 2
    assert width("漢字") == 4
    assert width("e\u0301") == 1
    assert width("👩🏽‍🚀") == 2
    assert width("❤️") == 2


def test_a_cut_never_splits_what_people_see_as_one():
    assert fit("a漢字", 4) == "a漢…"
    assert fit("a👩🏽‍🚀b", 3) == "a…"
    assert fit("abc", 3) == "abc"


@given(st.text(), st.integers(0, 20))
def test_what_was_cut_fits(text, most):
    assert width(fit(text, most)) <= most


@given(st.text(alphabet=" abc漢🎉", max_size=60), st.integers(10, 30))
def test_wrapping_loses_no_word_and_fits(text, most):
    pieces = list(wrap(text, most))
    assert " ".join(pieces) == text
    assert all(width(piece) <= most or " " not in piece.strip() for piece in pieces)


def test_rows_fit_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    found = list(rows([("id", "漢字漢字漢字", "a long text of words"), ("x", "y", "z")], (4, 6)))
    assert found == ["id    漢字…   a lon…", "x     y       z"]
    assert all(width(line) <= 20 for line in found)
