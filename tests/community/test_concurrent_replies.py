"""Two writers at one conversation: neither writes over the other, and neither answers twice without knowing."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.refusals import OtherText
from commtui.community import concurrent_replies, replies, reply_drafts
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes
from tests.sentences import refused
from tests.triage.desks import arrive, conversation_of, desk_on


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


class Window:
    """A composer, as far as triage sees it."""

    def __init__(self, desk, mention):
        self.desk, self.mention = desk, mention
        conversation = conversation_of(desk, mention)
        self.known = concurrent_replies.known_in_composer(
            desk, conversation, reply_drafts.current_draft(desk.store, conversation)
        )

    def types(self, text):
        draft = reply_drafts.draft(self.desk, self.mention.id, text, known=self.known)
        self.known = replace(self.known, draft=draft.id, text=draft.text)
        return draft

    def sends(self, text):
        try:
            return replies.reply(self.desk, self.mention.id, text, known=self.known)[0]
        except OtherText as error:
            self.known = error.known
            raise


def texts(desk, state):
    return sorted(item.text for item in desk.store.all(Outgoing) if item.state is state)


def test_two_windows_on_one_draft_keep_a_text_each_and_the_second_sends_after_a_word(desk):
    one = arrive(desk, "1")
    first = Window(desk, one)
    first.types("first window")
    second = Window(replace(desk, who="bo"), one)
    second.types("first window and the second")
    first.types("first window goes on")
    assert texts(desk, OutgoingState.DRAFT) == ["first window and the second", "first window goes on"]
    with refused(desk, OtherText, "bo is writing here, too: 'first window and the second'"):
        first.sends("first window goes on")
    sent = first.sends("first window goes on")
    desk.clock.advance(12)
    with refused(desk, OtherText, "me answered 12 s ago: 'first window goes on'"):
        second.sends("first window and the second")
    assert texts(desk, OutgoingState.SCHEDULED) == ["first window goes on"]
    other = second.sends("first window and the second")
    assert other.id != sent.id and other.key != sent.key
    assert texts(desk, OutgoingState.DRAFT) == [] and len(texts(desk, OutgoingState.SCHEDULED)) == 2


def test_a_second_window_that_typed_nothing_is_reported_too(desk):
    one = arrive(desk, "1")
    Window(desk, one).types("hello")
    first, second = Window(desk, one), Window(desk, one)
    first.sends("hello")
    with refused(desk, OtherText, "you answered 0 s ago: 'hello'"):
        second.sends("hello")
    assert len(texts(desk, OutgoingState.SCHEDULED)) == 1


def test_what_was_answered_before_the_composer_opened_needs_no_word_but_what_went_after_an_old_draft_does(desk):
    one = arrive(desk, "1")
    Window(desk, one).sends("hello")
    Window(desk, one).sends("and one more thing")
    two = arrive(desk, "2")
    Window(desk, two).types("half")
    desk.clock.advance(60)
    replies.reply(desk, two.id, "whole")
    with refused(desk, OtherText, "'whole'"):
        Window(desk, two).sends("half and half")


def test_a_recalled_answer_is_no_answer(desk):
    one = arrive(desk, "1")
    writer = Window(desk, one)
    changes.recall(desk, [replies.reply(desk, one.id, "hello")[0].id])
    with refused(desk, OtherText, "writing"):
        writer.sends("other")
    writer.sends("other")


def test_discarding_leaves_the_others_text(desk):
    one = arrive(desk, "1")
    first = Window(desk, one)
    first.types("mine")
    second = Window(desk, one)
    first.types("mine, longer")
    second.types("ours")
    reply_drafts.drop_draft(desk, one.id, second.known)
    assert texts(desk, OutgoingState.DRAFT) == ["mine, longer"]
    assert reply_drafts.current_draft(desk.store, conversation_of(desk, one)).text == "mine, longer"


def test_a_shell_is_warned_of_an_answer_to_the_mention_and_not_of_older_ones(desk):
    one = arrive(desk, "1", ago=5)
    replies.reply(desk, one.id, "hello")
    with pytest.raises(OtherText):
        replies.reply(
            desk, one.id, "hi", known=concurrent_replies.known_in_shell(desk, conversation_of(desk, one), one)
        )
    desk.clock.advance(timedelta(minutes=1).total_seconds())
    newer = arrive(desk, "2", answers="1")
    replies.reply(
        desk, newer.id, "hi", known=concurrent_replies.known_in_shell(desk, conversation_of(desk, newer), newer)
    )
