"""What the composer writes: a reply, a post, or another text for something of ours. No screen in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from commtui.model import when
from commtui.model.abilities import Limits, Visibility, narrower
from commtui.model.length import excess, length
from commtui.model.records import AccountState, Outgoing
from commtui.model.states import OutgoingState, WrongState
from commtui.model.states import step as follow
from commtui.triage import answering, drafting, outbox, posting, resolve, views
from commtui.triage.answering import Form
from commtui.triage.desk import Desk, Outcome
from commtui.triage.errors import TriageError, Usage
from commtui.ui.rowtext import Look, Pieces

GetDesk = Callable[[], Desk]


class Letter:
    """A text being written. `text` is what stood there at the beginning."""

    what = "text"
    text = ""
    visibility = Visibility.PUBLIC
    chooses_accounts = False
    chooses_visibility = True

    def __init__(self, desk: GetDesk) -> None:
        self.desk = desk

    def title(self) -> str:
        """What is being written, and from where."""
        raise NotImplementedError

    def context(self, look: Look) -> list[Pieces]:
        """What is answered, to be shown above."""
        return []

    def limits(self) -> list[tuple[str, Limits]]:
        """The bounds of each account it goes to, with the account's name."""
        raise NotImplementedError

    def spoiler(self) -> str:
        """The content warning that counts towards the length."""
        return ""

    def save(self, text: str) -> None:
        """Keeps the text while it is typed. Raises TriageError."""
        raise NotImplementedError

    def send(self, text: str) -> Outcome:
        """Puts it on its way. Raises TriageError; the text is kept then."""
        raise NotImplementedError

    def discard(self) -> Outcome:
        """Throws it away; undo brings it back."""
        raise NotImplementedError

    def place(self) -> dict[str, Any]:
        """What state/ui.json keeps, so that the composer opens again after a hang-up."""
        raise NotImplementedError

    def facts(self) -> list[str]:
        """What the review line says beside the length: account, visibility, time."""
        return [self.visibility.value]

    def next_visibility(self) -> str:
        """The next one that the network has; what the person is told."""
        choices = self.visibilities()
        after = choices.index(self.visibility) + 1 if self.visibility in choices else 0
        self.visibility = choices[after % len(choices)]
        return self.visibility.value

    def visibilities(self) -> list[Visibility]:
        """Those to choose from."""
        return list(Visibility)

    def lengths(self, text: str) -> list[tuple[str, int, int | None]]:
        """For each account its name, the length by its own rule, and its limit; alike ones are one."""
        found: dict[tuple[int, int | None], str] = {}
        for name, limits in self.limits():
            key = (length(text, limits, self.spoiler()), limits.characters)
            found[key] = f"{found[key]}, {name}" if key in found else name
        return [(name, count, most) for (count, most), name in found.items()]

    def problem(self, text: str) -> str | None:
        """Why it can't be sent as it stands; None if it can."""
        if not text.strip():
            return "the text is empty"
        for name, limits in self.limits():
            too_much = excess(text, limits, self.spoiler())
            if too_much:
                return f"{name}: {too_much}" if len(self.limits()) > 1 else too_much
        return None


def _network_visibilities(desk: Desk, account: str) -> list[Visibility]:
    known = desk.store.get(AccountState, account)
    return list(known.capabilities.visibilities) if known else list(Visibility)


def _account_name(desk: Desk, account: str) -> str:
    return next((each.name for each in desk.settings.accounts if each.id == account), "an account that is not here")


class ReplyLetter(Letter):
    """The reply to a conversation's newest mention; its draft is the conversation's."""

    what = "reply"

    def __init__(self, desk: GetDesk, identity: str) -> None:
        super().__init__(desk)
        self.mention, self.held = answering.answered(desk().store, identity)
        kept = answering.current_draft(desk().store, self.held)
        self.text = kept.text if kept else ""
        self.visibility = kept.visibility if kept else self.mention.visibility
        self._spoiler = kept.spoiler if kept else self.mention.spoiler

    def title(self) -> str:
        return f"reply to {self.mention.author} from {_account_name(self.desk(), self.held.account)}"

    def context(self, look: Look) -> list[Pieces]:
        from commtui.ui.threadtext import conversation_lines

        desk = self.desk()
        return conversation_lines(self.held, views.thread(desk, self.held), views.notes(desk, self.held), look)

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(_account_name(desk, self.held.account), answering.limits_of(desk.store, self.held.account))]

    def spoiler(self) -> str:
        return self._spoiler

    def visibilities(self) -> list[Visibility]:
        known = _network_visibilities(self.desk(), self.held.account)
        return [each for each in known if narrower(each, self.mention.visibility) is each] or [self.mention.visibility]

    def _form(self) -> Form:
        return Form(visibility=self.visibility)

    def save(self, text: str) -> None:
        answering.draft(self.desk(), self.held.id, text, self._form())

    def send(self, text: str) -> Outcome:
        desk = self.desk()
        _, outcome = answering.reply(desk, self.held.id, text, self._form())
        hold = when.span_text(desk.settings.hold)
        return replace(outcome, said=f"reply to {self.mention.author} leaves in {hold}")

    def discard(self) -> Outcome:
        return answering.drop_draft(self.desk(), self.held.id)

    def facts(self) -> list[str]:
        return [f"from {_account_name(self.desk(), self.held.account)}", self.visibility.value]

    def place(self) -> dict[str, Any]:
        return {"reply": self.held.id}


