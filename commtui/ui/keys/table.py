"""All commands, by id and by verb: data alone. What they do (verbs/dispatch.py) is imported after the first rows."""

from __future__ import annotations

from typing import Final

from commtui.triage.verbs import VERBS
from commtui.ui.keys.command import Command

SHOWN: Final = {"Answer": "Triage", "Undo": "Triage"}
"""Groups of verbs that keys and help show within another one."""


def _verbs(*groups: str) -> tuple[Command, ...]:
    """The commands of the table of verbs."""
    return tuple(
        Command(verb.id, verb.title, SHOWN.get(verb.group, verb.group), verb.keys, verb.leader, verb.word,
                verb.argument, verb.public, repeats=verb.repeatable)
        for verb in VERBS.values()
        if verb.group in groups
    )  # fmt: skip


COMMANDS: Final[tuple[Command, ...]] = (
    Command("down", "down", "Moving", ("j", "down")),
    Command("up", "up", "Moving", ("k", "up")),
    Command("half-page-down", "half a page down", "Moving", ("ctrl+d",)),
    Command("half-page-up", "half a page up", "Moving", ("ctrl+u",)),
    Command("page-down", "a page down", "Moving", ("pagedown",)),
    Command("page-up", "a page up", "Moving", ("pageup",)),
    Command("first", "to the first", "Moving", ("g", "home")),
    Command("last", "to the last", "Moving", ("G", "end")),
    Command("next-unread", "the next that is unread", "Moving", ("apostrophe",)),
    Command("next-due", "the next that is due", "Moving", ("D",)),
    Command("pane-next", "the next pane", "Moving", ("tab",)),
    Command("pane-previous", "the pane before", "Moving", ("shift+tab",)),
    Command("pane-mentions", "mentions", "Moving", ("1",)),
    Command("pane-replies", "replies", "Moving", ("2",)),
    Command("pane-posts", "posts", "Moving", ("3",)),
    Command("open", "open the thread", "Moving", ("enter",), verb="open"),
    Command("back", "back; in the list: quit", "Moving", ("q",)),
    Command("escape", "back; stops a verb on many; unmarks", "Moving", ("escape",)),
    Command("mark", "mark, and on to the next", "Marks", ("x",)),
    Command("range", "begin or end a range of marks", "Marks", ("v",)),
    Command("mark-all", "mark all that match the search, or the filter", "Marks", ("*",)),
    Command("mark-words", "mark all with some words", "Marks", ("&",)),
    Command("mark-author", "mark all by this author", "Marks", ("@",)),
    Command("search", "search in the pane", "Finding", ("/",), verb="search", argument="TEXT"),
    Command("search-all", "search everything, done and archived too", "Finding", (";",), verb="search-all",
            argument="QUERY"),
    Command("search-next", "the next match", "Finding", ("n",)),
    Command("search-previous", "the match before", "Finding", ("N",)),
    Command("filter", "filter the pane (words, is: from: tag: has: since: ...)", "Finding", ("\\",), verb="filter",
            argument="QUERY"),
    Command("person", "the person who wrote: all their conversations", "Finding", ("K",), verb="person",
            argument="WHO"),
    Command("spike", "what arrives at once", "Finding", ("J",), verb="spike"),
    Command("sort", "sort the pane", "Finding", ("S",), verb="sort", argument="ORDER"),
    Command("account-filter", "show one account, or all", "Finding", ("w",), verb="only", argument="NAME"),
    *_verbs("Answer", "Triage"),
    Command("quiet", "mute or spam; on the network: mute, block, report (asks)", "Triage", ("!",)),
    Command("serve", "one after the other, until none is left; again: skip", "Triage", ("Q",), verb="serve"),
    Command("saved", "saved replies and macros", "Triage", ("m",), verb="saved", argument="NAME"),
    Command("macro", "do a macro", "Triage", verb="macro", argument="NAME", repeats=True),
    Command("hand-off", "hand off: a post, or an owner", "Triage", leader="g", verb="hand-off"),
    Command("campaign", "from a mention to our post, and back", "Triage", ("L",)),
    *_verbs("Undo"),
    Command("repeat", "the last verb again, here", "Triage", (".",)),
    *_verbs("Writing"),
    Command("later", "a reply or post 15 minutes later", "Writing", ("+",), repeats=True),
    Command("earlier", "a reply or post 15 minutes earlier", "Writing", ("-",), repeats=True),
    *_verbs("Public"),
    Command("view", "choose a view", "Views", ("W",), verb="view", argument="NAME"),
    Command("save-view", "save the filter as a view", "Views", leader="V", verb="save-view", argument="NAME"),
    Command("remove-view", "remove a view of your own", "Views", verb="remove-view", argument="NAME"),
    Command("view-open", "open", "Views", leader="o", counted="open"),
    Command("view-unassigned", "unassigned", "Views", leader="n", counted="unassigned"),
    Command("view-mine", "mine", "Views", leader="m", counted="mine"),
    Command("view-waiting", "waiting for their answer", "Views", leader="w", counted="waiting"),
    Command("view-snoozed", "snoozed", "Views", leader="z", counted="snoozed"),
    Command("view-due", "due within a day", "Views", leader="D", counted="due"),
    Command("view-at-risk", "at risk", "Views", leader="R", counted="at-risk"),
    Command("view-overdue", "overdue", "Views", leader="v", counted="overdue"),
    Command("view-done", "done", "Views", leader="e", counted="done"),
    Command("view-archived", "archived", "Views", leader="A", counted="archived"),
    Command("engagement", "likes, boosts and follows, by post", "Views", ("X",), verb="engagement"),
    Command("figures", "report: figures, goals, plots", "Views", leader="G", verb="figures"),
    Command("campaigns", "campaigns: goals and figures", "Views", leader="P", verb="campaigns", argument="NAME"),
    Command("view-sent", "sent replies or posts", "Views", leader="t"),
    Command("calendar", "calendar: a week, a month", "Calendar", ("4",), leader="4", verb="calendar"),
    Command("day-before", "in the calendar: the day before", "Calendar", ("left",)),
    Command("day-after", "in the calendar: the day after", "Calendar", ("right",)),
    Command("period-before", "in the calendar: the week or month before", "Calendar", ("[",)),
    Command("period-after", "in the calendar: the week or month after", "Calendar", ("]",)),
    Command("copy-link", "copy the link", "Copying", ("y",)),
    Command("copy-text", "copy the text", "Copying", ("Y",)),
    Command("open-link", "open the link", "Copying", ("o",)),
    Command("view-media", "look at a picture here", "Copying", ("p",), verb="view-media"),
    Command("open-media", "open an attachment; over SSH, copy its link", "Copying", ("f",), verb="open-media"),
    Command("download-media", "download an attachment", "Copying", ("F",), verb="download"),
    Command("activity", "activity: what was done, by whom", "Program", ("H",), leader="H", verb="log",
            argument="WORDS"),
    Command("sync", "ask the networks now", "Program", ("R",), verb="sync"),
    Command("command-line", "command line: the shell's verbs", "Program", (":",)),
    Command("palette", "find a command", "Program", ("ctrl+p",)),
    Command("leader", "leader: a menu of the next keys", "Program", ("space",)),
    Command("help", "help", "Program", ("?",), verb="help"),
    Command("theme", "choose a theme", "Program", leader="c", verb="theme", argument="NAME"),
    Command("settings", "settings", "Program", (",",), leader="S", verb="settings"),
    Command("account-add", "add an account", "Program", leader="N", verb="add-account", argument="NETWORK"),
    Command("accounts", "check or remove an account", "Program", leader="C", verb="account", argument="NAME"),
    Command("redraw", "redraw the screen", "Program", ("ctrl+l",)),
    Command("quit", "quit", "Program", leader="q", verb="quit"),
)  # fmt: skip
BY_ID: Final = {command.id: command for command in COMMANDS}
BY_VERB: Final = {command.verb: command for command in COMMANDS if command.verb}
BY_LEADER: Final = {command.leader: command for command in COMMANDS if command.leader}
GROUPS: Final = tuple(dict.fromkeys(command.group for command in COMMANDS))
