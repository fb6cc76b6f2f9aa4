"""Which account's rows the screen shows: chosen from a list with unread counts, or by name."""

from __future__ import annotations

from typing import Final

from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import prompts
from commtui.ui.widgets.picker import Picking

ALL: Final = "all accounts"


def accounts(host: Host) -> list[Choice]:
    """The accounts of the config, each with the number of its unread conversations, the one that is shown marked."""
    shown, standings = host.panes.account, host.snapshot.standing.accounts
    choices = [Choice(ALL, f"{sum(standing.unread for standing in standings)} unread", "" if shown else "shown")]
    for account, standing in zip(host.desk.settings.accounts, standings, strict=True):
        where = f"{account.network} {account.user}" + (", shown" if account.id == shown else "")
        choices.append(Choice(account.name, f"{standing.unread} unread", where))
    return choices


def choose_account(host: Host, argument: str = "") -> None:
    """Shows the rows of one account in every pane, or those of all. Raises NotDone for an unknown one."""
    if len(host.desk.settings.accounts) < 2:
        host.tell("there is one account" if host.desk.settings.accounts else "no account yet")
    elif argument:
        show_account(host, argument)
    else:
        prompts.pick(host, Picking("rows of", accounts(host)), lambda taken: show_account(host, taken[0]))


def show_account(host: Host, name: str) -> None:
    """Shows the rows of an account by its name, or `all`."""
    known = {account.name.casefold(): account for account in host.desk.settings.accounts}
    account = known.get(name.casefold())
    if account is None and name.casefold() not in (ALL, "all"):
        names = ", ".join(account.name for account in known.values())
        raise NotDone(f"no account {name!r}; there are: {names}, or all")
    host.panes.show_account(account.id if account else "")
    for view in host.panes.views:
        view.rows.mark(())
    host.follow(everything=True)
    host.tell(f"rows of {account.name}" if account else "rows of all accounts")
