"""The review before anything leaves: account, visibility, length, files, and a key for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from commtui.store.errors import StoreError
from commtui.triage.errors import TriageError, Usage
from commtui.ui.letters.post import PostLetter
from commtui.ui.letters.reply import ReplyLetter

if TYPE_CHECKING:
    from commtui.ui.screens.composer import ComposerScreen


class Review:
    """The question at the end of typing, and what its keys do."""

    def __init__(self, composer: ComposerScreen) -> None:
        self.composer = composer

    def ask(self, told: str = "") -> None:
        """Says how the text stands, or what it is `told`, and asks; what can't be sent has no key to send it."""
        composer, letter = self.composer, self.composer.letter
        text = composer.sheet.text
        keys: dict[str, tuple[str, Callable[[], None]]] = {}
        problem = letter.problem(text)
        if problem is None:
            keys["y"] = "y send", composer.send
        keys["e"] = "e go on", lambda: None
        if letter.chooses_visibility:
            keys["v"] = "v visibility", lambda: self._again(letter.next_visibility)
        if letter.able("media"):
            keys["m"] = "m media", self._media
        if letter.able("content_warning"):
            keys["w"] = "w warning", self._warning
        if isinstance(letter, ReplyLetter) and letter.desk().settings.saved:
            keys["s"] = "s saved", self._saved
        if letter.chooses_accounts:
            keys["a"] = "a accounts", self._accounts
        if letter.chooses_time:
            keys["t"] = "t time", self._time
        keys |= {"p": ("p keep", composer.keep), "d": ("d discard", composer.discard)}
        lengths = [str(n) if most is None else f"{n}/{most}" for _, n, most in letter.lengths(text)]
        facts = ([f"! {problem}"] if problem else []) + [*letter.facts(), *letter.notes(text), ", ".join(lengths)]
        if told:
            composer.foot.say((("bar-late", f" ! {told}"),), "bar", most=4)
        else:
            composer.foot.say((("bar-late" if problem else "bar", " " + ", ".join(facts)),), "bar")
        words = "  ".join(word for word, _ in keys.values())
        # another key must not end it: what is typed next, thought to be an answer, would stand in a public text
        composer.prompt.choose(words, {key: do for key, (_, do) in keys.items()}, stays=True)

    def _ask_text(self, question: str, then: Callable[[str], None], text: str = "") -> None:
        """Asks for a text; escape leads back here."""
        self.composer.prompt.ask(question, then, text, left=self.ask)

    def _again(self, change: Callable[[], object]) -> None:
        """Changes something about the letter, keeps it and asks again."""
        composer = self.composer
        problem = ""
        try:
            change()
        except (TriageError, StoreError) as error:
            problem = str(error)
        else:
            composer.save(anyway=True)
            composer.refit()
        composer.show_lines()
        self.ask()
        if problem:
            composer.foot.say((("bar-late", f" ! {problem}"),), "bar", most=4)

    def _media(self) -> None:
        letter = self.composer.letter
        if letter.media:
            question = f"another file (empty takes {letter.media[-1].url.rpartition('/')[2]} away)"
        else:
            question = "file to attach"
        self._ask_text(question, self._file)

    def _file(self, path: str) -> None:
        letter = self.composer.letter
        path = path.strip().strip("'\"")
        if not path:
            self._again(letter.detach)
            return
        try:
            letter.attach(path, "")  # told at once, not after the alt text was typed
        except TriageError as error:
            told = str(error)
            self._again(lambda: self._raise(told))
            return
        letter.detach()
        self._ask_text(
            "alt text: what it shows, for who can't see it", lambda alt: self._again(lambda: letter.attach(path, alt))
        )

    @staticmethod
    def _raise(told: str) -> None:
        raise Usage(told)

    def _warning(self) -> None:
        letter = self.composer.letter
        self._ask_text(
            "content warning (empty: none)", lambda text: self._again(lambda: letter.warn(text)), letter.warning
        )

    def _saved(self) -> None:
        from commtui.triage import saved

        composer, letter = self.composer, cast("ReplyLetter", self.composer.letter)
        known = letter.desk().settings.saved

        def insert(name: str) -> None:
            text = saved.saved_reply(letter.desk(), name.strip(), letter.held.id)
            composer.sheet.text = "\n\n".join(filter(None, (composer.sheet.text.rstrip(), text)))
            composer.sheet.move_cursor(composer.sheet.document.end)

        self._ask_text(
            f"saved reply ({', '.join(known)})", lambda name: self._again(lambda: insert(name)), next(iter(known))
        )

    def _accounts(self) -> None:
        letter = cast("PostLetter", self.composer.letter)
        names = ", ".join(account.name for account in letter.desk().settings.accounts)
        self._ask_text(
            f"accounts ({names}; or all)",
            lambda text: self._again(lambda: letter.choose_accounts(text)),
            " ".join(letter.accounts),
        )

    def _time(self) -> None:
        letter = self.composer.letter
        self._ask_text(
            "leaves at (2h, tomorrow 9am, fri 14:30; empty: now)",
            lambda text: self._again(lambda: letter.choose_time(text)),
        )
