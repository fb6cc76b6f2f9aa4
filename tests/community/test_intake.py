"""A mention finds its conversation: by what it answers, later by its parents, and never a second time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.community import conversations, intake, joining, replies
from commtui.marketing import posts
from commtui.model.records import Conversation, Engagement, Media, Mention, Note, Outgoing, Poll, PollOption
from commtui.model.states import ConversationStatus
from commtui.sentences.thread import ABOVE
from commtui.triage import query, views
from tests.triage.desks import BRAND, OWNER, arrive, conversation_of, desk_on, mention, sent, status


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def test_a_mention_that_answers_nothing_opens_a_conversation(desk):
    one = arrive(desk, "1", "hello [b]you[/b] \x1b[31mred")
    assert one.text == "hello [b]you[/b] red"
    opened = conversation_of(desk, one)
    assert (opened.status, opened.unread, opened.mentions, opened.parents_known) == ("open", True, 1, True)
    assert list(views.queue(desk)) == [int_of(opened)]


def int_of(conversation) -> int:
    from commtui.model import ids

    return ids.number(conversation.id)


def test_the_same_mention_twice_is_one(desk):
    arrive(desk, "1")
    arrive(desk, "1")
    assert conversation_of(desk, mention(desk, "1")).mentions == 1
    assert len(desk.store.all(Mention)) == 1


def test_an_answer_joins_the_conversation_of_what_it_answers(desk):
    one = arrive(desk, "1", ago=30)
    two = arrive(desk, "2", "and another thing", answers="1", ago=10)
    assert two.conversation == one.conversation
    joined = conversation_of(desk, one)
    assert (joined.mentions, joined.newest, joined.since) == (2, two.id, one.created_at)
    assert joined.text == "and another thing"


def test_an_answer_to_our_reply_joins_and_reopens(desk):
    one = arrive(desk, "1", ago=30)
    reply, _ = replies.reply(desk, one.id, "hi")
    sent(desk, reply, "r1")
    assert conversation_of(desk, one).status is ConversationStatus.WAITING
    two = arrive(desk, "2", answers="r1")
    joined = conversation_of(desk, one)
    assert two.conversation == one.conversation
    assert (joined.status, joined.since) == ("open", two.created_at)


def test_answers_to_one_of_our_posts_are_a_conversation_each(desk):
    items, _ = posts.write_post(desk, "news", ["brand"])
    sent(desk, items[0], "p1")
    one, two = arrive(desk, "1", answers="p1"), arrive(desk, "2", answers="p1")
    assert one.conversation != two.conversation
    assert conversation_of(desk, one).parents_known


def test_an_answer_that_came_before_its_question_folds_into_one(desk):
    two = arrive(desk, "2", "second", answers="1", ago=10)
    conversations.tag(desk, [two.id], "bug")
    conversations.note(desk, [two.id], "look at this")
    assert not conversation_of(desk, two).parents_known
    one = arrive(desk, "1", "first", ago=30)
    assert conversation_of(desk, two.conversation).id == one.conversation
    folded = desk.store.get(Conversation, two.conversation)
    assert folded.folded_into == one.conversation
    elder = conversation_of(desk, one)
    assert (elder.mentions, elder.tags, elder.newest) == (2, ("bug",), two.id)
    assert mention(desk, "2").conversation == one.conversation
    assert [note.conversation for note in desk.store.all(Note)] == [one.conversation]
    assert conversations.done(desk, [two.conversation]).ids == (one.conversation,)
    assert len(views.queue(desk)) == 0


def test_the_chain_above_joins_through_an_answer_of_ours_from_elsewhere(desk):
    one = arrive(desk, "1", ago=30)
    three = arrive(desk, "3", answers="2", ago=5)
    assert three.conversation != one.conversation
    ours = status("2", desk.now - timedelta(minutes=20), "from the phone", answers="1", ours=True)
    above = [status("1", desk.now - timedelta(minutes=30)), ours]
    with desk.store.write() as write:
        joining.add_parents(desk.store, write, OWNER, three.conversation, above, desk.now)
    assert conversation_of(desk, three.conversation).id == one.conversation
    assert [said.text for said in views.thread(desk, conversation_of(desk, one))] == [
        "hello",
        "from the phone",
        "hello",
    ]


def test_the_chain_above_through_strangers_keeps_the_context_and_joins_nothing(desk):
    arrive(desk, "1")
    three = arrive(desk, "3", answers="2")
    with desk.store.write() as write:
        above = [status("2", desk.now - timedelta(hours=1), "a stranger's")]
        joining.add_parents(desk.store, write, OWNER, three.conversation, above, desk.now)
    conversation = conversation_of(desk, three)
    assert conversation.parents_known
    assert conversation.id == three.conversation
    assert [said.text for said in views.thread(desk, conversation)] == ["a stranger's", "hello"]


def chain(desk, conversation, *above):
    with desk.store.write() as write:
        joining.add_parents(desk.store, write, OWNER, conversation, above, desk.now)


def test_a_parent_that_is_gone_is_reported_and_one_that_is_there_is_not(desk):
    one, two = arrive(desk, "1", answers="x"), arrive(desk, "2", answers="y")
    with desk.store.write() as write:
        joining.add_parents(desk.store, write, OWNER, one.conversation, (), desk.now, missing=True)
        joining.add_parents(
            desk.store, write, OWNER, two.conversation, (status("y", desk.now, "a stranger's"),), desk.now
        )
    assert "deleted, blocked or hidden" in ABOVE[conversation_of(desk, one).above]
    assert ABOVE[conversation_of(desk, two).above] == ""


def said(desk, item):
    return [text.text for text in views.thread(desk, conversation_of(desk, item))]


def test_answers_to_a_post_of_ours_from_elsewhere_are_a_conversation_each_and_each_shows_the_post(desk):
    hour = desk.now - timedelta(hours=1)
    post = status("p", hour, "from the phone", ours=True)
    more = status("p2", hour + timedelta(minutes=1), "and on", answers="p", ours=True)
    found = []
    for number in range(3):
        answer = arrive(desk, str(number), f"answer {number}", answers="p2" if number else "p", ago=9 - number)
        chain(desk, answer.conversation, *((post, more) if number else (post,)))
        found.append(answer)
    assert len({conversation_of(desk, row).id for row in found}) == 3
    assert said(desk, found[0]) == ["from the phone", "answer 0"]
    assert said(desk, found[1]) == ["from the phone", "and on", "answer 1"]
    assert said(desk, found[2]) == ["from the phone", "and on", "answer 2"]


def test_answers_to_the_second_part_of_a_post_written_here_are_a_conversation_each(desk):
    items, _ = posts.write_post(desk, "news", ["brand"])
    sent(desk, items[0], "p1")
    part = status("p2", desk.now, "the second part", answers="p1", ours=True)
    one = arrive(desk, "1", answers="p2", ago=3)
    chain(desk, one.conversation, status("p1", desk.now, "news", ours=True), part)
    two = arrive(desk, "2", answers="p2", ago=2)
    chain(desk, two.conversation, status("p1", desk.now, "news", ours=True), part)
    assert conversation_of(desk, one).id != conversation_of(desk, two).id


@pytest.mark.parametrize("elder_first", [True, False])
def test_what_stood_in_both_conversations_stands_once_in_the_folded_one(desk, elder_first):
    top = status("s", desk.now - timedelta(hours=1), "a stranger's")
    elder, younger = ("1", 30), ("3", 5)
    for number, ago in (elder, younger) if elder_first else (younger, elder):
        chain(desk, arrive(desk, number, number, answers="s" if number == "1" else "2", ago=ago).conversation, top)
    arrive(desk, "2", "2", answers="1", ago=10)
    assert conversation_of(desk, mention(desk, "3")).id == mention(desk, "1").conversation
    assert said(desk, mention(desk, "3")) == ["a stranger's", "1", "2", "3"]
    chain(desk, mention(desk, "1").conversation, top)
    assert said(desk, mention(desk, "1")) == ["a stranger's", "1", "2", "3"]
    four = arrive(desk, "4", "4", answers="s")
    chain(desk, four.conversation, top)
    assert said(desk, four) == ["a stranger's", "4"]
    assert said(desk, mention(desk, "1")) == ["a stranger's", "1", "2", "3"]


@pytest.mark.parametrize(
    ("new", "reopens"),
    [
        ("hello https://example.org/more", False),
        ("hello", False),
        ("hell", False),
        ("hello, and it broke again", True),
    ],
)
def test_an_edit_reopens_only_if_the_text_grew_by_more_than_a_link(desk, new, reopens):
    one = arrive(desk, "1", "hello")
    conversations.done(desk, [one.id])
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, status("1", desk.now, new), desk.now)
    assert conversation_of(desk, one).status == ("open" if reopens else "done")
    assert mention(desk, "1").edited == (new != "hello")
    assert conversation_of(desk, one).text == new


def test_a_content_warning_put_before_an_unchanged_text_is_an_edit_that_reopens_nothing(desk):
    one = arrive(desk, "1", "hello")
    conversations.done(desk, [one.id])
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, status("1", desk.now, "hello", spoiler="spiders"), desk.now)
    assert (mention(desk, "1").spoiler, mention(desk, "1").edited) == ("spiders", True)
    assert conversation_of(desk, one).status == "done"
    assert conversation_of(desk, one).newest_edited


BEANS = Poll((PollOption("Kenya", 1), PollOption("Peru", 2)))


def edited(desk, **fields):
    with desk.store.write() as write:
        intake.apply_edit(desk.store, write, OWNER, status("1", desk.now, "which?", **fields), desk.now)
    return mention(desk, "1")


def test_new_votes_and_new_addresses_of_files_are_stored_and_are_no_edit(desk):
    picture = Media("https://a.example/1", "beans", "unknown", "7")
    one = arrive(desk, "1", "which?", poll=BEANS, media=(picture,))
    conversations.done(desk, [one.id])
    votes = replace(BEANS, options=(PollOption("Kenya", 5), PollOption("Peru", 2)), ended=True)
    processed = replace(picture, url="https://a.example/2", kind="image")
    now = edited(desk, poll=votes, media=(processed,))
    assert (now.poll, now.media, now.edited) == (votes, (processed,), False)
    row = conversation_of(desk, one)
    assert (row.attached, row.newest_edited, row.status) == (("image", "poll"), False, "done")


@pytest.mark.parametrize(
    "change",
    [
        {"poll": Poll((PollOption("Kenya", 1), PollOption("Togo", 2)))},
        {"poll": None},
        {"media": (Media("https://a.example/1", "tea", "image"),)},
        {"media": ()},
    ],
)
def test_other_answers_of_a_poll_and_another_alt_text_are_an_edit(desk, change):
    fields: dict[str, Any] = {"poll": BEANS, "media": (Media("https://a.example/1", "beans", "image"),)}
    arrive(desk, "1", "which?", **fields)
    assert edited(desk, **{**fields, **change}).edited


def test_parents_keep_their_content_warning_files_and_poll(desk):
    one = arrive(desk, "1", answers="p", ago=5)
    dirty = replace(BEANS, options=(PollOption("Ken\x1b[31mya\n", 1),))
    above = status("p", desk.now, "", spoiler="go\nre", media=(Media("https://a/1", "a\x07lt", "image"),), poll=dirty)
    with desk.store.write() as write:
        joining.add_parents(desk.store, write, OWNER, one.conversation, [above], one.created_at)
    (parent,) = desk.store.context.of_conversation(one.conversation)
    assert (parent.spoiler, parent.media[0].alt, parent.poll.options[0].text) == ("go re", "alt", "Kenya")


@pytest.mark.parametrize(
    ("fields", "words", "attached"),
    [
        ({"media": (Media("u", "a cup", "image"), Media("u", "steam", "video"))}, "a cup; steam", ("image", "video")),
        ({"media": (Media("u", "", "image"),)}, "", ("image",)),
        ({"poll": BEANS}, "Kenya / Peru", ("poll",)),
        ({"spoiler": "spiders"}, "", ()),
    ],
)
def test_a_row_without_a_text_says_what_there_is(desk, fields, words, attached):
    row = conversation_of(desk, arrive(desk, "1", "", **fields))
    assert (row.text, row.attached, row.spoiler) == (words, attached, fields.get("spoiler", ""))


def test_who_writes_more_after_our_answer_waits_since_then_and_is_not_overdue_at_once(desk):
    one = arrive(desk, "1", "hello", ago=60 * 24 * 9)
    conversations.done(desk, [one.id])
    with desk.store.write() as write:
        more = status("1", one.created_at, "hello, and it broke again")
        intake.apply_edit(desk.store, write, OWNER, more, desk.now)
    assert (conversation_of(desk, one).status, conversation_of(desk, one).since) == ("open", desk.now)
    assert list(views.queue(desk, query.parse("is:overdue"))) == []


def test_a_deleted_mention_keeps_its_row_and_says_so(desk):
    one = arrive(desk, "1", "regret")
    with desk.store.write() as write:
        intake.mark_deleted(desk.store, write, OWNER, "1")
    assert mention(desk, "1").deleted
    assert mention(desk, "1").text == "regret"
    assert conversation_of(desk, one).newest_deleted


def test_a_new_mention_wakes_reopens_and_leaves_a_mute(desk):
    one = arrive(desk, "1")
    conversations.snooze(desk, [one.id], "answer")
    assert len(views.queue(desk)) == 0
    arrive(desk, "2", answers="1")
    assert len(views.queue(desk)) == 1
    conversations.mute(desk, [one.id])
    arrive(desk, "3", answers="1")
    assert len(views.queue(desk)) == 0
    assert conversation_of(desk, one).unread


def test_engagement_is_folded_and_never_a_mention(desk):
    for who in ("@a@x", "@b@x", "@a@x"):
        with desk.store.write() as write:
            intake.add_engagement(desk.store, write, OWNER, "like", "p1", who, desk.now)
    assert [(engagement.count, engagement.people) for engagement in desk.store.all(Engagement)] == [
        (2, ("@b@x", "@a@x"))
    ]
    assert desk.store.all(Mention) == []


@given(order=st.permutations(range(6)))
def test_whatever_the_order_of_arrival_a_thread_is_one_conversation(order, tmp_path_factory):
    desk = desk_on(tmp_path_factory.mktemp("home"))
    answers = [None, "0", "1", "1", "3", "0"]
    for number in order:
        arrive(desk, str(number), answers=answers[number], ago=60 - number)
    homes = {conversation_of(desk, mention(desk, str(number))).id for number in range(6)}
    assert len(homes) == 1
    assert len(views.queue(desk)) == 1
    conversation = conversation_of(desk, homes.pop())
    assert (conversation.mentions, conversation.newest) == (6, mention(desk, "5").id)
    assert conversation.id == mention(desk, str(0)).conversation


def test_what_another_account_holds_is_not_joined(desk):
    one = arrive(desk, "1")
    other = joining.Owner("a0000000000", "demo")
    with desk.store.write() as write:
        intake.add_mention(desk.store, write, other, status("2", desk.now, answers="1"), one.via, desk.now)
    assert len(views.queue(desk)) == 2
    assert BRAND.id != other.id
    assert desk.store.all(Outgoing) == []


# -- when it came


def test_a_mention_that_came_now_waits_since_now_whatever_its_author_dated(desk):
    minute = desk.now - timedelta(minutes=1)
    old = arrive(desk, "1", ago=6_000_000, noticed=minute)
    future = arrive(desk, "2", ago=-40_000_000, noticed=minute)
    unnoticed = arrive(desk, "3", ago=-40_000_000)
    assert [item.created_at for item in (old, future, unnoticed)] == [minute, minute, desk.now]
    assert [conversation_of(desk, item).since for item in (old, future, unnoticed)] == [minute, minute, desk.now]
    assert old.dated_at == desk.now - timedelta(minutes=6_000_000)
    assert arrive(desk, "4", ago=3, noticed=minute).dated_at is None


def test_a_backdated_answer_is_the_newest_and_does_not_go_up_in_the_queue(desk):
    one = arrive(desk, "1", ago=30, noticed=desk.now - timedelta(minutes=30))
    two = arrive(desk, "2", "backdated", answers="1", ago=500_000, noticed=desk.now - timedelta(minutes=2))
    joined = conversation_of(desk, one)
    assert (joined.newest, joined.text, joined.since) == (two.id, "backdated", one.created_at)
    assert [text.text for text in views.thread(desk, joined)] == ["hello", "backdated"]


def test_an_answer_from_the_future_does_not_stay_the_newest(desk):
    one = arrive(desk, "1", ago=30)
    arrive(desk, "2", "from 2099", answers="1", ago=-40_000_000, noticed=desk.now - timedelta(minutes=2))
    three = arrive(desk, "3", "newest", answers="1", ago=1, noticed=desk.now - timedelta(minutes=1))
    assert conversation_of(desk, one).newest == three.id


@pytest.mark.parametrize("dated", ["0001-01-01", "2026-11-23T08:00:00", "2099-01-01", "9999-12-31T23:59:59"])
def test_a_text_above_stands_above_whatever_its_author_dated(desk, dated):
    two = arrive(desk, "2", "an answer", answers="x")
    top = status("y", desk.now - timedelta(hours=9), "the top")
    chain(desk, two.conversation, top, status("x", datetime.fromisoformat(dated).replace(tzinfo=UTC), "above"))
    assert said(desk, two) == ["the top", "above", "an answer"]


@pytest.fixture
def campaign_post(desk):
    """A post of a campaign that is out as `p1`."""
    from commtui.marketing import campaigns

    campaigns.add(desk, campaigns.Plan(name="spring"))
    items, _ = posts.write_post(desk, "news", ["brand"], campaign="spring")
    return sent(desk, items[0], "p1")


def test_an_answer_to_a_post_of_a_campaign_is_of_that_campaign_and_what_answers_it_too(desk, campaign_post):
    one = arrive(desk, "1", answers="p1", ago=30)
    two = arrive(desk, "2", answers="1", author="@bob@example.org", author_id="bob", ago=20)
    other = arrive(desk, "3", author="@eve@example.org", author_id="eve")
    assert two.conversation == one.conversation
    assert [conversation_of(desk, each).campaign for each in (one, two, other)] == [
        campaign_post.campaign, campaign_post.campaign, None,
    ]  # fmt: skip
    reply, _ = replies.reply(desk, two.id, "thanks")
    sent(desk, reply, "r1")
    assert conversation_of(desk, arrive(desk, "4", answers="r1")).campaign == campaign_post.campaign


def test_an_answer_deeper_under_a_post_gets_the_campaign_with_its_parents(desk, campaign_post):
    deep = arrive(desk, "5", answers="stranger")
    assert conversation_of(desk, deep).campaign is None and views.post_of(desk, conversation_of(desk, deep)) is None
    chain = [
        status("p1", desk.now - timedelta(hours=2), "news", ours=True),
        status("between", desk.now - timedelta(hours=1), "nice", answers="p1", author="@eve@example.org"),
        status("stranger", desk.now - timedelta(minutes=30), "yes", answers="between", author="@kim@example.org"),
    ]
    with desk.store.write() as write:
        joining.add_parents(desk.store, write, OWNER, deep.conversation, chain, deep.created_at)
    found = conversation_of(desk, deep)
    assert (found.campaign, found.parents_known) == (campaign_post.campaign, True)
    assert views.post_of(desk, found) == campaign_post
