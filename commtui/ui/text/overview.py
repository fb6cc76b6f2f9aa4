"""The column of a wide screen: views with their counts, accounts, and who has how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from commtui.triage.status import AccountStanding
from commtui.ui.keys.table import COMMANDS
from commtui.ui.text.cells import cells_of, cut_words
from commtui.ui.text.person import section
from commtui.ui.text.rows import Pieces

VIEWS: Final = tuple((command.leader, command.counted) for command in COMMANDS if command.counted)
"""The key after the leader, and the view."""


def view_lines(counts: Mapping[str, str], leader: str, width: int) -> list[Pieces]:
    """The views, each with the key that opens it after the leader key, and the number of its rows."""
    head: Pieces = (("unread", " Views"), ("dim", f"  {leader} and" if leader else ""))
    return [head, *(_counted(f"{key}  {view}" if leader else view, counts[view], width) for key, view in VIEWS)]


def own_view_lines(counts: Mapping[str, str], key: str, width: int) -> list[Pieces]:
    """The config's views and the campaigns, each with the number of its rows; the key chooses among them."""
    if not counts:
        return []
    head: Pieces = (("unread", " More views"), ("dim", f"  {key}" if key else ""))
    return [(), head, *(_counted(name, count, width) for name, count in counts.items())]


def account_rows(accounts: Sequence[AccountStanding], width: int) -> list[Pieces]:
    """The accounts, each with how many of its open conversations are unread; below it what is wrong with it."""
    lines = section("Accounts: unread")
    for account in accounts:
        lines.append(_counted(account.account, str(account.unread), width))
        if account.health.value != "ok":
            lines.append((("late", f"   {account.health.value}"),))
    return lines


def team_rows(team: Mapping[str, int], unassigned: int, who: str, width: int) -> list[Pieces]:
    """Who has how many open conversations, and how many nobody has."""
    named = [_counted(f"{name} (me)" if name == who else name, str(count), width) for name, count in team.items()]
    return [*section("Team: open"), *named, _counted("unassigned", str(unassigned), width)]


def _counted(name: str, count: str, width: int) -> Pieces:
    """A name, and a number at the end of the line."""
    room = width - len(count) - 3
    shown = cut_words(name, room)
    return (("plain", f" {shown}{' ' * (room - cells_of(shown) + 1)}{count} "),)
