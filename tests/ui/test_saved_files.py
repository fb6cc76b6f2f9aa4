"""Saved replies in files on the screen: the list with what each would say, its variables asked for, and macros."""

from __future__ import annotations

import threading

import pytest

from commtui.config import saved_texts
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.ui.dialogs.help import help_lines
from commtui.ui.widgets.picker import Picker
from tests.ui.fill import arrive, services_in
from tests.ui.screen import composer, drive, lines, shown, typed, until
from tests.ui.terminal import inbox

pytestmark = pytest.mark.usefixtures("waits_for_work")

BUG = """+++
title = "A bug"
tags = ["broken"]
language = "en"

[variables]
order = ""
version = "2.1"
+++
Sorry, {first_name}! Is order {order} of version {version}? {nothing}
"""
FEHLER = '+++\ntitle = "Ein Fehler"\nlanguage = "de"\n+++\nEntschuldige, {first_name}!\nWir sehen nach.\n'


def fill(services):
    (services.home.replies / "bug.md").write_text(BUG)
    (services.home.replies / "fehler.md").write_text(FEHLER)
    (services.home.replies / "plain.md").write_text("Hello {name} from {account}, says {me}.")
    (services.home.replies / "macros.toml").write_text('[macros]\nbroken = ["tag broken", "note asked {author}"]\n')


def names(app):
    """The names in the list, as they stand."""
    assert isinstance(app.screen, Picker)
    return [app.screen._choices[number].id for number in app.screen.rows.numbers]


def test_the_list_has_the_mentions_language_first_and_shows_what_each_would_say(tmp_path):
    services = services_in(tmp_path, 0, saved={"short": "Thanks, {first_name}!"})
    fill(services)
    arrive(services, 1, language="de-AT", author_name="Dr. Ada Lovelace 🎉")
    arrive(services, 1, first=1, author_name="Grace")

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert names(app) == ["fehler", "short", "plain", "bug", "macro broken"]
        text = shown(app)
        assert "Ein Fehler - de" in text and "  Entschuldige, Ada!" in lines(app) and "  Wir sehen nach." in text
        await pilot.press("down")
        await pilot.pause()
        assert "  Thanks, Ada!" in lines(app) and "  Entschuldige, Ada!" not in lines(app)
        await typed(pilot, "broken")  # a tag finds it, too
        assert names(app) == ["macro broken", "bug"]
        assert "  tag broken" in lines(app) and "  note asked {author}" in lines(app)
        await pilot.press("down")
        await pilot.pause()
        assert "A bug - en - #broken - asks order" in shown(app)
        assert "Sorry, Ada! Is order {order} of version 2.1? {nothing}" in shown(app)
        await pilot.press("escape", "j", "m")
        await pilot.pause()
        assert names(app) == ["short", "bug", "fehler", "plain", "macro broken"]  # nobody knows the language
        await typed(pilot, "plain")
        assert "  Hello Grace from brand, says lea." in lines(app)

    drive(services, scenario)


def test_the_preview_has_room_on_a_small_screen(tmp_path):
    services = services_in(tmp_path, 1)
    text = "one\n\ntwo\n\nthree\n\nfour\n\nfive\n\nsix\n\nseven"
    (services.home.replies / "long.md").write_text(f"+++\ntitle = 'many lines'\n+++\n{text}")

    async def scenario(app, pilot):
        await pilot.press("m")
        await pilot.pause()
        assert lines(app)[-4:-1] == ["  one", "  two", "  ~ it goes on"]

    drive(services, scenario, size=(40, 12))


