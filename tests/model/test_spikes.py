"""A spike is many more than usual; the words that its texts share are rare elsewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commtui.model.spikes import LEAST, TIMES, shared_words, spike

TEXTS = st.lists(st.text(st.sampled_from("abcd äß漢 .,@#/"), max_size=20), max_size=30)


def test_what_half_of_them_say_and_others_do_not_is_shared() -> None:
    texts = [f"The roaster is broken, again! {number}" for number in range(8)] + ["broken Roaster", "hello the"] * 2
    others = ["the weather is fine", "is the shop open", "thank you for the beans"] * 5
    assert shared_words(texts, others) == ("broken", "roaster", "again")
    assert shared_words(["@shop https://x.example/roaster #tag"] * 10, []) == ("tag",)


@given(TEXTS, st.floats(0, 50), TEXTS)
def test_a_spike_has_at_least_so_many_and_so_many_times_the_usual(
    texts: list[str], usual: float, others: list[str]
) -> None:
    found = spike(texts, usual, others)
    assert (found is not None) == (len(texts) >= LEAST and len(texts) >= TIMES * usual)
    if found is not None:
        assert (found.arrivals, found.usual) == (len(texts), usual)
        assert spike([*texts, "more"], usual, others) is not None


@given(TEXTS, TEXTS)
def test_shared_words_stand_in_half_of_the_texts_and_do_not_depend_on_their_order(
    texts: list[str], others: list[str]
) -> None:
    words = shared_words(texts, others)
    assert len(set(words)) == len(words) <= 3
    assert words == shared_words(texts[::-1], others[::-1]) == shared_words([text.upper() for text in texts], others)
    for word in words:
        assert 2 * sum(word in text.casefold() for text in texts) >= len(texts)
    assert shared_words(texts, texts) == ()
