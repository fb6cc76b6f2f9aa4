"""JSON of servers is read in pieces, which lets other threads run, and means what it means read whole."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.networks import json_texts
from commtui.networks.base import Malformed
from commtui.networks.json_texts import LONGEST, NESTING, PIECE, VALUES, decode
from commtui.networks.payloads import LOGGED, read_each

VALUE = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(2**60), 2**60)
    | st.sampled_from(["\\", '"', '\\"', "[{", "\ud83d"]),
    lambda some: st.lists(some) | st.dictionaries(st.text() | st.just("\udc00"), some),
    max_leaves=40,
)  # fmt: skip


@given(VALUE, st.integers(1, 40), st.booleans(), st.sampled_from([None, 2]))
def test_a_text_in_pieces_means_what_it_means_whole(value: Any, piece: int, escaped: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    body = text.encode("utf-8", "surrogatepass")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_texts, "PIECE", piece)
        patched.setattr(json_texts, "LONGEST", 10**6)
        try:
            found = decode(body)
        except UnicodeDecodeError:  # half an emoji as bytes is no UTF-8
            assert "\\ud" not in text and not escaped
            return
    # a high and a low surrogate that meet in the text are one character
    assert without_surrogates(found) == without_surrogates(json.loads(json.dumps(value)))


def without_surrogates(value: Any) -> Any:
    """With one U+FFFD for what is no character: half an emoji has three bytes, of which each may be replaced."""
    if isinstance(value, str):
        return re.sub("\ufffd+", "\ufffd", value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    if isinstance(value, list):
        return [without_surrogates(entry) for entry in value]
    if isinstance(value, dict):
        return {without_surrogates(name): without_surrogates(entry) for name, entry in value.items()}
    return value


def test_no_more_than_a_piece_is_turned_into_values_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = msgspec.json.decode

    def counted(raw: bytes, **more: Any) -> Any:
        if not more:
            sizes.append(len(raw))
        return real(raw, **more)

    item = {"id": "1", "account": {"acct": "eve@example.net"}, "mentions": [{"id": str(n)} for n in range(100)]}
    body = json.dumps({"notifications": [item] * 3500, "more": ["x" * 1000] * 1000}).encode()
    assert len(body) > 6_000_000
    monkeypatch.setattr("msgspec.json.decode", counted)
    found = decode(body)
    assert len(found["notifications"]) == 3500 and found["notifications"][3499] == item
    assert max(sizes) <= PIECE and len(sizes) > 3000


def test_a_long_text_in_an_answer_is_cut() -> None:
    body = json.dumps([{"content": "x" * 8_000_000}, {"content": "y" * (PIECE - 2)}]).encode()
    long, short = decode(body)
    assert long["content"] == "x" * LONGEST and short["content"] == "y" * (PIECE - 2)


@pytest.mark.parametrize("entry", ["[]", "{}", '""', "1", '{"a":1}'])
def test_a_text_of_too_many_values_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="more than"):
        decode(f"[{','.join([entry] * (VALUES + 1))}]")
    assert len(decode(f"[{','.join([entry] * 1000)}]")) == 1000


def test_brackets_are_counted_over_pieces_and_outside_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"[" * NESTING + b"]" * NESTING
    for piece in range(1, 9):
        monkeypatch.setattr(json_texts, "PIECE", piece)
        assert decode(deep) is not None
        with pytest.raises(ValueError, match="deep"):
            decode(b"[" + deep + b"]")
        for cut in (b"[", b'{"a": "\\\\', b'["\\"]', b"[[]"):
            with pytest.raises(ValueError):
                decode(cut)
        value = ['\\"[', "\\\\", '\\\\"', "]", {'"{': "\\"}]
        assert decode(json.dumps(value)) == value


def test_ten_malformed_items_are_logged_and_the_others_counted(caplog: pytest.LogCaptureFixture) -> None:
    def reader(value: Any) -> None:
        raise Malformed("no item")

    with caplog.at_level(logging.WARNING):
        assert read_each([{}] * 1000, reader) == ([], 1000)
    assert len(caplog.records) == LOGGED + 1
    assert caplog.records[-1].getMessage() == "skipped 1000 malformed items in all"
