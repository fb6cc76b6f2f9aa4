"""The variables of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.saved_replies import SavedReply, filled, unknown, used

TEXTS = st.text(st.sampled_from("{}ab_ 1\n"), max_size=20)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{name}, {me}: {name}", ("name", "me")),
        ("{{name}} {{{name}}}", ()),
        ("{} {1} { name } {a-b} {name", ()),
        ("{Name} {order_2}", ("Name", "order_2")),
    ],
)
def test_a_name_in_single_braces_is_a_variable(text, names):
    assert used(text) == names


def test_a_value_is_not_read_again():
    assert filled("{name} {me} {x}", {"name": "{me}", "me": "{name}"}) == "{me} {name} {x}"


@given(TEXTS, st.dictionaries(st.sampled_from(["a", "b", "ab", "a_1"]), TEXTS, max_size=3))
def test_only_variables_with_a_value_change(text, values):
    assert filled(text, {}) == text
    if not set(used(text)) & set(values):
        assert filled(text, values) == text
    assert set(used(filled(text, dict.fromkeys(used(text), "-")))) == set()


def test_what_is_no_variable_is_known():
    assert unknown("{name} {order} {ordr}", {"order": ""}) == ("ordr",)


def test_only_variables_that_stand_in_the_text_are_asked_for():
    reply = SavedReply("a", "{b} {name} {a}", variables={"a": "", "b": "x", "c": ""})
    assert reply.asked == ("b", "a")


@pytest.mark.parametrize(
    ("language", "other", "same"),
    [
        ("de", "de", True),
        ("de", "de-AT", True),
        ("pt_BR", "PT", True),
        ("de", "en", False),
        ("", "de", False),
        ("de", None, False),
    ],
)
def test_a_language_is_the_same_in_every_country(language, other, same):
    assert SavedReply("a", "x", language=language).is_in(other) is same
