"""What counts where: a mention counts for one campaign at most, whatever is merged, folded or undone."""

from __future__ import annotations

from random import Random

import pytest

from commtui.activity.undo import undo
from commtui.community import merging
from commtui.marketing import campaigns, posts
from commtui.marketing.campaigns import Plan
from commtui.model.records import Conversation, Mention
from commtui.triage.campaigns import listed
from tests.triage.desks import arrive, conversation_of, desk_on, sent

NAMES = ("spring", "autumn", "winter")


@pytest.mark.parametrize("seed", range(4))
def test_no_mention_counts_twice_and_none_of_a_campaign_is_left_out(tmp_path, seed):
    random, desk = Random(seed), desk_on(tmp_path)
    for name in NAMES:
        campaigns.add(desk, Plan(name=name))
    out = []
    for number in range(6):
        items, _ = posts.write_post(desk, f"news {number}", ["brand"], campaign=random.choice((*NAMES, None)))
        out.append(sent(desk, items[0], f"p{number}").remote_id)
    arrived: list[Mention] = []
    for number in range(40):
        answers = random.choice([None, *out, *(mention.remote_id for mention in arrived)])
        arrived.append(arrive(desk, str(number), answers=answers, ago=60 - number))
        if number % 8 == 7:
            some = {conversation_of(desk, mention).id for mention in random.sample(arrived, 4)}
            if len(some) > 1:
                merging.merge(desk, sorted(some))
                if random.random() < 0.5:
                    undo(desk)
    whole = [each for each in desk.store.all(Conversation) if each.folded_into is None]
    assert sum(conversation.mentions for conversation in whole) == len(arrived)
    counted = {each.campaign.id: each.figures for each in listed(desk)}
    assert sum(figures.replies for figures in counted.values()) == sum(
        conversation.mentions for conversation in whole if conversation.campaign
    )
    for campaign, figures in counted.items():
        of_it = [mention for mention in arrived if conversation_of(desk, mention).campaign == campaign]
        assert figures.replies == len(of_it)
        assert figures.conversations == len({conversation_of(desk, mention).id for mention in of_it})
    assert any(figures.replies for figures in counted.values())
