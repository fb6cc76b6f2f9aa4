"""The way between the two lanes: from a mention to the post of ours that it is about, and back; the hand-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model import ids
from commtui.model.records import Conversation, Outgoing
from commtui.triage import bridge, views
from commtui.ui.panes.pane import NAMES, Name
from commtui.ui.verbs import prompts, targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def cross(inbox: InboxScreen, argument: str = "") -> None:
    """In mentions: to the post under which the conversation began. In posts: to who has waited longest under it."""
    desk = inbox.desk
    if inbox.pane.name == "posts":
        chosen = targets.outgoing(inbox, one=True)
        post = desk.store.get(Outgoing, chosen[0]) if chosen else None
        source = bridge.source_of(desk, post) if post else None
        if source is not None:
            _go(inbox, "mentions", [source.id], "is:waiting", "where these words come from")
            return
        answers = views.answers_to(desk, post) if post else []
        if not answers:
            inbox.tell("nobody has answered this post" if chosen else "no post is chosen")
            return
        _go(inbox, "mentions", [held.id for held in answers], "is:waiting", f"{len(answers)} under this post")
        return
    chosen = targets.conversations(inbox, one=True)
    held = desk.store.get(Conversation, chosen[0]) if chosen else None
    post = views.post_of(desk, held) if held else None
    if post is None:
        elsewhere = views.post_elsewhere(desk, held) if held else None
        link = f": {elsewhere.url}" if elsewhere and elsewhere.url else ""
        told = f"that post was not written in commtui{link}" if elsewhere else "it did not begin under a post of ours"
        inbox.tell(told)
        return
    _go(inbox, "posts", [post.id], "is:sent", "the post under which it began")


def hand_off(inbox: InboxScreen, argument: str = "") -> None:
    """Over to the other lane: praise becomes a draft post once its author agreed; what was said under a post of ours
    stays a conversation, with an owner and a tag."""
    found = targets.conversations(inbox, one=True)
    held = inbox.desk.store.get(Conversation, found[0]) if found else None
    if held is None:
        return
    if views.post_of(inbox.desk, held) is None:
        _ask_consent(inbox, held)
        return

    def own() -> None:
        prompts.ask(inbox, "its tag", lambda tag: inbox.did(bridge.to_conversation(inbox.desk, found, tag)), "support")

    prompts.choose(
        inbox,
        "said under our post:  c keep the conversation: mine, tagged   p a post of it",
        {"c": own, "p": lambda: _ask_consent(inbox, held)},
    )


def _ask_consent(inbox: InboxScreen, held: Conversation) -> None:
    private = "" if held.visibility.value in ("public", "unlisted") else f" ({held.visibility.value}!)"

    def agreed() -> None:
        from commtui.ui.verbs.writing import open_post

        post, outcome = bridge.to_post(inbox.desk, held.id)
        inbox.did(outcome)
        open_post(inbox, post)

    def refused() -> None:
        inbox.tell(f"nothing was made of it: ask first ({inbox.key('reply')})")

    prompts.choose(inbox, f"a public post of it{private}: did {held.author} agree?  y/n", {"y": agreed, "n": refused})


def _go(inbox: InboxScreen, name: Name, wanted: list[str], wider: str, said: str) -> None:
    from commtui.ui.verbs.filtering import set_filter
    from commtui.ui.widgets.rows import Spot

    inbox.go_to_pane(NAMES.index(name))
    for query in (inbox.pane.filter_text, "", wider, "is:done"):
        if query != inbox.pane.filter_text:
            set_filter(inbox, query)
        numbers = [ids.number(each) for each in wanted]
        if inbox.pane.searching:
            there = [number for number in numbers if inbox.pane.will_show(inbox.desk, number)]
            if there:
                inbox.pane.wanted = Spot(there[0], 0, frozenset())
                break
        elif any(map(inbox.rows.move_to_number, numbers)):
            break
    else:
        set_filter(inbox, "")
        said = "it is not among the rows of any view"
    inbox.tell(said)
