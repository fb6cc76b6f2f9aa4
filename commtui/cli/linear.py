"""The inbox as plain lines, for TERM=dumb and screen readers: the shell's commands at a prompt, rows by number.

It prints only answers and never an escape code; new conversations are reported before the next prompt.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from commtui.activity import resolve
from commtui.activity.errors import TriageError
from commtui.cli import app
from commtui.cli.commands.listing import mentions_of
from commtui.cli.lines import mention_rows, outgoing_rows
from commtui.cli.naming import ShellNaming
from commtui.cli.output import out, say, wrapped
from commtui.cli.registry import COMMANDS
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.model.states import Lane, Queue
from commtui.sentences.errors import sentence
from commtui.sentences.store import explain
from commtui.store.errors import StoreError
from commtui.triage import query, views
from commtui.triage.verb import Target
from commtui.triage.verbs import VERBS

PROMPT = "commtui> "
ROWS = 20
"""How many rows are listed at a time."""
ID_ROOM = 8
"""Cells of a row's id that its number of up to three digits leaves to the text."""
LISTS = ("mentions", "replies", "posts")
LEAVE = ("quit", "exit", "q")
ALONE = ("run", "sync", "backup", "restore")
"""Commands that need or replace the engine that runs here: they work in a shell only."""
WITHOUT_IDS = ("post", "status", "undo", "account", "doctor", "help", "list")
ALL_IDS = tuple(
    verb.id for verb in VERBS.values() if verb.command and not verb.argument and verb.applies_to is not Target.OWN
)
"""Commands that take only ids."""
WITH_TEXT = ("reply", "edit", "post", *(verb.id for verb in VERBS.values() if verb.argument == "TEXT"))
"""Commands that take a text after the ids."""
HELP = f"""mentions, replies or posts lists rows with numbers, {ROWS} at a time; words after it choose; more goes on.
The numbers stand for ids: show 1, done 1 2, snooze 3 tomorrow 9am, assign 2 anna, reply 1 We are on it.
reply 1 alone, and post, edit and note alone, ask for the text: a single dot ends it, a single ! drops it.
status tells how things stand; undo takes back your last step; help COMMAND tells more; quit leaves."""


