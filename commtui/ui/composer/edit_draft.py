"""Another text, other files or another time for a reply or post of ours."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec.structs import replace

from commtui.activity.outcome import Outcome
from commtui.activity.refusals import ChangedMeanwhile, NotKept
from commtui.model.outgoing import Content, content_of
from commtui.model.records import Mention, Outgoing
from commtui.model.states import TRANSITIONS, OutgoingState, Reason
from commtui.model.threads import is_part
from commtui.model.when import When
from commtui.outgoing import changes, checks, slots
from commtui.outgoing.form import Form
from commtui.outgoing.unsent_edits import Edit, UnsentEdits
from commtui.ui.composer.draft import Draft, GetDesk, account_name, time_words

log = logging.getLogger(__name__)
TIMED: Final = frozenset((OutgoingState.DRAFT, OutgoingState.SCHEDULED, OutgoingState.HELD))
"""States in which an item waits for its time. (What failed or is retried goes by another one.)"""


class EditDraft(Draft):
    """A change of something that is scheduled, stuck or out. `unsent` keeps it until it is saved: what is written into
    the store would be sent, half of it or not."""

    chooses_visibility = False
    send_words, keep_words, discard_words = "save", "go on later", "leave it as it was"

    def __init__(self, desk: GetDesk, item: Outgoing, unsent: UnsentEdits) -> None:
        super().__init__(desk)
        self.item = item
        self.unsent = unsent
        stored = Edit(item.text, item.spoiler, item.media, at=None if item.hold_window else item.scheduled_at)
        edit = unsent.get(item.id) or stored
        self.text, self.warning, self.media = edit.text, edit.warning, edit.media
        self.at, self._timed = edit.at, edit.timed
        self.visibility = item.visibility
        self.chooses_more = item.state is not OutgoingState.SENT
        self.chooses_time = item.state in TIMED and item.after is None
        self.is_post = item.conversation is None
        if item.state is OutgoingState.SENT:
            self.send_words = "send the edit"
        variants = self.desk().store.outgoing.of_post(item.post) if item.post else []
        self.others = [other for other in variants if other.id != item.id and other.state in TRANSITIONS["edit"]]
        """The other variants of its post that can be edited."""
        self.copies = self._copies(variants)
        """The variants of its post that say the same, itself included, where all of them can be edited at once."""
        self.edits_all = False
        """Whether all of them are changed."""
        self._known: Mapping[str, Content] = edit.known or self._contents()

    def _copies(self, variants: list[Outgoing]) -> list[Outgoing]:
        item = self.item
        same = all(
            copy.state in TRANSITIONS["edit"]
            and (copy.text, copy.spoiler, copy.media) == (item.text, item.spoiler, item.media)
            and not is_part(copy)
            for copy in variants
        )
        return variants if same and len(variants) > 1 else [item]

    def _contents(self) -> dict[str, Content]:
        """What stands there now: what is changed elsewhere from here on is not written over without a question."""
        items = (self.desk().store.get(Outgoing, copy.id) for copy in self.copies)
        return {item.id: content_of(item) for item in items if item is not None}

    def subjects(self) -> tuple[str, ...]:
        return tuple(copy.id for copy in self.copies) if self.edits_all else (self.item.id,)

    def change_copies(self) -> None:
        """Edits all variants of the post, or this one alone."""
        self.edits_all = not self.edits_all

    def set_time(self, text: str) -> None:
        super().set_time(text)
        self._timed = True

    def next_slot(self) -> When:
        items = self.copies if self.edits_all else [self.item]
        return slots.next_slots(self.desk(), items)[self.item.id]

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

    def _edit(self, text: str) -> Edit:
        return Edit(text, self.warning, self.media, self._timed, self.at, self._known)

    def _is_changed(self, text: str) -> bool:
        item = self.item
        return self._timed or (text, self.warning, self.media) != (item.text, item.spoiler, item.media)

    def _unsent(self, text: str) -> Edit | None:
        return self._edit(text) if self._is_changed(text) else None

    def save(self, text: str) -> None:
        self.unsent.put(self.item.id, self._unsent(text), self._still_there)

    def _still_there(self, items: Collection[str]) -> Collection[str]:
        """Those of some items that were not deleted, neither here nor on the network."""
        store = self.desk().store
        found = [item for identity in items if (item := store.get(Outgoing, identity))]
        return [item.id for item in found if item.reason != Reason.DELETED]

    def is_stored(self, text: str) -> bool:
        return self.unsent.get(self.item.id) == self._unsent(text)

    def send(self, text: str) -> Outcome:
        named = (self.edits_all and self.item.post) or self.item.id
        media = None if self.media == self.item.media else self.media
        if media and self.edits_all:  # each account has uploads of its own
            media = tuple(replace(file, remote_id=None) for file in media)
        form = Form(spoiler=self.warning, media=media, timed=self._timed, at=self.at, zone=self.zone)
        try:
            outcome = changes.edit(self.desk(), named, text, form, self._known)
        except ChangedMeanwhile:
            self._known = self._contents()  # the next `y` writes over it
            raise
        self._forget()
        return outcome

    def kept(self, text: str) -> Outcome:
        return Outcome(verb="keep-edit" if self._is_changed(text) else "unchanged", ids=(self.item.id,))

    def discard(self) -> Outcome:
        self._forget()
        return Outcome(verb="unchanged")

    def _forget(self) -> None:
        """There is no edit any more. Where that cannot be written it is offered again at most."""
        try:
            self.unsent.put(self.item.id, None, self._still_there)
        except NotKept as error:
            log.warning("an edit that is done could not be taken out of %s: %s", error.path, error.cause)

    def when_sent(self) -> str:
        desk, at = self.desk(), self.item.scheduled_at
        if self._timed or not at:
            return super().when_sent()
        return time_words(desk, at)

    def facts(self) -> list[str]:
        names = ", ".join(name for _, name in self.accounts())
        others = "" if self.edits_all else ", ".join(account_name(self.desk(), other.account) for other in self.others)
        differ = " (it differs)" if len(self.copies) == 1 else ""
        stay = f"not on {others}{differ}" if others else ""
        when = self.when_sent() if self.chooses_time else ""
        return [self.item.state.value, f"on {names}", *filter(None, [stay, when])]

    def place(self) -> dict[str, Any]:
        return {"edit": self.item.id}
