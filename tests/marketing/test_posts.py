"""Posts: a variant for each account, at its time; what a network refuses."""

import pytest

from commtui.activity.errors import TriageError, Usage
from commtui.activity.undo import undo
from commtui.marketing import posts
from commtui.model.abilities import Limits
from commtui.model.records import AccountState
from commtui.model.states import Lane
from commtui.outgoing import rescheduling
from commtui.outgoing.form import Form
from commtui.triage import views
from tests.sentences import refused, told
from tests.triage.desks import arrive, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_a_post_has_a_variant_for_each_account_at_its_time(desk):
    items, outcome = posts.write_post(desk, "news", ["brand", "other", "brand"], at="tomorrow 10:00")
    assert len(items) == 2
    assert len({item.post for item in items}) == 1
    assert len({item.key for item in items}) == 2
    assert {item.scheduled_at.isoformat() for item in items} == {"2026-11-24T09:00:00+00:00"}
    assert "Tue 24 Nov 10:00 Europe/Berlin" in told(desk, outcome)
    rescheduling.reschedule(desk, [items[0].post], "fri 14:30")
    assert {item.scheduled_at.isoformat() for item in views.items(desk, Lane.MARKETING)} == {
        "2026-11-27T13:30:00+00:00"
    }


def test_a_post_from_an_unknown_account_names_those_there_are(desk):
    with refused(desk, Usage, "brand, other"):
        posts.write_post(desk, "news", ["brnad"])
    assert views.items(desk, Lane.MARKETING) == []


def test_threads_and_quotes_are_refused_where_the_network_has_none(desk):
    one = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=one.account, name="brand", network="demo", limits=Limits(characters=500)))
    for form in (Form(thread=True), Form(quote=one.id)):
        with refused(desk, TriageError, "demo has no"):
            posts.write_post(desk, "news", ["brand"], form=form)


def test_undo_names_a_post_by_its_accounts(desk):
    posts.write_post(desk, "news", ["brand", "other"], at="tomorrow 10:00")
    assert told(desk, undo(desk)) == "undo: post on brand, other recalled; drafts again: 'news'"
