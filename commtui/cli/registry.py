"""The commands of the shell: name, the module that reads its words, and one line of help. It imports data alone."""

from __future__ import annotations

from typing import Final, NamedTuple

from commtui.triage.verbs import VERBS


class Command(NamedTuple):
    """One command: `module` is in cli/commands; `name` is one word, or two (`account add`)."""

    name: str
    module: str
    help: str


def _verbs(*groups: str) -> tuple[Command, ...]:
    """The commands of the table of verbs."""
    return tuple(
        Command(verb.word, verb.form, verb.command) for verb in VERBS.values() if verb.command and verb.group in groups
    )


GROUPS: Final[tuple[tuple[str, tuple[Command, ...]], ...]] = (
    (
        "See",
        (
            Command("status", "status", "how both lanes stand, from the cache alone"),
            Command("list", "listing", "mentions, replies, posts, people, campaigns or engagement"),
            Command("show", "show", "one item with its thread"),
            Command("calendar", "calendar", "the posts of a week, a month or some days, and what conflicts"),
            Command("log", "log", "who changed what, and when"),
            Command("report", "report", "who wrote in a period, what was answered, and how soon"),
        ),
    ),
    (
        "People",
        (
            Command("people show", "people_show", "what is known of a person"),
            *_verbs("People"),
            Command("people export", "people_export", "everything that is held of a person, as JSON"),
            Command("people erase", "people_erase", "a person's words and names leave this home (asks)"),
        ),
    ),
    (
        "Triage",
        (*_verbs("Triage"), Command("macro", "macro", "several verbs under one name, as one step"), *_verbs("Undo")),
    ),
    (
        "Rules",
        (
            Command("rules list", "rules", "the rules of the config, how often each ran, what is wrong with it"),
            Command("rules test", "rules", "what they would do to the mentions that are here; changes nothing"),
            Command("rules explain", "rules", "which rule did what to an item, when and why"),
        ),
    ),
    (
        "Write",
        (
            *_verbs("Answer"),
            Command("saved list", "saved", "the saved replies"),
            Command("saved show", "saved", "one saved reply"),
            *_verbs("Writing", "Public"),
            Command("export posts", "posts_export", "posts into a file, CSV or JSON lines"),
            Command("import posts", "posts_import", "a post for each row of such a file: all of them or none"),
        ),
    ),
    (
        "Campaigns and series",
        (
            Command("campaign add", "campaign", "a campaign: what it is for, its goal, its accounts"),
            Command("campaign list", "campaign", "the campaigns with their figures"),
            Command("campaign show", "campaign", "one campaign: goal, figures and how they are counted, posts"),
            Command("campaign edit", "campaign", "change what is written down about it"),
            Command("campaign pause", "campaign", "its scheduled posts are held until it goes on"),
            Command("campaign resume", "campaign", "it goes on, and what the pause held is released"),
            Command("campaign end", "campaign", "it is over; what is still scheduled is held"),
            Command("series list", "series", "posts that go out again and again, and when next"),
            Command("series show", "series", "one series: its times, its text, its posts"),
            Command("series edit", "series", "another text, other times or accounts, from a time on"),
            Command("series skip", "series", "leave one time out"),
            Command("series end", "series", "no further posts; what is scheduled is discarded"),
        ),
    ),
    (
        "Accounts and workers",
        (
            Command("account add", "account_add", "log in to a network"),
            Command("account list", "accounts", "the accounts and how they fare"),
            Command("account check", "accounts", "ask the network whether the login works"),
            Command("account remove", "accounts", "forget an account and its token"),
            Command("sync", "sync", "one round of all workers, for cron"),
            Command("run", "run", "the workers without a screen, until stopped"),
            Command("backup", "backup", "the whole home into one file, without the secrets"),
            Command("restore", "backup", "an empty home made of such a file"),
            Command("config check", "config", "what is wrong in the config, without asking a network"),
            Command("doctor", "doctor", "what is wrong here, and the way out"),
        ),
    ),
)

COMMANDS: Final = {command.name: command for _, commands in GROUPS for command in commands}
FAMILIES: Final = frozenset(name.split()[0] for name in COMMANDS if " " in name)
GLOBAL: Final = (
    ("--home DIR", "the folder of config, data and state (else COMMTUI_HOME, else the XDG folders)"),
    ("--demo", "the inbox on a simulated network, in a home of its own"),
    ("--version", "the version"),
    ("--help", "this text; `commtui COMMAND --help` for one command"),
)
