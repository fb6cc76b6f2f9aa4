"""Files that are attached: of the kinds and sizes that the servers take, by what is known of them."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity.errors import BadAttachment
from commtui.activity.refusals import CannotSend
from commtui.community import replies, reply_drafts
from commtui.marketing import post_drafts, posts
from commtui.model.abilities import Capabilities, Limits
from commtui.model.cleaning import cleaned
from commtui.model.media_types import TYPES, common_name, kind_of
from commtui.model.records import AccountState, Media, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.mastodon.entities import Instance
from commtui.networks.mastodon.instance import limits
from commtui.networks.payloads import read
from commtui.outgoing import rescheduling
from commtui.outgoing.attachments import accepted_suffixes, attachment, check_media
from commtui.outgoing.form import Form
from commtui.sentences.errors import bad_attachment
from tests.images import jpeg, png
from tests.sentences import refused
from tests.triage.desks import BRAND, OTHER, arrive, desk_on


def stated(**files):
    return limits(read({"configuration": {"media_attachments": files}}, Instance))


STATED = ["image/jpeg", "image/webp", "video/quicktime", "audio/x-wav", "audio/mpeg; x=y", 7]


@pytest.mark.parametrize(
    ("name", "kind"), [("a.JPG", "image"), ("a.mov", "video"), ("a.mp3", "audio"), ("a.wav", "audio"), ("a", "unknown")]
)
def test_a_kind_that_the_server_states_is_attached(tmp_path, name, kind):
    (tmp_path / name).write_bytes(b"x")
    assert attachment(str(tmp_path / name), "", [stated(supported_mime_types=STATED)]).kind == kind


def test_another_kind_is_refused_with_those_that_all_of_the_servers_take(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    other = Limits(media_types=("image/jpeg", "audio/mpeg", "image/png"))
    with pytest.raises(BadAttachment) as caught:
        attachment(str(tmp_path / "a.png"), "", [stated(supported_mime_types=STATED), other])
    assert (caught.value.file, caught.value.problem, caught.value.accepted) == ("a.png", "type", ["jpeg", "jpg", "mp3"])
    assert "png" in accepted_suffixes([Limits()]) and "mp4" in accepted_suffixes([])
    assert stated(supported_mime_types="all").media_types == ()


@pytest.mark.parametrize(
    ("name", "size", "fits"),
    [
        ("a.png", 16, True),
        ("a.png", 17, False),
        ("a.gif", 17, False),
        ("a.mp4", 99, True),
        ("a.mp4", 100, False),
        ("a.OGG", 99, True),
        ("a.mp3", 100, False),
        ("a", 99, True),  # nobody knows what it is: the larger limit
        ("a", 100, False),
    ],
)
def test_images_and_videos_have_limits_of_their_own(tmp_path, name, size, fits):
    (tmp_path / name).write_bytes(b"x" * size)
    server = stated(image_size_limit=16, video_size_limit=99)
    if fits:
        assert attachment(str(tmp_path / name), "", [server])
    else:
        with pytest.raises(BadAttachment) as caught:
            attachment(str(tmp_path / name), "", [server])
        assert (caught.value.problem, caught.value.size, caught.value.limit) == (
            "size",
            size,
            16 if kind_of(name) == "image" else 99,
        )


def test_what_a_server_does_not_state_is_not_checked_and_pleroma_states_one_size_for_all(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"x" * 50)
    (tmp_path / "b").write_bytes(b"x" * 50)
    assert attachment(str(tmp_path / "a.mp4"), "", [stated(image_size_limit=16)])
    assert attachment(str(tmp_path / "b"), "", [stated(image_size_limit=16)])
    pleroma = limits(read({"upload_limit": 49, "description_limit": 3}, Instance))
    for name in ("a.mp4", "b"):
        with pytest.raises(BadAttachment, match="size"):
            attachment(str(tmp_path / name), "", [pleroma])
    with pytest.raises(BadAttachment, match="alt"):
        check_media([Media(str(tmp_path / "a.mp4"), "four", "video")], [replace(pleroma, video_bytes=99)])


def test_an_alt_text_is_counted_by_the_shortest_limit(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    servers = [Limits(alt_characters=5), Limits(alt_characters=4), Limits()]
    assert attachment(str(tmp_path / "a.png"), " ab\u00e9d ", servers).alt == "ab\u00e9d"
    with pytest.raises(BadAttachment) as caught:
        attachment(str(tmp_path / "a.png"), "abcde", servers)
    assert (caught.value.problem, caught.value.size, caught.value.limit) == ("alt", 5, 4)


@given(st.sampled_from(sorted(TYPES)), st.booleans(), st.sampled_from(["", "; codecs=x", " ;q=1"]))
def test_every_file_of_the_table_is_taken_by_a_server_that_states_its_type(suffix, experimental, parameter):
    kind, _, subtype = TYPES[suffix].partition("/")
    mime = f"{kind}/{'x-' if experimental else ''}{subtype}{parameter}"
    assert common_name(mime.upper()) == TYPES[suffix]
    assert suffix in accepted_suffixes([Limits(media_types=(mime, "text/plain"))])
    assert kind_of(f"a.b.{suffix.upper()}") == kind


# by what is in the file

LIMIT = 33_177_600
"""The pixels that Mastodon takes."""


@pytest.mark.parametrize(
    ("name", "data", "fits"),
    [
        ("a.png", png(7680, 4320), True),
        ("a.png", png(7681, 4320), False),
        ("a.png", png(1, LIMIT + 1), False),
        ("a.jpg", jpeg(4320, 7680, 6), True),
        ("a.jpg", jpeg(8000, 6000), False),
        ("a.jpg", png(8000, 6000), False),  # the name is wrong, and nobody minds
        ("a.png", b"nothing that is known", True),
        ("a.mp4", png(8000, 6000), True),
    ],
)
def test_the_pixels_that_a_server_states_are_counted(tmp_path, name, data, fits):
    (tmp_path / name).write_bytes(data)
    servers = [stated(image_matrix_limit=LIMIT), Limits(image_pixels=LIMIT + 9), Limits()]
    if fits:
        assert attachment(str(tmp_path / name), "", servers)
        return
    with pytest.raises(BadAttachment) as caught:
        attachment(str(tmp_path / name), "", servers)
    assert (caught.value.problem, caught.value.limit) == ("pixels", LIMIT)
    assert caught.value.width * caught.value.height == caught.value.size > LIMIT
    assert "33,177,600: make it smaller" in bad_attachment(caught.value)
    assert attachment(str(tmp_path / name), "", [stated(image_matrix_limit="huge"), Limits()])


def test_a_file_that_is_changed_is_looked_at_again(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(png(8000, 6000))
    with pytest.raises(BadAttachment, match="pixels"):
        attachment(str(file), "", [Limits(image_pixels=LIMIT)])
    file.write_bytes(png(80, 60))
    os.utime(file, ns=(1, 1))
    assert attachment(str(file), "", [Limits(image_pixels=LIMIT)])


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize(
    ("data", "types", "fits"),
    [
        (HEIC, ("image/png", "image/jpeg"), False),
        (HEIC, ("image/png", "image/jpeg", "image/heic"), True),
        (HEIC, (), True),
        (png(1, 1), ("image/jpeg", "image/png"), True),
        (png(1, 1), ("image/jpeg",), False),
        (b"GIF89a\1\0\1\0", ("image/jpeg",), False),
        (b"x", ("image/jpeg",), True),
    ],
)
def test_an_image_whose_name_says_another_type_is_refused_where_the_server_does_not_take_it(
    tmp_path, data, types, fits
):
    (tmp_path / "photo.jpg").write_bytes(data)
    if fits:
        assert attachment(str(tmp_path / "photo.jpg"), "", [Limits(media_types=types)])
        return
    with pytest.raises(BadAttachment) as caught:
        attachment(str(tmp_path / "photo.jpg"), "", [Limits(media_types=types)])
    assert caught.value.problem == "content" and "jpg" in bad_attachment(caught.value)


# what is scheduled


@pytest.fixture
def desk(tmp_path):
    desk = desk_on(tmp_path / "home")
    small = Limits(characters=500, image_bytes=10, alt_characters=5, media_types=("image/png", "image/jpeg"))
    with desk.store.write() as write:
        for account, bounds in ((BRAND, small), (OTHER, Limits(characters=500))):
            state = AccountState(id=account.id, name=account.name, network="demo", limits=bounds)
            write.put(replace(state, capabilities=Capabilities(media=True)))
    return desk


@pytest.fixture
def files(tmp_path):
    made = {"good.png": b"x", "big.png": b"x" * 11, "scan.tiff": b"x"}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: Media(str(tmp_path / name), "alt", kind_of(name)) for name in made}


@pytest.mark.parametrize(("name", "why"), [("big.png", "11 bytes"), ("scan.tiff", "no .tiff")])
def test_a_post_or_reply_with_a_file_that_its_server_refuses_is_kept_as_a_draft(desk, files, name, why):
    form = Form(media=(files[name],))
    with refused(desk, CannotSend, why):
        posts.write_post(desk, "news", ["other", "brand"], form=form)
    arrived = arrive(desk, "1")
    with refused(desk, CannotSend, why):
        replies.reply(desk, arrived.id, "yes", form)
    assert {item.state for item in desk.store.all(Outgoing)} == {OutgoingState.DRAFT}
    items, _ = posts.write_post(desk, "news", ["other"], form=form)
    assert [item.state for item in items] == [OutgoingState.SCHEDULED]


def test_a_draft_whose_file_is_refused_or_gone_is_not_scheduled(desk, files, tmp_path):
    arrived = arrive(desk, "1")
    draft = reply_drafts.draft(desk, arrived.id, "yes", Form(media=(files["big.png"],)))
    with refused(desk, CannotSend, "11 bytes"):
        rescheduling.publish(desk, [draft.id])
    post = post_drafts.store_post(desk, None, "news", ["brand"], form=Form(media=(files["good.png"],)))
    (tmp_path / "good.png").unlink()
    with refused(desk, CannotSend, "good.png"):
        post_drafts.send_post(desk, post)


def test_a_file_that_is_uploaded_already_is_not_looked_at_again(desk):
    uploaded = Media("/nowhere/a.tiff", "a long alt text", "image", remote_id="5")
    items, _ = posts.write_post(desk, "news", ["brand"], form=Form(media=(uploaded,)))
    assert items[0].state is OutgoingState.SCHEDULED


@pytest.mark.parametrize(
    "name", ["a\x1b[31m.png", "a\nb.png", "a\u202egnp.exe.png", "a\udcff.png", "in\u200bvisible.png"]
)
def test_a_name_that_no_record_could_hold_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(BadAttachment) as refusal:
        attachment(str(tmp_path / name), "")
    assert refusal.value.problem == "name" and "rename it" in bad_attachment(refusal.value)


@pytest.mark.parametrize("name", ["at 3.45\u202fPM.png", "two  blanks |x.png", "übung 👩‍💻.png", "می‌خواهم.png"])
def test_a_name_with_blanks_of_any_kind_stays_as_it_is(tmp_path, name):
    """macOS puts a narrow blank into the names of its pictures of the screen."""
    (tmp_path / name).write_bytes(b"x")
    media = attachment(str(tmp_path / name), "")
    assert cleaned(media) == media and media.url == str(tmp_path / name)
