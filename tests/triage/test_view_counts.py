"""The numbers of the views."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.errors import BadQuery, UnknownName
from commtui.community import conversations
from commtui.config.service_levels import ServiceLevel
from commtui.marketing.campaigns import Plan, add
from commtui.model.records import Conversation
from commtui.model.states import Order
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage import query, queues, status, view_counts, views
from tests.clock import FakeClock
from tests.triage.desks import arrive, desk_on
from tests.ui.fill import SETTINGS, services_in


def test_every_views_number_is_that_of_its_rows(tmp_path):
    hour = timedelta(hours=1)
    levels = (ServiceLevel("slow", first=40 * hour, tags=("slow",)), ServiceLevel("all", first=31 * hour))
    services = services_in(tmp_path, 12, service_levels=levels)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    desk = services.desk()
    conversations.tag(desk, ids[:2], "slow")
    conversations.claim(desk, ids[:2])
    conversations.done(desk, ids[2:4])
    conversations.snooze(desk, ids[4:6], "2h")
    conversations.snooze(desk, ids[1:2], "1h")
    conversations.mute(desk, ids[6:8])
    from commtui.community import replies

    replies.reply(desk, ids[8], "hello")
    replies.reply(desk, ids[9], "hello")
    conversations.mute(desk, ids[9:10])
    conversations.done(desk, ids[10:11])
    services.clock.moment += timedelta(hours=1, minutes=30)
    desk = services.desk()
    services.store.archive.take(services.clock.moment + timedelta(days=1), most=1)
    counted = view_counts.counts(desk, status.standing(desk))
    rows = {name: str(len(views.queue(desk, query.parse(text)))) for name, text in view_counts.NAMED.items()}
    assert counted == rows
    assert counted["archived"] == "1" and counted["mine"] == "2" and counted["waiting"] == "1"
    assert counted["at-risk"] == "2" and counted["overdue"] == "1"
    assert SETTINGS.me == "lea"


def test_the_conversations_that_have_woken_cost_no_statement_each(tmp_path, monkeypatch):
    levels = (ServiceLevel("all", first=timedelta(hours=1)),)
    services = services_in(tmp_path, 60, service_levels=levels)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    conversations.snooze(services.desk(), ids[:2], "1h")
    conversations.snooze(services.desk(), ids[2:50], "3h")
    run: list[str] = []
    every = Connection.all

    def counted(connection, sql, values=()):
        run.append(sql)
        return every(connection, sql, values)

    monkeypatch.setattr(Connection, "all", counted)
    numbers = []
    for woken in (2, 50):
        services.clock.moment += timedelta(hours=2)
        desk = services.desk()
        assert len(queues.woken(desk)) == woken
        for _ in range(2):  # the first time reads what is kept since
            run.clear()
            standing = status.standing(desk, needs=False)
            view_counts.counts(desk, standing)
            queues.next_change(desk)
        numbers.append(len(run))
        assert standing.open == len(queues.open_sorted(desk, Order.WAIT))
    assert numbers[0] == numbers[1]


def test_accounts_and_campaigns_are_views_with_the_number_of_their_rows(tmp_path):
    clock = FakeClock()
    desk = desk_on(tmp_path, clock, views={"bugs": "tag:bug", "open": "is:unread", "broken": "is:nonsense"})
    made = [desk.store.get(Conversation, arrive(desk, str(number)).conversation) for number in range(5)]
    spring, sale = (add(desk, Plan(name=name)).ids[0] for name in ("Spring", "a sale"))
    with desk.store.write() as write:
        for conversation, campaign in zip(made, (spring, spring, sale, None, spring), strict=True):
            write.put(replace(conversation, campaign=campaign))
    conversations.done(desk, [made[0].id])
    conversations.snooze(desk, [made[1].id], "1h")
    clock.advance(7200)
    of_home = view_counts.of_home(desk)
    assert {name: count for name, (_, count) in of_home.items()} == {
        "account brand": "4", "account other": "0", "campaign a sale": "1", "campaign Spring": "2",
    }  # fmt: skip
    for name, (text, count) in of_home.items():
        assert str(len(views.queue(desk, query.parse(text)))) == count, name
    assert list(view_counts.all_views(desk)) == ["bugs", "open", "broken", *list(view_counts.NAMED)[1:], *of_home]
    assert view_counts.query_of(desk, "open") == query.parse("is:unread")
    assert view_counts.own_and_campaigns(desk, 60) == {
        "campaign a sale": "1", "campaign Spring": "2", "bugs": "0", "open": "3", "broken": "",
    }  # fmt: skip
    with pytest.raises(UnknownName) as raised:
        view_counts.query_of(desk, "nix")
    assert raised.value.what == "view" and "campaign Spring" in raised.value.known
    with pytest.raises(BadQuery):
        view_counts.query_of(desk, "broken")
