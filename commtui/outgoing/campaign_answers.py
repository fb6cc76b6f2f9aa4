"""The campaign of conversations that came before anybody knew that our post, which they answer, is out."""

from __future__ import annotations

from msgspec.structs import replace

from commtui.activity.resolve import elder
from commtui.model.records import Conversation, Outgoing
from commtui.store.store import Store
from commtui.store.write import Write


def name_campaign(store: Store, write: Write, item: Outgoing) -> None:
    """Writes the campaign of a post that is out into the conversations that began under it, if these have none."""
    if item.campaign is None or item.remote_id is None:
        return
    for mention in store.mentions.answers_to(item.remote_id):
        if mention.account != item.account:
            continue
        conversation = write.get(Conversation, mention.conversation)
        conversation = elder(store, conversation) if conversation else None
        if conversation is not None and conversation.campaign is None:
            write.put(replace(conversation, campaign=item.campaign))
