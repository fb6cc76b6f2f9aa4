"""The way between the two lanes: from a mention to the post that it is about, and back; the hand-off."""

from __future__ import annotations

from commtui.model import ids
from commtui.model.records import Conversation, Outgoing
from commtui.triage import bridge, views
from commtui.ui.host import Host
from commtui.ui.panes.pane import Name
from commtui.ui.verbs import focus, prompts, targets, writing
from commtui.ui.verbs.filtering import set_filter
from commtui.ui.verbs.finish import finish
from commtui.ui.widgets.places import Spot


def cross(host: Host, argument: str = "") -> None:
    """From a mention to the post under which its conversation began; from a post to who has waited longest under it."""
    if host.panes.pane.name == "posts":
        _to_mentions(host)
    else:
        _to_post(host)


def _to_mentions(host: Host) -> None:
    desk = host.desk
    chosen = targets.outgoing(host, one=True)
    post = desk.store.get(Outgoing, chosen[0]) if chosen else None
    source = bridge.source_of(desk, post) if post else None
    if source is not None:
        _go(host, "mentions", [source.id], "is:waiting", "where these words come from")
        return
    answers = views.answers_to(desk, post) if post else []
    if answers:
        conversations = [conversation.id for conversation in answers]
        _go(host, "mentions", conversations, "is:waiting", f"{len(answers)} under this post")
    else:
        host.tell("nobody has answered this post" if chosen else "no post is chosen")


def _to_post(host: Host) -> None:
    conversation = _chosen_conversation(host)
    if conversation is None:
        return
    post = views.post_of(host.desk, conversation)
    if post is not None:
        _go(host, "posts", [post.id], "is:sent", "the post under which it began")
        return
    elsewhere = views.post_elsewhere(host.desk, conversation)
    if elsewhere is None:
        host.tell("it did not begin under a post of ours")
    else:
        host.tell("that post was not written in commtui" + (f": {elsewhere.url}" if elsewhere.url else ""))


def _chosen_conversation(host: Host) -> Conversation | None:
    chosen = targets.conversations(host, one=True)
    return host.desk.store.get(Conversation, chosen[0]) if chosen else None


def hand_off(host: Host, argument: str = "") -> None:
    """Over to the other lane: praise becomes a draft post once its author agreed; what was said under a post of ours
    stays a conversation, with an owner and a tag."""
    conversation = _chosen_conversation(host)
    if conversation is None:
        return
    if views.post_of(host.desk, conversation) is None:
        _ask_consent(host, conversation)
        return

    def own() -> None:
        prompts.ask(
            host,
            "its tag",
            lambda tag: finish(host, bridge.to_conversation(host.desk, [conversation.id], tag)),
            "support",
        )

    prompts.choose(
        host,
        "said under our post:  c keep the conversation: mine, tagged   p a post of it",
        {"c": own, "p": lambda: _ask_consent(host, conversation)},
    )


def _ask_consent(host: Host, conversation: Conversation) -> None:
    visibility = conversation.visibility.value
    private = "" if visibility in ("public", "unlisted") else f" ({visibility}!)"

    def agreed() -> None:
        post, outcome = bridge.to_post(host.desk, conversation.id)
        finish(host, outcome)
        writing.open_quoting(host, post)

    def refused() -> None:
        host.tell(f"no post was made: ask first ({host.key_of('reply')})")

    question = f"make a post of this{private}: has {conversation.author} agreed to being quoted?  y/n"
    prompts.choose(host, question, {"y": agreed, "n": refused})


def _go(host: Host, name: Name, wanted: list[str], wider: str, message: str) -> None:
    """Puts the cursor on the first of the wanted ids that has a row, under a wider filter where it must be.

    Raises Usage for a filter that can't be read.
    """
    focus.go_to_pane(host, name)
    pane, rows = host.panes.pane, host.panes.rows
    numbers = [ids.number(identity) for identity in wanted]
    for query in (pane.filter_text, "", wider, "is:done"):
        if query != pane.filter_text:
            set_filter(host, query)
        if pane.searching:
            to_come = [number for number in numbers if pane.will_show(host.desk, number)]
            if to_come:
                pane.wanted = Spot(to_come[0], 0, frozenset())
                break
        elif any(map(rows.move_to_number, numbers)):
            break
    else:
        set_filter(host, "")
        message = "it is not among the rows of any view"
    host.tell(message)