class Linear:
    """The prompt of one person."""

    def __init__(self, services: Services, ask: Callable[[str], str]) -> None:
        self._services = services
        self._ask = ask
        self._numbered: list[str] = []
        self._rest: Iterator[tuple[str, str]] = iter(())
        self._known = self._open()

    def run(self) -> int:
        """Reads and runs commands until the person leaves. Returns the exit code."""
        self._do(["status"])
        out("Type help for the commands, quit to leave.")
        while True:
            self._news()
            try:
                line = self._ask(PROMPT).strip()
            except EOFError:
                return app.DONE
            except KeyboardInterrupt:
                out("")
                continue
            try:
                words = shlex.split(line)
            except ValueError:  # a single apostrophe is no quote: `reply 1 It's on its way`
                words = line.split()
            if words and words[0] in LEAVE:
                return app.DONE
            try:
                self._line(words)
            except KeyboardInterrupt:
                say("dropped")
            except BadValue as error:
                say(f"commtui: {error}")
            except TriageError as error:
                say(f"commtui: {sentence(error, ShellNaming(self._services.desk()))}")

    def _line(self, words: list[str]) -> None:
        if not words:
            return
        if words in (["help"], ["?"]):
            for line in wrapped(HELP, ""):
                out(line)
        elif words == ["more"]:
            self._more()
        elif words[0] in LISTS:
            self._list(words[0], words[1:])
        elif words[0] == "list" and words[1:2] and words[1] in LISTS and not any(word[:2] == "--" for word in words):
            self._list(words[1], words[2:])
        elif words[0] in ALONE:
            say(f"commtui: {words[0]} is for a shell; the workers run here already")
        else:
            words, named = self._with_ids(words)
            command = self._with_text(words, named)
            if self._do(command) != app.DONE and command is not words and len(words) <= 1 + max(named, 1):
                out("What you typed:")
                out(command[-1])

    def _do(self, words: Sequence[str]) -> int:
        return app.main(words, lambda home: self._services, at_prompt=True)

    def _with_ids(self, words: list[str]) -> tuple[list[str], int]:
        """Returns the words with row numbers replaced by ids, and how many were replaced. Raises BadValue."""
        if words[0] in WITHOUT_IDS or words[0] not in COMMANDS:
            return words, 0
        named: list[str] = []
        for word in words[1:]:
            if not word.isdecimal() or not 1 <= int(word) <= len(self._numbered):
                if word.isdecimal() and (not named or words[0] in ALL_IDS):
                    raise BadValue(self._no_row(word))
                break
            named.append(self._numbered[int(word) - 1])
        return [words[0], *named, *words[1 + len(named) :]], len(named)

    def _no_row(self, word: str) -> str:
        if not self._numbered:
            return f"there is no row {word} yet: mentions, replies or posts lists rows with numbers"
        most = len(self._numbered)
        return f"there is no row {word}: the rows listed last are 1 to {most}" if most > 1 else "there is only row 1"

    def _with_text(self, words: list[str], named: int) -> list[str]:
        """Returns the words, those after the ids as one text if the command takes one; asks for a missing text."""
        before = 1 if words[0] == "post" else 1 + max(named, 1)
        if words[0] not in WITH_TEXT or len(words) < before or any(word.startswith("--") for word in words):
            return words
        if words[0] != "post":  # an unknown id is reported before a text is typed
            store = self._services.desk().store
            (resolve.item if words[0] == "edit" else resolve.conversation)(store, words[1])
        text = " ".join(words[before:]) if words[before:] else self._text()
        return [*words[:before], "--", text]

    def _text(self) -> str:
        out("Your text; a single dot ends it, a single ! drops it.")
        lines: list[str] = []
        while True:
            try:
                line = self._ask("")
            except EOFError:
                raise KeyboardInterrupt from None
            if line == "!":
                raise KeyboardInterrupt
            if line == ".":
                return "\n".join(lines)
            lines.append(line)

    def _list(self, what: str, words: Sequence[str]) -> None:
        desk = self._services.desk()
        words, view = _without_view(words)
        if view is not None and what != "mentions":
            raise BadValue("--view is for mentions")
        terms = query.parse(" ".join(words))
        if what == "mentions":
            mentions = list(mentions_of(desk, terms, view))
            ids, rows = [mention.id for mention, _ in mentions], mention_rows(desk, mentions, ID_ROOM)
        else:
            items = views.items(desk, Lane.COMMUNITY if what == "replies" else Lane.MARKETING, terms, ever=True)
            ids, rows = [item.id for item in items], outgoing_rows(desk, items, ID_ROOM)
        self._numbered = []
        self._rest = zip(ids, rows, strict=True)
        if not ids:
            out(f"no {what}")
        self._more()

    def _more(self) -> None:
        for item_id, row in islice(self._rest, ROWS):
            self._numbered.append(item_id)
            out(f"{len(self._numbered)}. {row.removeprefix(item_id).strip()}")

    def _open(self) -> set[int]:
        desk = self._services.desk()
        return set(desk.store.conversations.by_wait(Queue.OPEN))

    def _news(self) -> None:
        """Prints how many conversations have opened since the last prompt."""
        try:
            self._services.desk().store.poll()
            now = self._open()
        except StoreError as error:
            say(f"commtui: {explain(error)}")
            return
        new = len(now - self._known)
        self._known = now
        if new:
            out(f"{new} more {'conversation is' if new == 1 else 'conversations are'} open now.")


def run_linear(services: Services, ask: Callable[[str], str] = input) -> int:
    """Runs the inbox as plain lines until the person leaves. Returns the exit code. `ask` prints a prompt and reads."""
    return Linear(services, ask).run()


def _without_view(words: Sequence[str]) -> tuple[list[str], str | None]:
    """Returns the words without `--view NAME`, and that name. Raises BadValue where it is missing."""
    rest = list(words)
    if "--view" not in rest:
        return rest, None
    at = rest.index("--view")
    if at + 1 == len(rest):
        raise BadValue("--view needs the name of a view")
    return [*rest[:at], *rest[at + 2 :]], rest[at + 1]
