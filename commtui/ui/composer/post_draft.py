"""A post that is being written."""

from __future__ import annotations

from typing import Any

from commtui.activity.errors import NoAccountNamed
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotSend
from commtui.marketing import post_drafts, posts
from commtui.model.visibility import Visibility
from commtui.outgoing.form import Form
from commtui.ui.composer.draft import Draft, GetDesk, account_visibilities


class PostDraft(Draft):
    """A post: a variant for each chosen account, at a time or after the hold window."""

    chooses_accounts = True

    def __init__(self, desk: GetDesk, post: str | None = None, text: str = "", account: str = "") -> None:
        """`account`: the id of the one that a new post is from; empty: the first of the config."""
        super().__init__(desk)
        self.post = post
        settings = desk().settings
        variants = post_drafts.drafts_of(desk(), post) if post else []
        if post and not variants:
            raise CannotSend("no-draft")
        names = {account.id: account.name for account in settings.accounts}
        self.names = [names[variant.account] for variant in variants if variant.account in names]
        if not self.names and settings.accounts:
            self.names = [names.get(account, settings.accounts[0].name)]
        self.text = text
        chosen = settings.account(self.names[0]) if self.names else None
        self.visibility = (chosen.visibility if chosen else None) or Visibility.PUBLIC
        if variants:
            first = variants[0]
            self.at, self.text, self.visibility = first.scheduled_at, first.text, first.visibility
            self.warning, self.media = first.spoiler, first.media

    def title(self) -> str:
        return f"post from {', '.join(self.names)}"

    def accounts(self) -> list[tuple[str, str]]:
        desk = self.desk()
        return [(posts.account_named(desk, name).id, name) for name in self.names]

    def visibilities(self) -> list[Visibility]:
        desk = self.desk()
        of_accounts = [account_visibilities(desk, account) for account, _ in self.accounts()]
        shared = [choice for choice in Visibility if all(choice in choices for choices in of_accounts)]
        return shared or [Visibility.PUBLIC]

    def choose_accounts(self, text: str) -> None:
        """Takes the accounts named, or `all`. Raises UnknownName, NoAccountNamed."""
        desk = self.desk()
        words = text.replace(",", " ").split()
        names = [account.name for account in desk.settings.accounts] if words == ["all"] else words
        if not names:
            raise NoAccountNamed
        self.names = [posts.account_named(desk, name).name for name in names]

    def save(self, text: str) -> None:
        text = text.lstrip("\n")  # room above a quotation that was not used
        if text.strip() or self.post or self.media:
            form = Form(visibility=self.visibility, spoiler=self.warning, media=self.media)
            self.post = post_drafts.store_post(self.desk(), self.post, text, self.names, self.at, form)

    def send(self, text: str) -> Outcome:
        if not text.strip() and not self.media:
            raise CannotSend("empty")
        self.save(text)
        return post_drafts.send_post(self.desk(), self.post or "")

    def discard(self) -> Outcome:
        return post_drafts.discard_post(self.desk(), self.post) if self.post else Outcome(verb="save-draft")

    def facts(self) -> list[str]:
        return ["post", self.visibility.value, self.when_sent(), f"from {', '.join(self.names)}"]

    def place(self) -> dict[str, Any]:
        return {"post": self.post}
