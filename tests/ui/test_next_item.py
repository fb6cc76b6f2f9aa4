"""What a lane sends next is read after every change of the store: no more items are read than it takes to know it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commtui.model import ids
from commtui.model.records import Outgoing
from commtui.model.states import Lane, OutgoingState
from commtui.ui.snapshot import next_to_leave
from tests.ui.fill import OWNER, services_in


@pytest.mark.parametrize(
    ("minutes", "place", "read"),
    [([5, 10, 15, 20], 0, 1), ([-5, -3, 10, 20], 2, 3), ([-5, -3], 0, 2), ([], None, 0)],
)
def test_items_are_read_up_to_the_first_that_is_to_come(
    tmp_path: Path, monkeypatch: Any, minutes: list[int], place: int | None, read: int
) -> None:
    services = services_in(tmp_path)
    items = [
        Outgoing(
            id=ids.derived(ids.VARIANT, "test", str(number)),
            account=OWNER.id,
            network=OWNER.network,
            text=f"No. {number}",
            state=OutgoingState.SCHEDULED,
            created_at=services.clock.now(),
            key=f"k{number}",
            post=ids.derived(ids.POST, "test", str(number)),
            scheduled_at=services.clock.now() + timedelta(minutes=minute),
            zone="UTC",
        )
        for number, minute in enumerate(minutes)
    ]
    with services.store.write() as write:
        for item in items:
            write.put(item)
    reads: list[int] = []
    real = services.store.at
    monkeypatch.setattr(services.store, "at", lambda kind, number: reads.append(number) or real(kind, number))
    found = next_to_leave(services.desk(), Lane.MARKETING)
    assert found == (None if place is None else items[place]) and len(reads) == read
