"""A reply that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commtui.activity import resolve
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import OtherText
from commtui.community import concurrent_replies, participants, replies, reply_drafts, saved_replies
from commtui.model.ids import REPLY
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import OutgoingState
from commtui.model.visibility import Visibility, narrower
from commtui.outgoing import checks
from commtui.outgoing.form import Form
from commtui.ui.composer.draft import Draft, GetDesk, account_name, account_visibilities
from commtui.ui.text.names import without_host
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import RowContext
from commtui.ui.text.thread import thread_parts


class ReplyDraft(Draft):
    """The reply to a conversation's newest mention. Its text is the conversation's draft, or where another window
    writes into that one, a second draft."""

    def __init__(self, desk: GetDesk, identity: str) -> None:
        super().__init__(desk)
        store = desk().store
        self.mention, self.conversation = resolve.answered(store, identity)
        named = store.get(Outgoing, identity) if identity[:1] == REPLY else None
        stored = named if named and named.state is OutgoingState.DRAFT else None
        stored = stored or reply_drafts.current_draft(store, self.conversation)
        self._known = concurrent_replies.known_in_composer(desk(), self.conversation, stored)
        self.visibility, self.warning = self.mention.visibility, self.mention.spoiler
        self.others = self.mention.others
        if stored:
            self.text, self.visibility = stored.text, stored.visibility
            if stored.in_reply_to == self.mention.id:
                self.others = stored.others
            self.warning, self.media = stored.spoiler, stored.media
            if stored.scheduled_at and not stored.hold_window and stored.scheduled_at > desk().now:
                self.at = stored.scheduled_at

    def title(self) -> str:
        return f"reply to {self.mention.author} from {account_name(self.desk(), self.conversation.account)}"

    def context(self, context: RowContext) -> list[Part]:
        return thread_parts(self.desk(), self.conversation, context)

    def accounts(self) -> list[tuple[str, str]]:
        return [(self.conversation.account, account_name(self.desk(), self.conversation.account))]

    def as_sent(self, text: str) -> str:
        return checks.as_sent(self.desk().store, self.conversation.account, text, self.mention, self.others)

    def visibilities(self) -> list[Visibility]:
        choices = account_visibilities(self.desk(), self.conversation.account)
        widest = self.mention.visibility
        return [choice for choice in choices if narrower(choice, widest) is choice] or [widest]

    def subjects(self) -> tuple[str, ...]:
        return (self.conversation.id,)

    def may_leave_out(self) -> bool:
        """Whether there is anybody whom the network would put before the text, beside the author."""
        return bool(self.mention.others) and checks.puts_handles(self.desk().store, self.conversation.account)

    def choose_others(self, text: str) -> None:
        """Keeps those whom a text names beside the author; empty: nobody. Raises UnknownName."""
        self.others = participants.only(self.mention.others, text)

    def saved_reply(self, name: str, given: Mapping[str, str]) -> str:
        """The text of a saved reply, filled in for this conversation; `given`: the values of its own variables.

        Raises UnknownName, NoValue."""
        return saved_replies.saved_reply(self.desk(), name, self.conversation.id, given)

    def _form(self) -> Form:
        return Form(
            visibility=self.visibility,
            spoiler=self.warning,
            media=self.media,
            others=self.others,
            timed=True,
            at=self.at,
            zone=self.zone,
        )

    def save(self, text: str) -> None:
        stored = reply_drafts.draft(self.desk(), self.conversation.id, text, self._form(), self._known)
        self._known = self._known.after(stored)

    def is_stored(self, text: str) -> bool:
        stored = self.desk().store.get(Outgoing, self._known.draft) if self._known.draft else None
        if stored is None:
            return not text
        return self._known.is_own(stored) and stored.state is not OutgoingState.DISCARDED

    def send(self, text: str) -> Outcome:
        desk = self.desk()
        try:
            _, outcome = replies.reply(desk, self.conversation.id, text, self._form(), known=self._known)
        except OtherText as error:
            self._known = error.known  # the next `y` sends it
            raise
        return outcome

    def discard(self) -> Outcome:
        return reply_drafts.drop_draft(self.desk(), self.conversation.id, self._known)

    def facts(self) -> list[str]:
        desk = self.desk()
        conversation = desk.store.get(Conversation, self.conversation.id) or self.conversation
        elses = conversation.assignee not in (None, desk.who)
        return [
            f"reply to {without_host(self.mention.author)}",
            *([f"assigned to {conversation.assignee}"] if elses else []),
            self.visibility.value,
            self.when_sent(),
            f"from {account_name(desk, self.conversation.account)}",
        ]

    def place(self) -> dict[str, Any]:
        conversation = self.desk().store.get(Conversation, self.conversation.id)
        second = conversation is not None and conversation.draft and self._known.draft
        if second and conversation is not None and conversation.draft != self._known.draft:
            return {"reply": self._known.draft}
        return {"reply": self.conversation.id}
