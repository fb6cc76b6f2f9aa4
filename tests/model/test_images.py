"""The type and the size of an image by its first bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.images import kind_and_size
from tests.images import jpeg, png


@given(st.integers(1, 60_000), st.integers(1, 60_000))
def test_sizes_of_images_are_read(width, height):
    assert kind_and_size(png(width, height)) == ("image/png", width, height)
    assert kind_and_size(jpeg(width, height)) == ("image/jpeg", width, height)
    assert kind_and_size(b"GIF89a" + struct.pack("<HH", width, height)) == ("image/gif", width, height)
    extended = (
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    assert kind_and_size(extended) == ("image/webp", width, height)


@pytest.mark.parametrize(("orientation", "size"), [(1, (30, 20)), (3, (30, 20)), (6, (20, 30)), (8, (20, 30))])
def test_photo_that_the_camera_turned_has_its_sides_changed(orientation, size):
    assert kind_and_size(jpeg(30, 20, orientation)) == ("image/jpeg", *size)


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"GIF89a", b"RIFF....WEBPVP8 "])
)
def test_cut_or_broken_images_are_no_fault(data, start):
    assert kind_and_size(start + data) is None or len(kind_and_size(start + data)) == 3


@given(st.integers(0, 60))
def test_photo_cut_anywhere_is_no_fault(at):
    assert kind_and_size(jpeg(30, 20, 6)[:at]) in (None, ("image/jpeg", 0, 0), ("image/jpeg", 20, 30))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", None),
        (b"BM6\0\0\0", "image/bmp"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"\0\0\0\x0cJXL \r\n", "image/jxl"),
        (b"<svg xmlns=", None),
        (b"", None),
    ],
)
def test_other_images_are_told_by_their_type_alone(data, kind):
    assert kind_and_size(data) == ((kind, 0, 0) if kind else None)
