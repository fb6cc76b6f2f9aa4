"""The review before anything leaves: account, visibility, length, files, and a key for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from commtui.activity.errors import TriageError
from commtui.store.errors import StoreError
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
        words = "  ".join(word for word, _ in keys.values())
        # another key must not end it: what is typed next, thought to be an answer, would stand in a public text
        composer.prompt.choose(words, {key: do for key, (_, do) in keys.items()}, stays=True, told=told)
        self._say_facts()

    def _say_facts(self) -> None:
        """To whom, how visible and when: what is wrong, and what is asked, stand below it and never over it."""
        composer, letter = self.composer, self.composer.letter
        text = composer.sheet.text
        problem = letter.problem(text)
        lengths = [str(n) if most is None else f"{n}/{most}" for _, n, most in letter.lengths(text)]
        facts = ([f"! {problem}"] if problem else []) + [*letter.facts(), *letter.notes(text), ", ".join(lengths)]
        composer.foot.say((("bar", " "), ("bar-late" if problem else "bar", ", ".join(facts))), "bar", most=3)
        composer.refit()

    def _ask_text(self, question: str, change: Callable[[str], object], text: str = "") -> None:
        """Asks for a text and changes the letter with it; one that is refused stays to be mended: its letters, typed
        again, must not be taken for the review's keys. Escape leads back here."""

        def answered(answer: str) -> None:
            try:
                change(answer)
            except (TriageError, StoreError) as error:
                self.composer.prompt.again(str(error))
                self._say_facts()
            else:
                self._changed()

        self.composer.prompt.ask(question, answered, text, left=self.ask)
        self._say_facts()

    def _again(self, change: Callable[[], object]) -> None:
        """Changes something about the letter, keeps it and asks again."""
        try:
            change()
        except (TriageError, StoreError) as error:
            self.ask(str(error))
        else:
            self._changed()

    def _changed(self) -> None:
        """Keeps the letter as it is now and asks again."""
        composer = self.composer
        kept = composer.save(anyway=True)
        self.ask("" if kept else composer.problem)

    def _media(self) -> None:
        letter = self.composer.letter
        if letter.media:
            question = f"another file (empty takes {letter.media[-1].url.rpartition('/')[2]} away)"
        else:
            question = "file to attach"
        composer = self.composer

        def chosen(path: str) -> None:
            path = path.strip().strip("'\"")
            if not path:
                self._again(letter.detach)
                return
            try:
                letter.attach(path, "")  # told at once, not after the alt text was typed
            except TriageError as error:
                composer.prompt.again(str(error))
                self._say_facts()
                return
            letter.detach()
            self._ask_text("alt text: what it shows, for who can't see it", lambda alt: letter.attach(path, alt))

        composer.prompt.ask(question, chosen, left=self.ask)
        self._say_facts()

    def _warning(self) -> None:
        letter = self.composer.letter
        self._ask_text("content warning (empty: none)", letter.warn, letter.warning)

    def _saved(self) -> None:
        from commtui.community import saved_replies

        composer, letter = self.composer, cast("ReplyLetter", self.composer.letter)
        known = letter.desk().settings.saved

        def insert(name: str) -> None:
            text = saved_replies.saved_reply(letter.desk(), name.strip(), letter.held.id)
            composer.sheet.text = "\n\n".join(filter(None, (composer.sheet.text.rstrip(), text)))
            composer.sheet.move_cursor(composer.sheet.document.end)

        self._ask_text(f"saved reply ({', '.join(known)})", insert, next(iter(known)))

    def _accounts(self) -> None:
        letter = cast("PostLetter", self.composer.letter)
        names = ", ".join(account.name for account in letter.desk().settings.accounts)
        self._ask_text(
            f"accounts ({names}; or all)",
            letter.choose_accounts,
            " ".join(letter.accounts),
        )

    def _time(self) -> None:
        letter = self.composer.letter
        self._ask_text("leaves at (2h, tomorrow 9am, fri 14:30; empty: now)", letter.choose_time)
