"""The screen of a person: their conversations, what is written down about them, and what is done there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from commtui.community import conversations, people
from commtui.model.authors import person_of
from commtui.model.records import Conversation, Mention
from commtui.store.store import Store
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, lines, message, shown, typed
from tests.ui.terminal import inbox as on_terminal

ROLF: dict[str, Any] = {"author": "@rolf@kaffe.example", "author_name": "Rolf Brandt", "author_id": "rolf"}


def services_of_rolf(folder: Path, count: int = 3):
    """A home with some conversations of one person, and one of another; the newest ids first."""
    services = services_in(folder, 0)
    for number in range(count):
        arrive(services, 1, number, text=f"question {number}", **ROLF)
    arrive(services, 1, count, author="@rolf@elsewhere.example", author_name="Rolf Brandt", author_id="r2")
    return services


def author_of(services, handle: str) -> str:
    mention = next(each for each in services.store.all(Mention) if each.author == handle)
    return person_of(mention)


def pointed(app) -> str:
    return next(line for line in lines(app) if line.startswith(">"))


def test_the_key_opens_the_person_with_every_conversation_and_the_rule_of_the_mark(tmp_path):
    services = services_of_rolf(tmp_path)
    desk = services.desk()
    people.tag(desk, "@rolf@kaffe.example", "press")
    people.note(desk, "@rolf@kaffe.example", "met at the fair")

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        text = shown(app)
        assert "Rolf Brandt @rolf@kaffe.example  regular" in lines(app)[0]
        assert "regular: they wrote in 3 or more conversations in the last 90 days" in text
        assert "3 messages, 0 answers; 3 conversations, 3 open" in text
        assert "#press" in text and "met at the fair" in text
        assert "perhaps also @rolf@elsewhere.example" in text
        assert [f"question {number}" in text for number in range(3)] == [True] * 3
        assert "question 2" in pointed(app)  # the newest first
        await pilot.press("q")
        await pilot.pause()
        assert "Mentions" in lines(app)[0]

    drive(services, scenario)


def test_the_head_of_a_thread_says_that_its_number_is_what_the_person_wrote(tmp_path):
    async def scenario(app, pilot):
        await pilot.press("g", "enter")
        await pilot.pause()
        assert "regular: wrote 3 messages" in " ".join(shown(app).split()) and shown(app).count("question") == 1

    drive(services_of_rolf(tmp_path), scenario)


def test_a_conversation_is_opened_and_leaving_it_leads_back_to_its_row(tmp_path):
    services = services_of_rolf(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        await pilot.press("j")
        await pilot.press("enter")
        await pilot.pause()
        assert "question 1" in shown(app) and "regular" not in lines(app)[0]
        await pilot.press("q")
        await pilot.pause()
        await pilot.pause()
        assert "regular" in lines(app)[0]
        assert "question 1" in pointed(app)

    drive(services, scenario)


def test_tag_note_vip_and_link_are_done_there_and_undone(tmp_path):
    services = services_of_rolf(tmp_path)
    rolf = author_of(services, "@rolf@kaffe.example")

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        await pilot.press("t")
        await typed(pilot, "press")
        await pilot.press("enter")
        await pilot.pause()
        assert "#press" in shown(app) and "tagged press" in lines(app)[-1]
        await pilot.press("x")
        await pilot.pause()
        assert lines(app)[0].endswith("vip")
        await pilot.press("L", "enter")  # who is suggested stands there already
        await pilot.pause()
        assert "= @rolf@kaffe.example" in shown(app) and "4 messages" in shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert "3 messages" in shown(app) and lines(app)[0].endswith("vip")
        await pilot.press("u", "u")
        await pilot.pause()
        assert "#press" not in shown(app)
        await pilot.press("u")
        await pilot.pause()
        assert "your last step was not about a person" in lines(app)[-1]
        await pilot.press("i", "escape")
        await pilot.press("L")  # what is typed takes the place of who is suggested
        await typed(pilot, "@nobody")
        await pilot.press("enter")
        await pilot.pause()
        assert "nobody here is @nobody" in " ".join(lines(app)[-2:])

    drive(services, scenario)
    assert len(services.store.people.written([rolf])[0].notes) == 0


def test_a_step_about_a_person_names_them_in_the_activity_and_opens_them(tmp_path):
    services = services_of_rolf(tmp_path)
    people.tag(services.desk(), "@rolf@kaffe.example", "press")

    async def scenario(app, pilot):
        await pilot.press("H")
        await pilot.pause()
        await pilot.pause()
        assert "tag" in pointed(app) and "@rolf, press" in pointed(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Rolf Brandt @rolf@kaffe.example" in lines(app)[0]

    drive(services, scenario)


def test_what_another_process_does_is_seen(tmp_path):
    services = services_of_rolf(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        newest = max(services.store.all(Conversation), key=lambda each: each.newest_at)
        other = replace(services, store=Store(services.home.data))  # as another process has it
        conversations.tag(other.desk(), [newest.id], "bug")
        arrive(other, 1, 20, text="one more", **ROLF)
        other.store.close()
        assert "one more" not in shown(app)
        services.store.poll()
        await pilot.pause()
        await pilot.pause()
        assert "4 messages" in shown(app) and "one more" in shown(app)

    drive(services, scenario)


def test_erasing_names_the_person_and_asks(tmp_path):
    services = services_of_rolf(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        await pilot.press("exclamation_mark")
        await pilot.pause()
        assert "erase @rolf@kaffe.example and their 3 messages" in " ".join(lines(app)[-3:])
        await pilot.press("n")
        await pilot.pause()
        assert "question 2" in shown(app)
        await pilot.press("exclamation_mark", "y")
        await app.workers.wait_for_complete()
        await pilot.pause()
        services.store.poll()
        await pilot.pause()
        assert "erased @rolf@kaffe.example: 3 messages" in message(app)
        assert "question" not in shown(app)

    drive(services, scenario)
    assert services.store.people.all() == [author_of(services, "@rolf@elsewhere.example")]


def test_on_a_small_screen_the_list_keeps_its_rows(tmp_path):
    services = services_of_rolf(tmp_path, count=12)
    for number in range(5):
        people.note(services.desk(), "@rolf@kaffe.example", f"note {number} " * 30)

    async def scenario(app, pilot):
        await pilot.press("g", "K")
        await pilot.pause()
        assert "question 11" in pointed(app)
        assert sum("question" in line for line in lines(app)) >= 3
        assert "back" in lines(app)[-1]

    drive(services, scenario, (40, 12))


def test_on_a_real_terminal(tmp_path):
    services_of_rolf(tmp_path).store.close()
    with on_terminal(tmp_path) as terminal:
        terminal.until(lambda screen: "Mentions" in screen)
        terminal.press("g", "K")
        terminal.until(lambda screen: "conversations, 3 open" in screen)
        terminal.press("enter")
        terminal.until(lambda screen: "conversations, 3 open" not in screen and "question" in screen)
        terminal.press("q")
        terminal.until(lambda screen: "conversations, 3 open" in screen)
