"""Whether another window has the same text open: who, in which process and since when."""

from __future__ import annotations

from datetime import datetime

from commtui.activity.desk import Desk
from commtui.model import times
from commtui.system.open_texts import OpenTexts
from commtui.ui.composer.draft import Draft
from commtui.ui.services import Services


class Elsewhere:
    """Names the draft that this window writes to the other ones, and finds theirs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._texts = OpenTexts(services.home.state / "open")
        self._subjects: tuple[str, ...] = ()
        self.words = ""
        """Who else had it open at the last look; empty where nobody had."""

    def opened(self, draft: Draft) -> None:
        """The draft is open here, or has become another one's."""
        subjects = draft.subjects()
        if subjects != self._subjects:
            desk = draft.desk()
            self._subjects = subjects
            self._texts.open(subjects, desk.who, desk.now)

    def closed(self) -> None:
        """Nothing is open here."""
        self._subjects = ()
        self._texts.close()

    def look(self) -> None:
        """Looks who else has it open: reads a file of each window."""
        self.words = self._found()

    def _found(self) -> str:
        texts = self._texts.elsewhere(self._subjects) if self._subjects else []
        if not texts:
            return ""
        desk, first = self._services.desk(), texts[0]
        more = f" and {len(texts) - 1} more" if len(texts) > 1 else ""
        since = f"(process {first.pid}{more}) since {_time(desk, first.since)}"
        if first.who == desk.who:
            return f"also open in another window {since}"
        return f"{first.who} has it open, too {since}"


def _time(desk: Desk, since: datetime) -> str:
    return times.near(since, desk.zone, desk.now)
