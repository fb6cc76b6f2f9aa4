"""Writes a post: one text, with a variant for each account, at one time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import NoAccountNamed, UnknownName
from commtui.activity.moments import when_of
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import CannotQuote, CannotSend
from commtui.config.settings import Account
from commtui.marketing.campaign_posts import begin, open_campaign
from commtui.model import ids, text, threads
from commtui.model.abilities import Visibility
from commtui.model.outgoing import at_time
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.slots import is_next_slot
from commtui.model.states import OutgoingState, transition
from commtui.model.when import When
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form
from commtui.outgoing.slots import next_slot
from commtui.outgoing.stacked import count_others

Late = Literal["publish", "hold", "skip"]


def account_named(desk: Desk, name: str) -> Account:
    """Returns the config's account of this name or id. Raises UnknownName."""
    for account in desk.settings.accounts:
        if name in (account.name, account.id):
            return account
    raise UnknownName("account", name, [account.name for account in desk.settings.accounts])


def write_post(
    desk: Desk,
    body: str,
    accounts: Sequence[str],
    at: str | When | datetime | None = None,
    late: Late | None = None,
    form: Form = PLAIN,
    hold: timedelta | None = None,
    draft: bool = False,
    campaign: str | None = None,
) -> tuple[list[Outgoing], Outcome]:
    """Schedules a post on each account for `at` (WHEN or `next slot`), else for the end of the hold window; `draft`
    only stores it.

    `campaign`: its name or id; while it is paused the post is held. Returns the variants and the outcome. Raises
    NoAccountNamed, UnknownName, BadTime, NoSlot, CannotQuote, CampaignEnded, and CannotSend for a text that a network
    does not accept: then the text is saved as drafts.
    """
    within = open_campaign(desk, campaign) if campaign is not None else None
    by_slot = isinstance(at, str) and is_next_slot(at)
    leaves_at = desk.now + (desk.settings.hold if hold is None else hold)
    meant = None if at is None or by_slot else when_of(desk, at)
    if not accounts:
        raise NoAccountNamed
    chosen = [account_named(desk, name) for name in dict.fromkeys(accounts)]
    clean = text.clean(body)
    quoted = quotable(desk, form.quote, {account.network for account in chosen}) if form.quote else None
    post = ids.fresh(ids.POST)
    paused = ""
    named = {account.id: ids.fresh(ids.VARIANT) for account in chosen}
    with recorded_step(desk, "post", tuple(named.values())) as step:
        if by_slot:  # here, so that another process does not take the same one
            meant = next_slot(desk, list(named), within.id if within else None)
        if meant is not None:
            leaves_at = meant.at
        variants = [
            Outgoing(
                id=named[account.id],
                account=account.id,
                network=account.network,
                text=clean,
                state=OutgoingState.DRAFT,
                created_at=desk.now,
                key=ids.fresh_key(),
                post=post,
                campaign=within.id if within else None,
                author=desk.who,
                visibility=form.visibility or Visibility(account.visibility or "public"),
                spoiler=text.one_line(text.clean(form.spoiler or "")),
                media=form.media or (),
                language=form.language,
                scheduled_at=leaves_at if at is not None or not draft else None,
                hold_window=at is None,
                extra={**({threads.ASKED: "1"} if form.thread else {}), **({"quote": quoted} if quoted else {})},
                zone=desk.zone,
                late=late or account.late,
            )
            for account in chosen
        ]
        if meant is not None:
            variants = [at_time(variant, meant) for variant in variants]
        problem = None if draft else problem_of(desk, variants)
        if problem and not clean.strip():
            raise problem
        if not draft and problem is None:
            variants = [replace(variant, state=transition(variant.state, "schedule")) for variant in variants]
            variants, paused = begin(step.write, variants)
        for variant in variants:
            step.write.put(variant)
        step.detail = clean
    if problem:
        raise problem.kept_as([variant.id for variant in variants])
    timed = at is not None and not draft and not paused
    leaving = [(variant.account, leaves_at) for variant in variants] if timed else []
    return variants, Outcome(
        verb="draft-post" if draft else "post",
        ids=tuple(variant.id for variant in variants),
        op_id=step.op_id,
        leaves_at=None if draft else leaves_at,
        when=meant,
        hold_window=at is None,
        others=count_others(desk, leaving, [variant.id for variant in variants]),
        accounts=tuple(account.name for account in chosen),
        paused=paused,
    )


def problem_of(desk: Desk, variants: Sequence[Outgoing]) -> CannotSend | None:
    """Returns the error of the first variant that its network does not accept."""
    names = {account.id: account.name for account in desk.settings.accounts}
    for variant in variants:
        try:
            check(desk.store, variant)
        except CannotSend as error:
            return error.on(names[variant.account]) if len(variants) > 1 else error
    return None


def quotable(desk: Desk, given: str, networks: set[str]) -> str:
    """Returns the remote_id of the item that a post quotes. Raises UnknownId, AmbiguousId, CannotQuote."""
    item = resolve.item(desk.store, given)
    if isinstance(item, Conversation):
        item = desk.store.get(Mention, item.newest) or item
    remote_id = getattr(item, "remote_id", None)
    if not remote_id:
        raise CannotQuote(item.id)
    if networks != {item.network}:
        raise CannotQuote(item.id, item.network)
    return str(remote_id)
