"""A new draft of a post that is there: what it takes along, and what not."""

import pytest
from msgspec.structs import replace

from commtui.activity.errors import TriageError
from commtui.activity.undo import undo
from commtui.community import replies
from commtui.marketing import posts
from commtui.marketing.duplicating import duplicate
from commtui.model import ids
from commtui.model.abilities import Limits, Visibility
from commtui.model.records import AccountState, Media, Outgoing
from commtui.model.states import OutgoingState
from commtui.model.threads import ASKED, parts_of
from commtui.outgoing import changes
from commtui.outgoing.form import Form
from tests.sentences import refused, told
from tests.triage.desks import BRAND, OTHER, arrive, desk_on, sent

MEDIA = Media("/tmp/cup.png", "a cup", remote_id="on the server")


@pytest.fixture
def desk(tmp_path):
    return desk_on(tmp_path)


def copies_of(desk, outcome):
    return desk.store.outgoing.of_post(desk.store.get(Outgoing, outcome.ids[0]).post)


def test_a_copy_has_text_media_and_accounts_and_neither_time_nor_what_became_of_the_post(desk):
    form = Form(visibility=Visibility.UNLISTED, spoiler="coffee", media=(MEDIA,), language="en")
    first, other = posts.write_post(desk, "news", ["brand", "other"], "tomorrow", "hold", form)[0]
    with desk.store.write() as write:
        write.put(replace(first, campaign="g0000000001", state=OutgoingState.FAILED, error="no", tries=3, doubts=1))
        write.put(replace(other, campaign="g0000000001", text="news, differently"))
    outcome = duplicate(desk, [other.id])
    copies = {item.account: item for item in copies_of(desk, outcome)}
    assert {item.text for item in copies.values()} == {"news", "news, differently"}
    copy = copies[BRAND.id]
    assert copies.keys() == {BRAND.id, OTHER.id} and copy.post not in (None, first.post)
    assert copy.media == (replace(MEDIA, remote_id=None),)
    fresh = {
        "id",
        "post",
        "key",
        "created_at",
        "media",
        "state",
        "scheduled_at",
        "local_at",
        "error",
        "tries",
        "doubts",
    }
    differing = {name for name in first.__struct_fields__ if getattr(copy, name) != getattr(first, name)}
    assert differing - {"campaign", "hold_window"} <= fresh and copy.campaign == "g0000000001"
    assert (copy.state, copy.scheduled_at, copy.tries, copy.doubts) == (OutgoingState.DRAFT, None, 0, 0)
    assert told(desk, outcome) == f"draft made: {outcome.ids[0]}"


def test_a_post_is_copied_once_however_often_it_is_named(desk):
    one = posts.write_post(desk, "one", ["brand", "other"], "tomorrow")[0]
    two = posts.write_post(desk, "two", ["brand"], "tomorrow")[0]
    sent(desk, two[0], "r1")
    outcome = duplicate(desk, [one[0].post, one[1].id, two[0].id])
    assert len(outcome.ids) == 2
    drafts = [item for item in desk.store.all(Outgoing) if item.state is OutgoingState.DRAFT]
    assert sorted(item.text for item in drafts) == ["one", "one", "two"]
    undo(desk)
    drafts = [item for item in desk.store.all(Outgoing) if item.state is OutgoingState.DRAFT]
    assert drafts == []


def test_a_discarded_variant_is_left_out(desk):
    one, other = posts.write_post(desk, "one", ["brand", "other"], "tomorrow")[0]
    changes.discard(desk, [other.id])
    assert [item.account for item in copies_of(desk, duplicate(desk, [one.id]))] == [one.account]
    changes.discard(desk, [one.id])
    outcome = duplicate(desk, [one.id])
    assert outcome.ids == () and told(desk, outcome) == "nothing to do"


def test_a_thread_becomes_one_text_that_may_be_cut(desk):
    head = posts.write_post(desk, "x", ["brand"], "tomorrow")[0][0]
    with desk.store.write() as write:
        for part in parts_of(head, ["one", "two", "three"]):
            write.put(part)
    third = next(item for item in desk.store.outgoing.of_post(head.post) if item.text == "three")
    for named in (head.post, third.id):
        (copy,) = copies_of(desk, duplicate(desk, [named]))
        assert (copy.text, copy.extra, copy.after) == ("one\n\ntwo\n\nthree", {ASKED: "1"}, None)


def test_a_reply_and_what_is_unknown_are_refused(desk):
    mention = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(AccountState(id=mention.account, name="brand", network="demo", limits=Limits(characters=500)))
    reply, _ = replies.reply(desk, mention.id, "hello")
    for given in (reply.id, mention.id, ids.fresh(ids.POST)):
        with refused(desk, TriageError):
            duplicate(desk, [given])
    assert [item.id for item in desk.store.all(Outgoing)] == [reply.id]
