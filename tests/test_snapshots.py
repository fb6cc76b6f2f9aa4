"""docs/screens/: every screen of the demo at five sizes is as the program shows it now, and no word of it is cut."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from textual.screen import Screen

from commtui import ui
from commtui.config.paths import Home
from commtui.model.records import Context, Mention, Outgoing
from commtui.networks.demo.script import FIRST, SECOND
from commtui.sentences.campaigns import RULES
from commtui.store.store import Store
from commtui.ui.dialogs.campaigns import CountedScreen
from commtui.ui.dialogs.list_screen import ListScreen
from commtui.ui.keys.table import COMMANDS
from commtui.ui.text.key_hints import HINTS
from docs.snapshots import ANSWER, FOLDER, POST, SCREENS, SIZES, THANKS, Shot, demo, file_name, shots_of, svg_of

ROOT = Path(__file__).parents[1]
BASES = {ListScreen, CountedScreen}
"""Screens that are opened only as one of those made from them."""
NAMES = {file_name(picture, size) for picture in SCREENS for size in SIZES}
TITLES = re.compile(
    r"[123] (Mentions|Replies|Posts)|\d+ (open|overdue|at risk|scheduled|draft|marked)|next (due )?\S+|"
    r"all with: quay \(\d+\)( \d+ open)?|sends in \S+|longest waiting first|due first|sending: on|Preview"
)
WITH_KEYS = {"inbox", "thread", "sending", "posts", "marked", "search", "serving", "merging", "activity", "engagement",
             "calendar", "month", "campaigns", "campaign", "report", "report-plots", "report-rows"}  # fmt: skip
"""The pictures whose last line is that of the keys of what has the focus."""
LATIN = re.compile("[!-\u024f\u2000-\u206f]+").fullmatch


def test_there_is_a_picture_of_each_screen_at_each_size_and_of_nothing_else():
    assert {path.name for path in FOLDER.iterdir()} == NAMES, "run: make docs"
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_picture_names_invented_hosts_only_and_says_what_it_shows(name):
    root = ElementTree.fromstring((FOLDER / name).read_text(encoding="utf-8"))
    assert str(root.get("aria-label")).startswith("commtui: ")
    whole = " ".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))
    assert all(host.endswith(".example") for host in re.findall(r"@[\w.-]+@([\w.-]+)(?![\w.~-])", whole))


def test_the_readme_shows_the_inbox_and_a_wide_screen():
    shown = re.findall(r"\((docs/[\w/-]+\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown[0] == "docs/inbox.svg" and {path.removeprefix("docs/screens/") for path in shown[1:]} & NAMES


@pytest.fixture(scope="module")
def shots():
    with demo() as home:
        found = {(picture, size): shot for picture in SCREENS for size, shot in shots_of(home, picture).items()}
        yield found, words_of(home)


def words_of(home: Path) -> set[str]:
    """Every word that may stand in a row: of texts, names and what the screen says."""
    store = Store(Home.at(home).data)
    texts = [command.title for command in COMMANDS] + [command.id for command in COMMANDS]
    kinds: tuple[type[Any], ...] = (Mention, Context, Outgoing)
    for kind in kinds:
        for record in store.all(kind):
            texts += [record.text, getattr(record, "author_name", ""), getattr(record, "author", None) or ""]
    for campaign in store.campaigns.all():
        texts += [campaign.name, campaign.intention, campaign.audience, campaign.message, *RULES]
    store.close()
    texts += [text for script in (FIRST, SECOND) for episode in script.episodes for text in episode.say]  # the archive
    texts += [Home.at(home).config.read_text(), ANSWER, POST, THANKS]
    return {word for text in texts for word in re.split(r'[\s"]+', text)}


@pytest.mark.slow
def test_the_pictures_are_as_the_program_shows_them_now(shots):
    old = [
        file_name(picture, size)
        for (picture, size), shot in shots[0].items()
        if (FOLDER / file_name(picture, size)).read_text(encoding="utf-8") != svg_of(picture, size, shot)
    ]
    assert old == [], "run: make docs"


@pytest.mark.slow
def test_a_picture_opens_each_screen_of_the_program(shots):
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(module.name)
    assert {shot.screen for shot in shots[0].values()} >= screens_below(Screen) - BASES


def screens_below(kind: type[Any]) -> set[type[Any]]:
    """The classes of commtui's own that are screens."""
    below = {found for child in kind.__subclasses__() for found in screens_below(child)}
    return below | ({kind} if kind.__module__.startswith("commtui.") else set())


@pytest.mark.slow
def test_no_text_is_cut_in_the_middle_of_a_word_that_has_room(shots):
    found, words = shots
    handles = ("commtui", *(word.lstrip("@") for word in words if word.startswith("@")))
    widest = (shot for (_, size), shot in found.items() if size == max(SIZES))
    said = {"from", "reply", *words, *(word for shot in widest for line in text_of(shot) for word in line.split())}
    cut = [
        (file_name(picture, size), token)
        for (picture, size), shot in found.items()
        for line in text_of(shot)
        for token in re.findall(r"(\S+)~", line)
        # other scripts may be cut behind each character; the name of who wrote or did something has a column of its own
        if LATIN(token) and token not in said and not any(handle.startswith(token.lstrip("@")) for handle in handles)
    ]
    assert cut == []


@pytest.mark.slow
def test_titles_and_the_line_of_keys_are_whole_or_leave_out(shots):
    hints = {word for entries in HINTS.values() for _, word in entries}
    with_keys = set()
    for (picture, size), shot in shots[0].items():
        lines = text_of(shot)
        *keys, last = lines[-1].removeprefix(" DEMO ").strip().split("  ")
        if last == "? help":
            with_keys.add(picture.name)
            assert keys and {entry.partition(" ")[2] for entry in keys} <= hints, (picture.name, size)
        if size[0] < 120 and lines[0].startswith(" 1 Mentions"):
            parts = [part for part in re.split("  +", lines[0].strip()) if part]
            assert all(TITLES.fullmatch(part) for part in parts), (picture.name, size, parts)
    assert with_keys == WITH_KEYS


def text_of(shot: Shot) -> list[str]:
    return [strip.text.rstrip() for strip in shot.rows]
