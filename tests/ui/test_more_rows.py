"""Panes without the focus say how many rows have no room, and no line is blank while one of them has more to show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commtui.activity import undo
from commtui.community import conversations, replies
from commtui.marketing import posts
from commtui.model.records import Conversation, Outgoing
from commtui.outgoing import changes
from commtui.ui.panes.stack import BLANK_MOST
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, type_into

pytestmark = pytest.mark.usefixtures("waits_for_work")

SIZES = [(80, 24), (80, 40), (120, 40), (160, 45)]


def filled(folder, mentions, answered, written):
    services = services_in(folder, mentions + answered, hold=timedelta(hours=1))
    for conversation in services.store.all(Conversation)[:answered]:
        replies.reply(services.desk(), conversation.id, "hello")
    for number in range(written):
        posts.write_post(services.desk(), f"post {number}", ["brand"], at=f"{number + 2}h")
    return services


def left_lines(app):
    """The lines of the panes, without the reader beside them and the line of keys."""
    width = inbox(app).panes.active.region.width
    return [line[:width].rstrip() for line in lines(app)[:-1]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("counts", [(40, 12, 30), (3, 2, 30), (3, 30, 0), (40, 0, 0), (1, 0, 40)])
@pytest.mark.parametrize("focus", ["1", "2", "3"])
def test_no_line_is_blank_and_what_is_left_out_is_counted(tmp_path, size, counts, focus):
    services = filled(tmp_path, *counts)

    async def scenario(app, pilot):
        await pilot.press(focus)
        await pilot.pause()
        told = inbox(app)
        hidden = 0
        for view in told.panes.views:
            rows, text = view.rows, left_lines(app)[view.region.y : view.region.bottom]
            alone = view.region.height == 1
            more = len(rows.numbers) - (1 if alone else rows.page)
            hidden += max(0, more)
            if more > 0:
                assert f" {more} more" in text[-1] or view is told.panes.active, text
        if hidden:
            assert all(left_lines(app)), "\n".join(left_lines(app))

    drive(services, scenario, size)


def test_what_leaves_a_pane_moves_no_other_one_until_the_focus_does(tmp_path):
    services = filled(tmp_path, 5, 0, 30)

    async def scenario(app, pilot):
        def tops():
            return [view.region.y for view in inbox(app).panes.views]

        before = tops()
        await pilot.press("e", "e")
        await pilot.pause()
        assert tops() == before
        await pilot.press("3", "1")
        await pilot.pause()
        assert tops()[2] == before[2] - 2
        assert all(left_lines(app))

    drive(services, scenario, (120, 40))


@pytest.mark.parametrize("size", [(80, 40), (120, 40), (200, 50)])
@pytest.mark.parametrize("focus", ["1", "2", "3"])
def test_the_rows_that_a_pane_does_not_need_any_more_are_those_of_others(tmp_path, size, focus):
    services = filled(tmp_path, 60, 9, 30)

    def few_blank(app):
        told = inbox(app)
        hidden = any(len(view.rows.numbers) > view.region.height - 1 for view in told.panes.views)
        for view in told.panes.views:
            text = left_lines(app)[view.region.y : view.region.bottom]
            blank = [line for line in text if not line]
            most = BLANK_MOST if view is told.panes.active else 0
            assert len(blank) <= most or not hidden, "\n".join(left_lines(app))

    async def scenario(app, pilot):
        desk = services.desk
        await pilot.press(focus)
        await pilot.pause()
        few_blank(app)
        ours = services.store.all(Outgoing)
        for gone in (ours[:6], ours[6:9], ours[9:36]):  # replies, then posts
            changes.discard(desk(), [item.id for item in gone])
            await pilot.pause()
            few_blank(app)
        undo.undo(desk())
        await pilot.pause()
        few_blank(app)
        await type_into(pilot, "backslash", "nothing of the kind", "enter")
        few_blank(app)
        await pilot.press("escape")
        await pilot.pause()
        few_blank(app)
        conversations.done(desk(), [item.id for item in services.store.all(Conversation)[:66]])
        await pilot.pause()
        few_blank(app)

    drive(services, scenario, size)
