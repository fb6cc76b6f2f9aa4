"""Spam and acts on authors."""

from __future__ import annotations

from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.community import muting
from commtui.model.records import Act, ActKind, Conversation
from commtui.model.states import OutgoingState
from tests.ui.fill import services_in


def test_block_is_offered_only_where_the_login_can_and_mutes_here_in_the_same_step(tmp_path):
    from commtui.model.records import AccountState

    services = services_in(tmp_path, 1)
    conversation = services.store.all(Conversation)[0]
    assert muting.possible_acts(services.desk(), [conversation.id]) == []
    with services.store.write() as write:
        known = services.store.all(AccountState)[0]
        write.put(replace(known, capabilities=replace(known.capabilities, block=True)))
    assert muting.possible_acts(services.desk(), [conversation.id]) == [ActKind.BLOCK]
    muting.act_on_authors(services.desk(), ActKind.BLOCK, [conversation.id])
    assert services.store.get(Conversation, conversation.id).muted
    assert [(act.kind, act.state) for act in services.store.all(Act)] == [(ActKind.BLOCK, OutgoingState.SCHEDULED)]
    undo(services.desk())
    assert not services.store.get(Conversation, conversation.id).muted
    assert [act.state for act in services.store.all(Act)] == [OutgoingState.DISCARDED]
