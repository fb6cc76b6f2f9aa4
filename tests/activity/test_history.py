"""Any past state of a conversation is told from the log: what people, authors, networks and joined threads changed."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity import history, passive_log
from commtui.activity.errors import TriageError
from commtui.activity.undo import redo, undo
from commtui.community import conversations, intake, joining, muting, replies, reply_drafts
from commtui.marketing import post_drafts, posts
from commtui.model.records import Context, Mention, Note, Outgoing, Via
from commtui.outgoing import changes
from tests.clock import FakeClock
from tests.triage.desks import OWNER, conversation_of, desk_on, mention, sent, status

FORGOTTEN = ("above", "parents_known")
"""What a conversation says of its thread's top: nobody's change."""


def came(desk, remote_id, text, answers=None):
    """A mention comes in as an engine brings it, with its line of the log."""
    with desk.store.write(durable=False) as write:
        made = intake.add_mention(
            desk.store, write, OWNER, status(remote_id, desk.now, text, answers), Via.MENTION, desk.now
        )
        passive_log.log_intake(write, desk.now, "arrive", (made.id,) if made else (), "brand")


def joined(desk, low, high):
    """The chain above a mention is found out to begin with another one."""
    at = mention(desk, high).created_at
    above = status(high, at, mention(desk, high).text)
    between = status(f"x{high}", at + timedelta(seconds=1), "between", high, author="@eve@example.org")
    with desk.store.write(durable=False) as write:
        conversation, before = conversation_of(desk, mention(desk, low)).id, mention(desk, low).created_at
        joining.add_parents(desk.store, write, OWNER, conversation, [above, between], before)
        passive_log.log_intake(write, desk.now, "join", (), "brand")


def gone(desk, remote_id):
    with desk.store.write(durable=False) as write:
        intake.mark_deleted(desk.store, write, OWNER, remote_id)
        passive_log.log_intake(write, desk.now, "arrive", (), "brand")


def last_reply(desk, verb):
    items = sorted(desk.store.all(Outgoing), key=lambda item: (item.created_at, item.id))
    if items:
        verb(desk, [items[-1].id])


WAYS = {
    "comes": lambda desk, one, other, n: came(desk, f"n{n}", f"new {n}"),
    "answers": lambda desk, one, other, n: came(desk, f"n{n}", f"answer {n}", one),
    "edits": lambda desk, one, other, n: came(desk, one, f"changed {'more ' * (n % 3)}{n}"),
    "deletes": lambda desk, one, other, n: gone(desk, one),
    "joins": lambda desk, one, other, n: joined(desk, one, other),
    "tags": lambda desk, one, other, n: conversations.tag(desk, [mention(desk, one).id], f"t{n}"),
    "ranks": lambda desk, one, other, n: conversations.prioritize(
        desk, [mention(desk, one).id], ("high", "low")[n % 2]
    ),
    "assigns": lambda desk, one, other, n: conversations.assign(desk, [mention(desk, one).id], "anna"),
    "snoozes": lambda desk, one, other, n: conversations.snooze(desk, [mention(desk, one).id], "9d"),
    "notes": lambda desk, one, other, n: conversations.note(desk, [mention(desk, one).id], f"note {n}"),
    "reads": lambda desk, one, other, n: conversations.read(desk, [mention(desk, one).id]),
    "ends": lambda desk, one, other, n: conversations.done(desk, [mention(desk, one).id]),
    "types": lambda desk, one, other, n: reply_drafts.draft(desk, mention(desk, one).id, f"draft {n}"),
    "replies": lambda desk, one, other, n: replies.reply(desk, mention(desk, one).id, f"reply {n}"),
    "sends": lambda desk, one, other, n: replies.reply(
        desk, mention(desk, one).id, f"draft {n}", finishes_draft=True
    ),
    "recalls": lambda desk, one, other, n: last_reply(desk, changes.recall),
    "rewrites": lambda desk, one, other, n: last_reply(desk, lambda desk, ids: changes.edit(desk, ids[0], f"x {n}")),
    "throws away": lambda desk, one, other, n: last_reply(desk, changes.discard),
    "holds": lambda desk, one, other, n: last_reply(desk, changes.hold),
    "releases": lambda desk, one, other, n: last_reply(desk, changes.release),
    "hides": lambda desk, one, other, n: muting.spam(desk, [mention(desk, one).id]),
    "undoes": lambda desk, one, other, n: undo(desk),
    "does again": lambda desk, one, other, n: redo(desk),
}  # fmt: skip


def told(state):
    """What there was, to be compared; when somebody typed last is nobody's past."""
    parts = (state.mentions, state.outgoing, state.notes, state.context)
    texts = ({item.id: replace(item, typed_at=None) if isinstance(item, Outgoing) else item for item in part}
             for part in parts)  # fmt: skip
    return {
        name: getattr(state.conversation, name)
        for name in state.conversation.__struct_fields__
        if name not in FORGOTTEN
    }, *texts


def present(desk, one):
    """The same of now."""
    whole = conversation_of(desk, mention(desk, one))
    parts = (tuple(desk.store.in_conversation(kind, whole.id)) for kind in (Mention, Outgoing, Note, Context))
    return told(history.PastConversation(whole, *parts))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(sorted(WAYS)), st.integers(0, 3), st.integers(0, 3)), max_size=14))
