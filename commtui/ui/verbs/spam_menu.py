"""The key for mute and spam: here at once, on the network only after a second key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from commtui.activity.parts import MARKED_MOST
from commtui.community import muting
from commtui.model.records import ActKind, Conversation
from commtui.ui.host import Host
from commtui.ui.text.names import name_of
from commtui.ui.verbs import many, prompts, targets

KEYS: Final = {ActKind.MUTE: "n", ActKind.BLOCK: "b", ActKind.REPORT: "r"}


def ask(host: Host, argument: str = "") -> None:
    """Asks what is done with the chosen conversations; what a network can't do is not offered, and for
    more than MARKED_MOST nothing on a network is: each author would be an act of its own."""
    ids = targets.conversations(host)
    if not ids:
        return

    def tag_spam() -> None:
        host.session.last_verb = ("spam", "")
        many.do(host, "spam", len(ids), lambda desk: muting.spam(desk, ids), advance=True)

    keys: dict[str, Callable[[], None]] = {"m": lambda: host.action_of("mute")(host, ""), "s": tag_spam}
    for kind in muting.possible_acts(host.desk, ids) if len(ids) <= MARKED_MOST else ():
        keys[KEYS[kind]] = _on_the_network(host, kind, ids)
    words = {"m": "m mute here", "s": "s spam", "n": "n mute there", "b": "b block", "r": "r report"}
    if host.program.size.width >= 80:
        words["n"] = "on the network:  n mute"
    prompts.choose(host, "  ".join(words[key] for key in keys), keys)


def _author(host: Host, identity: str) -> str:
    conversation = host.desk.store.get(Conversation, identity)
    return conversation.author if conversation else ""


def _on_the_network(host: Host, kind: ActKind, ids: Sequence[str]) -> Callable[[], None]:
    def confirm(comment: str) -> None:
        authors = {author for item in ids if (author := _author(host, item))}
        whom = name_of(host.desk, ids[0])
        if len(authors) > 1:
            whom = f"{len(authors)} authors of {len(ids)} conversations"
        elif len(ids) > 1:
            whom = f"{len(ids)} conversations of {''.join(authors)}"
        prompts.confirm(
            host,
            f"{kind.value} on the network: {whom}?",
            lambda: many.do(
                host,
                kind.value,
                len(ids),
                lambda desk: muting.act_on_authors(desk, kind, ids, comment.strip()),
                advance=True,
                stops=False,
            ),
        )

    if kind is ActKind.REPORT:
        return lambda: prompts.ask(host, "what is wrong (the moderators read it)", confirm)
    return lambda: confirm("")
