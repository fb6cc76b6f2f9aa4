"""Characters without a shape of their own, typed on a real pseudo-terminal: what is stored is what was typed."""

from __future__ import annotations

import os
import random
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from commtui.config.paths import Home
from commtui.model.records import Outgoing
from commtui.model.text import clean
from commtui.store.store import Store
from commtui.ui.terminal.key_text import typed
from tests.ui.fill import services_in
from tests.ui.screen import composer, drive
from tests.ui.terminal import inbox

PARTS = [
    "می\u200cخواهم",  # Persian with its non-joiner
    "क्\u200dष",
    "ക്\u200c",
    "👩\u200d👩\u200d👧",
    "❤\ufe0f\u200d🔥",
    "☎\ufe0e",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "1\ufe0f\u20e3",
    "e\u0301",
    "سلام\u200e",
    "؟\u200f",
    "a\u00a0b",
    "全\u3000角",
    "plain words",
]
ALONE = [
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u2066",
    "\u2069",
    "\ufe0f",
    "\u0301",
    "\U000e0067",
    "\u202f",
]


@given(st.characters(exclude_categories=["Cs"]))
def test_every_character_but_controls_and_line_ends_is_text(character):
    text = unicodedata.category(character) not in ("Cc", "Zl", "Zp")
    assert typed(Key("x", character)) == (character if text else "")


@pytest.mark.parametrize("name", ["up", "ctrl+a", "f1"])
def test_a_key_that_types_nothing_is_no_text(name):
    assert typed(Key(name, None)) == ""
    assert typed(Key(name, "\x01")) == ""


def test_the_editor_and_prompts_take_every_character_one_at_a_time(tmp_path):
    services = services_in(tmp_path, 1)
    expected = "".join(PARTS + ALONE)

    async def scenario(app, pilot):
        await pilot.press("r")
        await pilot.pause()
        for character in expected:
            composer(app).text_box.post_message(Key("x", character))
        await pilot.pause()
        assert composer(app).text_box.text == expected
        await pilot.press("escape", "t")
        await pilot.pause()
        for character in expected:
            composer(app).prompt.post_message(Key("x", character))
        await pilot.pause()
        assert composer(app).prompt.answer == expected
        await pilot.press("escape", "d")

    drive(services, scenario)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_stored_is_what_was_typed_however_the_bytes_are_split(tmp_path, seed):
    chance = random.Random(seed)
    expected = " ".join(chance.choices(PARTS, k=12) + PARTS[seed::3])
    assert "\u200d" in expected and "\u200c" in expected
    data, at = expected.encode(), 0
    with inbox(tmp_path, 2) as terminal:
        terminal.until("2 open")
        terminal.press("r")
        terminal.until("esc review")
        while at < len(data):  # often within a character
            size = chance.randint(1, 7)
            os.write(terminal.master, data[at : at + size])
            at += size
            terminal.read(0.02)
            time.sleep(0.01)
        terminal.press("esc", "p")
        terminal.until("saved as a draft")
    store = Store(Home.at(tmp_path).data)
    try:
        (item,) = store.all(Outgoing)
    finally:
        store.close()
    assert item.text == clean(expected)
    assert item.text.replace("\u200e", "").replace("\u200f", "") == expected.replace("\u200e", "").replace("\u200f", "")
