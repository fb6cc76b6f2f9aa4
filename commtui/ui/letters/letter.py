"""What every text being written has in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from commtui.activity import moments
from commtui.activity.desk import Desk, Outcome
from commtui.model.abilities import Limits
from commtui.model.length import excess, length
from commtui.model.records import AccountState, Media
from commtui.model.text import clean, one_line
from commtui.model.visibility import Visibility
from commtui.outgoing import attachments
from commtui.ui.text.rows import Look, Pieces

GetDesk = Callable[[], Desk]


class Letter:
    """A text being written. `text` is what stood there at the beginning."""

    what = "text"
    text = ""
    visibility = Visibility.PUBLIC
    chooses_accounts = False
    chooses_visibility = True
    chooses_time = True
    at: datetime | None = None
    """When it leaves; None: after the hold window."""
    chooses_more = True
    """Media and content warning."""
    warning = ""
    """The content warning; it counts towards the length."""
    media: tuple[Media, ...] = ()

    def __init__(self, desk: GetDesk) -> None:
        self.desk = desk

    def title(self) -> str:
        """What is being written, and from where."""
        raise NotImplementedError

    def context(self, look: Look) -> list[Pieces]:
        """What is answered, to be shown above."""
        return []

    def limits(self) -> list[tuple[str, Limits]]:
        """The bounds of each account it goes to, with the account's name."""
        raise NotImplementedError

    def accounts_of(self) -> list[str]:
        """The ids of the accounts that it goes to."""
        raise NotImplementedError

    def able(self, what: str) -> bool:
        """Whether each of its accounts can do it: `media`, `content_warning`."""
        known = [self.desk().store.get(AccountState, each) for each in self.accounts_of()]
        return self.chooses_more and all(each is None or getattr(each.capabilities, what) for each in known)

    def attach(self, path: str, alt: str) -> None:
        """Adds a file with its alt text. Raises Usage for one that can't be read or is too large."""
        self.media = (*self.media, attachments.attachment(path, alt, [limits for _, limits in self.limits()]))

    def detach(self) -> None:
        """Takes the last file away."""
        self.media = self.media[:-1]

    def warn(self, text: str) -> None:
        """Sets the content warning; an empty one takes it away."""
        self.warning = one_line(clean(text)).strip()

    def choose_time(self, text: str) -> None:
        """Takes a WHEN; empty or `now` is after the hold window. Raises Usage."""
        now = not text.strip() or text.strip().lower() == "now"
        self.at = None if now else moments.moment(self.desk(), text)

    def as_sent(self, text: str) -> str:
        """The text as its network counts it."""
        return text

    def save(self, text: str) -> None:
        """Keeps the text while it is typed. Raises TriageError."""
        raise NotImplementedError

    def stored(self, text: str) -> bool:
        """Whether what was last kept is still there: another window may have written over it."""
        return True

    def send(self, text: str) -> Outcome:
        """Puts it on its way. Raises TriageError; the text is kept then."""
        raise NotImplementedError

    def discard(self) -> Outcome:
        """Throws it away; undo brings it back."""
        raise NotImplementedError

    def place(self) -> dict[str, Any]:
        """What state/ui.json keeps, so that the composer opens again after a hang-up."""
        raise NotImplementedError

    def facts(self) -> list[str]:
        """What the review line says beside the length: account, visibility, time."""
        return [self.visibility.value]

    def notes(self, text: str) -> list[str]:
        """What else the review says: a handle that is put before it, a content warning, files without alt text."""
        found = []
        if self.as_sent(text) != text:
            found.append(f"begins with {self.as_sent(text).partition(' ')[0]}")
        if self.warning:
            found.append("with a content warning")
        bare = sum(not each.alt for each in self.media)
        if self.media:
            count = f"{len(self.media)} file{'s' if len(self.media) > 1 else ''}"
            found.append(count + (f", {bare} without alt text" if bare else ""))
        return found

    def attached(self, width: int) -> list[Pieces]:
        """Content warning and files, as lines under the text."""
        found: list[Pieces] = []
        if self.warning:
            found.append((("late", f" CW: {self.warning}"),))
        for each in self.media:
            name = each.url.rpartition("/")[2]
            said = ("plain", f" + {name}: {each.alt}") if each.alt else ("late", f" + {name}: no alt text")
            found.append((said,))
        return found

    def next_visibility(self) -> str:
        """The next one that the network has; what the person is told."""
        choices = self.visibilities()
        after = choices.index(self.visibility) + 1 if self.visibility in choices else 0
        self.visibility = choices[after % len(choices)]
        return self.visibility.value

    def visibilities(self) -> list[Visibility]:
        """Those to choose from."""
        return list(Visibility)

    def lengths(self, text: str) -> list[tuple[str, int, int | None]]:
        """For each account its name, the length by its own rule, and its limit; alike ones are one."""
        found: dict[tuple[int, int | None], str] = {}
        for name, limits in self.limits():
            key = (length(self.as_sent(text), limits, self.warning), limits.characters)
            found[key] = f"{found[key]}, {name}" if key in found else name
        return [(name, count, most) for (count, most), name in found.items()]

    def problem(self, text: str) -> str | None:
        """Why it can't be sent as it stands; None if it can."""
        if not text.strip() and not self.media:
            return "the text is empty"
        lost = attachments.missing(self.media)
        if lost:
            return f"{lost} is not there any more"
        for name, limits in self.limits():
            too_much = excess(self.as_sent(text), limits, self.warning, len(self.media))
            if too_much:
                return f"{name}: {too_much}" if len(self.limits()) > 1 else too_much
        return None


def network_visibilities(desk: Desk, account: str) -> list[Visibility]:
    """Those that the login's network has."""
    known = desk.store.get(AccountState, account)
    return list(known.capabilities.visibilities) if known else list(Visibility)


def account_name(desk: Desk, account: str) -> str:
    """What the config calls it."""
    return next((each.name for each in desk.settings.accounts if each.id == account), "an account that is not here")
