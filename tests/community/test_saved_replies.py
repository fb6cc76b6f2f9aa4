"""Saved replies: their variables, and names that there are not."""

from __future__ import annotations

from commtui.activity.errors import Usage
from commtui.community import saved_replies
from commtui.model.records import Conversation
from tests.sentences import refused
from tests.ui.fill import arrive, services_in


def test_a_saved_reply_is_filled_in_once_and_leaves_other_braces_alone(tmp_path):
    services = services_in(tmp_path, 1, saved={"thanks": "{name} ({author}): {{x}} {author_id} - {me}"})
    conversation = services.store.all(Conversation)[0]
    text = saved_replies.saved_reply(services.desk(), "thanks", conversation.id)
    assert text == f"{conversation.author_name} ({conversation.author}): {{{{x}}}} {{author_id}} - lea"
    with refused(services.desk(), Usage, "no saved reply 'thx'; there are: thanks"):
        saved_replies.saved_reply(services.desk(), "thx", conversation.id)


def test_a_file_is_filled_in_from_the_mention_the_account_and_what_is_given(tmp_path):
    services = services_in(tmp_path, 0, saved={"both": "of the config"})
    arrive(services, 1, author_name="Prof. Ada Lovelace | she/her")
    text = "+++\n[variables]\norder = ''\nversion = '2'\n+++\n{first_name} {account} {order} {version} {other}\n"
    (services.home.replies / "bug.md").write_text(text)
    (services.home.replies / "both.md").write_text("of the file")
    desk, conversation = services.desk(), services.store.all(Conversation)[0]
    filled = saved_replies.saved_reply(desk, "bug", conversation.id, {"order": "{me}"})
    assert filled == "Ada brand {me} 2 {other}"
    assert list(saved_replies.all_saved(desk)) == ["both", "bug"]
    assert saved_replies.saved_reply(desk, "both", conversation.id) == "of the config"
    with refused(desk, Usage, r"\{order\} of bug has no value: give it by --set order=VALUE"):
        saved_replies.saved_reply(desk, "bug", conversation.id, {"version": "3"})
    with refused(desk, Usage, "no variable 'ordr'; there are: order, version"):
        saved_replies.saved_reply(desk, "bug", conversation.id, {"ordr": "3"})
    with refused(desk, Usage, "no variable 'x': this saved reply has none of its own"):
        saved_replies.saved_reply(desk, "both", conversation.id, {"x": "3"})


def test_of_many_names_some_are_told(tmp_path):
    services = services_in(tmp_path, 1, saved={f"answer{number}": "x" for number in range(13)})
    with refused(services.desk(), Usage, "no saved reply 'x'; there are: answer0, .*, answer9, and 3 more$"):
        saved_replies.find(services.desk(), "x")
