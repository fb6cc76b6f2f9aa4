"""Who has how many, and what is unread: each number is that of the rows of its query."""

from __future__ import annotations

from commtui.community import conversations, intake
from commtui.community.joining import Owner
from commtui.model.records import Conversation, Via
from commtui.triage import query, shares, views
from tests.clock import FakeClock
from tests.triage.desks import BRAND, OTHER, arrive, desk_on, status


def rows(desk, text: str) -> int:
    return len(views.queue(desk, query.parse(text)))


def test_every_number_is_that_of_the_rows_of_its_query(tmp_path):
    clock = FakeClock()
    desk = desk_on(tmp_path, clock)
    for number in range(9):
        arrive(desk, str(number), author=f"@p{number}@example.net", author_id=str(number))
    with desk.store.write() as write:
        other = Owner(OTHER.id, "demo")
        for number in range(3):
            told = status(f"o{number}", desk.now, author=f"@o{number}@example.net", author_id=f"o{number}")
            intake.add_mention(desk.store, write, other, told, Via.MENTION, desk.now)
    ids = [conversation.id for conversation in desk.store.all(Conversation)]
    conversations.read(desk, ids[:1])
    conversations.done(desk, ids[1:2])
    conversations.mute(desk, ids[2:3])
    conversations.snooze(desk, ids[3:4], "2h")
    conversations.assign(desk, ids[4:6], "ben")
    conversations.assign(desk, ids[6:7], "somebody")
    conversations.snooze(desk, ids[5:6], "1h")
    conversations.claim(desk, ids[7:8])
    conversations.read(desk, ids[11:])
    clock.advance(5400)
    team = shares.team(desk)
    assert list(team) == ["me", "anna", "ben", "somebody"]
    assert team == {who: rows(desk, f"is:open assigned:{who}") for who in team}
    assert team["ben"] == 2  # one of them has woken
    unread = shares.unread(desk)
    names = {account.id: account.name for account in (BRAND, OTHER)}
    assert unread == {key: rows(desk, f"is:open is:unread account:{name}") for key, name in names.items()}
    assert unread[OTHER.id] == 2
