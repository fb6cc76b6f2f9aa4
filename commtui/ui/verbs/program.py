"""Copying, help, accounts and the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.ui.host import Action, Host
from commtui.ui.verbs import attached, command_line, copying, quitting


def _sync(host: Host, argument: str) -> None:
    host.services.sync_now()
    host.tell("asked for news")


def _activity(host: Host, words: str) -> None:
    from commtui.ui.verbs.activity import open_activity  # rarely needed

    open_activity(host, words)


def _person(host: Host, who: str) -> None:
    from commtui.ui.verbs.person import open_person  # rarely needed

    open_person(host, who)


def _campaigns(host: Host, argument: str) -> None:
    from commtui.ui.verbs.campaigns import open_campaigns  # rarely needed

    open_campaigns(host, argument)


def _engagement(host: Host, argument: str) -> None:
    from commtui.ui.verbs.engagement import open_engagement  # rarely needed

    open_engagement(host)


def _report(host: Host, argument: str) -> None:
    from commtui.ui.verbs.report import open_report  # rarely needed

    open_report(host)


def _calendar(host: Host, argument: str) -> None:
    from commtui.ui.verbs.calendar import open_calendar  # rarely needed

    open_calendar(host)


def _of_calendar(host: Host, argument: str) -> None:
    host.tell(f"moves through the calendar: {host.key_of('calendar')} opens it")


def _add_account(host: Host, network: str) -> None:
    from commtui.ui.verbs.accounts import add  # rarely needed

    add(host, network)


def _accounts(host: Host, name: str) -> None:
    from commtui.ui.verbs.accounts import accounts  # rarely needed

    accounts(host, name)


def _settings(host: Host, argument: str) -> None:
    from commtui.ui.verbs.settings import open_settings  # rarely needed

    open_settings(host)


ACTIONS: Final[Mapping[str, Action]] = {
    "copy-link": copying.copy_link,
    "copy-text": copying.copy_text,
    "open-link": copying.open_link,
    "view-media": attached.view_media,
    "open-media": attached.open_media,
    "download-media": attached.download_media,
    "activity": _activity,
    "person": _person,
    "engagement": _engagement,
    "figures": _report,
    "calendar": _calendar,
    **dict.fromkeys(("day-before", "day-after", "period-before", "period-after"), _of_calendar),
    "campaigns": _campaigns,
    "sync": _sync,
    "command-line": command_line.command_line,
    "palette": command_line.palette,
    "leader": command_line.leader,
    "help": command_line.show_help,
    "theme": command_line.theme,
    "settings": _settings,
    "account-add": _add_account,
    "accounts": _accounts,
    "redraw": quitting.redraw,
    "quit": quitting.leave,
}
