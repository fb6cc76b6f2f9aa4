"""The screens of campaigns: what is opened from them, and what is done there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from commtui.activity import resolve_campaign, undo
from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.activity.outcome import Outcome
from commtui.marketing import campaigns
from commtui.model import ids
from commtui.sentences.outcomes import sentence
from commtui.store.errors import StoreError
from commtui.ui.dialogs.campaigns import CampaignScreen, CampaignsScreen
from commtui.ui.dialogs.person_actions import Said
from commtui.ui.host import Host
from commtui.ui.own_store import on_own_store
from commtui.ui.text.naming import ScreenNaming, error_sentence
from commtui.ui.verbs import focus

T = TypeVar("T")


def open_campaigns(host: Host, argument: str = "") -> None:
    """Shows the campaigns, or the one that is named. Raises UnknownName, AmbiguousId."""
    if argument.strip():
        go_to(host, resolve_campaign.campaign(host.desk.store, argument).id)
    else:
        go_to_list(host)


def go_to_list(host: Host, at: str = "") -> None:
    """Shows the list. `at`: the id of the campaign that the cursor points to."""
    host.push(CampaignsScreen(host.snapshot, host.program.keymap, ActionsOf(host), at, host.services.demo))


def go_to(host: Host, campaign: str, at: int = 0) -> None:
    """Shows a campaign, by its id. `at`: the number of the post that the cursor points to."""
    host.push(CampaignScreen(host.snapshot, host.program.keymap, ActionsOf(host), campaign, at, host.services.demo))


class ActionsOf:
    """What is done on the screens, as `CampaignActions`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def count(self, work: Callable[[Desk], T]) -> T:
        host = self._host
        return await asyncio.to_thread(on_own_store, host.services, host.services.desk(), work)

    def open(self, campaign: str) -> None:
        go_to(self._host, campaign)

    def open_list(self, campaign: str) -> None:
        go_to_list(self._host, campaign)

    def open_post(self, campaign: str, post: str) -> None:
        host = self._host
        focus.open_item(host, "posts", post)
        host.session.opened_from = lambda: go_to(host, campaign, ids.number(post))

    def pause(self, campaign: str) -> Said:
        return self._do(lambda desk: campaigns.pause(desk, campaign))

    def resume(self, campaign: str) -> Said:
        return self._do(lambda desk: campaigns.resume(desk, campaign))

    def undo(self) -> Said:
        step = undo.last_step(self._host.services.desk(), "undo")
        if step is None or not step.ids or step.ids[0][:1] != ids.CAMPAIGN:
            return Said("your last step was not about a campaign: undo it outside of here", bad=True)
        return self._do(lambda desk: undo.undo(desk, step=step.op_id))

    def _do(self, verb: Callable[[Desk], Outcome]) -> Said:
        host = self._host
        host.renew()
        try:
            outcome = verb(host.desk)
        except (TriageError, StoreError) as error:
            return Said(error_sentence(error, host.desk, host.key_of), bad=True)
        host.follow()
        return Said(sentence(outcome, ScreenNaming(host.desk, host.key_of)))
