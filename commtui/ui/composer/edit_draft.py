"""Another text for a reply or post of ours."""

from __future__ import annotations

from typing import Any

from commtui.activity.outcome import Outcome
from commtui.model.records import Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, checks
from commtui.ui.composer.draft import Draft, GetDesk, account_name


class EditDraft(Draft):
    """Another text for something that is scheduled, stuck or out. `unsent` (item -> text) keeps it: what is written
    into the store would be sent, half of it or not."""

    chooses_visibility = chooses_time = chooses_more = False

    def __init__(self, desk: GetDesk, item: Outgoing, unsent: dict[str, str]) -> None:
        super().__init__(desk)
        self.item = item
        self.unsent = unsent
        self.text = unsent.get(item.id, item.text)
        self.visibility = item.visibility
        self.warning = item.spoiler
        self.media = item.media

    def title(self) -> str:
        return f"edit of what is {self.item.state.value} on {account_name(self.desk(), self.item.account)}"

    def accounts(self) -> list[tuple[str, str]]:
        return [(self.item.account, account_name(self.desk(), self.item.account))]

    def as_sent(self, text: str) -> str:
        if self.item.state is OutgoingState.SENT:
            return text
        store = self.desk().store
        mention = store.get(Mention, self.item.in_reply_to) if self.item.in_reply_to else None
        return checks.as_sent(store, self.item.account, text, mention, self.item.others)

    def save(self, text: str) -> None:
        self.unsent[self.item.id] = text

    def send(self, text: str) -> Outcome:
        outcome = changes.edit(self.desk(), self.item.id, text)
        self.unsent.pop(self.item.id, None)
        return outcome

    def discard(self) -> Outcome:
        self.unsent.pop(self.item.id, None)
        return Outcome(verb="unchanged")

    def facts(self) -> list[str]:
        return [self.item.state.value, f"on {account_name(self.desk(), self.item.account)}"]

    def place(self) -> dict[str, Any]:
        return {"edit": self.item.id}
