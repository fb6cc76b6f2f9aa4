"""Messages of strangers that a server keeps aside: their number in the title, and a key that accepts them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.model.records import AccountState, Act, ActKind
from commtui.model.states import OutgoingState
from tests.ui.fill import ScreenServices, services_in
from tests.ui.screen import drive, inbox, lines, message, shown


def keep_aside(services: ScreenServices, messages: int, people: int) -> None:
    """As the engine writes it after a round."""
    (state,) = services.store.all(AccountState)
    with services.store.write() as write:
        write.put(replace(state, filtered=messages, filtered_people=people))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_they_are_counted_in_the_title_and_a_key_accepts_them_after_a_question(tmp_path, size):
    services = services_in(tmp_path, 2, hold=timedelta(seconds=10))

    async def scenario(app: Any, pilot: Any) -> None:
        async def press(*keys: str) -> None:
            await pilot.press(*keys)
            await pilot.pause()

        assert "filtered" not in shown(app)
        await press("space", "F")
        assert message(app) == "nothing is kept aside by a server"
        keep_aside(services, 3, 2)
        await pilot.pause()
        assert "3 filtered" in lines(app)[0], shown(app)
        await press("space", "F")
        assert "3 messages of 2 people are kept aside by the server: accept?" in shown(app), shown(app)
        await press("n")
        assert services.store.all(Act) == []
        await press("space", "F")
        await press("y")
        (act,) = services.store.all(Act)
        assert (act.kind, act.state) == (ActKind.ACCEPT_FILTERED, OutgoingState.SCHEDULED)
        assert act.scheduled_at == services.clock.moment + timedelta(seconds=10) and act.author == "lea"
        assert inbox(app).panes.pane.name == "mentions" and "accept" in message(app), message(app)
        await press("u")
        assert [each.state for each in services.store.all(Act)] != [OutgoingState.SCHEDULED]
        keep_aside(services, 1, 1)
        await pilot.pause()
        assert "1 filtered" in lines(app)[0]
        await press("space", "F")
        assert "1 message of one person is kept aside by the server: accept?" in shown(app)
        await press("escape")
        keep_aside(services, 0, 0)
        await pilot.pause()
        assert "filtered" not in lines(app)[0]

    drive(services, scenario, size)