def test_its_own_variables_are_asked_for_one_after_the_other(tmp_path):
    services = services_in(tmp_path, 1)
    fill(services)

    async def scenario(app, pilot):
        await pilot.press("m", "b", "u", "g", "enter")
        await pilot.pause()
        assert lines(app)[-1].startswith(" order for bug:")
        await pilot.press("enter")
        await pilot.pause()
        assert "{order} of bug has no value: type one" in lines(app)[-2]
        assert services.store.all(Outgoing) == []
        await pilot.press("4", "2", "enter")
        await pilot.pause()
        assert lines(app)[-1].startswith(" version for bug: 2.1")
        await pilot.press("enter")
        await pilot.pause()
        assert "order 42 of version 2.1? {nothing}" in composer(app).text_box.text
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    name = services.store.all(Conversation)[0].author_name
    sent = services.store.all(Outgoing)
    assert [(item.state, item.text) for item in sent] == [
        (OutgoingState.SCHEDULED, f"Sorry, {name}! Is order 42 of version 2.1? {{nothing}}")
    ]


def test_a_question_that_is_left_writes_nothing(tmp_path):
    services = services_in(tmp_path, 1)
    fill(services)

    async def scenario(app, pilot):
        await pilot.press("m", "b", "u", "g", "enter", "escape")
        await pilot.pause()
        assert "order for bug" not in shown(app)
        assert services.store.all(Outgoing) == []

    drive(services, scenario)


def test_one_answer_is_for_all_marked_and_each_has_its_own_name(tmp_path):
    services = services_in(tmp_path, 3)
    fill(services)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "m", "b", "u", "g", "enter", "7", "enter", "enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    by_id = {conversation.id: conversation for conversation in services.store.all(Conversation)}
    texts = {item.text for item in services.store.all(Outgoing)}
    answered = [by_id[item.conversation].author_name for item in services.store.all(Outgoing)]
    assert len(answered) == 2
    assert texts == {f"Sorry, {name}! Is order 7 of version 2.1? {{nothing}}" for name in answered}


def test_the_review_of_a_reply_asks_for_them_too(tmp_path):
    services = services_in(tmp_path, 1)
    fill(services)

    async def scenario(app, pilot):
        await pilot.press("r", "H", "i", "escape", "s", "b", "u", "g", "enter")
        await pilot.pause()
        assert "order for bug:" in lines(app)[-1]
        await pilot.press("enter")
        await pilot.pause()
        assert "{order} of bug has no value: type one" in shown(app)
        await pilot.press("9", "enter", "enter")
        await pilot.pause()
        assert composer(app).text_box.text.startswith("Hi\n\nSorry, ")
        assert "order 9 of version 2.1" in composer(app).text_box.text and "y send" in shown(app)

    drive(services, scenario)


def test_tab_completes_the_names_of_files_and_a_missing_one_is_told(tmp_path):
    services = services_in(tmp_path, 1)
    fill(services)

    async def scenario(app, pilot):
        await pilot.press("colon")
        await typed(pilot, "saved fe")
        await pilot.press("tab")
        await pilot.pause()
        assert lines(app)[-1].strip() == ":saved fehler"
        await pilot.press("ctrl+u")
        await typed(pilot, "saved none")
        await pilot.press("enter")
        await pilot.pause()
        assert "no saved reply 'none'; there are: bug, fehler, plain" in shown(app)

    drive(services, scenario)


def test_files_are_read_beside_the_screen_and_only_what_changed_is_read_again(tmp_path, monkeypatch):
    services = services_in(tmp_path, 1)
    for number in range(300):
        (services.home.replies / f"answer{number}.md").write_text(f"Hello, no. {number}")
    read = []
    real = saved_texts.read_saved_file

    def watched(path, stamp):
        read.append((path.name, threading.current_thread() is threading.main_thread()))
        return real(path, stamp)

    monkeypatch.setattr(saved_texts, "read_saved_file", watched)

    async def scenario(app, pilot):
        await until(pilot, lambda: len(read) == 300)
        (services.home.replies / "later.md").write_text("Hello later")
        await until(pilot, lambda: "later" in services.saved_files.current.replies)
        await pilot.press("m")
        await pilot.pause()
        await typed(pilot, "later")
        assert names(app) == ["later"]

    drive(services, scenario)
    assert len(read) == 301 and read[-1][0] == "later.md"
    assert not any(in_loop for _, in_loop in read)


