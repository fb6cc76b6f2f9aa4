"""The post while it is being written: its variants are kept as drafts, without steps, until it is sent as one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import TriageError, Usage
from commtui.marketing.posts import account_named
from commtui.model import ids as identity
from commtui.model import text, when
from commtui.model.abilities import Visibility
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState, transition
from commtui.outgoing.checks import check
from commtui.outgoing.form import PLAIN, Form


def drafts_of(desk: Desk, post: str) -> list[Outgoing]:
    """The variants of a post that are drafts, in the order of the config's accounts."""
    order = {account.id: place for place, account in enumerate(desk.settings.accounts)}
    found = [each for each in desk.store.outgoing.of_post(post) if each.state is OutgoingState.DRAFT]
    return sorted(found, key=lambda each: order.get(each.account, len(order)))


def keep_post(
    desk: Desk, post: str | None, body: str, accounts: Sequence[str], at: datetime | None = None, form: Form = PLAIN
) -> str:
    """Keeps what is being written, a draft on each account; called while the person types. The post's id (made
    where `post` is None). Not a step: nothing to undo; the log has what a draft said before somebody came back to it.
    An account left out loses its draft. Raises Usage.
    """
    if not accounts:
        raise Usage("name at least one account to post from")
    chosen = [account_named(desk, name) for name in dict.fromkeys(accounts)]
    post = post or identity.fresh(identity.POST)
    kept = text.clean(body)
    with desk.store.write() as write:
        before = drafts_of(desk, post)
        known = {each.account: each for each in before}
        for account in chosen:
            made = known.pop(account.id, None) or Outgoing(
                id=identity.fresh(identity.VARIANT),
                account=account.id,
                network=account.network,
                text="",
                state=OutgoingState.DRAFT,
                created_at=desk.now,
                key=identity.fresh("k") + identity.fresh("k")[1:],
                post=post,
                visibility=Visibility(account.visibility or "public"),
                late=account.late,
            )
            changed = replace(
                made,
                text=kept,
                author=desk.who,
                scheduled_at=at,
                zone=desk.zone,
                visibility=form.visibility or made.visibility,
                spoiler=made.spoiler if form.spoiler is None else text.one_line(text.clean(form.spoiler)),
                media=made.media if form.media is None else form.media,
            )
            write.put(made if changed == made else replace(changed, typed_at=desk.now))
        for other in known.values():
            write.put(replace(other, state=transition(other.state, "discard")))
        passive_log.typed(write, desk.now, desk.who, before)
    return post


def send_post(desk: Desk, post: str) -> Outcome:
    """Puts a post's drafts on their way, each at its time, else after the hold window. Raises TriageError: nothing
    has changed then.
    """
    with recorded_step(desk, "post", (post,)) as taken:
        drafts = drafts_of(desk, post)
        if not drafts:
            raise TriageError("there is no draft of this post any more")
        names = {account.id: account.name for account in desk.settings.accounts}
        earliest = desk.now + desk.settings.hold
        for each in drafts:
            try:
                check(desk.store, each)
            except TriageError as error:
                raise TriageError(f"{names.get(each.account, each.network)}: {error}") from error
            leaves = max(each.scheduled_at or earliest, earliest)
            taken.write.put(
                replace(
                    each,
                    state=transition(each.state, "schedule"),
                    scheduled_at=leaves,
                    hold_window=leaves == earliest,
                    error=None,
                    reason=None,
                    typed_at=None,
                )
            )
        taken.detail = drafts[0].text
    told = ", ".join(names.get(each.account, each.network) for each in drafts)
    said = f"post on {told} leaves {when.echo(leaves, desk.zone)}"
    return Outcome(said, tuple(each.id for each in drafts), taken.op_id)


def discard_post(desk: Desk, post: str) -> Outcome:
    """Throws a post's drafts away as one step; undo brings them back."""
    with recorded_step(desk, "discard", (post,)) as taken:
        drafts = drafts_of(desk, post)
        for each in drafts:
            taken.write.put(replace(each, state=transition(each.state, "discard")))
    return Outcome("draft discarded", tuple(each.id for each in drafts), taken.op_id)
