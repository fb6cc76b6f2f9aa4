"""The settings screen."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.ui.dialogs.settings import SettingsScreen
from commtui.ui.host import Host


def open_settings(host: Host) -> None:
    """Shows every setting, to be changed."""

    def themes() -> Sequence[str]:
        host.program.reload_themes()  # a file may have been added a moment ago
        return host.program.theme_names

    def ended(_: None) -> None:
        host.renew()
        host.follow(everything=True)

    host.push(SettingsScreen(host.services, themes, lambda: host.program.keymap), ended)
