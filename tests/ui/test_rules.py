"""What rules notify of, and undo of a rule's step from the activity."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from commtui.model.records import Conversation, Mention
from commtui.triage import rules
from tests.sync.arriving import rule
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, lines, message, until

NOTIFIES = (rule("press", "tag press", "notify a journalist wrote", when="journalist"), rule("all", "assign kim"))


def comes(services, number: int, text: str) -> None:
    arrive(services, 1, number, created_at=services.clock.now(), text=text)
    newest = max(services.store.all(Mention), key=lambda mention: (mention.text == text, mention.created_at))
    with services.store.write() as write:
        rules.run_on_mentions(services.desk(), write, [newest])


def test_a_notice_stands_on_the_message_line_once(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3, rules=NOTIFIES)
    comes(services, 99, "I was a journalist, before this screen was open")
    services.clock.moment += timedelta(minutes=1)

    async def scenario(app, pilot):
        async def arrives(number: int, text: str, count: int) -> None:
            comes(services, number, text)
            await until(pilot, lambda: f"{count} open" in lines(app)[0])
            await pilot.pause()

        await pilot.pause()
        await arrives(98, "nothing special", 5)
        assert "rule" not in message(app)
        await arrives(100, "I am a journalist, may I ask", 6)
        assert "rule press: a journalist wrote: @" in message(app), message(app)
        await pilot.press("j")
        await arrives(101, "nothing special", 7)
        assert "rule" not in message(app)

    drive(services, scenario, (100, 30))


def test_u_leaves_a_rules_step_and_the_activity_takes_it_back(tmp_path: Path) -> None:
    services = services_in(tmp_path, 2, rules=NOTIFIES[1:])
    comes(services, 100, "hello")

    def assigned() -> list[str]:
        return [each.assignee for each in services.store.all(Conversation) if each.assignee]

    async def scenario(app, pilot):
        await pilot.pause()
        await pilot.press("u")
        await pilot.pause()
        assert "nothing to undo" in message(app) and assigned() == ["kim"]
        await pilot.press("H")
        await pilot.pause()
        assert any("rule     all" in line and "assign kim" in line for line in lines(app)), lines(app)
        await pilot.press("u")
        await pilot.pause()
        assert assigned() == []
        await pilot.press("u")
        await pilot.pause()
        assert lines(app)[-1].strip() == "! already undone" and assigned() == []

    drive(services, scenario, (100, 30))
