"""Saved replies, put into the composer, and macros, done as one step: chosen from a list, or by name."""

from __future__ import annotations

from typing import Final

from commtui.community import saved_replies
from commtui.triage import macros
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.text.names import name_of
from commtui.ui.verbs import many, prompts, targets, writing
from commtui.ui.widgets.picker import Picking

MACRO: Final = "macro "
"""Before a macro's name in the list: a saved reply may have the same one."""


def open_menu(host: Host, argument: str = "") -> None:
    """Lists saved replies and macros; with a name, puts that saved reply into the composer."""
    if argument:
        insert(host, argument)
        return
    settings = host.desk.settings
    choices = [Choice(name, "reply", text) for name, text in settings.saved.items()]
    choices += [Choice(MACRO + name, "", "; ".join(lines)) for name, lines in settings.macros.items()]
    if not choices:
        host.tell("none yet: saved replies go under [saved], macros under [macros] in config.toml")
        return
    if not targets.conversations(host):
        return

    def chosen(taken: tuple[str, ...]) -> None:
        name = taken[0]
        if name.startswith(MACRO):
            host.run(macro, name.removeprefix(MACRO))
        else:
            host.run(insert, name)

    prompts.pick(host, Picking("saved reply or macro", choices, "none of that name"), chosen)


def insert(host: Host, name: str) -> None:
    """Opens the reply with the saved one behind what is written already."""
    ids = targets.conversations(host)
    if len(ids) > 1:
        writing.reply_to_each(host, ids, saved_replies.saved_text(host.desk, name))
    elif ids:
        writing.reply_with(host, ids[0], saved_replies.saved_reply(host.desk, name, ids[0]))


def macro(host: Host, name: str) -> None:
    """Does a macro on what is chosen; one that answers asks first. Raises NotDone."""
    if not name:
        known = ", ".join(host.desk.settings.macros)
        raise NotDone(f"which macro? {known}" if known else "no macros yet: write some under [macros] in config.toml")
    ids = targets.conversations(host)
    if not ids:
        return

    def run() -> None:
        host.session.last_verb = ("macro", name)
        many.do(host, f"macro {name}", len(ids), lambda desk: macros.run_macro(desk, name, ids), advance=True)

    if macros.answers(host.desk, name):
        whom = name_of(host.desk, ids[0]) if len(ids) == 1 else f"{len(ids)} conversations"
        prompts.confirm(host, f"macro {name} answers {whom}:", run)
    else:
        run()
