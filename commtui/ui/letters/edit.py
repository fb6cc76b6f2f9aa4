"""Another text for something of ours."""

from __future__ import annotations

from typing import Any

from commtui.activity.desk import Outcome
from commtui.model.abilities import Limits
from commtui.model.records import Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes, checks
from commtui.ui.letters.letter import GetDesk, Letter, account_name


class EditLetter(Letter):
    """Another text for something that is scheduled, stuck or out. Half of it must not leave: it waits in ui.json."""

    what = "edit"
    chooses_visibility = chooses_time = False
    chooses_more = False

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

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(account_name(desk, self.item.account), checks.limits_of(desk.store, self.item.account))]

    def accounts_of(self) -> list[str]:
        return [self.item.account]

    def as_sent(self, text: str) -> str:
        store = self.desk().store
        mention = store.get(Mention, self.item.in_reply_to) if self.item.in_reply_to else None
        if self.item.state is OutgoingState.SENT:
            return text
        return checks.as_sent(store, self.item.account, text, mention)

    def save(self, text: str) -> None:
        self.unsent[self.item.id] = text

    def send(self, text: str) -> Outcome:
        outcome = changes.edit(self.desk(), self.item.id, text)
        self.unsent.pop(self.item.id, None)
        return outcome

    def discard(self) -> Outcome:
        self.unsent.pop(self.item.id, None)
        return Outcome("left as it was")

    def facts(self) -> list[str]:
        return [self.item.state.value, f"on {account_name(self.desk(), self.item.account)}"]

    def place(self) -> dict[str, Any]:
        return {"edit": self.item.id}
