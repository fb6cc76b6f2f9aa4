"""The list to choose from stays quick with thousands of choices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.ui.text.matching import Choice, Finder, matching
from commtui.ui.widgets.picker import AT_ONCE, Picker
from tests.ui.fill import services_in
from tests.ui.screen import drive, lines

pytestmark = pytest.mark.usefixtures("waits_for_work")

WORDS = st.text(st.sampled_from("abİß-\n "), max_size=5)
CHOICES = st.lists(st.builds(Choice, id=WORDS, hint=WORDS, title=WORDS, also=WORDS), max_size=12)


@given(CHOICES, st.lists(st.text(st.sampled_from("abi\u0307sß -"), max_size=3), max_size=6), st.integers(0, 13))
def test_narrowing_letter_by_letter_finds_what_asking_once_finds(choices, typed, prepared):
    finder = Finder(choices)
    finder.prepare(prepared)
    for before in ("", "".join(typed)[:2]):
        for end in range(len(typed) + 1):
            text = before + "".join(typed[:end])
            assert list(finder.matching(text)) == matching(choices, text)


def test_a_list_of_thousands_is_shown_at_once_and_made_ready_in_slices(tmp_path, monkeypatch):
    saved = {f"answer{number}": f"Hello\n\n{{author}}, no. {number}" for number in range(3000)}
    services = services_in(tmp_path, 2, saved=saved)
    slices: list[int] = []
    prepare = Finder.prepare
    monkeypatch.setattr(Finder, "prepare", lambda finder, most: (slices.append(most), prepare(finder, most)))

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert isinstance(app.screen, Picker)
        first = next(line for line in lines(app) if line.startswith("> answer"))
        assert first.split() == [">", "answer0", "reply", "Hello", "{author},", "no.", "0"]
        while len(slices) < 3000 / AT_ONCE:
            await pilot.pause()
        assert set(slices) == {AT_ONCE}
        await pilot.press("2", "9", "9", "9")
        await pilot.pause()
        assert next(line for line in lines(app) if "answer2" in line).startswith("> answer2999")

    drive(services, scenario)
