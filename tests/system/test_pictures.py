"""Pictures are decoded in a process of their own: to a size, within limits, and whatever a file holds."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from commtui.model.attachments import MOST_SHOWN
from commtui.system import pictures
from commtui.system.picture_decoder import MOST_PIXELS
from commtui.system.pictures import Cache, NotDecoded, decode, read_file

Image = pytest.importorskip("PIL.Image", reason="needs Pillow, the extra images")


def file_of(image: Any, kind: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def plain(width: int, height: int, colour: tuple[float, ...] = (200, 10, 20), mode: str = "RGB") -> Any:
    return Image.new(mode, (width, height), colour)


def problem_of(data: bytes) -> str:
    with pytest.raises(NotDecoded) as caught:
        decode(data, "pixels", 10, 10)
    return caught.value.problem


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_picture_fits_into_its_place_and_keeps_its_shape(kind: str) -> None:
    picture = decode(file_of(plain(400, 200), kind), "pixels", 40, 40)
    assert (picture.format, picture.width, picture.height) == (kind, 400, 200)
    assert (picture.columns, picture.rows) == (40, 20)
    assert len(picture.body) == 40 * 20 * 3
    assert all(abs(value - wanted) < 9 for value, wanted in zip(picture.body[:3], (200, 10, 20), strict=True))


def test_a_small_one_is_not_made_larger_and_half_a_transparency_has_the_ground_below() -> None:
    picture = decode(file_of(plain(2, 1, (255, 255, 255, 0), "RGBA")), "pixels", 40, 40, "#102030")
    assert (picture.columns, picture.rows, picture.body) == (2, 1, bytes.fromhex("102030") * 2)


def test_a_camera_held_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = decode(file_of(plain(40, 20), "JPEG", exif=exif), "pixels", 100, 100)
    assert (picture.columns, picture.rows) == (20, 40)


def test_for_kitty_it_is_a_png_and_info_decodes_nothing() -> None:
    data = file_of(plain(400, 200), "JPEG")
    picture = decode(data, "png", 100, 100)
    assert picture.body.startswith(b"\x89PNG") and (picture.columns, picture.rows) == (100, 50)
    about = decode(data[:-1000] if len(data) > 2000 else data, "info")
    assert (about.width, about.height, about.body) == (400, 200, b"")


def png_of(width: int, height: int) -> bytes:
    """A PNG that says to be of that size, and holds a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    assert problem_of(png_of(100_000, 100_000)) == "pixels"
    assert problem_of(png_of(MOST_PIXELS // 1000 + 1, 1000)) == "pixels"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG", SVG, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.4", os.urandom(5000), b"\xff\xd8\xff" * 50]
)
def test_what_is_no_picture_is_told(data: bytes) -> None:
    assert problem_of(data) == "unreadable"


def test_a_picture_that_is_cut_off_is_told() -> None:
    noise = Image.effect_noise((300, 300), 80)
    assert problem_of(file_of(noise, "PNG")[:5000]) == "unreadable"


def test_one_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "hangs.py"
    script.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(pictures, "_SCRIPT", script)
    monkeypatch.setattr(pictures, "SECONDS", 0.3)
    assert problem_of(b"x") == "time"


def test_a_decoder_that_crashes_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "crashes.py"
    script.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(pictures, "_SCRIPT", script)
    assert problem_of(b"x") == "unreadable"


def test_without_pillow_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "has_pillow", lambda: False)
    assert problem_of(file_of(plain(1, 1))) == "no-pillow"


def test_only_plain_files_of_a_bounded_size_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MOST_SHOWN + 1)
    for name, problem in (("pipe", "unreadable"), ("large", "size"), (".", "unreadable"), ("missing", "unreadable")):
        with pytest.raises(NotDecoded) as caught:
            read_file(tmp_path / name)
        assert caught.value.problem == problem


def test_the_cache_has_no_more_bytes_than_it_may_and_forgets_the_longest_unused() -> None:
    cache = Cache(100)
    cache.put("a", b"x" * 40)
    cache.put("b", b"x" * 40)
    assert cache.get("a") is not None
    cache.put("c", b"x" * 40)
    assert [name for name in "abc" if cache.get(name)] == ["a", "c"]
    cache.put("d", b"x" * 101)
    assert not any(map(cache.get, "abcd"))
