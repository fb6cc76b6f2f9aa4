"""What the worlds of a demo have of the time before their past, and the second of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commtui.networks.demo import Demo, SecondDemo
from commtui.networks.demo.history import ENDS, FIRST_DAY, past_life
from commtui.networks.demo.script import FIRST, SECOND, Script
from commtui.networks.demo.timeline import Seed
from tests.clock import START
from tests.networks.test_demo import DemoContract, fetched, login, mentions

SCRIPTS = (FIRST, SECOND)


class TestSecondDemo(DemoContract):
    """The second network keeps the contract, too."""

    network = SecondDemo


@pytest.mark.parametrize("script", SCRIPTS, ids=("first", "second"))
@pytest.mark.parametrize("seed", range(12))
def test_what_was_said_is_in_turn_and_over_before_the_past_begins(script: Script, seed: int):
    life = past_life(Seed(seed, START, 0, 0, history=True), script)
    for conversation in life.conversations:
        times = [event.at for event in conversation.said]
        assert times == sorted(times) and len(set(times)) == len(times)
        assert START - timedelta(days=FIRST_DAY + 1) < times[0] and times[-1] <= START - ENDS
        assert conversation.said[0].who is not None
    first = {}
    for conversation in life.conversations:
        if not conversation.episode.under:
            who, at = conversation.episode.who, conversation.said[0].at
            assert first.get(who, at) - timedelta(days=1) < at, "what a person says is in the order of the script"
            first[who] = at
    assert life == past_life(Seed(seed, START, 0, 0, history=True), script)
    assert life != past_life(Seed(seed + 1, START, 0, 0, history=True), script)


@pytest.mark.parametrize(("network", "script"), [(Demo, FIRST), (SecondDemo, SECOND)])
def test_every_text_of_the_history_fits_and_what_it_names_is_there(network: type[Demo], script: Script):
    posts = {post.name for post in script.old_posts}
    assert len(posts) == len(script.old_posts)
    for post in script.old_posts:
        assert 0 < len(post.text) <= (network.limits.characters or 0)
    for episode in script.episodes:
        assert episode.who in script.people and episode.under in {"", *posts}
        assert all(0 < len(text) <= (network.limits.characters or 0) for text in episode.say)
        assert episode.left != "waiting" or episode.say[-1].startswith("> ")
    assert all(human.host.endswith(".example") for human in script.people.values())


def test_a_world_has_its_history_only_where_it_is_asked_for():
    old = mentions(fetched(Demo(login(history=True)), since=START - timedelta(days=400))[0])
    new = mentions(fetched(Demo(login()), since=START - timedelta(days=400))[0])
    assert len(new) == 40 and len(old) > 150
    assert {status.text for status in new} <= {status.text for status in old}
    assert any(status.bot for status in old)
