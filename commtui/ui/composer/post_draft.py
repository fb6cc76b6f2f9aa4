"""A post that is being written."""

from __future__ import annotations

from typing import Any, Final

from commtui.activity.errors import NoAccountNamed
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotSend
from commtui.marketing import post_drafts, posts
from commtui.marketing.campaign_posts import open_campaign
from commtui.model import threads
from commtui.model.abilities import Limits
from commtui.model.campaign_records import Campaign, CampaignState
from commtui.model.text import number_of, one_line
from commtui.model.visibility import Visibility
from commtui.model.when import When
from commtui.outgoing import slots
from commtui.outgoing.form import Form
from commtui.ui.composer.draft import Draft, GetDesk, account_visibilities
from commtui.ui.text.rows import Pieces

PREVIEW: Final = 30
"""Characters of the beginning and of the end of a post of a thread that the review shows."""


class PostDraft(Draft):
    """A post: a variant for each chosen account, at a time or after the hold window."""

    is_post = True
    chooses_accounts = True

    def __init__(self, desk: GetDesk, post: str | None = None, text: str = "", account: str = "") -> None:
        """`account`: the id of the one that a new post is from; empty: the first of the config."""
        super().__init__(desk)
        self.post = post
        self._typed = text
        self._known = post_drafts.contents_of(desk(), post) if post else frozenset()
        self._left: str | None = None
        """The post whose text this was, until another window wrote or sent that one."""
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
        self.thread = False
        """Whether it goes out as several posts where it is too long for one."""
        self.campaign = ""
        """The id of its campaign; empty: none."""
        if variants:
            first = variants[0]
            self.at, self.text, self.visibility = first.scheduled_at, first.text, first.visibility
            self._typed, self.campaign = first.text, first.campaign or ""
            self.warning, self.media, self.thread = first.spoiler, first.media, threads.ASKED in first.extra

    def subjects(self) -> tuple[str, ...]:
        return (self.post,) if self.post else ()

    def title(self) -> str:
        return f"post from {', '.join(self.names)}"

    def accounts(self) -> list[tuple[str, str]]:
        desk = self.desk()
        return [(posts.account_named(desk, name).id, name) for name in self.names]

    def next_slot(self) -> When:
        desk = self.desk()
        drafts = post_drafts.drafts_of(desk, self.post) if self.post else []
        plan = slots.Plan(desk, {draft.id for draft in drafts})
        accounts = [account for account, _ in self.accounts()]
        return slots.next_slot(desk, accounts, self.campaign or None, plan=plan)

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

    def open_campaigns(self) -> list[Campaign]:
        """The campaigns that take posts: those that have not ended."""
        found = self.desk().store.campaigns.all()
        return [campaign for campaign in found if campaign.state is not CampaignState.DONE]

    def choose_campaign(self, named: str) -> None:
        """Takes a campaign by its name; an empty one: none. Raises UnknownName, CampaignEnded."""
        self.campaign = open_campaign(self.desk(), named).id if named else ""

    def may_be_thread(self, text: str) -> bool:
        """Whether it can go out as several posts, and is too long for one."""
        return self.can("threads") and any(len(parts) > 1 for _, parts in self._parts(text))

    def change_thread(self) -> None:
        """Makes several posts of it, or one again."""
        self.thread = not self.thread

    def _parts(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """For each account its name and the texts of the posts; none where the warning leaves no room."""
        parts = []
        for name, limits in self.limits():
            try:
                parts.append((name, threads.texts(text, limits, self.warning)))
            except ValueError:
                parts.append((name, ()))
        return parts

    def _problem_on(self, limits: Limits, text: str) -> str | None:
        if self.thread:
            try:
                threads.texts(text, limits, self.warning)
            except ValueError:
                return "the content warning leaves no room for the text"
            text = ""  # each of its parts fits
        return super()._problem_on(limits, text)

    def lengths(self, text: str) -> list[tuple[str, int, int | None]]:
        lengths = super().lengths(text)
        return [(name, count, None) for name, count, _ in lengths] if self.thread else lengths

    def notes(self, text: str) -> list[str]:
        counts = {name: len(parts) for name, parts in self._parts(text)} if self.thread else {}
        if len(set(counts.values())) == 1:
            return [f"as {number_of(max(counts.values()), 'post')}", *super().notes(text)]
        return [*(f"as {number_of(count, 'post')} on {name}" for name, count in counts.items()), *super().notes(text)]

    def attached(self) -> list[Pieces]:
        """Under the text also how it is cut, by the account on which it becomes most posts."""
        cut = max((parts for _, parts in self._parts(self._typed)), key=len, default=()) if self.thread else ()
        lines: list[Pieces] = []
        for number, part in enumerate(cut, 1):
            whole = one_line(part)
            begin, end = whole[:PREVIEW], whole[-PREVIEW:]
            shown = whole if len(whole) <= 2 * PREVIEW else f"{begin.rstrip()} ... {end.lstrip()}"
            lines.append((("dim", f" {number}/{len(cut)} "), ("plain", shown)))
        return [*lines, *super().attached()]

    def save(self, text: str) -> None:
        text = text.lstrip("\n")  # room above a quotation that was not used
        self._typed = text
        if text.strip() or self.post or self.media:
            form = Form(
                visibility=self.visibility,
                spoiler=self.warning,
                media=self.media,
                thread=self.thread,
                campaign=self.campaign,
            )
            desk, before = self.desk(), self.post
            self.post = post_drafts.store_post(desk, before, text, self.names, self.at, form, self._known)
            self._known = post_drafts.contents_of(desk, self.post)
            if before not in (None, self.post):
                self._left = before

    def is_stored(self, text: str) -> bool:
        return self.post is None or post_drafts.contents_of(self.desk(), self.post) == self._known

    def send(self, text: str) -> Outcome:
        if not text.strip() and not self.media:
            raise CannotSend("empty")
        self.save(text)
        left, self._left = self._left, None
        if left:  # said once: the next `y` sends it
            post_drafts.check_alone(self.desk(), left)
        return post_drafts.send_post(self.desk(), self.post or "")

    def discard(self) -> Outcome:
        return (
            post_drafts.discard_post(self.desk(), self.post, self._known) if self.post else Outcome(verb="save-draft")
        )

    def facts(self) -> list[str]:
        facts = ["post", self.visibility.value, self.when_sent(), f"from {', '.join(self.names)}"]
        campaign = self.desk().store.get(Campaign, self.campaign) if self.campaign else None
        if campaign is None:
            return facts
        paused = " (paused: it will be held)" if campaign.state is CampaignState.PAUSED else ""
        return [*facts, f"campaign {campaign.name}{paused}"]

    def place(self) -> dict[str, Any]:
        return {"post": self.post}
