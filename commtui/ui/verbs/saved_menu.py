"""What is ready by name: saved replies, put into the composer, and macros, done as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.activity.errors import Usage
from commtui.community import saved_replies
from commtui.model.text import one_line
from commtui.triage import macros
from commtui.ui.verbs import prompts, targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

MACRO = "macro "
"""Before a macro's name in the list: a saved reply may have the same one."""


def ready(inbox: InboxScreen, argument: str = "") -> None:
    """Lists saved replies and macros; with a name, puts that saved reply into the composer."""
    if argument:
        insert(inbox, argument)
        return
    from commtui.ui.dialogs.palette import Choice, ChooseScreen

    settings = inbox.desk.settings
    choices = [Choice(name, "reply", one_line(text)) for name, text in settings.saved.items()]
    choices += [Choice(MACRO + name, "macro", "; ".join(lines)) for name, lines in settings.macros.items()]
    if not choices:
        inbox.tell("none yet: saved replies go under [saved], macros under [macros] in config.toml")
        return
    if not targets.conversations(inbox):
        return

    def then(chosen: str | None) -> None:
        if chosen is None:
            return
        if chosen.startswith(MACRO):
            inbox.do(macro, chosen.removeprefix(MACRO))
        else:
            inbox.do(insert, chosen)

    screen = ChooseScreen("saved reply or macro", choices, "none of that name", inbox.services.demo)
    inbox.app.push_screen(screen, then)


def insert(inbox: InboxScreen, name: str) -> None:
    """Opens the reply with the saved one behind what is written already."""
    found = targets.conversations(inbox, one=True)
    if found:
        from commtui.ui.verbs import writing

        writing.reply_with(inbox, found[0], saved_replies.saved_reply(inbox.desk, name, found[0]))


def macro(inbox: InboxScreen, name: str) -> None:
    """Does a macro on what is chosen; one that answers asks first. Raises Usage."""
    if not name:
        known = ", ".join(inbox.desk.settings.macros)
        raise Usage(f"which macro? {known}" if known else "no macros yet: write some under [macros] in config.toml")
    found = targets.conversations(inbox)
    if not found:
        return

    def run() -> None:
        targets.repeatable(inbox, "macro", name)
        inbox.did(macros.run_macro(inbox.desk, name, found), advance=True)

    if macros.answers(inbox.desk, name):
        whom = inbox.name_of(found[0]) if len(found) == 1 else f"{len(found)} conversations"
        prompts.confirm(inbox, f"macro {name} answers {whom}:", run)
    else:
        run()
