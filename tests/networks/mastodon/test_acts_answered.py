"""Edits and deletions that a server answers with another text or another post than was meant."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.model.records import ActKind
from commtui.networks.base import AnswerLost, Refused
from tests.networks.mastodon.logins import act, login, run

EDITED = "the hours have changed, see https://example.org/hours"


def do(server, done):
    return run(login(server), lambda network: network.act(done))


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "the answer was lost"])
def test_an_edit_to_which_the_server_adds_a_paragraph_is_an_edit(quirks, lost):
    server = quirks(rewrites=frozenset(("appends",)))
    post = server.post("brand", "the hours")
    edit = act(ActKind.EDIT, post.id, EDITED)
    if lost:
        server.quirks.act_answers.append("drop")
        with pytest.raises(AnswerLost):
            do(server, edit)
    assert do(server, edit).remote_id == post.id
    assert post.text == EDITED


def test_an_edit_that_shows_as_another_text_is_tried_twice_at_most(quirks):
    server = quirks()
    post = server.post("brand", "the hours")
    post.extra["content"] = "<p>the hours</p>"
    edit = act(ActKind.EDIT, post.id, EDITED)
    with pytest.raises(AnswerLost):
        do(server, replace(edit, tries=1))
    with pytest.raises(Refused, match="another text"):
        do(server, replace(edit, tries=2))


def test_an_edit_is_not_given_up_for_an_answer_about_another_post(quirks):
    server = quirks()
    post = server.post("brand", "the hours")
    server.post("brand", "a newer one")
    edit = act(ActKind.EDIT, post.id, EDITED)
    for number, answer in enumerate(("cut", "another's", "older, not done")):
        server.mention("ada", "hello")
        server.quirks.act_answers.append(answer)
        with pytest.raises(AnswerLost):
            do(server, replace(edit, tries=1 + number))
    assert do(server, replace(edit, tries=4)).remote_id == post.id


@pytest.mark.parametrize("kind", [ActKind.EDIT, ActKind.DELETE])
@pytest.mark.parametrize("answer", ["older, not done", "another's"])
def test_an_answer_about_another_post_is_none(quirks, kind, answer):
    server = quirks()
    server.mention("ada", "hello")
    post = server.post("brand", "the hours")
    server.post("brand", "a newer one")
    server.quirks.act_answers.append(answer)
    with pytest.raises(AnswerLost):
        do(server, act(kind, post.id, EDITED))
    do(server, act(kind, post.id, EDITED))
    assert post.deleted if kind is ActKind.DELETE else post.text == EDITED


@pytest.mark.parametrize("answer", ["html", "empty"])
def test_a_deletion_that_is_answered_without_json_is_done(quirks, answer):
    server = quirks(act_answers=[answer])
    post = server.post("brand", "the hours")
    do(server, act(ActKind.DELETE, post.id))
    assert post.deleted


def test_a_boosted_post_is_deleted_though_the_answer_is_its_wrapper(quirks):
    server = quirks("sparse", wraps_boosted=True)
    post = server.post("brand", "the hours")
    server.reblog("ada", post)
    do(server, act(ActKind.DELETE, post.id))
    assert post.deleted