@example([("notes", 1, 0), ("joins", 0, 1), ("undoes", 0, 0)])
def test_every_past_state_is_shown_as_it_was(ways):
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        desk = desk_on(Path(folder) / "data", clock)
        known, moments = ["a", "b"], []
        for one in known:
            came(desk, one, f"hello {one}")
            clock.advance(90)
        for n, (way, first, second) in enumerate(ways):
            one, other = known[first % len(known)], known[second % len(known)]
            try:
                WAYS[way](desk, one, other, n)
            except TriageError:
                pass
            if way in ("comes", "answers"):
                known.append(f"n{n}")
            moments.append((desk.now, way, {name: present(desk, name) for name in known}))
            clock.advance(90)
        for moment, way, states in moments:
            for one, state in states.items():
                then = history.conversation_at(desk, mention(desk, one).id, moment + timedelta(seconds=30))
                known_then = tuple(text for text in then.context if text.id in state[-1])
                assert told(replace(then, context=known_then)) == state, (way, one)
        desk.store.close()


@pytest.fixture
def desk(tmp_path):
    desk = desk_on(tmp_path)
    yield desk
    desk.store.close()


def texts_then(desk, moment, text_id):
    then = history.conversation_at(desk, text_id, moment)
    return [mention.text for mention in then.mentions] + [item.text for item in then.outgoing]


def test_the_letters_of_one_go_are_no_lines_of_the_log_and_what_stood_is_one(desk):
    came(desk, "a", "hello")
    one = mention(desk, "a").id
    for letter in ("t", "th", "thanks"):
        reply_drafts.draft(desk, one, letter)
        desk.clock.advance(5)
    assert [step.verb for step in desk.store.log.steps()] == ["arrive", "write"]
    stood = desk.now
    desk.clock.advance(600)
    for letter in ("thanks,", "thanks, Ada"):
        reply_drafts.draft(desk, one, letter)
        desk.clock.advance(5)
    assert [step.verb for step in desk.store.log.steps()] == ["arrive", "write", "write"]
    assert texts_then(desk, stood, one) == ["hello", "thanks"]
    assert texts_then(desk, desk.now, one) == ["hello", "thanks, Ada"]


def test_what_was_recalled_is_reported_though_it_is_typed_over_at_once(desk):
    came(desk, "a", "hello")
    one = mention(desk, "a").id
    reply, _ = replies.reply(desk, one, "thanks")
    desk.clock.advance(2)
    changes.recall(desk, [reply.id])
    recalled = desk.now
    desk.clock.advance(2)
    reply_drafts.draft(desk, one, "no thanks")
    assert texts_then(desk, recalled, one) == ["hello", "thanks"]


def test_what_another_person_typed_over_is_reported(desk, tmp_path):
    came(desk, "a", "hello")
    one = mention(desk, "a").id
    reply_drafts.draft(desk, one, "mine")
    before = desk.now
    desk.clock.advance(2)
    ben = desk_on(tmp_path, desk.clock, who="ben")
    reply_drafts.draft(ben, one, "ben's")
    ben.store.close()
    assert texts_then(desk, before, one) == ["hello", "mine"]
    assert [step.who for step in desk.store.log.steps()] == ["commtui", "me", "ben"]


def test_the_drafts_of_a_post_are_reported_and_the_one_that_was_left_out(desk):
    post = post_drafts.store_post(desk, None, "first words", ["brand", "other"])
    before = desk.now
    mine, other = post_drafts.drafts_of(desk, post)
    desk.clock.advance(3600)
    post_drafts.store_post(desk, post, "last words", ["brand"])
    desk.clock.advance(3600)
    post_drafts.send_post(desk, post)
    assert history.post_at(desk, desk.store.get(Outgoing, mine.id), before).text == "first words"
    assert history.post_at(desk, desk.store.get(Outgoing, other.id), before).state == "draft"
    assert history.post_at(desk, mine, before - timedelta(days=1)) is None


def test_an_edit_of_a_post_is_reported(desk):
    (item,), _ = posts.write_post(desk, "news", ["brand"], at="2h")
    before = desk.now
    desk.clock.advance(5)
    changes.edit(desk, item.id, "good news")
    assert history.post_at(desk, desk.store.get(Outgoing, item.id), before).text == "news"


def test_a_line_says_what_an_author_changed_and_only_that(desk):
    came(desk, "a", "hello")
    came(desk, "a", "hello")
    assert len(list(desk.store.log.steps())) == 1
    came(desk, "a", "hello\n[again]")
    line = list(desk.store.log.steps())[-1]
    assert (line.verb, line.ids, line.detail) == ("edited", (mention(desk, "a").id,), "hello")
    gone(desk, "a")
    gone(desk, "a")
    assert [step.verb for step in desk.store.log.steps()] == ["arrive", "edited", "deleted"]


def test_what_the_engine_sent_is_shown_as_a_draft_before(desk):
    came(desk, "a", "hello")
    one = mention(desk, "a").id
    reply_drafts.draft(desk, one, "thanks")
    before = desk.now
    desk.clock.advance(5)
    reply, _ = replies.reply(desk, one, "thanks a lot", finishes_draft=True)
    sent(desk, reply, "r1")
    (then,) = history.conversation_at(desk, one, before).outgoing
    assert (then.text, then.state) == ("thanks", "draft")
