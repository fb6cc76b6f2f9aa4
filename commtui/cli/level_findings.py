"""The check of `commtui doctor` on the tags of service levels."""

from __future__ import annotations

from commtui.cli.services import CliError, Services
from commtui.config.check import Finding, Level
from commtui.config.errors import ConfigError
from commtui.store.errors import StoreError


def tags(services: Services) -> list[Finding]:
    """Checks that a conversation has each tag that a service level names: another tag may be misspelled."""
    try:
        from commtui.triage.query import parse
        from commtui.triage.views import listed_mentions

        desk = services.desk()
        levels = [(level.name, tag) for level in desk.settings.service_levels for tag in level.tags]
        unknown = [pair for pair in levels if next(listed_mentions(desk, parse(f'tag:"{pair[1]}"')), None) is None]
    except (StoreError, ConfigError, CliError):
        return []  # another check reports it
    return [
        Finding(
            Level.WARN,
            "service levels",
            f"{name!r} is for the tag {tag!r}, which no conversation has so far",
            "is it spelled as you tag?",
        )
        for name, tag in unknown
    ]
