"""One text that answers several conversations: each gets it with its own name filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from commtui.activity import resolve
from commtui.activity.outcome import Outcome
from commtui.community import replies, saved_replies
from commtui.model.records import Conversation, Mention
from commtui.model.text import one_line
from commtui.model.visibility import Visibility, narrower
from commtui.outgoing import changes, checks
from commtui.outgoing.form import Form
from commtui.ui.composer.draft import Draft, GetDesk, account_name
from commtui.ui.text.names import without_host
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces, RowContext

Answered = tuple[Mention, Conversation]
PREVIEWED: Final = 5
"""How many of the texts are shown before they are sent; the others are counted."""


class ManyReplies(Draft):
    """While it is written, the text stays with the session: the conversations may have drafts of their own. Left or
    thrown away, it becomes a draft of each, which undo can bring back."""

    chooses_more = False

    def __init__(self, desk: GetDesk, identities: Sequence[str], text: str = "", to_all: bool = False) -> None:
        """`to_all`: who has several of the conversations gets the text in each of them, not only in the newest."""
        super().__init__(desk)
        store = desk().store
        named = [resolve.answered(store, identity) for identity in identities]
        self._all = [pair for pair in named if not pair[0].deleted] or named
        self._left_out = len(named) - len(self._all)
        """How many mentions were deleted by their authors: nothing can answer them."""
        self._newest = _newest_of_each(self._all)
        self._to_all = to_all
        self.text, self.is_whole = text, bool(text.strip())
        self.visibility = self._widest()

    @property
    def answered(self) -> list[Answered]:
        """What gets the text: each mention, and its conversation."""
        return self._all if self._to_all else self._newest

    @property
    def doubles(self) -> str:
        """What the review calls the change between one text for each person and one for each conversation; empty where
        nobody has several."""
        if len(self._all) == len(self._newest):
            return ""
        return "one to each" if self._to_all else f"all {len(self._all)}"

    def change_doubles(self) -> None:
        """Answers each conversation, or only the newest one of each person."""
        self._to_all = not self._to_all
        self.visibility = narrower(self.visibility, self._widest())

    def _widest(self) -> Visibility:
        """The widest of what is answered; each reply is as visible as what it answers at most."""
        widest = self.answered[0][0].visibility
        for mention, _ in self.answered[1:]:
            if narrower(widest, mention.visibility) is widest:
                widest = mention.visibility
        return widest

    def title(self) -> str:
        people = len(self._newest)
        if len(self._all) == people:
            return f"reply to {people} conversations"
        return f"reply to {people} {'person' if people == 1 else 'people'}"

    def context(self, context: RowContext) -> list[Part]:
        lines: list[Pieces] = [
            (("author", f"{mention.author} "), ("read", one_line(mention.text))) for mention, _ in self._all
        ]
        return [Part("answered", lambda: lines)]

    def accounts(self) -> list[tuple[str, str]]:
        accounts = dict.fromkeys(conversation.account for _, conversation in self.answered)
        return [(account, account_name(self.desk(), account)) for account in accounts]

    def visibilities(self) -> list[Visibility]:
        return [choice for choice in Visibility if narrower(choice, self._widest()) is choice]

    @property
    def count(self) -> int:
        return len(self.answered)

    def subjects(self) -> tuple[str, ...]:
        return tuple(conversation.id for _, conversation in self.answered)

    def filled(self, text: str) -> list[str]:
        """The text of each reply."""
        return [saved_replies.filled(self.desk(), text, mention) for mention, _ in self.answered]

    def as_sent(self, text: str) -> str:
        """The longest of the texts, as a network counts it."""
        store = self.desk().store
        puts_handles = {account: checks.puts_handles(store, account) for account, _ in self.accounts()}
        texts = [
            checks.as_sent(store, conversation.account, filled, mention, mention.others)
            if puts_handles[conversation.account]
            else filled
            for filled, (mention, conversation) in zip(self.filled(text), self.answered, strict=True)
        ]
        return max(texts, key=len)

    def notes(self, text: str) -> list[str]:
        """Who has several of the conversations, and what is left out."""
        several = [pair for pair in Counter(mention.author for mention, _ in self._all).most_common() if pair[1] > 1]
        if self._to_all:
            notes = [f"{without_host(author)} gets it {count} times" for author, count in several[:2]]
        elif several:
            who = without_host(several[0][0]) if len(several) == 1 else f"{len(several)} people"
            notes = [f"the newest of {sum(count for _, count in several)} by {who}"]
        else:
            notes = []
        desk = self.desk()
        elses = sum(conversation.assignee not in (None, desk.who) for _, conversation in self.answered)
        notes += [f"{elses} assigned to others"] if elses else []
        return [*notes, *([f"{self._left_out} deleted left out"] if self._left_out else [])]

    def attached(self) -> list[Pieces]:
        """The texts as they will be sent."""
        if not self.text.strip():
            return []
        pairs = list(zip(self.answered, self.filled(self.text), strict=True))
        lines: list[Pieces] = [
            (("dim", f" {without_host(mention.author)}: "), ("read", one_line(filled)))
            for (mention, _), filled in pairs[:PREVIEWED]
        ]
        more = len(pairs) - PREVIEWED
        return [*lines, (("dim", f" and {more} more"),)] if more > 0 else lines

    def save(self, text: str) -> None:
        self.text = text

    def is_stored(self, text: str) -> bool:
        return text == self.text

    def send(self, text: str) -> Outcome:
        return replies.reply_to_each(self.desk(), self.subjects(), text, self._form())

    def _form(self) -> Form:
        return Form(visibility=self.visibility, timed=True, at=self.at, zone=self.zone)

    def kept(self, text: str) -> Outcome:
        if not text.strip():
            return super().kept(text)
        return replies.draft_for_each(self.desk(), self.subjects(), text, self._form())

    def discard(self) -> Outcome:
        if not self.text.strip():
            return super().kept("")
        drafts = replies.draft_for_each(self.desk(), self.subjects(), self.text, self._form()).ids
        return changes.discard(self.desk(), drafts)

    def facts(self) -> list[str]:
        names = ", ".join(name for _, name in self.accounts())
        count = len(self.answered)
        number = "1 reply" if count == 1 else f"{count} replies"
        return [number, f"{self.visibility.value} at most", self.when_sent(), f"from {names}"]

    def place(self) -> dict[str, Any]:
        return {
            "replies": [conversation.id for _, conversation in self._all],
            "text": self.text,
            "to_all": self._to_all,
        }


def _newest_of_each(answered: Sequence[Answered]) -> list[Answered]:
    """The newest conversation of each author, in the order in which they are."""
    by_time = sorted(answered, key=lambda pair: pair[1].newest_at)
    newest = {mention.author: conversation.id for mention, conversation in by_time}
    return [pair for pair in answered if newest[pair[0].author] == pair[1].id]
