"""The reply."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Outcome
from commtui.community import concurrent_replies, replies, reply_drafts
from commtui.model import when
from commtui.model.abilities import Limits
from commtui.model.ids import REPLY
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import OutgoingState
from commtui.model.visibility import Visibility, narrower
from commtui.outgoing import checks
from commtui.outgoing.form import Form
from commtui.triage import views
from commtui.ui.letters.letter import GetDesk, Letter, account_name, network_visibilities
from commtui.ui.text.names import without_ids
from commtui.ui.text.rows import Look, Pieces


class ReplyLetter(Letter):
    """The reply to a conversation's newest mention; its draft is the conversation's."""

    what = "reply"

    def __init__(self, desk: GetDesk, identity: str) -> None:
        super().__init__(desk)
        self.mention, self.held = resolve.answered(desk().store, identity)
        named = desk().store.get(Outgoing, identity) if identity[:1] == REPLY else None
        kept = named if named and named.state is OutgoingState.DRAFT else None
        kept = kept or reply_drafts.current_draft(desk().store, self.held)
        self._begun = concurrent_replies.begin(desk(), self.held, kept)
        self.text = kept.text if kept else ""
        self.visibility = kept.visibility if kept else self.mention.visibility
        self.warning = kept.spoiler if kept else self.mention.spoiler
        self.media = kept.media if kept else ()
        if kept and kept.scheduled_at and not kept.hold_window and kept.scheduled_at > desk().now:
            self.at = kept.scheduled_at

    def title(self) -> str:
        return f"reply to {self.mention.author} from {account_name(self.desk(), self.held.account)}"

    def context(self, look: Look) -> list[Pieces]:
        from commtui.ui.text.thread import conversation_lines

        desk = self.desk()
        return conversation_lines(self.held, views.thread(desk, self.held), views.notes(desk, self.held), look)

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(account_name(desk, self.held.account), checks.limits_of(desk.store, self.held.account))]

    def accounts_of(self) -> list[str]:
        return [self.held.account]

    def as_sent(self, text: str) -> str:
        return checks.as_sent(self.desk().store, self.held.account, text, self.mention)

    def visibilities(self) -> list[Visibility]:
        known = network_visibilities(self.desk(), self.held.account)
        return [each for each in known if narrower(each, self.mention.visibility) is each] or [self.mention.visibility]

    def _form(self) -> Form:
        return Form(visibility=self.visibility, spoiler=self.warning, media=self.media, timed=True, at=self.at)

    def save(self, text: str) -> None:
        kept = reply_drafts.draft(self.desk(), self.held.id, text, self._form(), self._begun)
        self._begun = replace(self._begun, draft=kept.id, text=kept.text)

    def stored(self, text: str) -> bool:
        kept = self.desk().store.get(Outgoing, self._begun.draft) if self._begun.draft else None
        if kept is None:
            return not text
        return kept.text == self._begun.text and kept.state is not OutgoingState.DISCARDED

    def send(self, text: str) -> Outcome:
        desk = self.desk()
        try:
            sent, outcome = replies.reply(desk, self.held.id, text, self._form(), begun=self._begun)
        except concurrent_replies.Beside as error:
            self._begun = error.begun  # told once
            raise
        leaves = f"in {when.span_text(desk.settings.hold)}"
        if sent.scheduled_at and not sent.hold_window:
            leaves = when.echo(sent.scheduled_at, desk.zone, desk.now)
        return replace(outcome, said=f"reply to {self.mention.author} leaves {leaves}")

    def discard(self) -> Outcome:
        return reply_drafts.drop_draft(self.desk(), self.held.id, self._begun)

    def facts(self) -> list[str]:
        desk = self.desk()
        leaves = when.echo(self.at, desk.zone, desk.now) if self.at else f"in {when.span_text(desk.settings.hold)}"
        to = without_ids(f"reply to {self.mention.author}", str)
        return [to, self.visibility.value, leaves, f"from {account_name(desk, self.held.account)}"]

    def place(self) -> dict[str, Any]:
        held = self.desk().store.get(Conversation, self.held.id)
        apart = held is not None and held.draft and self._begun.draft and held.draft != self._begun.draft
        return {"reply": self._begun.draft if apart else self.held.id}
