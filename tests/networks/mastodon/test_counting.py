"""How a server counts, learned from its refusal of a text that fits what it states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.abilities import Limits
from commtui.model.length import length
from commtui.networks.base import Refused, TooLong
from commtui.networks.mastodon.counting import RULES, learned
from tests.networks.mastodon.logins import login, outgoing, run

LONG_LINK = "https://x.example/" + "a" * 200


@pytest.mark.parametrize("errors", ["json", "text", "html", "empty"])
@pytest.mark.parametrize(("stated", "refused"), [(25, 422), (23, 400), (23, 413)])
def test_refusal_of_a_text_that_fits_shows_that_links_count_whole(quirks, errors, stated, refused):
    whole = {"links_count_whole": True, "characters_reserved_per_url": stated, "max_characters": 200}
    server = quirks(errors=errors, refused=refused, **whole)

    async def job(network):
        await network.check()
        return await network.send(outgoing(f"see {LONG_LINK}", None, "key-1"), ())

    with pytest.raises(TooLong, match="it counts links whole, so this text has 222 of 200 characters") as caught:
        run(login(server), job)
    assert (caught.value.counting, caught.value.status) == ("mastodon", refused)
    assert server.statuses_of("brand") == []


def stated(characters=100, per_url=23):
    return Limits(characters=characters, counting="mastodon", per_url=per_url)


def no(words="Text character limit of 100 exceeded", status=422):
    error = Refused(f"far.example refused: {words}")
    error.status = status
    return error


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "spoiler", "error", "rule"),
    [
        ("x" * 60 + f" {LONG_LINK}", "", no(), "mastodon"),
        ("x" * 60 + f" {LONG_LINK}", "", no("zu lang", 413), "mastodon"),
        (f"{LONG_LINK[:80]}", "a long warning about it", no(), "mastodon"),
        ("@ada@a-rather-long-host.example " * 4, "", no(), "graphemes"),
        (FAMILY * 30, "", no(), "characters"),
        ("x" * 60 + f" {LONG_LINK}", "", no("Media attachment not found"), None),
        ("x" * 60 + f" {LONG_LINK}", "", no(status=403), None),
        ("x" * 60, "", no(), None),
        ("x" * 101, "", no(), None),
    ],
)
def test_what_a_refusal_shows_of_a_servers_counting(text, spoiler, error, rule):
    seen = learned(error, text, spoiler, stated())
    assert getattr(seen, "counting", None) == rule
    if rule is None:
        assert seen is error
    else:
        assert length(text, stated().counting_whole(rule), spoiler) > 100 >= length(text, stated(), spoiler)
    assert learned(error, text, spoiler, Limits()) is error


@given(st.lists(st.sampled_from(["x" * 9, LONG_LINK[:60], "@ada@far.example", FAMILY, " "]), max_size=12).map(" ".join))
def test_a_learned_rule_always_explains_the_refusal_and_is_the_nearest_that_does(text):
    seen = learned(no(), text, "", stated())
    fits = [rule for rule in RULES if length(text, stated().counting_whole(rule)) <= 100]
    explains = [rule for rule in RULES if rule not in fits] if length(text, stated()) <= 100 else []
    assert getattr(seen, "counting", None) == next(iter(explains), None)
