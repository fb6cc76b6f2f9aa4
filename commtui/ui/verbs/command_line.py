"""The `:` line, the leader's menu, the palette and the help: the ways to a command beside its key."""

from __future__ import annotations

from typing import Final

from commtui.activity.errors import BadQuery
from commtui.config.edit import set_value
from commtui.model.suggestions import nearest
from commtui.triage import query, view_counts
from commtui.triage.verb import Target
from commtui.triage.verbs import VERBS
from commtui.ui.dialogs.help import HelpScreen
from commtui.ui.dialogs.palette import command_choices
from commtui.ui.host import Host
from commtui.ui.keys.table import BY_ID, BY_VERB
from commtui.ui.panes.pane import Name
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice, completed, matching
from commtui.ui.text.naming import error_sentence
from commtui.ui.verbs import beside, prompts
from commtui.ui.verbs.choices import of_argument
from commtui.ui.widgets.picker import Picking

SHELL_ONLY: Final = ("status", "list", "show", "run", "backup", "restore", "doctor")
"""Commands of the shell that the `:` line does not have: the screen shows what they print."""
LINES_KEPT: Final = 100
"""Lines of this session that up and down recall."""


def command_line(host: Host, argument: str = "") -> None:
    """Takes a line such as `snooze fri 14:30` and does it; one that can't be done stays, and up brings it back."""
    lines = host.session.lines

    def run(line: str) -> None:
        if line.strip():
            lines[:] = [*(earlier for earlier in lines if earlier != line), line][-LINES_KEPT:]
        run_line(host, line)

    prompts.ask(host, "", run, earlier=lines, complete=lambda typed: complete(host, typed))


def complete(host: Host, typed: str) -> tuple[str, str, bool]:
    """The line with its verb, or the verb's argument, completed as far as all that begin so agree, these where they
    differ, and whether none does."""
    begin = typed.lstrip(" :")
    if " " in begin:
        return _complete_argument(host, begin)
    names = sorted(name for name in {*BY_VERB, *BY_ID} if name.startswith(begin))
    if not names:
        return typed, f"! no command begins with {begin!r}", True
    if len(names) == 1:
        command = BY_VERB.get(names[0]) or BY_ID[names[0]]
        return names[0] + (" " if command.argument else ""), "", False
    first, last = names[0], names[-1]  # sorted: what these two have in common, all have
    differing = (place for place, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1)
    return first[: next(differing, len(first))], "  ".join(names), False


def _complete_argument(host: Host, typed: str) -> tuple[str, str, bool]:
    verb, _, begin = typed.partition(" ")
    choices = of_argument(host, verb)
    fitting = [choices[place].id for place in matching(choices, begin)]
    if not choices:
        return typed, "", False
    if not fitting:
        return typed, f"! nothing begins with {begin!r}", True
    return f"{verb} {completed(choices, begin)}", "  ".join(fitting) if len(fitting) > 1 else "", False


def run_line(host: Host, line: str) -> None:
    """Does a line of the command line. Raises NotDone for an unknown verb, naming the nearest one."""
    verb, _, argument = line.strip().removeprefix(":").partition(" ")
    argument = argument.strip()
    if not verb:
        return
    command = BY_VERB.get(verb) or BY_ID.get(verb)
    if command is None:
        if verb in SHELL_ONLY:
            raise NotDone(f"{verb!r} is for the shell: commtui {verb}")
        near = nearest(verb, dict.fromkeys([*BY_VERB, *BY_ID]), cutoff=0.6)
        raise NotDone(f"no command {verb!r}" + (f"; do you mean {near}?" if near else ""))
    if command.repeats and (argument or not command.argument):
        host.session.last_verb = (command.id, argument)
    host.action_of(command.id)(host, argument)


def leader(host: Host, argument: str = "") -> None:
    """Shows which keys may follow, and how many rows each view has."""
    size, pane = host.program.size, host.panes.pane.name
    counts = view_counts.counts(host.desk, host.snapshot.standing)
    host.leader.open(size.width, size.height, counts, lambda command: _works_on(command.id, pane))


def _works_on(command: str, pane: Name) -> bool:
    """Whether a command does something to a row of a pane."""
    applies_to = VERBS[command].applies_to if command in VERBS else Target.OWN
    if pane == "posts":
        return applies_to not in (Target.CONVERSATIONS, Target.AUTHOR) and command != "hand-off"
    if applies_to is Target.POSTS:
        return False
    return pane == "replies" or applies_to is not Target.OUTGOING or command == "retry"


def palette(host: Host, argument: str = "") -> None:
    """Opens the list of all commands, to be narrowed by typing; what is typed can be a QUERY for the filter, too."""
    choices = command_choices(host.program.keymap)
    commands = {choice.id for choice in choices}

    def unreadable(taken: tuple[str, ...]) -> str:
        try:
            if taken[0] not in commands:
                query.parse(taken[0])
        except BadQuery as error:
            return error_sentence(error, host.desk, host.key_of)
        return ""

    def then(taken: tuple[str, ...]) -> None:
        if taken[0] in commands:
            host.do(taken[0])
        else:
            host.do("filter", taken[0])

    prompts.pick(host, Picking("command", choices, new="filter", new_last=True, refused=unreadable), then)


def show_help(host: Host, argument: str = "") -> None:
    """Opens the help, made from the commands."""
    host.push(HelpScreen(host.program.keymap, host.program.problems, host.services.demo))


def theme(host: Host, name: str = "") -> None:
    """Takes a theme until the program ends; without a name, one from a list. Raises NotDone for an unknown one."""
    program = host.program
    program.reload_themes()  # a file may have been added a moment ago
    if not name:
        choices = [Choice(known, "in use" if known == program.theme_name else "") for known in program.theme_names]
        prompts.pick(host, Picking("theme", choices), lambda taken: theme(host, taken[0]))
        return
    if name not in program.theme_names:
        raise NotDone(f"no theme {name!r}; there are: {', '.join(program.theme_names)}")
    program.use_theme(name)
    host.repaint_all()
    if host.desk.settings.theme == name:
        host.tell(f"theme {name}, as the config says")
        return

    def keep() -> None:
        home = host.services.home
        kept = f"theme {name} is kept in {home.config.name}"
        beside.change_config(host, lambda: set_value(home, "theme", name), lambda: host.tell(kept))

    until = f"theme {name} until you quit"
    prompts.choose(host, f"{until}:  k keep it  any other key: only now", {"k": keep})
