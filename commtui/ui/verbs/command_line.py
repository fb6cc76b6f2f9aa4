"""The `:` line, the leader's menu, the palette and the help: the ways to a command beside its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.activity.errors import Usage
from commtui.ui.verbs import prompts, targets

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen

SHELL_ONLY = ("status", "list", "show", "log", "account", "run", "backup", "restore", "doctor")
"""Commands of the shell that the `:` line does not have: the screen is there for what they tell."""

LINES_KEPT = 100
"""Lines of this session that up and down recall."""


def command_line(inbox: InboxScreen, argument: str = "") -> None:
    """Takes a line such as `snooze fri 14:30` and does it; one that can't be done stays, and up brings it back."""

    def run(line: str) -> None:
        if line.strip():
            inbox.lines[:] = [*(each for each in inbox.lines if each != line), line][-LINES_KEPT:]
        run_line(inbox, line)

    prompts.ask(inbox, "", run, earlier=inbox.lines, complete=completed)


def completed(typed: str) -> tuple[str, str]:
    """The line with its verb completed as far as there is one way, and the verbs it may be where there are several."""
    from commtui.ui.keys.table import BY_ID, BY_VERB

    begin = typed.lstrip(" :")
    if " " in begin:
        return typed, ""
    found = sorted(name for name in {*BY_VERB, *BY_ID} if name.startswith(begin))
    if not found:
        return typed, f"! no command begins with {begin!r}"
    if len(found) == 1:
        command = BY_VERB.get(found[0]) or BY_ID[found[0]]
        return found[0] + (" " if command.argument else ""), ""
    first, last = found[0], found[-1]  # sorted: what these have in common, all have
    most = next((place for place, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))
    return first[:most], "  ".join(found)


def run_line(inbox: InboxScreen, line: str) -> None:
    """Does a line of the command line. Raises Usage for an unknown verb, naming the nearest one."""
    from commtui.ui.keys.table import BY_ID, BY_VERB
    from commtui.ui.verbs.dispatch import DO  # it knows this module

    verb, _, argument = line.strip().removeprefix(":").partition(" ")
    if not verb:
        return
    command = BY_VERB.get(verb) or BY_ID.get(verb)
    if command is None:
        from commtui.model.suggestions import nearest

        if verb in SHELL_ONLY:
            raise Usage(f"{verb!r} is for the shell: commtui {verb}")
        near = nearest(verb, dict.fromkeys([*BY_VERB, *BY_ID]), cutoff=0.6)
        raise Usage(f"no command {verb!r}" + (f"; do you mean {near}?" if near else ""))
    if command.repeats and (argument.strip() or not command.argument):
        targets.repeatable(inbox, command.id, argument.strip())
    DO[command.id](inbox, argument.strip())


def leader(inbox: InboxScreen, argument: str = "") -> None:
    """Shows which keys may follow, and how many rows each view has."""
    from commtui.triage import view_counts

    inbox.leader_menu.open(inbox.size.width, inbox.size.height, view_counts.counts(inbox.desk, inbox.standing))


def palette(inbox: InboxScreen, argument: str = "") -> None:
    """Opens the list of all commands, to be narrowed by typing."""
    from commtui.ui.dialogs.palette import ChooseScreen, commands

    def done(command: str | None) -> None:
        if command:
            inbox.action_do(command)

    choices = commands(inbox.inbox_app.keymap)
    inbox.app.push_screen(ChooseScreen("command", choices, "no such command", inbox.services.demo), done)


def show_help(inbox: InboxScreen, argument: str = "") -> None:
    """Opens the help, made from the commands."""
    from commtui.ui.dialogs.help import HelpScreen

    app = inbox.inbox_app
    app.push_screen(HelpScreen(app.keymap, app.problems, inbox.services.demo))


def theme(inbox: InboxScreen, name: str = "") -> None:
    """Takes a theme until the program ends; without a name, the next one."""
    app = inbox.inbox_app
    names = list(app.themes)
    if not names:
        raise Usage("there are no themes")
    if not name:
        name = names[(names.index(app.theme) + 1) % len(names)] if app.theme in names else names[0]
    if name not in names:
        raise Usage(f"no theme {name!r}; there are: {', '.join(names)}")
    app.use_theme(name)
    inbox.repaint_all()
    inbox.tell(f'theme {name} until you leave; `theme = "{name}"` in the config keeps it')
