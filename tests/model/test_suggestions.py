"""The word that was meant: two letters swapped are one slip."""

from hypothesis import given
from hypothesis import strategies as st

from commtui.cli.registry import COMMANDS
from commtui.model.suggestions import nearest, slips


def test_swapped_letters_mean_the_word_they_came_from():
    assert nearest("dnoe", sorted(COMMANDS)) == "done"
    assert nearest("snoze", COMMANDS) == "snooze"
    assert nearest("relpy", COMMANDS) == "reply"
    assert nearest("hello", COMMANDS) is None and nearest("resch", COMMANDS) == "reschedule"
    assert nearest("xyzzy", COMMANDS) is None and nearest("", []) is None


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 5))
def test_slips_are_a_distance_and_a_swap_is_one(one, other, at):
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (one == other)
    swapped = one[:at] + one[at : at + 2][::-1] + one[at + 2 :]
    assert slips(one, swapped) == (one != swapped)
