"""The settings screen on a real terminal: what it shows, what it writes, and that it follows the file."""

import re
import sys

import pytest

from commtui.config.edit import add_account
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.ui.keys.keymap import preset
from tests.ui.terminal import Terminal

TEXT = """\
# mine
me = "lea"  # at the front desk
paused = true
"""


@pytest.fixture
def home(tmp_path):
    made = Home.at(tmp_path)
    made.prepare()
    made.config.write_text(TEXT)
    add_account(made, Account(name="brand", network="demo", user="brand@demo.example"))
    return made


def opened(home, size=(80, 24), **env):
    command = [sys.executable, "-m", "commtui", "--home", str(home.config.parent)]
    terminal = Terminal(command, size, TZ="Asia/Tokyo", **env)
    terminal.until(lambda text: "1 Mentions" in text or "Mentions" in text)
    terminal.press(",")
    terminal.until(" settings ")
    return terminal


def find(terminal, name):
    terminal.press("/", name, "enter")
    terminal.until(lambda text: re.search(rf"^> {re.escape(name)} ", text, re.MULTILINE) is not None)


def give(terminal, name, *texts):
    """Answers the questions of a row, one after the other."""
    find(terminal, name)
    terminal.press("enter", *(key for text in texts for key in (text, "enter")))


@pytest.mark.parametrize("name", ["default", "aerc", "gmail"])
def test_the_key_is_the_same_in_each_preset(name):
    keys = preset(name)
    assert keys["settings"] == ("comma",)
    assert [command for command, bound in keys.items() if "comma" in bound] == ["settings"]


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
def test_a_value_says_where_it_comes_from(home, size):
    with opened(home, size) as terminal:
        terminal.until(lambda text: re.search(r"me +lea +config:2", text) is not None)
        assert re.search(r"zone +Asia/Tokyo +\$TZ", terminal.text)
        assert re.search(r"hold +10s +default", terminal.text)
        assert "$USER" in terminal.text, "what the default is stands below"
        terminal.press("q")
        terminal.until("1 Mentions")


@pytest.mark.slow
def test_changes_are_checked_written_and_taken_back(home):
    with opened(home) as terminal:
        give(terminal, "hold", "5x")
        terminal.says('must be a length of time such as "30s"')
        assert "5x" in terminal.text, "what was typed stays"
        terminal.press("ctrl+u", "25s", "enter")
        terminal.until("hold is 25s now")
        find(terminal, "mouse")
        terminal.press("enter")
        terminal.until("mouse is true now")
        give(terminal, "keymap", "gmail")
        terminal.until("keymap is gmail now")
        give(terminal, "teammates", "lea, kim")
        terminal.until("teammates is lea, kim now")
        settings = load(home, {})
        assert (settings.hold.total_seconds(), settings.mouse, settings.keymap) == (25, True, "gmail")
        assert settings.teammates == ("lea", "kim")
        find(terminal, "hold")
        terminal.press("d")
        terminal.until("hold is 10s now, the default")
    text = home.config.read_text()
    assert "hold" not in text and text.startswith('# mine\nme = "lea"  # at the front desk\n')


@pytest.mark.slow
def test_the_value_in_force_stands_in_the_question_and_is_replaced_by_what_is_typed(home):
    with opened(home) as terminal:
        values = {"hold": "10s", "me": "lea", "zone": "Asia/Tokyo", "retention.archive_after": "180d"}
        for name, value in values.items():
            find(terminal, name)
            terminal.press("enter")
            terminal.until(lambda text, line=f" {name}: {value}": text.splitlines()[-1].startswith(line))
            terminal.press("enter")
            terminal.says(f"{name} stays {value}")
        assert home.config.read_text().startswith(TEXT)
        give(terminal, "hold", "25s")
        terminal.until("hold is 25s now")
        terminal.press("enter", "ctrl+e", "\x7f\x7f", "m", "enter")
        terminal.until("hold is 2m now")
        find(terminal, "brand: poll")
        terminal.press("enter")
        terminal.until(lambda text: text.splitlines()[-1].rstrip() == " brand: poll:")


@pytest.mark.slow
def test_a_login_is_changed_here_and_what_follows_is_asked_about_first(home):
    with opened(home) as terminal:
        give(terminal, "brand: token_command", "pass show 'my brand'")
        terminal.says("brand: token_command is pass show 'my brand' now; space C checks the login")
        give(terminal, "brand: user", "other@demo.example")
        terminal.says("it is another account then; what this one brought stays here")
        terminal.press("n")
        assert load(home, {}).accounts[0].user == "brand@demo.example"
        terminal.press("enter", "other@demo.example", "enter", "y")
        terminal.says("brand: user is other@demo.example now")
        give(terminal, "brand: server", "https://demo.example")
        terminal.says("its token goes to that server then")
        terminal.press("y")
        terminal.says("brand: server is https://demo.example now")
        give(terminal, "brand: name", "roastery")
        terminal.says("roastery: name is roastery now")
        account = load(home, {}).accounts[0]
        assert (account.name, account.user, account.server) == (
            "roastery",
            "other@demo.example",
            "https://demo.example",
        )
        assert account.token_command == ("pass", "show", "my brand")


