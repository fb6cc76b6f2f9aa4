"""The review before anything is sent: account, visibility, length, files, and a key for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from textual.app import App

from commtui.activity.errors import NoValue, TriageError
from commtui.community import saved_replies
from commtui.model.saved_replies import SavedReply
from commtui.store.errors import StoreError
from commtui.system.pictures import read_file
from commtui.ui.composer.draft import Draft
from commtui.ui.composer.edit_draft import EditDraft
from commtui.ui.composer.files import files_in, path_of
from commtui.ui.composer.many_replies import ManyReplies
from commtui.ui.composer.post_draft import PostDraft
from commtui.ui.composer.reply_draft import ReplyDraft
from commtui.ui.composer.text_box import TextBox
from commtui.ui.text.matching import Choice
from commtui.ui.text.rows import Pieces
from commtui.ui.text.saved_choices import preview, saved_choices, shared_language
from commtui.ui.widgets.picker import Picker, Picking
from commtui.ui.widgets.picture import PictureScreen, Source
from commtui.ui.widgets.prompt import Prompt

NO_CAMPAIGN: Final = "(none)"
"""What the list of campaigns calls it that a post belongs to none."""


class ReviewedComposer(Protocol):
    """The composer, as the review sees it."""

    prompt: Prompt
    text_box: TextBox
    problem: str

    @property
    def draft(self) -> Draft: ...
    @property
    def attached(self) -> Attached: ...
    def say(self, pieces: Pieces) -> None: ...
    def save(self, anyway: bool = False) -> bool: ...
    def send(self) -> None: ...
    def keep(self) -> None: ...
    def discard(self) -> None: ...
    def sentence(self, error: Exception) -> str: ...
    @property
    def app(self) -> App[object]: ...


class Attached(Protocol):
    """The lines of what is attached."""

    def renew(self) -> None: ...


class Review:
    """The question at the end of typing, and what its keys do."""

    def __init__(self, composer: ReviewedComposer, demo: bool) -> None:
        self._composer, self._demo = composer, demo
        self._folder = ""
        """The folder of the file that was attached last."""

    def ask(self, problem: str = "") -> None:
        """Shows how the text stands, or a `problem`, and asks. What can't be sent has no key to send it."""
        composer, draft = self._composer, self._composer.draft
        keys: dict[str, tuple[str, Callable[[], None]]] = {}
        if draft.problem(composer.text_box.text) is None:
            keys["y"] = f"y {draft.send_words}", composer.send
        keys["e"] = "e/esc edit", lambda: None  # the ways out come first: a low screen has no room for all keys
        keys["p"] = f"p {draft.keep_words}", composer.keep
        keys["d"] = f"d {draft.discard_words}", composer.discard
        if draft.chooses_visibility:
            keys["v"] = "v visibility", lambda: self._change(draft.next_visibility)
        if draft.can("media"):
            keys["m"] = "m media", self._ask_media
        if draft.can("content_warning"):
            keys["w"] = "w warning", self._ask_warning
        if isinstance(draft, ReplyDraft) and draft.may_leave_out():
            keys["o"] = "o others", lambda: self._ask_others(draft)
        if isinstance(draft, ManyReplies) and draft.doubles:
            keys["o"] = f"o {draft.doubles}", lambda: self._change(draft.change_doubles)
        if isinstance(draft, ReplyDraft) and saved_replies.are_there(draft.desk()):
            keys["s"] = "s saved", lambda: self._ask_saved(draft)
        if isinstance(draft, PostDraft):
            keys["a"] = "a accounts", lambda: self._ask_accounts(draft)
            if draft.open_campaigns() or draft.campaign:
                keys["c"] = "c campaign", lambda: self._ask_campaign(draft)
            if draft.may_be_thread(composer.text_box.text):
                keys["h"] = "h one post" if draft.thread else "h thread", lambda: self._change(draft.change_thread)
        if isinstance(draft, EditDraft) and len(draft.copies) > 1:
            copies = "this one only" if draft.edits_all else f"all {len(draft.copies)} copies"
            keys["a"] = f"a {copies}", lambda: self._change(draft.change_copies)
        if draft.chooses_time:
            keys["t"] = "t time", self._ask_time
        words = "  ".join(word for word, _ in keys.values())
        # another key must not end it: what is typed next, thought to be an answer, would stand in a public text
        composer.prompt.choose(words, {key: do for key, (_, do) in keys.items()}, stays=True, problem=problem)
        self._show_facts()

    def _show_facts(self) -> None:
        """To whom, how visible and when: what is wrong, and what is asked, stand below it and never over it."""
        composer, draft = self._composer, self._composer.draft
        text = composer.text_box.text
        problem = draft.problem(text)
        lengths = [str(count) if most is None else f"{count}/{most}" for _, count, most in draft.lengths(text)]
        facts = ([f"! {problem}"] if problem else []) + [*draft.facts(), *draft.notes(text), ", ".join(lengths)]
        composer.say((("bar", " "), ("bar-late" if problem else "bar", ", ".join(facts))))

    def _ask_text(self, question: str, change: Callable[[str], object], text: str = "") -> None:
        """Asks for a text and changes the draft with it. One that is refused stays to be mended: its letters, typed
        again, must not be taken for the review's keys. Escape leads back to the review."""

        def answered(answer: str) -> None:
            try:
                change(answer)
            except (TriageError, StoreError) as error:
                self._composer.prompt.again(self._composer.sentence(error))
                self._show_facts()
            else:
                self._changed()

        self._composer.prompt.ask(question, answered, text, left=self.ask)
        self._show_facts()

    def _change(self, change: Callable[[], object]) -> None:
        """Changes the draft, stores it and asks again."""
        try:
            change()
        except (TriageError, StoreError) as error:
            self.ask(self._composer.sentence(error))
        else:
            self._changed()

    def _changed(self) -> None:
        """Stores the draft as it is now and asks again."""
        composer = self._composer
        composer.attached.renew()
        self.ask("" if composer.save(anyway=True) else composer.problem)

    def _ask_media(self) -> None:
        draft = self._composer.draft
        names = [media.url.rpartition("/")[2] for media in draft.media]
        if names:
            last = draft.media[-1]
            keys = {
                "a": self._pick_file,
                "r": lambda: self._change(draft.detach),
                "l": lambda: self._show(self._look(last.url, last.alt)),
            }
            question = f"attached: {', '.join(names)}  a another  l look at the last  r remove it  any other key back"
            self._composer.prompt.choose(question, keys, left=self.ask)
        else:
            self._pick_file()

    def _pick_file(self) -> None:
        draft = self._composer.draft

        def refused(taken: tuple[str, ...]) -> str:
            try:
                draft.attach(str(path_of(taken[0])), "")  # now, not after the alt text was typed
            except TriageError as error:
                return self._composer.sentence(error)
            draft.detach()
            return ""

        def chosen(taken: tuple[str, ...]) -> None:
            self._folder = taken[0][: taken[0].rfind("/") + 1]
            path = str(path_of(taken[0]))
            self._ask_text("alt text: what it shows, for who can't see it", lambda alt: draft.attach(path, alt))

        picking = Picking(
            "attach",
            (),
            "no such file",
            new="path",
            refused=refused,
            folder=self._folder,
            look=self._look,
            folders=files_in,
        )
        self._pick(picking, chosen)

    def _look(self, typed: str, alt: str = "") -> PictureScreen:
        """What shows a file."""
        path = path_of(typed)
        setting = self._composer.draft.desk().settings.images
        return PictureScreen(Source(path.name, alt, lambda: read_file(path)), setting, self._demo)

    def _show(self, screen: PictureScreen) -> None:
        self._composer.app.push_screen(screen, lambda _: self.ask())

    def _pick(self, picking: Picking, then: Callable[[tuple[str, ...]], None]) -> None:
        """Lets choose from a list, and asks again: also where nothing was taken, or what was taken is refused."""

        def ended(taken: tuple[str, ...] | None) -> None:
            if taken is None:
                self.ask()
                return
            try:
                then(taken)
            except (TriageError, StoreError) as error:
                self.ask(self._composer.sentence(error))

        self._composer.app.push_screen(Picker(picking, self._demo), ended)

    def _ask_warning(self) -> None:
        draft = self._composer.draft
        self._ask_text("content warning (empty: none)", draft.set_warning, draft.warning)

    def _ask_others(self, draft: ReplyDraft) -> None:
        names = ", ".join(draft.mention.others)
        self._ask_text(f"also to whom ({names}; empty: nobody)", draft.choose_others, " ".join(draft.others))

    def _ask_saved(self, draft: ReplyDraft) -> None:
        desk = draft.desk()
        choices = saved_choices(desk, shared_language([draft.mention]))
        picking = Picking(
            "saved reply",
            choices,
            "none of that name",
            preview=lambda name, width, room: preview(desk, name, draft.mention, width, room),
        )
        self._pick(picking, lambda taken: self._insert_saved(draft, saved_replies.find(desk, taken[0]), {}))

    def _insert_saved(self, draft: ReplyDraft, reply: SavedReply, given: Mapping[str, str]) -> None:
        """Asks for those of a saved reply's own variables that are not given, then puts its text behind what is
        written."""
        prompt, box = self._composer.prompt, self._composer.text_box
        variable = next((name for name in reply.asked if name not in given), None)

        def insert() -> None:
            text = draft.saved_reply(reply.name, given)
            box.text = "\n\n".join(filter(None, (box.text.rstrip(), text)))

        if variable is None:
            self._change(insert)
            return
        proposed = reply.variables[variable]

        def answered(answer: str) -> None:
            value = answer.strip() or proposed
            if value:
                self._insert_saved(draft, reply, {**given, variable: value})
            else:
                prompt.again(self._composer.sentence(NoValue(reply.name, variable)))

        prompt.ask(f"{variable} for {reply.name}", answered, proposed, left=self.ask)
        self._show_facts()

    def _ask_accounts(self, draft: PostDraft) -> None:
        def choose(taken: tuple[str, ...]) -> None:
            draft.choose_accounts(" ".join(taken))
            self._changed()

        accounts = draft.desk().settings.accounts
        choices = [Choice(account.name, account.network, account.user) for account in accounts]
        picking = Picking("post from", choices, "no such account", several=True, marked=frozenset(draft.names))
        self._pick(picking, choose)

    def _ask_campaign(self, draft: PostDraft) -> None:
        choices = [Choice(NO_CAMPAIGN, "", "the post belongs to none")] if draft.campaign else []
        choices += [Choice(each.name, each.state.value, each.intention) for each in draft.open_campaigns()]

        def choose(taken: tuple[str, ...]) -> None:
            draft.choose_campaign("" if taken[0] == NO_CAMPAIGN else taken[0])
            self._changed()

        self._pick(Picking("campaign", choices, "no campaign of that name"), choose)

    def _ask_time(self) -> None:
        draft = self._composer.draft
        slot = " next slot;" if draft.is_post else ""
        self._ask_text(f"leaves at (2h, tomorrow 9am, fri 14:30;{slot} empty: now)", draft.set_time)
