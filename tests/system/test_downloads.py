"""Files that were fetched: harmless names, and none over another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.media_types import TYPES
from commtui.system.downloads import LONGEST, name_of, save


@pytest.mark.parametrize(
    ("address", "mime", "name"),
    [
        ("https://a.example/media/cup.jpeg", "image/jpeg", "cup.jpg"),
        ("https://a.example/media/cup.exe", "image/png", "cup.png"),
        ("https://a.example/x/..%2F..%2Fetc%2Fpasswd", "image/png", "file.png"),
        ("https://a.example/.bashrc", "image/png", "bashrc.png"),
        ("https://a.example/-rf", "audio/mpeg", "rf.mp3"),
        ("https://a.example/", "video/mp4", "file.mp4"),
        ("https://a.example/%E7%8C%AB.webp", "image/webp", "file.webp"),
        ("https://a.example/" + "x" * 300, "image/gif", "x" * LONGEST + ".gif"),
        ("https://a.example/img/plain/did:plc:x/bafk@jpeg", "image/jpeg", "bafk-jpeg.jpg"),
    ],
)
def test_a_name_is_the_address_s_last_part_with_the_ending_of_the_type(address: str, mime: str, name: str) -> None:
    assert name_of(address, mime) == name


@given(st.text(max_size=40), st.sampled_from(sorted(set(TYPES.values()))))
def test_no_address_names_a_path_a_hidden_file_or_an_option(path: str, mime: str) -> None:
    try:
        name = name_of(f"https://a.example/{path}", mime)
    except ValueError:  # no address
        return
    assert name.isascii() and "/" not in name and name[0] not in ".-" and name.count(".") == 1
    assert TYPES[name.rpartition(".")[2]] == mime


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    paths = [save(tmp_path / "new" / "folder", "a.png", body) for body in (b"1", b"2", b"3")]
    assert [path.name for path in paths] == ["a.png", "a-2.png", "a-3.png"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"3"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "elsewhere")
    assert save(tmp_path, "a.png", b"1").name == "a-2.png"
    assert not (tmp_path / "elsewhere").exists()
