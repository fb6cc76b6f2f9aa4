"""Files that are attached: of the kinds that the servers take, by what is known of them."""

from __future__ import annotations

import pytest

from commtui.activity.errors import BadAttachment
from commtui.model.abilities import Limits
from commtui.networks.mastodon.client import limits
from commtui.networks.mastodon.entities import Instance
from commtui.networks.payloads import read
from commtui.outgoing.attachments import accepted_suffixes, attachment


def limits_of(types):
    instance = read({"configuration": {"media_attachments": {"supported_mime_types": types}}}, Instance)
    return limits(instance)


STATED = ["image/jpeg", "image/webp", "video/quicktime", "audio/x-wav", "audio/mpeg; x=y", 7]


@pytest.mark.parametrize(
    ("name", "kind"), [("a.JPG", "image"), ("a.mov", "video"), ("a.mp3", "audio"), ("a.wav", "audio"), ("a", "unknown")]
)
def test_a_kind_that_the_server_states_is_attached(tmp_path, name, kind):
    (tmp_path / name).write_bytes(b"x")
    stated = limits_of(STATED)
    assert attachment(str(tmp_path / name), "", [stated]).kind == kind


def test_another_kind_is_refused_with_those_that_all_of_the_servers_take(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    stated = limits_of(STATED)
    other = Limits(media_types=("image/jpeg", "audio/mpeg", "image/png"))
    with pytest.raises(BadAttachment) as caught:
        attachment(str(tmp_path / "a.png"), "", [stated, other])
    assert (caught.value.file, caught.value.problem, caught.value.accepted) == ("a.png", "type", ["jpeg", "jpg", "mp3"])
    assert "png" in accepted_suffixes([Limits()]) and "mp4" in accepted_suffixes([])
    assert limits_of("all").media_types == ()
