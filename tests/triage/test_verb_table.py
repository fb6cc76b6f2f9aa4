"""A verb is one function and one entry of the table: it is then on every way there is to a verb."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commtui.model.records import Conversation
from commtui.triage.verb import Target, Verb
from commtui.triage.verbs import VERBS
from tests.triage.desks import arrive, desk_on

STAR = '''
"""A verb of its own, in a module of its own."""
from msgspec.structs import replace
from commtui.community.conversations import change
from commtui.triage import verbs
from commtui.triage.verb import Target, Verb


def star(desk, named, colour):
    return change(desk, "star", named, lambda held: replace(held, tags=(*held.tags, colour)), value=colour)


verbs.add(
    Verb(id="star", title="give it a star", applies_to=Target.CONVERSATIONS, function="star_verb:star",
         argument="COLOUR", command="give it a star", question="which colour", repeatable=True, in_macros=True,
         in_rules=True, keys=("ctrl+g",))
)
'''
EVERYWHERE = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import star_verb
from commtui.cli import parser
from commtui.cli.linear import Linear
from commtui.cli.registry import COMMANDS
from commtui.model.records import Conversation
from commtui.triage import macros
from commtui.ui.dialogs.palette import command_choices
from commtui.ui.keys import keymap, table
from commtui.ui.verbs.command_line import complete
from commtui.ui.verbs.dispatch import ACTIONS
from docs.generate import commands, keys
from tests.ui.fill import services_in
from tests.ui.screen import drive, lines, typed

assert "star" in COMMANDS and "give it a star" in parser.help_text()
assert "ID... COLOUR" in parser.parser_of("star").format_help()
assert "star" in commands.reference() and "give it a star" in keys.tables()
for preset in ("default", "aerc", "gmail"):
    assert keymap.preset(preset)["star"] == ("ctrl+g",)
assert table.BY_VERB["star"].repeats and "star" in ACTIONS and complete(None, "st")[0] == "star "
made = services_in(Path(sys.argv[1]) / "home", 3, macros={"shine": ("star gold", "done")})
assert "give it a star" in [choice.title for choice in command_choices(keymap.build("default", {}))]
desk = made.desk()
first, second, third = (each.id for each in made.store.all(Conversation))
macros.run_macro(desk, "shine", [first])
assert made.store.get(Conversation, first).tags == ("gold",)


async def scenario(app, pilot):
    await pilot.press("ctrl+g")
    assert "which colour" in lines(app)[-1], lines(app)
    await typed(pilot, "red")
    await pilot.press("enter")
    await pilot.pause()
    assert "star: @" in lines(app)[-2] and "u: undo" in lines(app)[-2], lines(app)
    await pilot.press("j", "full_stop")
    await pilot.pause()


drive(made, scenario)
assert sorted(each.tags for each in made.store.all(Conversation)) == [("gold",), ("red",), ("red",)]
print("everywhere")
"""
SHELL = """
import sys

sys.path.insert(0, sys.argv[1])
import star_verb
from tests.cli.program import services_at
from commtui.cli.app import main
from commtui.cli.linear import run_linear
from pathlib import Path

home = Path(sys.argv[2])
assert main(["star", sys.argv[3], "blue"], lambda given: services_at(home)) == 0
typed = iter(["mentions", "star 1 green", "quit"])
assert run_linear(services_at(home), lambda prompt: next(typed)) == 0
"""


def test_a_verb_of_a_module_of_its_own_is_found_everywhere(tmp_path: Path) -> None:
    (tmp_path / "star_verb.py").write_text(STAR)
    done = subprocess.run([sys.executable, "-c", EVERYWHERE, str(tmp_path)], capture_output=True, text=True)
    assert done.stdout.strip() == "everywhere", done.stderr[-3000:]


def test_the_shell_and_the_plain_prompt_do_it(tmp_path: Path) -> None:
    (tmp_path / "star_verb.py").write_text(STAR)
    home = tmp_path / "home"
    desk = desk_on(home / "data")
    mention = arrive(desk, "1")
    desk.store.close()
    done = subprocess.run(
        [sys.executable, "-c", SHELL, str(tmp_path), str(home), mention.id], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert desk_on(home / "data").store.all(Conversation)[0].tags == ("blue", "green")


@pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.id)
def test_every_verb_has_its_function_and_what_the_screen_asks(verb: Verb) -> None:
    assert verb.resolved().__doc__
    if verb.applies_to is not Target.OWN:
        assert bool(verb.argument.strip("[]")) == bool(verb.question)
    assert not (verb.public and (verb.keys or verb.in_rules or not verb.confirm))
    assert (verb.applies_to is Target.OUTGOING) == bool(verb.event)


def test_nothing_that_others_see_is_in_a_rule_or_on_one_key() -> None:
    assert {verb.id for verb in VERBS.values() if verb.public and (verb.in_rules or verb.in_macros)} == set()
