"""Commands, presets and a person's own keys."""

from __future__ import annotations

import string

import pytest

from commtui.config.settings import KEYMAPS
from commtui.ui.keys import keymap
from commtui.ui.keys.keymap import readable, textual_name
from commtui.ui.keys.table import BY_ID, BY_LEADER, BY_VERB, COMMANDS

pytestmark = pytest.mark.usefixtures("waits_for_work")

DESIGNED = {
    "j": "down", "k": "up", "down": "down", "up": "up", "ctrl+d": "half-page-down", "ctrl+u": "half-page-up",
    "g": "first", "G": "last", "tab": "pane-next", "1": "pane-mentions", "2": "pane-replies", "3": "pane-posts",
    "enter": "open", "q": "back", "escape": "escape", "x": "mark", "v": "range", "*": "mark-all", "/": "search",
    "n": "search-next", "N": "search-previous", "\\": "filter", "u": "undo", "U": "redo", ".": "repeat",
    "y": "copy-link", "Y": "copy-text", "o": "open-link", ":": "command-line", "?": "help", "ctrl+p": "palette",
    "r": "reply", "a": "assign", "A": "claim", "e": "done", "s": "snooze", "t": "tag", "i": "note", "c": "compose",
    "!": "quiet", "m": "saved", "L": "campaign", "R": "sync", "space": "leader",
}  # fmt: skip
NEVER = ("ctrl+a", "ctrl+b", "ctrl+s", "ctrl+space", "ctrl+z", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h", "ctrl+[")


def test_the_default_keys_are_those_of_the_design():
    bound = {readable(key): command for command, keys in keymap.preset("default").items() for key in keys}
    assert {key: bound.get(key) for key in DESIGNED} == DESIGNED


@pytest.mark.parametrize("name", KEYMAPS)
def test_a_preset_has_no_clash_and_no_key_that_a_terminal_cannot_send(name):
    keys = keymap.preset(name)
    assert set(keys) == set(BY_ID)
    every = [key for bound in keys.values() for key in bound]
    assert sorted(every) == sorted(set(every))
    assert [key for key in every if keymap.unreachable(key)] == []
    assert not set(map(readable, every)) & set(NEVER)
    assert not [key for key in every if len(key) > 1 and key[0] == "f" and key[1:].isdigit()]
    assert keymap.build(name, {}).problems == ()


@pytest.mark.parametrize("name", KEYMAPS)
def test_what_others_see_is_on_no_key_and_confirmed_by_another_one(name):
    keys = keymap.preset(name)
    public = [command for command in COMMANDS if command.public]
    assert {"publish", "boost", "delete", "block", "report"} <= {command.id for command in public}
    for command in public:
        assert keys[command.id] == ()
        assert command.leader and command.leader != "y"


def test_every_key_of_a_sign_has_the_name_that_the_screen_knows():
    from textual.keys import _character_to_key

    assert {sign: textual_name(sign) for sign in string.punctuation} == {
        sign: _character_to_key(sign) for sign in string.punctuation
    }
    assert [readable(textual_name(sign)) for sign in string.punctuation] == list(string.punctuation)


def test_leader_letters_and_verbs_are_each_given_once():
    leaders = [command.leader for command in COMMANDS if command.leader]
    verbs = [command.verb for command in COMMANDS if command.verb]
    assert len(leaders) == len(set(leaders)) == len(BY_LEADER)
    assert len(verbs) == len(set(verbs)) == len(BY_VERB)
    assert set("".join(leaders)) <= set(string.printable)
    shell = (
        "done reopen claim read mute unmute assign snooze tag untag note reply post edit reschedule recall retry"
        " release discard undo sync"
    )
    assert set(shell.split()) <= set(BY_VERB)


def test_own_keys_win_and_take_the_key_from_whom_had_it():
    keys = keymap.build("default", {"done": ("d",), "claim": ("e", "?")})
    assert keys.keys["done"] == ("d",)
    assert keys.keys["claim"] == ("e", "question_mark")
    assert keys.keys["help"] == ()
    assert keys.problems == ("? was help's, which has no key now",)
    assert keys.shown("claim") == "e" and keys.shown("help") == ""


def test_a_command_with_its_value_has_a_key_beside_those_of_the_command():
    keys = keymap.build("default", {"view my bugs": ("B",), "tag spam": ("x",)})
    assert keys.problems == ("x was mark's, which has no key now",)
    assert keys.command_of["B"] == "view my bugs" and keys.command_of["x"] == "tag spam"
    assert keys.keys["view"] == ("W",) and keys.keys["tag"] == ("t",)


WITH_VALUE = ", ".join(keymap.WITH_VALUE)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"snoze": ("d",)}, "snoze: no such command; do you mean snooze?"),
        ({"done": ("ctrl+m",)}, "done: ctrl+m can't be reached: terminals send it as enter"),
        ({"done": ("alt+d",)}, "done: alt+d can't be reached: terminals send Alt as escape and a letter"),
        ({"done": ("d",), "claim": ("d",)}, "d is given to done and to claim: done keeps it"),
        ({"reply hello": ("h",)}, f"reply hello: no value stands behind reply here; it may behind {WITH_VALUE}"),
        ({"vew bugs": ("b",)}, "vew bugs: no such command; do you mean view?"),
        ({"boost": ("b",)}, "boost: others see what it does, so it is never on one key"),
    ],
)
def test_a_key_that_cannot_be_is_named(own, said):
    assert keymap.build("default", own).problems[0] == said


def test_names_of_keys_go_there_and_back():
    for key in [*string.ascii_letters, *string.digits, *"?/\\.:!*,;-+=#@[]", "ctrl+d", "tab", "space", "f5"]:
        assert readable(textual_name(key)) == key
