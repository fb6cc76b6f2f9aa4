"""What an undo or a redo did, as data: the step that it took back, and which of our texts it recalled or scheduled."""

from __future__ import annotations

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Left, Undone
from commtui.activity.resolve import handle
from commtui.model.ids import POST, VARIANT
from commtui.model.records import Act, Activity, Outgoing
from commtui.model.states import LEAVING, OutgoingState
from commtui.store.write import Write, kind_of


def base_of(desk: Desk, target: Activity) -> Activity:
    """Returns the original step of a chain of undo and redo steps."""
    while target.verb in ("undo", "redo") and target.undoes:
        reverted = desk.store.log.step(target.undoes)
        if reverted is None:
            break
        target = reverted
    return target


def undone_of(desk: Desk, write: Write, base: Activity, left: tuple[Left, ...]) -> Undone:
    """Returns what was reverted, and which of our texts were recalled or scheduled by it."""
    author = ""
    if len(base.ids) == 1:
        try:
            author = handle(desk.store, base.ids[0])
        except TriageError:  # the item was removed since: no author to name
            pass
    states = {item: ways for item, ways in changed_states(write).items() if kind_of(item) is Outgoing and ways[0]}
    recalled = [item for item, (before, after) in states.items() if after == OutgoingState.DRAFT != before]
    scheduled = [item for item, (before, after) in states.items() if before not in LEAVING and after in LEAVING]
    first = write.get(Outgoing, next(iter(recalled or scheduled), ""))
    return Undone(
        verb=base.verb,
        ids=base.ids,
        author=author,
        accounts=_accounts(desk, base),
        recalled=tuple(recalled),
        scheduled=tuple(scheduled),
        text=first.text if first else "",
        left=left,
        changed=bool(write.changes),
    )


def changed_states(write: Write) -> dict[str, tuple[str | None, str]]:
    """Returns the states of texts and acts before this write and after it; None: there was no such item."""
    states: dict[str, tuple[str | None, str]] = {}
    for change in write.changes:
        after = (change.after or {}).get("state")
        if kind_of(change.id) in (Outgoing, Act) and after:
            before, _ = states.get(change.id, ((change.before or {}).get("state"), after))
            states[change.id] = before, after
    return states


def _accounts(desk: Desk, base: Activity) -> tuple[str, ...]:
    """Returns the names of the accounts of the posts that a step was about, each once."""
    names = {account.id: account.name for account in desk.settings.accounts}
    posts: list[Outgoing] = []
    for item_id in base.ids:
        if item_id[:1] == POST:
            posts += desk.store.outgoing.of_post(item_id)
        elif item_id[:1] == VARIANT and (item := desk.store.get(Outgoing, item_id)):
            posts.append(item)
    return tuple(dict.fromkeys(names.get(item.account, item.network) for item in posts))
