"""Edits that are not saved yet: several windows share them, and none is lost or sent twice."""

from __future__ import annotations

import os

import pytest
from msgspec import json
from msgspec.structs import replace

from commtui.activity.refusals import ChangedMeanwhile, NotKept
from commtui.marketing import posts
from commtui.model import ids
from commtui.model.records import Outgoing
from commtui.model.states import Reason
from commtui.outgoing import changes
from commtui.outgoing.unsent_edits import Edit, UnsentEdits
from commtui.ui.composer.edit_draft import EditDraft
from tests.ui.fill import services_in


@pytest.fixture
def services(tmp_path):
    services = services_in(tmp_path, 1)
    posts.write_post(services.desk(), "Open on Saturday", ["brand"], at="2d")
    return services


@pytest.fixture
def unsent(tmp_path):
    return UnsentEdits(tmp_path / "edits.json")


@pytest.fixture
def draft(services, unsent):
    """A window that edits the post."""

    def opened():
        [item] = services.store.all(Outgoing)
        return EditDraft(services.desk, item, unsent)

    return opened


def test_an_edit_that_another_window_took_away_is_stored_again(draft, unsent):
    one, two = draft(), draft()
    one.save("one")
    two.save("two")
    assert two.is_stored("two") and not one.is_stored("one")
    one.discard()
    assert not two.is_stored("two")
    two.save("two")
    assert unsent.get(two.item.id).text == "two"


def test_an_edit_that_changes_nothing_is_stored_as_none(draft, unsent):
    one = draft()
    one.save("other")
    one.save(one.item.text)
    assert one.is_stored(one.item.text) and unsent.get(one.item.id) is None


def test_what_was_changed_since_an_edit_was_kept_is_asked_about(services, draft):
    draft().save("mine")
    changes.edit(services.desk(), draft().item.id, "theirs")
    again = draft()
    assert again.text == "mine"
    with pytest.raises(ChangedMeanwhile):
        again.send("mine")
    again.send("mine")
    assert [item.text for item in services.store.all(Outgoing)] == ["mine"]


def test_an_edit_that_is_done_is_done_though_its_file_cannot_be_written(services, draft, unsent, monkeypatch):
    one = draft()
    one.save("other")

    def full(*_):
        raise NotKept(unsent._path, OSError(28, "No space left on device"))

    monkeypatch.setattr(unsent, "put", full)
    assert one.send("other").op_id is not None
    assert one.discard().verb == "unchanged"
    assert [item.text for item in services.store.all(Outgoing)] == ["other"]


def test_the_edits_of_items_that_are_gone_go_with_the_next_edit(services, draft, unsent):
    one = draft()
    gone, deleted = "rzzzzzzzzzzzz1", replace(one.item, id=ids.fresh(ids.VARIANT), reason=Reason.DELETED)
    with services.store.write() as write:
        write.put(deleted)
    for other in (gone, deleted.id, one.item.id):
        unsent.put(other, Edit("old"), list)
    other = replace(one.item, id=ids.fresh(ids.VARIANT))
    with services.store.write() as write:
        write.put(other)
    draft_of_other = EditDraft(services.desk, other, unsent)
    draft_of_other.save("new")
    assert unsent.get(gone) is unsent.get(deleted.id) is None
    assert unsent.get(one.item.id) == Edit("old") and unsent.get(other.id).text == "new"
    with services.store.write() as write:
        write.remove(Outgoing, one.item.id)
    draft_of_other.discard()
    assert json.decode(unsent._path.read_bytes()) == {}


def test_a_damaged_file_is_set_aside(unsent, tmp_path):
    unsent.put("a", Edit("first"), list)
    whole = (tmp_path / "edits.json").read_bytes()
    (tmp_path / "edits.json").write_bytes(whole[:-1])
    assert unsent.get("a") is None
    unsent.put("b", Edit("second"), list)
    assert unsent.get("b") == Edit("second")
    assert (tmp_path / "edits.damaged").read_bytes() == whole[:-1]


def test_a_file_that_cannot_be_read_is_not_written_over(unsent, tmp_path):
    os.mkfifo(tmp_path / "edits.json")
    with pytest.raises(NotKept):
        unsent.put("a", Edit("first"), list)
    assert (tmp_path / "edits.json").is_fifo()


def test_a_chosen_time_that_has_passed_is_said_as_what_it_means(services, draft):
    one = draft()
    one.set_time("fri 14:30")
    assert "14:30" in one.when_sent()
    one.at = services.clock.now()
    assert one.when_sent() == "in 10s"
    assert replace(one._edit("x"), known={}) == Edit("x", media=(), timed=True, at=one.at)
