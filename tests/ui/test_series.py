"""Series on the screen: rows that say so, the times beside the post, and one undo."""

from __future__ import annotations

import pytest

from commtui.marketing import series
from commtui.marketing.series import Plan
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from tests.ui.fill import services_in
from tests.ui.screen import drive, message, shown


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
def test_rows_say_that_they_repeat_the_post_says_when_and_u_takes_all_of_them_back(tmp_path, size):
    services = services_in(tmp_path, 1)
    series.add(services.desk(), "Tip of the week", Plan(["brand"], "every mon,thu 9:00 for 4 times"))

    async def scenario(app, pilot):
        await pilot.press("3")
        await pilot.pause()
        assert shown(app).count("repeats") >= (4 if size[0] > 40 else 0)
        await pilot.press("enter")
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "repeats: every mon,thu 9:00 for 4 times" in words
        assert "due Thu 26 Nov 09:00; if late: publish" in words
        await pilot.press("q", "H")
        await pilot.pause()
        assert "every mon,thu~" in shown(app) or ("series add" in shown(app) and "Tip" in shown(app))
        await pilot.press("q", "u")
        await pilot.pause()
        assert message(app).startswith("undo: series add of")

    drive(services, scenario, size)
    assert {item.state for item in services.store.all(Outgoing)} == {OutgoingState.DISCARDED}