class PostLetter(Letter):
    """A post: a variant for each chosen account, at a time or after the hold window."""

    what = "post"
    chooses_accounts = True

    def __init__(self, desk: GetDesk, post: str | None = None, text: str = "") -> None:
        super().__init__(desk)
        self.post = post
        settings = desk().settings
        drafts = drafting.drafts_of(desk(), post) if post else []
        if post and not drafts:
            raise TriageError("this post is no draft any more")
        names = {account.id: account.name for account in settings.accounts}
        self.accounts = [names[each.account] for each in drafts if each.account in names]
        if not self.accounts and settings.accounts:
            self.accounts = [settings.accounts[0].name]
        self.at: datetime | None = drafts[0].scheduled_at if drafts else None
        self.text = drafts[0].text if drafts else text
        first = settings.accounts[0].visibility if settings.accounts else None
        self.visibility = drafts[0].visibility if drafts else first or Visibility.PUBLIC

    def title(self) -> str:
        return f"post from {', '.join(self.accounts)}"

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(name, answering.limits_of(desk.store, posting.account_named(desk, name).id)) for name in self.accounts]

    def visibilities(self) -> list[Visibility]:
        desk = self.desk()
        known = [_network_visibilities(desk, posting.account_named(desk, name).id) for name in self.accounts]
        return [each for each in Visibility if all(each in some for some in known)] or [Visibility.PUBLIC]

    def choose_accounts(self, text: str) -> None:
        """Takes the accounts named, or `all`. Raises Usage for an unknown one."""
        desk = self.desk()
        words = text.replace(",", " ").split()
        names = [each.name for each in desk.settings.accounts] if words == ["all"] else words
        if not names:
            raise Usage("name at least one account to post from")
        self.accounts = [posting.account_named(desk, name).name for name in names]

    def choose_time(self, text: str) -> None:
        """Takes a WHEN; empty or `now` is after the hold window. Raises Usage."""
        now = not text.strip() or text.strip().lower() == "now"
        self.at = None if now else posting.moment(self.desk(), text)

    def save(self, text: str) -> None:
        if text.strip() or self.post:
            self.post = drafting.keep_post(
                self.desk(), self.post, text, self.accounts, self.at, Form(visibility=self.visibility)
            )

    def send(self, text: str) -> Outcome:
        if not text.strip():
            raise TriageError("nothing to send: the text is empty")
        self.save(text)
        return drafting.send_post(self.desk(), self.post or "")

    def discard(self) -> Outcome:
        return drafting.discard_post(self.desk(), self.post) if self.post else Outcome("nothing was written")

    def facts(self) -> list[str]:
        desk = self.desk()
        at = when.echo(self.at, desk.zone, desk.now) if self.at else f"in {when.span_text(desk.settings.hold)}"
        return [f"from {', '.join(self.accounts)}", self.visibility.value, at]

    def place(self) -> dict[str, Any]:
        return {"post": self.post}


class EditLetter(Letter):
    """Another text for something that is scheduled, stuck or out. Half of it must not leave: it waits in ui.json."""

    what = "edit"
    chooses_visibility = False

    def __init__(self, desk: GetDesk, item: Outgoing, unsent: dict[str, str]) -> None:
        super().__init__(desk)
        self.item = item
        self.unsent = unsent
        self.text = unsent.get(item.id, item.text)
        self.visibility = item.visibility

    def title(self) -> str:
        return f"edit of what is {self.item.state.value} on {_account_name(self.desk(), self.item.account)}"

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(_account_name(desk, self.item.account), answering.limits_of(desk.store, self.item.account))]

    def spoiler(self) -> str:
        return self.item.spoiler

    def save(self, text: str) -> None:
        self.unsent[self.item.id] = text

    def send(self, text: str) -> Outcome:
        outcome = outbox.edit(self.desk(), self.item.id, text)
        self.unsent.pop(self.item.id, None)
        return outcome

    def discard(self) -> Outcome:
        self.unsent.pop(self.item.id, None)
        return Outcome("left as it was")

    def facts(self) -> list[str]:
        return [self.item.state.value, f"on {_account_name(self.desk(), self.item.account)}"]

    def place(self) -> dict[str, Any]:
        return {"edit": self.item.id}


def letter_for(desk: GetDesk, identity: str, unsent: dict[str, str]) -> Letter:
    """The letter for something of ours. A reply that has not left is taken back first: half of it must not leave.

    Raises TriageError for what may be on its way at this moment.
    """
    item = resolve.item(desk().store, identity)
    if not isinstance(item, Outgoing):
        raise Usage(f"{identity} is not ours to edit")
    if item.conversation is None:
        if item.state is OutgoingState.DRAFT and item.post:
            return PostLetter(desk, item.post)
    elif item.state not in (OutgoingState.SENT, OutgoingState.DRAFT):
        outbox.recall(desk(), [item.id])
        item = desk().store.get(Outgoing, item.id) or item
    if item.state is OutgoingState.DRAFT and item.conversation:
        held = resolve.conversation(desk().store, item.id)
        current = answering.current_draft(desk().store, held)
        if current is not None and current.id == item.id:
            return ReplyLetter(desk, held.id)
    if item.state is not OutgoingState.SENT:
        try:
            follow(item.state, "edit")
        except WrongState as error:
            raise TriageError(str(error)) from error
    return EditLetter(desk, item, unsent)


def resumed(desk: GetDesk, kept: dict[str, Any], unsent: dict[str, str]) -> Letter:
    """The letter of what `place` gave. Raises TriageError if it is gone."""
    if kept.get("reply"):
        return ReplyLetter(desk, str(kept["reply"]))
    if kept.get("edit"):
        return letter_for(desk, str(kept["edit"]), unsent)
    return PostLetter(desk, str(kept["post"]) if kept.get("post") else None)
