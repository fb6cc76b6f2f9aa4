"""Opening the composer: for a reply, for a post, for something of ours that has not left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commtui.ui.verbs import targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def reply(inbox: InboxScreen, argument: str = "") -> None:
    """Answers the conversation; with a text, at once. On a row of ours: edits it."""
    if inbox.pane.name != "mentions":
        edit(inbox)
        return
    ids = targets.conversations(inbox, one=True)
    if not ids:
        return
    if argument:
        from commtui.community import replies

        _, outcome = replies.reply(inbox.desk, ids[0], argument)
        inbox.did(outcome, advance=True)
        return
    from commtui.ui.letters.reply import ReplyLetter

    _open(inbox, ReplyLetter(inbox.services.desk, ids[0]))


def reply_with(inbox: InboxScreen, identity: str, text: str) -> None:
    """Opens the reply to that conversation with a text behind what is written already."""
    from commtui.ui.letters.reply import ReplyLetter

    letter = ReplyLetter(inbox.services.desk, identity)
    letter.text = "\n\n".join(filter(None, (letter.text.rstrip(), text)))
    letter.save(letter.text)
    _open(inbox, letter)


def open_post(inbox: InboxScreen, post: str) -> None:
    """Opens the drafts of a post."""
    from commtui.ui.letters.post import PostLetter

    _open(inbox, PostLetter(inbox.services.desk, post))


def compose(inbox: InboxScreen, argument: str = "") -> None:
    """Writes a post."""
    from commtui.ui.letters.post import PostLetter

    if not inbox.desk.settings.accounts:
        inbox.tell("no account to post from: commtui account add mastodon --server https://YOUR.SERVER", bad=True)
        return
    _open(inbox, PostLetter(inbox.services.desk, text=argument))


def edit(inbox: InboxScreen, argument: str = "") -> None:
    """Edits the reply or post of the cursor's row."""
    from commtui.ui.letters.choice import letter_for

    ids = targets.outgoing(inbox, one=True)
    if ids:
        _open(inbox, letter_for(inbox.services.desk, ids[0], inbox.position.unsent))


def resume(inbox: InboxScreen, kept: dict[str, Any]) -> None:
    """Opens the composer again for what was being written at a hang-up."""
    from commtui.activity.errors import TriageError
    from commtui.ui.letters.choice import resumed

    try:
        letter = resumed(inbox.services.desk, kept, inbox.position.unsent)
    except TriageError as error:
        inbox.position.composing = None
        inbox.tell(f"what was being written is gone: {error}", bad=True)
        return
    _open(inbox, letter)


def _open(inbox: InboxScreen, letter: Any) -> None:
    from commtui.ui.screens.composer import ComposerScreen

    inbox.position.composing = letter.place()
    inbox.position.save_now(inbox)
    inbox.app.push_screen(ComposerScreen(inbox, letter))
