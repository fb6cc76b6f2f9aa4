"""What every text that is being written has in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from commtui.activity import moments
from commtui.activity.desk import Desk
from commtui.activity.errors import BadAttachment, NoSlot
from commtui.activity.outcome import Outcome
from commtui.model import spans, times
from commtui.model.abilities import Limits
from commtui.model.length import excess, length
from commtui.model.records import AccountState, Media
from commtui.model.slots import is_next_slot
from commtui.model.text import clean, one_line
from commtui.model.visibility import Visibility
from commtui.model.when import When
from commtui.outgoing import attachments, checks
from commtui.sentences.errors import bad_attachment, too_long
from commtui.sentences.wall_clock import irregular_words
from commtui.ui.text.parts import Part
from commtui.ui.text.rows import Pieces, RowContext

GetDesk = Callable[[], Desk]


def time_words(desk: Desk, at: datetime) -> str:
    """A time that was chosen, in full; its zone is named where the machine has another one."""
    words = times.echo(at, desk.zone, desk.now)
    return words if desk.names_zone else words.rsplit(" ", 1)[0]


class Draft(ABC):
    """A text that is being written, and all that goes out with it. No widget in here."""

    text = ""
    """What the text is when the composer opens."""
    begins_above = False
    """The cursor begins above the text: one's own words go before a quotation."""
    is_whole = False
    """Whether the text may be sent as it opens: the review is shown at once."""
    send_words, keep_words, discard_words = "send", "save draft", "discard"
    """What the review calls its ends."""
    visibility = Visibility.PUBLIC
    is_post = False
    """Whether `next_slot` can be asked."""
    chooses_accounts = False
    chooses_visibility = True
    chooses_time = True
    chooses_more = True
    """Media and a content warning."""
    at: datetime | None = None
    """When it is sent; None: after the hold window."""
    when: When | None = None
    """How that was given; None: it was not given here."""
    warning = ""
    """The content warning; it counts towards the length."""
    media: tuple[Media, ...] = ()

    def __init__(self, desk: GetDesk) -> None:
        self._desk = desk
        self._own = threading.local()
        """`desk` in a thread that saves with a store handle of its own."""

    def desk(self) -> Desk:
        """The store, the settings and the moment as they are now."""
        own: Desk | None = getattr(self._own, "desk", None)
        return self._desk() if own is None else own

    # what it is

    @abstractmethod
    def title(self) -> str:
        """What is being written, and from which account."""

    def context(self, context: RowContext) -> list[Part]:
        """The thread that it answers."""
        return []

    @abstractmethod
    def accounts(self) -> list[tuple[str, str]]:
        """(id, name) of each account that it goes to."""

    @abstractmethod
    def facts(self) -> list[str]:
        """What the review says beside the length: account, visibility, time."""

    @abstractmethod
    def place(self) -> dict[str, Any]:
        """What state/ui.json keeps, so that the composer opens again after a hang-up."""

    def subjects(self) -> tuple[str, ...]:
        """The ids of what its text changes: another window that has one of them open is named."""
        return ()

    @property
    def count(self) -> int:
        """How many texts `send` schedules."""
        return 1

    def when_sent(self) -> str:
        """When it is sent: a time, or `in 10s`."""
        desk = self.desk()
        if self.at is None or self.at <= desk.now + desk.settings.hold:
            return f"in {spans.span_text(desk.settings.hold)}"
        words = irregular_words(self.at, self.when.zone, self.when.wall) if self.when else ""
        return time_words(desk, self.at) + (f" ({words})" if words else "")

    # what becomes of it

    @abstractmethod
    def save(self, text: str) -> None:
        """Stores the text while it is typed. Raises TriageError or StoreError."""

    def save_with(self, desk: Desk, text: str) -> None:
        """`save` by another store handle, for a thread. Until it returns nobody else may change the draft."""
        with self._desk_of_thread(desk):
            self.save(text)

    def send_with(self, desk: Desk, text: str) -> Outcome:
        """`send` by another store handle, as `save_with`."""
        with self._desk_of_thread(desk):
            return self.send(text)

    @contextmanager
    def _desk_of_thread(self, desk: Desk) -> Iterator[None]:
        self._own.desk = desk
        try:
            yield
        finally:
            del self._own.desk

    def is_stored(self, text: str) -> bool:
        """Whether the text that was saved last is still there: another window may have written over it."""
        return True

    @abstractmethod
    def send(self, text: str) -> Outcome:
        """Schedules it. Raises TriageError or StoreError; the text is kept then."""

    def kept(self, text: str) -> Outcome:
        """What is told where the text is left as it was saved last."""
        return Outcome(verb="save-draft", ids=("",) if text.strip() or self.media else ())

    @abstractmethod
    def discard(self) -> Outcome:
        """Throws it away; undo brings it back."""

    # what may be chosen

    def limits(self) -> list[tuple[str, Limits]]:
        """The limits of each account it goes to, with the account's name."""
        store = self.desk().store
        return [(name, checks.limits_of(store, account)) for account, name in self.accounts()]

    def can(self, ability: str) -> bool:
        """Whether each of its accounts has the ability: `media` or `content_warning`."""
        states = [self.desk().store.get(AccountState, account) for account, _ in self.accounts()]
        return self.chooses_more and all(state is None or getattr(state.capabilities, ability) for state in states)

    def attach(self, path: str, alt: str) -> None:
        """Adds a file with its alt text. Raises BadAttachment."""
        self.media = (*self.media, attachments.attachment(path, alt, [limits for _, limits in self.limits()]))

    def detach(self) -> None:
        """Takes the last file away."""
        self.media = self.media[:-1]

    def set_warning(self, text: str) -> None:
        """Sets the content warning; an empty one takes it away."""
        self.warning = one_line(clean(text)).strip()

    def set_time(self, text: str) -> None:
        """Takes a WHEN, for a post also `next slot`; empty or `now`: after the hold window. Raises BadTime, NoSlot."""
        if text.strip().lower() in ("", "now"):
            self.when = None
        elif self.is_post and is_next_slot(text):
            self.when = self.next_slot()
        else:
            self.when = moments.when_of(self.desk(), text)
        self.at = self.when.at if self.when else None

    @property
    def zone(self) -> str | None:
        """The zone in which its time was given; None: it was not given here."""
        return self.when.zone if self.when else None

    def next_slot(self) -> When:
        """The next slot of a post that is free. Raises NoSlot."""
        raise NoSlot("reply")

    def visibilities(self) -> list[Visibility]:
        """Those to choose from."""
        return list(Visibility)

    def next_visibility(self) -> None:
        """Takes the next visibility that the network has."""
        choices = self.visibilities()
        after = choices.index(self.visibility) + 1 if self.visibility in choices else 0
        self.visibility = choices[after % len(choices)]

    # how long it is

    def as_sent(self, text: str) -> str:
        """The text as its network counts it."""
        return text

    def lengths(self, text: str) -> list[tuple[str, int, int | None]]:
        """For each account its name, the length by its own rule, and its limit; accounts with equal ones share one."""
        names: dict[tuple[int, int | None], str] = {}
        as_sent = self.as_sent(text)
        for name, limits in self.limits():
            key = (length(as_sent, limits, self.warning), limits.characters)
            names[key] = f"{names[key]}, {name}" if key in names else name
        return [(name, count, most) for (count, most), name in names.items()]

    def problem(self, text: str) -> str | None:
        """Why it can't be sent as it stands; None if it can."""
        if not text.strip() and not self.media:
            return "the text is empty"
        missing = attachments.missing(self.media)
        if missing:
            return f"{missing} is not there any more"
        limits_by_name = self.limits()
        for name, limits in limits_by_name:
            problem = self._problem_on(limits, text)
            if problem:
                return f"{name}: {problem}" if len(limits_by_name) > 1 else problem
        return None

    def _problem_on(self, limits: Limits, text: str) -> str | None:
        """What a server of these limits does not accept."""
        exceeded = excess(self.as_sent(text), limits, self.warning, len(self.media))
        if exceeded:
            return too_long(exceeded)
        try:
            attachments.check_media(self.media, [limits])
        except BadAttachment as error:
            return bad_attachment(error)
        return None

    # what is shown of it

    def notes(self, text: str) -> list[str]:
        """What else the review says: handles that are put before it, a content warning, files without alt text."""
        notes = []
        as_sent = self.as_sent(text)
        if as_sent != text:
            notes.append(f"begins with {as_sent.removesuffix(text).strip()}")
        if self.warning:
            notes.append("with a content warning")
        if self.media:
            without = sum(not media.alt for media in self.media)
            count = f"{len(self.media)} file{'s' if len(self.media) > 1 else ''}"
            notes.append(count + (f", {without} without alt text" if without else ""))
        return notes

    def attached(self) -> list[Pieces]:
        """Content warning and files, as lines under the text."""
        lines: list[Pieces] = []
        if self.warning:
            lines.append((("late", f" CW: {self.warning}"),))
        for media in self.media:
            name = media.url.rpartition("/")[2]
            alt = ("plain", f" + {name}: {media.alt}") if media.alt else ("late", f" + {name}: no alt text")
            lines.append((alt,))
        return lines


def account_visibilities(desk: Desk, account: str) -> list[Visibility]:
    """Those that the account's network has."""
    state = desk.store.get(AccountState, account)
    return list(state.capabilities.visibilities) if state else list(Visibility)


def account_name(desk: Desk, account: str) -> str:
    """What the config calls it."""
    names = (configured.name for configured in desk.settings.accounts if configured.id == account)
    return next(names, "an account that is not here")
