"""The post: one text, a variant for each account, at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import TriageError, Usage
from commtui.activity.moments import moment
from commtui.config.settings import Account
from commtui.model import ids as identity
from commtui.model import text, when
from commtui.model.abilities import Visibility
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form

Late = Literal["publish", "hold", "skip"]


def account_named(desk: Desk, name: str) -> Account:
    """The config's account of this name or id. Raises Usage, naming those there are."""
    for account in desk.settings.accounts:
        if name in (account.name, account.id):
            return account
    known = ", ".join(account.name for account in desk.settings.accounts)
    raise Usage(f"no account {name!r}; " + (f"there are: {known}" if known else "add one: commtui account add NETWORK"))


def write_post(
    desk: Desk,
    body: str,
    accounts: Sequence[str],
    at: str | datetime | None = None,
    late: Late | None = None,
    form: Form = PLAIN,
    hold: timedelta | None = None,
    draft: bool = False,
) -> tuple[list[Outgoing], Outcome]:
    """Puts a post on its way on each account, at `at` (WHEN), else after the hold window; with `draft` it stays here.

    Raises Usage for an unknown account or an unreadable time, TriageError for what a network can't take:
    then the text is kept as drafts.
    """
    leaves = moment(desk, at) if at is not None else desk.now + (desk.settings.hold if hold is None else hold)
    if not accounts:
        raise Usage("name at least one account to post from")
    chosen = [account_named(desk, name) for name in dict.fromkeys(accounts)]
    kept = text.clean(body)
    quoted = quotable(desk, form.quote, {account.network for account in chosen}) if form.quote else None
    post = identity.fresh(identity.POST)
    made = [
        Outgoing(
            id=identity.fresh(identity.VARIANT),
            account=account.id,
            network=account.network,
            text=kept,
            state=OutgoingState.DRAFT,
            created_at=desk.now,
            key=identity.fresh("k") + identity.fresh("k")[1:],
            post=post,
            author=desk.who,
            visibility=form.visibility or Visibility(account.visibility or "public"),
            spoiler=text.one_line(text.clean(form.spoiler or "")),
            media=form.media or (),
            language=form.language,
            scheduled_at=leaves if at is not None or not draft else None,
            hold_window=at is None,
            extra={**({"thread": "1"} if form.thread else {}), **({"quote": quoted} if quoted else {})},
            zone=desk.zone,
            late=late or account.late,
        )
        for account in chosen
    ]
    problem = None if draft else _problem(desk, made)
    if problem and not kept.strip():
        raise problem
    with recorded_step(desk, "post", tuple(each.id for each in made)) as taken:
        if not draft and problem is None:
            made = [replace(each, state=transition(each.state, "schedule")) for each in made]
        for each in made:
            taken.write.put(each)
        taken.detail = kept
    if problem:
        raise TriageError(f"{problem}; kept as draft {', '.join(each.id for each in made)}")
    names = ", ".join(account.name for account in chosen)
    told = f"draft for {names}" if draft else f"post on {names} at {when.echo(leaves, desk.zone, desk.now)}"
    return made, Outcome(told, tuple(each.id for each in made), taken.op_id)


def _problem(desk: Desk, made: Sequence[Outgoing]) -> TriageError | None:
    names = {account.id: account.name for account in desk.settings.accounts}
    for each in made:
        try:
            check(desk.store, each)
        except TriageError as error:
            return TriageError(f"{names[each.account]}: {error}" if len(made) > 1 else str(error))
    return None


def quotable(desk: Desk, text_id: str, networks: set[str]) -> str:
    """The remote_id of what a post is to show. Raises UnknownId, AmbiguousId, TriageError for what can't be shown."""
    found = resolve.item(desk.store, text_id)
    if isinstance(found, Conversation):
        found = desk.store.get(Mention, found.newest) or found
    remote_id = getattr(found, "remote_id", None)
    if not remote_id:
        raise TriageError(f"{found.id} is not out: nothing to quote")
    if networks != {found.network}:
        raise TriageError(f"{found.id} is on {found.network}: it can be quoted there only")
    return str(remote_id)
