"""Drafts of posts, one for each account, stored while a person types; they are scheduled together, as one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import NoAccountNamed
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotSend, OtherText
from commtui.marketing.campaign_posts import begin
from commtui.marketing.posts import account_named
from commtui.model import ids, text, threads
from commtui.model.abilities import Visibility
from commtui.model.outgoing import Content, at_time, content_of
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.model.threads import is_part
from commtui.model.times import wall_text
from commtui.model.when import When
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form
from commtui.outgoing.stacked import count_others

Contents = frozenset[Content]
"""The contents of a post's drafts, as one writer last read or wrote them."""


def contents_of(desk: Desk, post: str) -> Contents:
    """Returns what its drafts say; nothing where it has none."""
    return frozenset(map(content_of, drafts_of(desk, post)))


def drafts_of(desk: Desk, post: str) -> list[Outgoing]:
    """Returns the variants of a post that are drafts, in the order of the config's accounts.

    The parts of a thread are no variants: each is edited by itself.
    """
    order = {account.id: index for index, account in enumerate(desk.settings.accounts)}
    items = desk.store.outgoing.of_post(post)
    drafts = [item for item in items if item.state is OutgoingState.DRAFT and not is_part(item)]
    return sorted(drafts, key=lambda draft: order.get(draft.account, len(order)))


def store_post(
    desk: Desk,
    post: str | None,
    body: str,
    accounts: Sequence[str],
    at: datetime | None = None,
    form: Form = PLAIN,
    known: Contents | None = None,
) -> str:
    """Stores the text of a post as a draft on each account; called while the person types.

    Returns the post's id. It is a new one if `post` is None, or if its drafts are not as this writer knows them
    (`known`; None: whatever they are): another writer has changed or sent them, and neither text is lost. The draft on
    an account that is no longer named is discarded.
    This is no step that undo reverts; the log keeps a text that is typed over. Raises NoAccountNamed, UnknownName.
    """
    if not accounts:
        raise NoAccountNamed
    chosen = [account_named(desk, name) for name in dict.fromkeys(accounts)]
    clean = text.clean(body)
    with desk.store.write() as write:
        if post is None or (known is not None and contents_of(desk, post) != known):
            post = ids.fresh(ids.POST)
        before = drafts_of(desk, post)
        by_account = {draft.account: draft for draft in before}
        for account in chosen:
            draft = by_account.pop(account.id, None) or Outgoing(
                id=ids.fresh(ids.VARIANT),
                account=account.id,
                network=account.network,
                text="",
                state=OutgoingState.DRAFT,
                created_at=desk.now,
                key=ids.fresh_key(),
                post=post,
                visibility=Visibility(account.visibility or "public"),
                late=account.late,
            )
            changed = replace(
                _at(desk, draft, at, form.zone),
                text=clean,
                author=desk.who,
                visibility=form.visibility or draft.visibility,
                spoiler=draft.spoiler if form.spoiler is None else text.one_line(text.clean(form.spoiler)),
                media=draft.media if form.media is None else form.media,
                campaign=draft.campaign if form.campaign is None else form.campaign or None,
                extra=draft.extra if form.thread is None else threads.asked(draft.extra, form.thread),
            )
            write.put(draft if changed == draft else replace(changed, typed_at=desk.now))
        for unused in by_account.values():
            write.put(replace(unused, state=transition(unused.state, "discard")))
        passive_log.log_typing(write, desk.now, desk.who, before)
    return post


def _at(desk: Desk, draft: Outgoing, at: datetime | None, zone: str | None) -> Outgoing:
    """The draft at a time, or at none. Where that is the time it has, it was meant as before."""
    if at is None:
        return replace(draft, scheduled_at=None, zone=zone or desk.zone, local_at="")
    if at == draft.scheduled_at and zone is None:
        return draft
    meant = zone or desk.zone
    return at_time(draft, When(at, meant, wall_text(at, meant)))


def send_post(desk: Desk, post: str) -> Outcome:
    """Schedules a post's drafts, each for its time, else for the end of the hold window. Raises CannotSend and
    CampaignEnded: nothing has changed then.
    """
    with recorded_step(desk, "post", (post,)) as step:
        drafts = drafts_of(desk, post)
        if not drafts:
            raise CannotSend("no-draft")
        names = {account.id: account.name for account in desk.settings.accounts}
        earliest = desk.now + desk.settings.hold
        timed, scheduled = [], []
        for draft in drafts:
            try:
                check(desk.store, draft)
            except CannotSend as error:
                raise error.on(names.get(draft.account, draft.network)) from error
            leaves_at = max(draft.scheduled_at or earliest, earliest)
            if leaves_at > earliest:
                timed.append((draft.account, leaves_at))
            scheduled.append(
                replace(
                    draft,
                    state=transition(draft.state, "schedule"),
                    scheduled_at=leaves_at,
                    hold_window=leaves_at == earliest,
                    error=None,
                    reason=None,
                    typed_at=None,
                )
            )
        scheduled, paused = begin(step.write, scheduled)
        for item in scheduled:
            step.write.put(item)
        step.detail = drafts[0].text
    return Outcome(
        verb="post",
        ids=tuple(draft.id for draft in drafts),
        op_id=step.op_id,
        leaves_at=leaves_at,
        hold_window=leaves_at == earliest,
        others=0 if paused else count_others(desk, timed, [draft.id for draft in drafts]),
        accounts=tuple(names.get(draft.account, draft.network) for draft in drafts),
        paused=paused,
    )


def check_alone(desk: Desk, post: str) -> None:
    """Raises OtherText if the post has a text: for a writer whose own text could not be written there."""
    items = desk.store.outgoing.of_post(post)
    other = next((item for item in items if item.state is not OutgoingState.DISCARDED), None)
    if other is None:
        return
    ago = None
    if other.state is not OutgoingState.DRAFT:
        steps = desk.store.log.steps({post, other.id}, newest_first=True)
        at = next((step.at for step in steps if step.verb == "post"), other.created_at)
        ago = max(0, int((desk.now - at).total_seconds()))
    raise OtherText(other, other.author == desk.who, ago, None)


def discard_post(desk: Desk, post: str, known: Contents | None = None) -> Outcome:
    """Discards a post's drafts as one step, if they are still as the writer knows them. Undo restores them."""
    with recorded_step(desk, "discard", (post,)) as step:
        drafts = drafts_of(desk, post) if known is None or contents_of(desk, post) == known else []
        for draft in drafts:
            step.write.put(replace(draft, state=transition(draft.state, "discard")))
    return Outcome(verb="discard-draft", ids=tuple(draft.id for draft in drafts), op_id=step.op_id if drafts else None)
