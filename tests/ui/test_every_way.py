"""A verb that a rule may do is the same activity by key, by command, by macro and by rule."""

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
RULED = [verb for verb in VERBS.values() if verb.in_rules]


def line_of(verb: Verb) -> str:
    return f"{verb.id} {VALUES[verb.id]}" if verb.argument else verb.id


def prepared(folder: Path, verb: Verb) -> tuple[ScreenServices, Conversation]:
    """A home with one conversation, on which the verb changes something."""
    services = services_in(folder, 1, macros={"one": (line_of(verb),)}, rules=(rule("one", line_of(verb)),))
    [conversation] = services.store.all(Conversation)
    desk = services.desk()
    conversations.tag(desk, [conversation.id], "old")
    if verb.id == "unmute":
        conversations.mute(desk, [conversation.id])
    if verb.id == "reopen":
        conversations.done(desk, [conversation.id])
    [conversation] = services.store.all(Conversation)
    return services, conversation


def by_key(services: ScreenServices, verb: Verb, conversation: Conversation) -> None:
    keys = verb.keys[:1] or (("space", *verb.leader) if verb.leader else (COLON,))
    before = len(list(services.store.log.steps()))

    async def scenario(app, pilot):
        if verb.id in HIDDEN:
            await pilot.press("backslash")
            await typed(pilot, HIDDEN[verb.id])
            await pilot.press("enter")
            await until(pilot, lambda: inbox(app).panes.pointed == conversation.id)
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


def by_command(services: ScreenServices, verb: Verb, conversation: Conversation) -> None:
    value = [VALUES[verb.id]] if verb.argument else []
    stand_in: Any = services  # it has what a verb's command uses
    assert main([verb.id, conversation.id, *value], lambda home: stand_in) == 0


def by_macro(services: ScreenServices, verb: Verb, conversation: Conversation) -> None:
    macros.run_macro(services.desk(), "one", [conversation.id])


def by_rule(services: ScreenServices, verb: Verb, conversation: Conversation) -> None:
    newest = services.store.get(Mention, conversation.newest)
    assert newest is not None
    with services.store.write() as write:
        rules.run_on_mentions(services.desk(), write, [newest])


WAYS = {"key": by_key, "command": by_command, "macro": by_macro, "rule": by_rule}


def changed(step: Activity) -> list[object]:
    """What a step changed, but for what is another at each time: the id of a note, and who wrote it."""
    found: list[object] = []
    for change in step.changes:
        after = {name: value for name, value in (change.after or {}).items() if name not in ("id", "who")}
        found.append((change.table, change.before, after))
    return found


@pytest.mark.parametrize("verb", RULED, ids=lambda verb: verb.id)
def test_a_verb_is_the_same_activity_by_every_way(tmp_path, verb):
    assert verb.applies_to is Target.CONVERSATIONS and not verb.public and verb.in_macros
    steps = {}
    for name, way in WAYS.items():
        services, conversation = prepared(tmp_path / name, verb)
        before = len(list(services.store.log.steps()))
        way(services, verb, conversation)
        [step] = [
            step for step in list(services.store.log.steps())[before:] if step.verb != "read" or verb.id == "read"
        ]
        assert step.ids == (conversation.id,)
        assert {change.table for change in step.changes} <= {"conversations", "notes"}  # nothing that is sent
        steps[name] = step
    assert {name: changed(step) for name, step in steps.items()} == dict.fromkeys(WAYS, changed(steps["key"]))
    assert changed(steps["key"])
    assert {name: step.who for name, step in steps.items()} == {**dict.fromkeys(WAYS, "lea"), "rule": "rule:one"}
    assert {steps[name].verb for name in ("key", "command")} == {verb.id}
