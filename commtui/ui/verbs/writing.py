"""Opening the composer: for a reply, for a post, for something of ours that has not been sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commtui.activity.errors import TriageError
from commtui.activity.parts import MARKED_MOST
from commtui.community import replies
from commtui.outgoing.unsent_edits import FILE, UnsentEdits
from commtui.ui.composer.many_replies import ManyReplies
from commtui.ui.composer.open_draft import draft_of, resumed_draft
from commtui.ui.composer.post_draft import PostDraft
from commtui.ui.composer.reply_draft import ReplyDraft
from commtui.ui.host import Host
from commtui.ui.keys.table import BY_ID
from commtui.ui.text.errors import NotDone
from commtui.ui.text.naming import error_sentence
from commtui.ui.verbs import targets
from commtui.ui.verbs.finish import finish


def reply(host: Host, argument: str = "") -> None:
    """Answers the conversation, with a text at once; several that are marked with one text, after a look at each. On a
    row of ours: edits it."""
    if host.panes.pane.name != "mentions":
        edit(host)
        return
    ids = targets.conversations(host)
    if not ids:
        return
    if argument and len(ids) == 1:
        _, outcome = replies.reply(host.desk, ids[0], argument)
        finish(host, outcome, advance=True)
    elif len(ids) > 1:
        reply_to_each(host, ids, argument)
    else:
        host.write(ReplyDraft(host.services.desk, ids[0]))


def reply_to_each(host: Host, identities: Sequence[str], text: str) -> None:
    """Opens one text that answers several conversations. Raises NotDone for more than are looked at
    one by one."""
    if len(identities) > MARKED_MOST:
        raise NotDone(f"one text answers {MARKED_MOST} conversations at most: {len(identities):,} are marked")
    host.write(ManyReplies(host.services.desk, identities, text))


def reply_with(host: Host, identity: str, text: str) -> None:
    """Opens the reply to that conversation with a text behind what is written already, to be reviewed."""
    draft = ReplyDraft(host.services.desk, identity)
    draft.is_whole = True
    draft.text = "\n\n".join(filter(None, (draft.text.rstrip(), text)))
    draft.save(draft.text)
    host.write(draft)


def open_quoting(host: Host, post: str) -> None:
    """Opens the drafts of a post that is a quotation so far: one's own words go above it."""
    draft = PostDraft(host.services.desk, post)
    draft.text, draft.begins_above = f"\n\n{draft.text}", True
    host.write(draft)


def compose(host: Host, argument: str = "") -> None:
    """Writes a post."""
    if host.desk.settings.accounts:
        host.write(PostDraft(host.services.desk, text=argument, account=host.panes.account))
    else:
        host.tell(f"no account to post from: {host.key_of('leader')} {BY_ID['account-add'].leader} adds one", bad=True)


def compose_at(host: Host, at: datetime | None, accounts: Sequence[str]) -> None:
    """Writes a post for a time, from accounts (their ids); none: as `compose`."""
    settings = host.desk.settings
    if not settings.accounts:
        compose(host)
        return
    draft = PostDraft(host.services.desk, account=host.panes.account)
    draft.at = at
    draft.names = [account.name for account in settings.accounts if account.id in accounts] or draft.names
    host.write(draft)


def edit(host: Host, argument: str = "") -> None:
    """Edits the reply or post of the cursor's row."""
    ids = targets.outgoing(host, one=True)
    if ids:
        edit_one(host, ids[0])


def edit_one(host: Host, identity: str) -> None:
    """Edits that reply or post."""
    host.write(draft_of(host.services.desk, identity, _unsent(host)))


def _unsent(host: Host) -> UnsentEdits:
    return UnsentEdits(host.services.home.state / FILE)


def resume(host: Host, place: dict[str, Any]) -> None:
    """Opens the composer again for what was being written at a hang-up."""
    try:
        draft = resumed_draft(host.services.desk, place, _unsent(host))
    except TriageError as error:
        host.session.composing = None
        host.tell(f"what was being written is gone: {error_sentence(error, host.desk, host.key_of)}", bad=True)
    else:
        host.write(draft)
