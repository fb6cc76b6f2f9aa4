"""Whether somebody else works on what is being written: has it open in another window, or is assigned to it."""

from __future__ import annotations

from typing import Final

from commtui.model.ids import CONVERSATION
from commtui.model.records import Conversation
from commtui.sentences.open_texts import assigned, opened
from commtui.store.errors import StoreError
from commtui.system.open_texts import OpenTexts
from commtui.ui.composer.draft import Draft
from commtui.ui.services import Services

LOOK: Final = 0.25
"""Seconds between two looks."""


class Elsewhere:
    """Names the draft that this window writes to the other ones, and finds theirs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._texts = OpenTexts(services.home.open_texts)
        self._subjects: tuple[str, ...] = ()
        self._assigned: tuple[str | None, str] = (None, "")
        """The assignee at the last look, and what was to say of that: the time is searched for once."""
        self.words = ""
        """Who else works on it, as of the last look; empty where nobody does."""

    def opened(self, draft: Draft) -> None:
        """The draft is open here, or has become another one's."""
        subjects = draft.subjects()
        if subjects != self._subjects:
            desk = draft.desk()
            self._subjects, self._assigned = subjects, (None, "")
            self._texts.open(subjects, desk.who, desk.now)

    def closed(self) -> None:
        """Nothing is open here."""
        self._subjects = ()
        self._texts.close()

    def look(self) -> bool:
        """Looks who else works on it: reads a file of each window. Returns whether the words have changed."""
        before = self.words
        try:
            self.words = self._found()
        except StoreError:  # whoever reads or saves next says it
            return False
        return self.words != before

    def _found(self) -> str:
        if not self._subjects:
            return ""
        words = opened(self._services.desk(), self._texts.elsewhere(self._subjects))
        return "; ".join(filter(None, (self._assigned_to(), words)))

    def _assigned_to(self) -> str:
        """To whom else the conversation is assigned, where it is a single one."""
        if len(self._subjects) > 1 or self._subjects[0][:1] != CONVERSATION:
            return ""
        desk = self._services.desk()
        conversation = desk.store.get(Conversation, self._subjects[0])
        if conversation is None:
            return ""
        if conversation.assignee != self._assigned[0]:
            self._assigned = conversation.assignee, assigned(desk, conversation)
        return self._assigned[1]
