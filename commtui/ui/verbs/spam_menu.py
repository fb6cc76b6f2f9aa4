"""The key for mute and spam: here at once, on the network only after a second key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from commtui.community import conversations, muting
from commtui.model.records import ActKind
from commtui.ui.verbs import prompts, targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

KEYS: Final = {ActKind.MUTE: "n", ActKind.BLOCK: "b", ActKind.REPORT: "r"}


def ask(inbox: InboxScreen, argument: str = "") -> None:
    """Asks which quiet is meant for what is chosen; what a network can't do is not offered."""
    ids = targets.conversations(inbox)
    if not ids:
        return

    def here() -> None:
        targets.repeatable(inbox, "mute", "")
        inbox.did(conversations.mute(inbox.desk, ids), advance=True)

    def spam() -> None:
        targets.repeatable(inbox, "spam", "")
        inbox.did(muting.spam(inbox.desk, ids), advance=True)

    keys: dict[str, Callable[[], None]] = {"m": here, "s": spam}
    for kind in muting.possible(inbox.desk, ids):
        keys[KEYS[kind]] = _acting(inbox, kind, ids)
    words = {"m": "m mute here", "s": "s spam", "n": "n mute there", "b": "b block", "r": "r report"}
    if inbox.size.width >= 80:
        words["n"] = "on the network:  n mute"
    prompts.choose(inbox, "  ".join(words[key] for key in keys), keys)


def _acting(inbox: InboxScreen, kind: ActKind, ids: list[str]) -> Callable[[], None]:
    def confirmed(comment: str) -> None:
        whom = inbox.name_of(ids[0]) if len(ids) == 1 else f"the authors of {len(ids)} conversations"
        prompts.confirm(
            inbox,
            f"{kind.value} on the network, and mute here: {whom}?",
            lambda: inbox.did(muting.silence(inbox.desk, kind, ids, comment.strip()), advance=True),
        )

    if kind is ActKind.REPORT:
        return lambda: prompts.ask(inbox, "what is wrong (the moderators read it)", confirmed)
    return lambda: confirmed("")


def spam(inbox: InboxScreen, argument: str = "") -> None:
    """Tagged spam and muted here."""
    ids = targets.conversations(inbox)
    if ids:
        inbox.did(muting.spam(inbox.desk, ids), advance=True)
