"""The numbers of the views."""

from __future__ import annotations

from datetime import timedelta

from commtui.community import conversations
from commtui.model.records import Conversation
from commtui.triage import query, status, view_counts, views
from tests.ui.fill import SETTINGS, services_in


def test_every_views_number_is_that_of_its_rows(tmp_path):
    services = services_in(tmp_path, 12)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    desk = services.desk()
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
    assert SETTINGS.me == "lea"
