"""Saved replies: their variables, and names that the config does not have."""

from __future__ import annotations

from commtui.activity.errors import Usage
from commtui.community import saved_replies
from commtui.model.records import Conversation
from tests.sentences import refused
from tests.ui.fill import services_in


def test_a_saved_reply_is_filled_in_once_and_leaves_other_braces_alone(tmp_path):
    services = services_in(tmp_path, 1, saved={"thanks": "{name} ({author}): {{x}} {author_id} - {me}"})
    conversation = services.store.all(Conversation)[0]
    text = saved_replies.saved_reply(services.desk(), "thanks", conversation.id)
    assert text == f"{conversation.author_name} ({conversation.author}): {{{{x}}}} {{author_id}} - lea"
    with refused(services.desk(), Usage, "no saved reply 'thx'; there are: thanks"):
        saved_replies.saved_reply(services.desk(), "thx", conversation.id)
