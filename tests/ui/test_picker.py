"""The one list to choose from: what the letters mean, and what enter, tab, arrows and marks do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.activity.desk import Desk
from commtui.community import conversations
from commtui.model.records import Conversation, Outgoing
from commtui.ui.composer.files import files_in, path_of
from commtui.ui.text.key_hints import picker_keys
from commtui.ui.text.matching import Choice, completed, matching
from commtui.ui.widgets.picker import Picker, Picking
from tests.ui.fill import services_in
from tests.ui.screen import drive, lines, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")

NAMES = st.text(st.sampled_from("abcXY-_ üß漢"), min_size=1, max_size=8).filter(str.strip)


def found(names: list[str], letters: str) -> list[str]:
    choices = [Choice(name) for name in names]
    return [names[place] for place in matching(choices, letters)]


@pytest.mark.parametrize(
    ("letters", "best"),
    [
        ("p", "praised"),
        ("ship", "shipping"),
        ("spt", "support"),
        ("re", "refund"),
        ("late re", "refund late"),
        ("SH", "shipping"),
    ],
)
def test_the_best_match_stands_first(letters: str, best: str) -> None:
    assert found(["shipping", "praised", "support", "refund", "refund late"], letters)[0] == best


def test_words_beside_the_name_come_last() -> None:
    choices = [Choice("nobody", "", "unassigned"), Choice("sigrid"), Choice("gus")]
    assert matching(choices, "g") == [2, 1, 0]


@given(st.lists(NAMES, max_size=8, unique=True), NAMES)
def test_each_choice_is_shown_once_and_a_name_finds_itself(names: list[str], letters: str) -> None:
    places = matching([Choice(name) for name in names], letters)
    assert len(set(places)) == len(places) <= len(names)
    for name in names:
        assert name in found(names, name)
        assert set(found(names, f"{name} zz")) == set()


@given(st.lists(NAMES, max_size=8, unique=True), NAMES)
def test_tab_keeps_what_is_typed_or_names_what_fits(names: list[str], letters: str) -> None:
    after = completed([Choice(name) for name in names], letters)
    begun = [name for name in names if name.casefold().startswith(letters.casefold())]
    if begun:
        assert all(name.casefold().startswith(after.casefold()) or after == letters for name in begun)
        assert len(after) >= len(letters)
    else:
        assert after == letters or after in names


def test_a_conversation_is_assigned_with_three_keys(tmp_path: Path) -> None:
    services = services_in(tmp_path, 2, teammates=("grace", "otto"))

    async def scenario(app, pilot):
        await pilot.press("a")
        await pilot.pause()
        assert "grace" in shown(app) and "nobody" in shown(app)
        await pilot.press("g", "enter")
        await pilot.pause()

    drive(services, scenario)
    assert sorted(item.assignee or "" for item in services.store.all(Conversation)) == ["", "grace"]


def test_a_name_that_is_not_in_the_list_can_be_given(tmp_path: Path) -> None:
    services = services_in(tmp_path, 1, teammates=("grace",))

    async def scenario(app, pilot):
        await pilot.press("a")
        await typed(pilot, "hopper")
        await pilot.pause()
        assert "new name: hopper" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "nobody is called hopper so far: assign to hopper?" in shown(app)
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    assert services.store.all(Conversation)[0].assignee == "hopper"


def test_a_letter_of_a_teammates_name_makes_no_new_name(tmp_path: Path) -> None:
    services = services_in(tmp_path, 1, teammates=("erik",))

    async def scenario(app, pilot):
        await pilot.press("a", "k")
        await pilot.pause()
        assert shown(app).index("erik") < shown(app).index("new name: k")
        await pilot.press("enter")
        await pilot.pause()

    drive(services, scenario)
    assert services.store.all(Conversation)[0].assignee == "erik"


def test_tags_in_use_are_offered_the_most_frequent_first(tmp_path: Path) -> None:
    services = services_in(tmp_path, 4)
    every = [item.id for item in services.store.all(Conversation)]
    desk = Desk(services.store, services.clock, services.settings, "lea")
    conversations.tag(desk, every[:1], "rare")
    conversations.tag(desk, every[1:], "bug")

    async def scenario(app, pilot):
        await pilot.press("t")
        await pilot.pause()
        rows = [line.split()[-2:] for line in lines(app)[-5:] if line.split()[-1:] in (["1"], ["3"])]
        assert rows == [["bug", "3"], ["rare", "1"]]
        await pilot.press("escape", "T")
        await pilot.pause()
        assert "rare" not in lines(app)[-2] or "bug" not in lines(app)[-2]
        await pilot.press("escape")

    drive(services, scenario)


def test_tab_on_the_command_line_completes_who_and_which_theme(tmp_path: Path) -> None:
    services = services_in(tmp_path, 1, teammates=("grace", "otto"))

    async def scenario(app, pilot):
        await pilot.press("colon")
        await typed(pilot, "assign gr")
        await pilot.press("tab")
        assert "assign grace" in lines(app)[-1]
        await pilot.press("enter", "colon")
        await typed(pilot, "theme gruv")
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert app.theme_name == "gruvbox"

    drive(services, scenario)
    assert services.store.all(Conversation)[0].assignee == "grace"


def several(marked: tuple[str, ...]) -> Picking:
    choices = [Choice(name) for name in ("brand", "shop", "xtra")]
    return Picking("post from", choices, several=True, marked=frozenset(marked))


@pytest.mark.parametrize(
    ("keys", "taken"),
    [
        (("enter",), ("brand",)),  # as it was
        (("s", "enter"), ("shop",)),  # letters mean another one
        (("down", "x", "enter"), ("brand", "shop")),
        (("ctrl+x", "ctrl+x", "enter"), ("shop",)),
        (("x", "enter"), ("xtra",)),  # a letter, before an arrow
        (("x", "ctrl+x", "ctrl+u", "enter"), ("brand", "xtra")),
        (("escape",), None),
    ],
)
def test_several_are_marked(tmp_path: Path, keys: tuple[str, ...], taken: tuple[str, ...] | None) -> None:
    results: list[tuple[str, ...] | None] = []

    async def scenario(app, pilot):
        app.push_screen(Picker(several(("brand",))), results.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    drive(services_in(tmp_path, 1), scenario)
    assert results == [taken]


def test_what_is_refused_is_said_and_the_list_stays(tmp_path: Path) -> None:
    results: list[tuple[str, ...] | None] = []
    picking = Picking("one", [Choice("a"), Choice("b")], refused=lambda taken: "a is taken" if taken == ("a",) else "")

    async def scenario(app, pilot):
        app.push_screen(Picker(picking), results.append)
        await pilot.pause()
        await pilot.press("enter")
        assert "! a is taken" in shown(app) and not results
        await pilot.press("b", "enter")
        await pilot.pause()

    drive(services_in(tmp_path, 1), scenario)
    assert results == [("b",)]


def test_files_are_found_in_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cat one.png").write_bytes(b"x" * 2000)
    (tmp_path / ".hidden").touch()
    monkeypatch.setenv("PICTURES", str(tmp_path / "in"))
    assert [(choice.id, choice.hint) for choice in files_in("$PICTURES/")] == [
        ("../", "folder"),
        ("cat one.png", "2 KB"),
    ]
    assert [choice.id for choice in files_in(f"{tmp_path}/")][:2] == ["../", "in/"]
    assert files_in("/no/such/folder/") == []
    for pasted in (f"'{tmp_path}/in/cat one.png'", f"{tmp_path}/in/cat\\ one.png ", "$PICTURES/cat one.png"):
        assert path_of(pasted) == tmp_path / "in" / "cat one.png"
    results: list[tuple[str, ...] | None] = []

    async def scenario(app, pilot):
        app.push_screen(Picker(Picking("attach", (), folder=f"{tmp_path}/", folders=files_in)), results.append)
        await pilot.pause()
        await pilot.press("i", "n", "enter")
        await pilot.pause()
        assert "cat one.png" in shown(app)
        await pilot.press("c", "enter")
        await pilot.pause()

    drive(services_in(tmp_path / "home", 1), scenario)
    assert results == [(f"{tmp_path}/in/cat one.png",)]


def test_the_list_stands_below_what_it_is_about(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3, saved={f"reply{number}": "text" for number in range(40)})

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert "3 open" in lines(app)[0] and "enter takes" in lines(app)[-1]
        assert sum("reply" in line for line in lines(app)) == app.size.height // 2 - 3  # the question's line, too
        assert not services.store.all(Outgoing)

    drive(services, scenario)


@pytest.mark.parametrize(("several", "looks"), [(False, False), (True, False), (False, True)])
def test_its_keys_stand_on_one_line_at_every_width_that_is_served(several, looks):
    for width in (39, 79, 119):
        line = picker_keys(width, several, looks)
        assert len(line) <= width and line.startswith("enter takes") and line.endswith("esc back")
        assert ("ctrl+x marks" in line, "ctrl+o looks" in line) == (several, looks)
    assert "tab completes" in line and ("x too, after an arrow" in line) == several