@pytest.mark.slow
def test_what_another_program_writes_is_seen(home):
    with opened(home) as terminal:
        home.config.write_text('poll = "90s"\n' + home.config.read_text())
        terminal.until(lambda text: re.search(r"poll +1m30s +config:1", text) is not None)
        assert re.search(r"me +lea +config:3", terminal.text)
        good = home.config.read_text()
        home.config.write_text(good + "[nonsense\n")
        terminal.until("this is not TOML")
        home.config.write_text(good)
        terminal.until(lambda text: "this is not TOML" not in text)


@pytest.mark.slow
def test_themes_are_chosen_from_their_list_and_taken_at_once(home):
    with opened(home) as terminal:
        give(terminal, "theme", "nord")
        terminal.until("theme is nord now")
    assert load(home, {}).theme == "nord"


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_saved_replies_macros_and_views_are_added_changed_and_removed(home, size):
    with opened(home, size) as terminal:
        give(terminal, "saved", "thanks")
        terminal.says("saved.thanks:")
        terminal.press("Thank you, {name}", "enter")
        terminal.says("saved.thanks is Thank you, {name} now")
        terminal.press("enter", "ctrl+e", "!", "enter")
        terminal.says("saved.thanks is Thank you, {name}! now")
        give(terminal, "macros", "praised", "tag praise; done")
        terminal.says("macros.praised is tag praise; done now")
        settings = load(home, {})
        assert (settings.saved, settings.macros) == (
            {"thanks": "Thank you, {name}!"},
            {"praised": ("tag praise", "done")},
        )
        give(terminal, "views", "urgent", "priority:urgent")
        terminal.says("views.urgent is priority:urgent now")
        find(terminal, "saved.thanks")
        terminal.press("d")
        terminal.says("saved.thanks is removed")
        assert load(home, {}).saved == {}
        terminal.press("q")
        terminal.until("1 Mentions")


def editor(folder, script):
    """An editor that leaves its arguments behind and changes the file with sed."""
    path = folder / "vi"
    path.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\nfor last; do :; done\nsed -i "{script}" "$last"\n')
    path.chmod(0o700)
    return str(path)


@pytest.mark.slow
def test_what_cannot_be_written_here_names_the_file_and_is_opened_in_the_editor(home, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    with opened(home, EDITOR=editor(folder, "s/paused = true/paused = false/")) as terminal:
        find(terminal, "brand: options")
        terminal.press("enter")
        terminal.until("E opens")
        terminal.says("config.toml in $EDITOR")
        terminal.press("E")
        terminal.until(lambda text: " settings " in text and "E opens" not in text)  # the screen is back
        find(terminal, "paused")
        assert re.search(r"^> paused +false +config:3", terminal.text, re.MULTILINE)
    assert (folder / "arguments").read_text().split()[-1] == str(home.config)


@pytest.mark.slow
def test_a_text_of_several_lines_is_changed_in_the_editor(home, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    with home.config.open("a") as file:
        file.write('\n[saved]\nlong = "one\\ntwo"\n')
    with opened(home, EDITOR=editor(folder, "s/two/three/")) as terminal:
        find(terminal, "saved.long")
        terminal.press("enter")
        terminal.until("saved.long is one three now")
    assert load(home, {}).saved == {"long": "one\nthree"}


@pytest.mark.slow
def test_the_keys_are_those_of_the_keymap_and_follow_it(home):
    with home.config.open("a") as file:
        file.write('\n[keys]\ndown = ["n"]\nup = ["p"]\nback = ["X"]\nsearch = ["%"]\n')
    with opened(home) as terminal:
        terminal.until("% find")
        assert "X back" in terminal.text
        first = next(line for line in terminal.text.splitlines() if line.startswith(">"))
        terminal.press("n")
        second = next(line for line in terminal.text.splitlines() if line.startswith(">"))
        terminal.press("j")  # bound to nothing now
        assert second != first and second in terminal.text
        terminal.press("p", "q")
        assert first in terminal.text and " settings " in terminal.text
        terminal.press("%", "keys.back", "enter", "d")
        terminal.says("keys.back is removed")
        terminal.until("q back")
        terminal.press("q")
        terminal.until("1 Mentions")


@pytest.mark.slow
def test_an_entry_that_one_line_would_change_is_changed_in_the_file(home):
    before = home.config.read_text() + '\n[macros]\nfine = ["reply Thanks; done"]\n'
    home.config.write_text(before)
    with opened(home) as terminal:
        find(terminal, "macros.fine")
        for keys in (("enter",), ("d",)):
            terminal.press(*keys)
            terminal.says("macros.fine cannot be written on this line: E opens config.toml")
            terminal.press("g")
            find(terminal, "macros.fine")
        give(terminal, "macros", "fine")
        terminal.says("macros.fine cannot be written on this line")
    assert home.config.read_text() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["aerc", "gmail"])
def test_a_preset_leads_on_and_back(home, name):
    home.config.write_text(f'keymap = "{name}"\n' + home.config.read_text())
    with opened(home) as terminal:
        terminal.press("j", "j", "k")
        assert len([line for line in terminal.text.splitlines() if line.startswith(">")]) == 1
        terminal.press("u" if name == "gmail" else "q")
        terminal.until("1 Mentions")
