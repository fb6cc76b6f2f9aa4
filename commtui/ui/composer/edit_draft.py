"""Another text for a reply or post of ours."""

from __future__ import annotations

from typing import Any

from commtui.activity.outcome import Outcome
from commtui.model.records import Mention, Outgoing
from commtui.model.states import TRANSITIONS, OutgoingState
from commtui.model.threads import is_part
from commtui.outgoing import changes, checks
from commtui.ui.composer.draft import Draft, GetDesk, account_name


class EditDraft(Draft):
    """Another text for something that is scheduled, stuck or out. `unsent` (item -> text) keeps it: what is written
    into the store would be sent, half of it or not."""

    chooses_visibility = chooses_time = chooses_more = False
    send_words, keep_words, discard_words = "save", "go on later", "leave it as it was"

    def __init__(self, desk: GetDesk, item: Outgoing, unsent: dict[str, str]) -> None:
        super().__init__(desk)
        self.item = item
        self.unsent = unsent
        self.text = unsent.get(item.id, item.text)
        self.visibility = item.visibility
        self.warning = item.spoiler
        self.media = item.media
        if item.state is OutgoingState.SENT:
            self.send_words = "send the edit"
        self.copies = self._copies()
        """The variants of its post that say the same, itself included, where all of them can be edited at once."""
        self.edits_all = False
        """Whether all of them get the text."""

    def _copies(self) -> list[Outgoing]:
        item = self.item
        copies = self.desk().store.outgoing.of_post(item.post) if item.post else []
        same = all(
            copy.state in TRANSITIONS["edit"] and copy.text == item.text and not is_part(copy) for copy in copies
        )
        return copies if same and len(copies) > 1 else [item]

    def change_copies(self) -> None:
        """Edits all variants of the post, or this one alone."""
        self.edits_all = not self.edits_all

    def title(self) -> str:
        return f"edit of what is {self.item.state.value} on {account_name(self.desk(), self.item.account)}"

    def accounts(self) -> list[tuple[str, str]]:
        items = self.copies if self.edits_all else [self.item]
        return [(item.account, account_name(self.desk(), item.account)) for item in items]

    def as_sent(self, text: str) -> str:
        if self.item.state is OutgoingState.SENT:
            return text
        store = self.desk().store
        mention = store.get(Mention, self.item.in_reply_to) if self.item.in_reply_to else None
        return checks.as_sent(store, self.item.account, text, mention, self.item.others)

    def save(self, text: str) -> None:
        self.unsent[self.item.id] = text

    def send(self, text: str) -> Outcome:
        outcome = changes.edit(self.desk(), (self.edits_all and self.item.post) or self.item.id, text)
        self.unsent.pop(self.item.id, None)
        return outcome

    def kept(self, text: str) -> Outcome:
        return Outcome(verb="keep-edit" if text != self.item.text else "unchanged", ids=(self.item.id,))

    def discard(self) -> Outcome:
        self.unsent.pop(self.item.id, None)
        return Outcome(verb="unchanged")

    def facts(self) -> list[str]:
        names = ", ".join(name for _, name in self.accounts())
        others = [account_name(self.desk(), copy.account) for copy in self.copies if copy.id != self.item.id]
        stay = f"not on {', '.join(others)}" if others and not self.edits_all else ""
        return [self.item.state.value, f"on {names}", *filter(None, [stay])]

    def place(self) -> dict[str, Any]:
        return {"edit": self.item.id}
