"""The campaigns with their figures, and the screen of one with its posts. Both are followed while they are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.app import ComposeResult

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.campaign_records import HELD_FOR, Campaign
from commtui.model.records import Outgoing
from commtui.store.errors import StoreError
from commtui.triage.campaigns import Counted, counted, listed
from commtui.ui.dialogs.campaign_actions import CampaignActions
from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.person_actions import Said
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.campaign import campaign_row, column_heads, head_lines
from commtui.ui.text.outgoing_row import outgoing_row
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.lines import OneLine
from commtui.ui.widgets.side_column import SideColumn

ROWS_LEAST: Final = 4
"""Lines that are left to the list of posts."""


class Found(NamedTuple):
    """What a screen shows: campaigns, and the variants of the posts of one."""

    campaigns: list[Counted]
    posts: Sequence[Outgoing] = ()


class CountedScreen(ListScreen[None]):
    """Campaigns that are counted in a thread, anew after each change."""

    def __init__(self, snapshot: Snapshot, keymap: Keymap, actions: CampaignActions, none: str, demo: bool) -> None:
        super().__init__("campaigns", snapshot, keymap, lambda: none if self.is_counted else "counting ...", demo)
        self.actions = actions
        self.is_counted = False
        self._is_counting = self._again = False

    def on_mount(self) -> None:
        self.follow()

    def follow(self) -> None:
        self._again = True
        if not self._is_counting:
            self._is_counting = True
            self.run_worker(self._count(), group="count")

    async def _count(self) -> None:
        try:
            while self._again:
                self._again = False
                found = await self.actions.count(self.find)
                self.is_counted = True
                self.show_found(found)
        except StoreError as error:
            self.say(str(error), bad=True)
        finally:
            self._is_counting = False

    # what the two screens differ in

    def find(self, desk: Desk) -> Found:
        """Returns what is shown; called in a thread."""
        raise NotImplementedError  # no ABC: Textual's screens have a metaclass of their own

    def show_found(self, found: Found) -> None:
        """Shows it."""
        raise NotImplementedError  # as above

    @property
    def pointed(self) -> Campaign | None:
        """The campaign that keys are about."""
        raise NotImplementedError  # as above

    # keys

    def own_keys(self) -> Keys:
        return {"hold": self._pause_or_go_on, "undo": lambda: self._tell(self.actions.undo())}

    def _tell(self, said: Said) -> None:
        self.say(said.text, said.bad)

    def _pause_or_go_on(self) -> None:
        campaign = self.pointed
        if campaign is None:
            return
        if campaign.state not in HELD_FOR:
            self._tell(self.actions.pause(campaign.id))
            return
        question = f"let {campaign.name} go on, and release what that holds?  y/n"
        self.ask_yes(question, lambda: self._tell(self.actions.resume(campaign.id)))


class CampaignsScreen(CountedScreen):
    """The list. Ends when a campaign is opened, or by the keys that lead back."""

    def __init__(
        self, snapshot: Snapshot, keymap: Keymap, actions: CampaignActions, at: str = "", demo: bool = False
    ) -> None:
        """`at`: the id of the campaign that the cursor points to; empty: the first."""
        none = "no campaigns yet: commtui campaign add NAME --goal '5 posts by 2027-06-01'"
        super().__init__(snapshot, keymap, actions, none, demo)
        self._at = at
        self._by_number: dict[int, Counted] = {}
        self.heads = OneLine()

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.heads
        yield self.rows
        yield self.foot

    def on_mount(self) -> None:
        self._show_heads()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_heads)

    def _show_heads(self) -> None:
        self.show_title("Campaigns")
        self.heads.say(column_heads(self.app.size.width), "dim")

    def find(self, desk: Desk) -> Found:
        return Found(list(listed(desk)))

    def show_found(self, found: Found) -> None:
        before, self._by_number = self._by_number, {ids.number(each.campaign.id): each for each in found.campaigns}
        changed = {number for number, each in self._by_number.items() if before.get(number) != each}
        self.rows.show(list(self._by_number), changed)
        if self._at and not before:
            self.rows.move_to_number(ids.number(self._at))

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        row = self._by_number.get(number)
        return campaign_row(row, pointed, width) if row else ()

    @property
    def pointed(self) -> Campaign | None:
        row = self._by_number.get(self.rows.number) if self.rows.number is not None else None
        return row.campaign if row else None

    def own_keys(self) -> Keys:
        return {**super().own_keys(), "open": self._open}

    def _open(self) -> None:
        campaign = self.pointed
        if campaign is not None:
            self.dismiss(None)
            self.actions.open(campaign.id)


class CampaignScreen(CountedScreen):
    """One campaign: its figures, how they are counted, and its posts. Ends when a post is opened; going back leads to
    the list."""

    def __init__(
        self,
        snapshot: Snapshot,
        keymap: Keymap,
        actions: CampaignActions,
        campaign: str,
        at: int = 0,
        demo: bool = False,
    ) -> None:
        """`campaign`: its id. `at`: the number of the post that the cursor points to; 0: the first."""
        super().__init__(
            snapshot, keymap, actions, "no posts yet: `c` in the review of a post chooses the campaign", demo
        )
        self._campaign, self._at = campaign, at
        self._counted: Counted | None = None
        self._items: dict[int, Outgoing] = {}
        self.head = SideColumn(self._head, self._place_head, "campaign-head")

    def compose(self) -> ComposeResult:
        yield self.title_line
        yield self.head
        yield self.rows
        yield self.foot

    def on_resize(self) -> None:
        self.call_after_refresh(self._place_head)

    def find(self, desk: Desk) -> Found:
        campaign = desk.store.get(Campaign, self._campaign)
        items = desk.store.outgoing.of_campaign(self._campaign)
        items.sort(key=lambda item: (item.sent_at or item.scheduled_at or item.created_at, item.id))
        return Found([counted(desk, campaign)] if campaign else [], items)

    def show_found(self, found: Found) -> None:
        if not found.campaigns:  # its making was undone
            self._go_back()
            return
        is_first, self._counted = self._counted is None, found.campaigns[0]
        self._items = {ids.number(item.id): item for item in found.posts}
        self.show_title(f"{self._counted.campaign.name}: {self._counted.campaign.state.value}")
        self._place_head()
        self.rows.show(list(self._items), None)
        if is_first and self._at:
            self.rows.move_to_number(self._at)

    def _place_head(self) -> None:
        """Gives the facts the lines that they need, as long as the list keeps its own."""
        size = self.app.size
        self.head.styles.height = max(1, min(len(self._head(size.width)), size.height - 2 - ROWS_LEAST))
        self.head.show()

    def _head(self, width: int) -> list[Pieces]:
        return head_lines(self._counted, self.snapshot.row_context(width)) if self._counted else []

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        item = self._items.get(number)
        return outgoing_row(item, self.snapshot.row_context(width), pointed) if item else ()

    @property
    def pointed(self) -> Campaign | None:
        return self._counted.campaign if self._counted else None

    def own_keys(self) -> Keys:
        back = dict.fromkeys(("back", "escape"), self._go_back)
        return {**super().own_keys(), **back, "open": self._open}

    def _go_back(self) -> None:
        self.dismiss(None)
        self.actions.open_list(self._campaign)

    def _open(self) -> None:
        number = self.rows.number
        if number is not None and number in self._items:
            self.dismiss(None)
            self.actions.open_post(self._campaign, self._items[number].id)
