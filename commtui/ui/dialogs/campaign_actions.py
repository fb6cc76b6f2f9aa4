"""What the screens of campaigns ask the inbox to do. A campaign is named by its id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from commtui.activity.desk import Desk
from commtui.ui.dialogs.person_actions import Said

T = TypeVar("T")


class CampaignActions(Protocol):
    """What the inbox does about campaigns."""

    async def count(self, work: Callable[[Desk], T]) -> T:
        """Returns what some work counts, in a thread on a store handle of its own. Raises StoreError."""
        ...

    def open(self, campaign: str) -> None:
        """Opens the screen of a campaign, whose end leads back to the list."""
        ...

    def open_list(self, campaign: str) -> None:
        """Opens the list, the cursor on a campaign."""
        ...

    def open_post(self, campaign: str, post: str) -> None:
        """Opens a post (the id of a variant) in the reader, whose end leads back to the campaign."""
        ...

    def pause(self, campaign: str) -> Said:
        """Holds what is scheduled of it."""
        ...

    def resume(self, campaign: str) -> Said:
        """Lets it go on, and releases what that held."""
        ...

    def undo(self) -> Said:
        """Takes back the last step, if it was about a campaign."""
        ...
