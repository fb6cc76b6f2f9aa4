"""The post."""

from __future__ import annotations

from typing import Any

from commtui.activity.desk import Outcome
from commtui.activity.errors import TriageError, Usage
from commtui.marketing import post_drafts, posts
from commtui.model import when
from commtui.model.abilities import Limits
from commtui.model.visibility import Visibility
from commtui.outgoing import checks
from commtui.outgoing.form import Form
from commtui.ui.letters.letter import GetDesk, Letter, network_visibilities


class PostLetter(Letter):
    """A post: a variant for each chosen account, at a time or after the hold window."""

    what = "post"
    chooses_accounts = True

    def __init__(self, desk: GetDesk, post: str | None = None, text: str = "") -> None:
        super().__init__(desk)
        self.post = post
        settings = desk().settings
        drafts = post_drafts.drafts_of(desk(), post) if post else []
        if post and not drafts:
            raise TriageError("this post is no draft any more")
        names = {account.id: account.name for account in settings.accounts}
        self.accounts = [names[each.account] for each in drafts if each.account in names]
        if not self.accounts and settings.accounts:
            self.accounts = [settings.accounts[0].name]
        self.at = drafts[0].scheduled_at if drafts else None
        self.text = drafts[0].text if drafts else text
        first = settings.accounts[0].visibility if settings.accounts else None
        self.visibility = drafts[0].visibility if drafts else first or Visibility.PUBLIC
        self.warning = drafts[0].spoiler if drafts else ""
        self.media = drafts[0].media if drafts else ()

    def title(self) -> str:
        return f"post from {', '.join(self.accounts)}"

    def limits(self) -> list[tuple[str, Limits]]:
        desk = self.desk()
        return [(name, checks.limits_of(desk.store, posts.account_named(desk, name).id)) for name in self.accounts]

    def accounts_of(self) -> list[str]:
        return [posts.account_named(self.desk(), name).id for name in self.accounts]

    def visibilities(self) -> list[Visibility]:
        desk = self.desk()
        known = [network_visibilities(desk, posts.account_named(desk, name).id) for name in self.accounts]
        return [each for each in Visibility if all(each in some for some in known)] or [Visibility.PUBLIC]

    def choose_accounts(self, text: str) -> None:
        """Takes the accounts named, or `all`. Raises Usage for an unknown one."""
        desk = self.desk()
        words = text.replace(",", " ").split()
        names = [each.name for each in desk.settings.accounts] if words == ["all"] else words
        if not names:
            raise Usage("name at least one account to post from")
        self.accounts = [posts.account_named(desk, name).name for name in names]

    def save(self, text: str) -> None:
        if text.strip() or self.post or self.media:
            form = Form(visibility=self.visibility, spoiler=self.warning, media=self.media)
            self.post = post_drafts.keep_post(self.desk(), self.post, text, self.accounts, self.at, form)

    def send(self, text: str) -> Outcome:
        if not text.strip() and not self.media:
            raise TriageError("nothing to send: the text is empty")
        self.save(text)
        return post_drafts.send_post(self.desk(), self.post or "")

    def discard(self) -> Outcome:
        return post_drafts.discard_post(self.desk(), self.post) if self.post else Outcome("nothing was written")

    def facts(self) -> list[str]:
        desk = self.desk()
        at = when.echo(self.at, desk.zone, desk.now) if self.at else f"in {when.span_text(desk.settings.hold)}"
        return ["post", self.visibility.value, at, f"from {', '.join(self.accounts)}"]

    def place(self) -> dict[str, Any]:
        return {"post": self.post}
