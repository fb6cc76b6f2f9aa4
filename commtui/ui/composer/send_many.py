"""Schedules many texts in a thread: how far it is stands in the place of the review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from commtui.activity.outcome import Outcome
from commtui.ui.composer.draft import Draft
from commtui.ui.own_store import Running, beside
from commtui.ui.services import Services
from commtui.ui.widgets.prompt import Prompt


class SendingComposer(Protocol):
    """The composer, as this sees it."""

    prompt: Prompt

    def finish(self, verb: Callable[[], Outcome], sent: bool = False) -> None:
        """Closes with what a verb returns; asks again, with its error, if it raises one."""
        ...


async def send_many(composer: SendingComposer, services: Services, draft: Draft, text: str) -> None:
    """Schedules the texts of a draft, all or none. Escape stops it: the text can be changed again then."""
    running = Running("reply", draft.count)

    def stop() -> None:
        running.stopping = True
        show()  # at once: no key may ask again, or change the text, before the thread has ended

    def show() -> None:
        composer.prompt.choose(f"{running.progress}  esc stop", {}, stays=True, left=stop)

    sending = await beside(services, draft.desk(), lambda desk: draft.send_with(desk, text), running, show)
    composer.prompt.close()
    composer.finish(sending.result, sent=True)
