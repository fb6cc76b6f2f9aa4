"""One verb on several conversations: one text for each, one act for each author, one undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.refusals import CannotAct, CannotSend
from commtui.activity.undo import undo
from commtui.community import muting, replies
from commtui.model.abilities import Limits
from commtui.model.records import AccountState, Act, ActKind, Conversation, Outgoing
from commtui.model.states import OutgoingState
from commtui.model.visibility import Visibility
from commtui.outgoing import acts
from commtui.ui.composer.many_replies import ManyReplies
from tests.sentences import refused, told
from tests.triage.desks import arrive, desk_on


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_on(tmp_path)


def conversations_of(desk: Desk, *people: str) -> list[str]:
    """A conversation with each of these, a name may occur twice."""
    return [
        arrive(desk, str(number), author=f"@{who}@example.org", author_name=who.title(), author_id=f"{who}-1").id
        for number, who in enumerate(people)
    ]


def test_each_gets_the_text_with_its_own_name_and_one_undo_recalls_all(desk: Desk) -> None:
    ids = conversations_of(desk, "ada", "bob", "cy")
    outcome = replies.reply_to_each(desk, ids, "Sorry, {name}!")
    items = desk.store.all(Outgoing)
    assert sorted(item.text for item in items) == ["Sorry, Ada!", "Sorry, Bob!", "Sorry, Cy!"]
    assert {item.state for item in items} == {OutgoingState.SCHEDULED} and len(
        {item.scheduled_at for item in items}
    ) == 1
    assert "3 replies to @ada@example.org" in told(desk, outcome)
    undo(desk)
    assert {item.state for item in desk.store.all(Outgoing)} == {OutgoingState.DRAFT}


def test_one_that_is_too_long_for_somebody_schedules_none(desk: Desk) -> None:
    ids = conversations_of(desk, "ada", "bartholomew")
    account = desk.store.all(Conversation)[0].account
    with desk.store.write() as write:
        write.put(AccountState(id=account, name="brand", network="demo", limits=Limits(characters=14)))
    with pytest.raises(CannotSend):
        replies.reply_to_each(desk, ids, "Sorry, {name}!")
    assert [item for item in desk.store.all(Outgoing) if item.state is OutgoingState.SCHEDULED] == []


def test_an_author_of_six_conversations_is_blocked_once(desk: Desk) -> None:
    ids = conversations_of(desk, *["spam"] * 6, "ada")
    outcome = muting.act_on_authors(desk, ActKind.BLOCK, ids)
    assert sorted(act.target for act in desk.store.all(Act)) == ["ada-1", "spam-1"]
    assert outcome.more == 1 and all(item.muted for item in desk.store.all(Conversation))
    undo(desk)
    assert {act.state for act in desk.store.all(Act)} == {OutgoingState.DISCARDED}
    assert not any(item.muted for item in desk.store.all(Conversation))


def test_a_report_names_what_all_conversations_last_said(desk: Desk) -> None:
    ids = conversations_of(desk, "spam", "spam", "spam")
    muting.act_on_authors(desk, ActKind.REPORT, ids, "sells followers")
    [report] = desk.store.all(Act)
    assert report.extra["status_ids"].split() == ["0", "1", "2"] and report.text == "sells followers"


@pytest.mark.parametrize("visibility", [Visibility.DIRECT, Visibility.PRIVATE])
def test_what_not_everybody_may_see_is_not_boosted(desk: Desk, visibility: Visibility) -> None:
    one = arrive(desk, "1", visibility=visibility)
    with refused(desk, CannotAct, f"wrote this {visibility.value}ly"):
        acts.boost(desk, one.id)
    assert desk.store.all(Act) == []
    acts.favourite(desk, one.id)


def test_more_replies_than_people_are_told_by_the_number_of_people(desk):
    named = [arrive(desk, f"{number}", author=f"@a{number % 2}@example.org").id for number in range(5)]
    assert "5 replies to 2 people send in 10s" in told(desk, replies.reply_to_each(desk, named, "thanks"))


def test_the_review_of_one_text_for_many_names_who_has_several_and_leaves_out_what_was_deleted(desk):
    mentions = [arrive(desk, f"{number}", author=f"@a{number % 3}@example.org") for number in range(4)]
    with desk.store.write() as write:
        write.put(replace(mentions[1], deleted=True))
    draft = ManyReplies(lambda: desk, [mention.id for mention in mentions])
    assert draft.notes("thanks") == ["the newest of 2 by @a0", "1 deleted left out"]
    assert len(draft.send("thanks").ids) == 2
