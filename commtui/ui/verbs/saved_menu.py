"""Saved replies, put into the composer, and macros, done as one step: chosen from a list, or by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.errors import NoValue
from commtui.community import saved_replies
from commtui.model.saved_replies import filled
from commtui.triage import macros
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.text.names import name_of
from commtui.ui.text.rows import Pieces
from commtui.ui.text.saved_choices import answered_mentions, preview, saved_choices, shared_language
from commtui.ui.verbs import many, prompts, targets, writing
from commtui.ui.widgets.picker import Picking

MACRO: Final = "macro "
"""Before a macro's name in the list: a saved reply may have the same one."""


def open_menu(host: Host, argument: str = "") -> None:
    """Lists saved replies and macros; with a name, puts that saved reply into the composer."""
    if argument:
        insert(host, argument)
        return
    desk = host.desk
    if not desk.saved_files.is_read:
        host.tell("the saved replies are being read: try again in a moment")
        return
    if not saved_replies.are_there(desk) and not macros.all_macros(desk):
        host.tell("none yet: saved replies are files in replies/, or lines under [saved] in config.toml")
        return
    ids = targets.conversations(host)
    if not ids:
        return
    mentions = answered_mentions(desk, ids)
    choices = saved_choices(desk, shared_language(mentions))
    choices += [
        Choice(MACRO + name, host.program.keymap.shown(MACRO + name), "; ".join(lines))
        for name, lines in macros.all_macros(desk).items()
    ]

    def chosen(taken: tuple[str, ...]) -> None:
        name = taken[0]
        if name.startswith(MACRO):
            host.run(macro, name.removeprefix(MACRO))
        else:
            host.run(insert, name)

    def told(name: str, width: int, room: int) -> Sequence[Pieces]:
        if name.startswith(MACRO):
            lines = macros.all_macros(desk).get(name.removeprefix(MACRO), ())
            return [(("read", f"  {line}"),) for line in lines]
        return preview(desk, name, mentions[0] if mentions else None, width, room)

    prompts.pick(host, Picking("saved reply or macro", choices, "none of that name", preview=told), chosen)


def insert(host: Host, name: str) -> None:
    """Opens the reply with the saved one behind what is written already; asks for its own variables first."""
    ids = targets.conversations(host)
    if not ids:
        return
    reply = saved_replies.find(host.desk, name)

    def write(given: Mapping[str, str]) -> None:
        if len(ids) > 1:
            writing.reply_to_each(host, ids, filled(reply.text, saved_replies.own_values(reply, given)))
        else:
            writing.reply_with(host, ids[0], saved_replies.saved_reply(host.desk, name, ids[0], given))

    ask_values(host, reply.name, {variable: reply.variables[variable] for variable in reply.asked}, write)


def ask_values(
    host: Host,
    label: str,
    asked: Mapping[str, str],
    then: Callable[[Mapping[str, str]], None],
    given: Mapping[str, str] | None = None,
) -> None:
    """Asks for the values of variables, one after the other; `then` gets them. `label`: whose variables they are;
    `asked`: variable -> the value that is proposed; `given`: those that were asked for already."""
    values = given or {}
    variable = next((name for name in asked if name not in values), None)
    if variable is None:
        then(values)
        return

    def take(answer: str) -> None:
        value = answer.strip() or asked[variable]
        if not value:
            raise NoValue(label, variable)
        ask_values(host, label, asked, then, {**values, variable: value})

    prompts.ask(host, f"{variable} for {label}", take, asked[variable])


def macro(host: Host, name: str) -> None:
    """Does a macro on what is chosen, after asking for the variables of its saved replies; one that answers asks first.

    Raises NotDone.
    """
    if not name:
        known = ", ".join(macros.all_macros(host.desk))
        raise NotDone(f"which macro? {known}" if known else "no macros yet: write some under [macros] in config.toml")
    ids = targets.conversations(host)
    if not ids:
        return

    def run(given: Mapping[str, str]) -> None:
        host.session.last_verb = ("macro", name)
        many.do(host, f"macro {name}", len(ids), lambda desk: macros.run_macro(desk, name, ids, given), advance=True)

    def confirm(given: Mapping[str, str]) -> None:
        def people_of(desk: Desk) -> int:
            return len(set(map(desk.store.author, ids)))

        many.look(host, f"macro {name}", len(ids), people_of, lambda people: question(given, people))

    def question(given: Mapping[str, str], people: int) -> None:
        whom = name_of(host.desk, ids[0]) if len(ids) == 1 else f"{len(ids)} conversations"
        if people < len(ids):
            whom += " of one person" if people == 1 else f" of {people} people"
        text = " / ".join(macros.texts(host.desk, name, ids[0], given))
        first = f"to {name_of(host.desk, ids[0])}: " if len(ids) > 1 else ""  # each has its own words filled in
        prompts.confirm(host, f"macro {name} answers {whom}:", lambda: run(given), first + text)

    if macros.answers(host.desk, name):
        ask_values(host, f"macro {name}", macros.asked(host.desk, name), confirm)
    else:
        run({})
