"""A pane of one line still has its next row, with what counts down in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from commtui.community import replies
from commtui.marketing import posts
from commtui.model.records import Conversation, Outgoing
from commtui.outgoing import changes
from tests.ui.fill import ScreenServices, arrive, services_in
from tests.ui.screen import drive, lines, shown, until

REST = ["answer", "0", "1", "more"]


def line_of(app: Any, title: str) -> str:
    """The line of a pane that begins with its title, of one line."""
    found = [line for line in lines(app) if line.startswith(title)]
    assert len(found) == 1, shown(app)
    return found[0]


def answered(services: ScreenServices, count: int) -> list[str]:
    """Answers that many of the conversations; their authors."""
    chosen = sorted(services.store.all(Conversation), key=lambda record: record.since)[:count]
    for number, record in enumerate(chosen):
        replies.reply(services.desk(), record.id, f"answer {number}")
        services.clock.moment += timedelta(seconds=2)
    return [record.author for record in chosen]


def test_beside_a_full_list_each_of_the_others_counts_down_to_what_leaves_next(tmp_path):
    services = services_in(tmp_path, 40, hold=timedelta(seconds=30))
    authors = [author.partition("@example")[0] for author in answered(services, 2)]
    posts.write_post(services.desk(), "The drum roaster runs", ["brand"], services.clock.now() + timedelta(seconds=20))

    async def scenario(app: Any, pilot: Any) -> None:
        leaves = f"2 Replies 2 scheduled sends in 26s {authors[0]}"
        assert line_of(app, " 2 Replies").split() == [*leaves.split(), *REST]
        assert line_of(app, " 3 Posts") == " 3 Posts  1 scheduled   sends in 20s  The drum roaster runs"
        services.clock.moment += timedelta(seconds=7)
        await until(pilot, lambda: f"sends in 19s  {authors[0]}  answer 0" in line_of(app, " 2 Replies"))
        assert "sends in 13s  The drum" in line_of(app, " 3 Posts")
        arrive(services, 1, 100)
        services.clock.moment += timedelta(seconds=3)
        await until(pilot, lambda: f"sends in 16s  {authors[0]}  answer 0" in line_of(app, " 2 Replies"))
        replies_of = [item for item in services.store.all(Outgoing) if item.conversation]
        first = min(replies_of, key=lambda item: item.scheduled_at)
        changes.hold(services.desk(), [first.id])
        await pilot.pause()
        assert f"sends in 18s  {authors[1]}  answer 1" in line_of(app, " 2 Replies"), shown(app)
        await pilot.press("2")
        await pilot.pause()
        assert line_of(app, " 3 Posts").startswith(" 3 Posts  1 scheduled   sends in 10s")
        assert "sends in 18s" in shown(app)

    drive(services, scenario)
