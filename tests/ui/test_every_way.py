"""A verb is the same activity by key, by `:` line, by command, by macro and by rule, where the table allows these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from commtui.cli.app import main
from commtui.community import conversations
from commtui.model.records import Activity, Conversation, Mention
from commtui.triage import macros, rules
from commtui.triage.verb import Target, Verb
from commtui.triage.verbs import VERBS
from tests.sync.arriving import rule
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import drive, inbox, typed, until

VALUES = {"assign": "kim", "snooze": "2h", "mute": "7d", "tag": "x", "untag": "old", "priority": "high", "note": "look"}
HIDDEN = {"reopen": "is:done", "unmute": "is:muted"}
"""Verbs on what the queue does not show, and the filter that shows it."""
COLON = "colon"
EVERY_WAY = [
    verb for verb in VERBS.values() if verb.applies_to is Target.CONVERSATIONS and verb.command and not verb.public
]
SEVERAL = ("merge",)
"""Verbs that take two conversations at least."""


def line_of(verb: Verb) -> str:
    return f"{verb.id} {VALUES[verb.id]}" if verb.argument else verb.id


def prepared(folder: Path, verb: Verb) -> tuple[ScreenServices, list[str]]:
    """A home with conversations on which the verb changes something, and their ids, the row of the cursor first."""
    macros = {"one": (line_of(verb),)} if verb.in_macros else {}
    rules = (rule("one", line_of(verb)),) if verb.in_rules else ()
    services = services_in(folder, 1 + (verb.id in SEVERAL), macros=macros, rules=rules)
    chosen = [conversation.id for conversation in services.store.all(Conversation)]
    desk = services.desk()
    conversations.tag(desk, chosen, "old")
    if verb.id == "unmute":
        conversations.mute(desk, chosen)
    if verb.id == "reopen":
        conversations.done(desk, chosen)
    return services, chosen


def by_line(services: ScreenServices, verb: Verb, chosen: list[str]) -> None:
    on_screen(services, verb, chosen, (COLON,))


def by_key(services: ScreenServices, verb: Verb, chosen: list[str]) -> None:
    on_screen(services, verb, chosen, verb.keys[:1] or (("space", *verb.leader) if verb.leader else (COLON,)))


def on_screen(services: ScreenServices, verb: Verb, chosen: list[str], keys: tuple[str, ...]) -> None:
    before = len(list(services.store.log.steps()))

    async def scenario(app, pilot):
        if verb.id in HIDDEN:
            await pilot.press("backslash")
            await typed(pilot, HIDDEN[verb.id])
            await pilot.press("enter")
            await until(pilot, lambda: inbox(app).panes.pointed == chosen[0])
        if len(chosen) > 1:
            await pilot.press(*"x" * len(chosen))
        await pilot.press(*keys)
        await pilot.pause()
        if keys == (COLON,):
            await typed(pilot, line_of(verb))
        elif verb.argument:
            await typed(pilot, VALUES[verb.id])
        if verb.argument or keys == (COLON,):
            await pilot.press("enter")
        await until(pilot, lambda: len(list(services.store.log.steps())) > before)

    drive(services, scenario)


def by_command(services: ScreenServices, verb: Verb, chosen: list[str]) -> None:
    value = [VALUES[verb.id]] if verb.argument else []
    stand_in: Any = services  # it has what a verb's command uses
    assert main([verb.id, *chosen, *value], lambda home: stand_in) == 0


def by_macro(services: ScreenServices, verb: Verb, chosen: list[str]) -> None:
    macros.run_macro(services.desk(), "one", chosen)


def by_rule(services: ScreenServices, verb: Verb, chosen: list[str]) -> None:
    [newest] = services.store.all(Mention)
    with services.store.write() as write:
        rules.run_on_mentions(services.desk(), write, [newest])


WAYS = {"key": by_key, "line": by_line, "command": by_command, "macro": by_macro, "rule": by_rule}
CHANGED_HERE = {"conversations", "notes", "mentions"}


def ways_of(verb: Verb) -> list[str]:
    """Those that the table allows."""
    closed = {"macro": not verb.in_macros, "rule": not verb.in_rules}
    return [name for name in WAYS if not closed.get(name)]


def changed(step: Activity) -> list[object]:
    """What a step changed, but for what is another at each time: the id of a note, and who wrote it."""
    found: list[object] = []
    for change in step.changes:
        after = {name: value for name, value in (change.after or {}).items() if name not in ("id", "who")}
        found.append((change.table, change.before, after))
    return found


@pytest.mark.parametrize("verb", EVERY_WAY, ids=lambda verb: verb.id)
def test_a_verb_is_the_same_activity_by_every_way(tmp_path, verb):
    steps = {}
    for name in ways_of(verb):
        services, chosen = prepared(tmp_path / name, verb)
        before = len(list(services.store.log.steps()))
        WAYS[name](services, verb, chosen)
        [step] = [
            step for step in list(services.store.log.steps())[before:] if step.verb != "read" or verb.id == "read"
        ]
        assert set(chosen) <= set(step.ids)
        assert {change.table for change in step.changes} <= CHANGED_HERE  # nothing that is sent
        steps[name] = step
    assert {name: changed(step) for name, step in steps.items()} == dict.fromkeys(steps, changed(steps["key"]))
    assert changed(steps["key"])
    assert {name: step.who for name, step in steps.items()} == {
        name: "rule:one" if name == "rule" else "lea" for name in steps
    }
    assert {steps[name].verb for name in ("key", "line", "command")} == {verb.id}


def test_what_a_rule_may_do_has_every_way():
    ruled = [verb for verb in VERBS.values() if verb.in_rules]
    assert ruled and all(verb in EVERY_WAY and ways_of(verb) == list(WAYS) for verb in ruled)
