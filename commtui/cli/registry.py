"""The commands: name, the module that has it, and one line of help. Imports nothing, so that help costs nothing."""

from __future__ import annotations

from typing import Final, NamedTuple


class Command(NamedTuple):
    """One command: `module` is in cli/commands; `name` is one word, or two (`account add`)."""

    name: str
    module: str
    help: str


GROUPS: Final[tuple[tuple[str, tuple[Command, ...]], ...]] = (
    (
        "See",
        (
            Command("status", "status", "how both lanes stand, from the cache alone"),
            Command("list", "listing", "mentions, replies or posts"),
            Command("show", "show", "one item with its thread"),
            Command("log", "log", "who changed what, and when"),
        ),
    ),
    (
        "Triage",
        (
            Command("done", "marking", "nothing is left to do; a new mention opens it again"),
            Command("reopen", "marking", "back on the queue"),
            Command("claim", "marking", "assign to me what nobody else has"),
            Command("assign", "marking", "give it to somebody"),
            Command("snooze", "snooze", "off the queue until a time, or until they answer"),
            Command("read", "marking", "seen"),
            Command("mute", "marking", "off the queue and quiet here; the network is told nothing"),
            Command("unmute", "marking", "on the queue again"),
            Command("tag", "marking", "add a tag"),
            Command("untag", "marking", "take a tag away"),
            Command("note", "note", "an internal note, never sent"),
            Command("undo", "undo", "take back your last step"),
        ),
    ),
    (
        "Write",
        (
            Command("reply", "reply", "answer a mention; it leaves when the hold window is over"),
            Command("post", "post", "publish a text, now or at a time"),
            Command("edit", "edit", "change the text of a reply or a post"),
            Command("reschedule", "reschedule", "another time for a reply or a post"),
            Command("recall", "outbox", "a draft again, before it leaves"),
            Command("retry", "outbox", "try again now what failed or waits for another try"),
            Command("release", "outbox", "let go what is held"),
            Command("discard", "outbox", "never send it"),
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