@pytest.mark.slow
def test_on_a_terminal_a_new_file_is_found_picked_by_letters_filled_in_sent_and_a_macro_undone(tmp_path):
    replies = tmp_path / "replies"
    replies.mkdir()
    (replies / "macros.toml").write_text('[macros]\nbroken = ["tag broken", "assign kim", "done"]\n')
    with inbox(tmp_path, 4) as terminal:
        terminal.until("4 open")
        (replies / "typo.md").write_text("+++\ntitel = 'x'\n+++\nx")
        terminal.says("replies/typo.md: line 2: unknown key 'titel': do you mean `title`?")
        (replies / "bug.md").write_text(BUG)
        terminal.says("replies/bug.md: line 10: {nothing} is no variable, and stays as it is")
        terminal.press("m", "b", "g")
        terminal.until("A bug - en - #broken - asks order, version")
        assert "of version 2.1? {nothing}" in terminal.text
        terminal.press("enter")
        terminal.until("order for bug:")
        terminal.press("4", "2", "enter", "enter")
        terminal.until("y send")
        terminal.press("y")
        terminal.until("3 open")
        terminal.press("x", "x", "x", "m", "b", "r", "o")
        terminal.until("assign kim")
        terminal.press("enter")
        terminal.until("0 open")
        terminal.press("u")
        terminal.until("3 open")
    services = services_in(tmp_path)
    try:
        texts = [(item.state, item.text) for item in services.store.all(Outgoing)]
        assert len(texts) == 1 and texts[0][1].endswith("Is order 42 of version 2.1? {nothing}")
        after = services.store.all(Conversation)
        assert {conversation.tags for conversation in after} == {()}
        assert {conversation.assignee for conversation in after} == {None}
        assert sorted(conversation.status for conversation in after) == sorted(
            [ConversationStatus.OPEN] * 3 + [ConversationStatus.WAITING]
        )
        undone = [step for step in services.store.log.steps() if step.verb == "macro broken"]
        assert len(undone) == 1
    finally:
        services.store.close()


def test_a_macro_on_a_key_asks_for_variables_and_then_whether_to_answer(tmp_path):
    services = services_in(tmp_path, 3, keys={"macro ask": ("B",), "macro broken": ("D",), "saved plain": ("E",)})
    fill(services)
    (services.home.replies / "macros.toml").write_text(
        '[macros]\nask = ["saved bug", "tag asked"]\nbroken = ["tag broken", "done"]\n'
    )

    async def scenario(app, pilot):
        assert any(("plain", "do a macro: ask") in line for line in help_lines(app.keymap, 80))
        await pilot.press("m")
        await pilot.pause()
        assert next(line for line in lines(app) if "macro broken" in line).split()[:3] == ["macro", "broken", "D"]
        await pilot.press("escape", "x", "x", "B")
        await pilot.pause()
        assert lines(app)[-1].startswith(" order for macro ask:")
        await pilot.press("8", "enter", "enter")
        await pilot.pause()
        assert "macro ask answers 2 conversations" in shown(app) and services.store.all(Outgoing) == []
        await pilot.press("y")
        await pilot.pause()
        assert "1 open" in lines(app)[0]
        await pilot.press("u")
        await pilot.pause()
        assert "3 open" in lines(app)[0]
        await pilot.press("escape", "D")
        await pilot.pause()
        assert "2 open" in lines(app)[0]
        await pilot.press("full_stop")
        await pilot.pause()
        assert "1 open" in lines(app)[0]
        await pilot.press("E")
        await pilot.pause()
        assert composer(app).text_box.text.startswith("Hello ")

    drive(services, scenario)
    texts = [item.text for item in services.store.all(Outgoing) if "order 8" in item.text]
    assert len(texts) == 2 and all(text.endswith("Is order 8 of version 2.1? {nothing}") for text in texts)
