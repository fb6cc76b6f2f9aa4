"""The time zone in which times are read and shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from commtui.config.readers import Wrong
from commtui.config.readers import zone as known
from commtui.config.settings import Settings


def zone_name(settings: Settings, environ: Mapping[str, str] | None = None) -> str:
    """The IANA name: the config's `zone`, else TZ, else the machine's, else UTC."""
    if settings.zone:
        return settings.zone
    environ = os.environ if environ is None else environ
    return ("TZ" in environ and zone_of_tz(environ["TZ"])) or machine_zone() or "UTC"


def zone_of_tz(value: str) -> str | None:
    """The IANA name that a value of TZ means: a name, or a POSIX offset of whole hours (`JST-9`); None: neither."""
    # POSIX: a leading colon is the system's own form; glibc reads an empty TZ as UTC
    name = value.removeprefix(":").rpartition("zoneinfo/")[2] or "UTC"
    if is_zone(name):
        return name
    match = re.fullmatch(r"(?a)(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)([+-]?\d{1,2})(?::00){0,2}", name)
    if not match or not -14 <= int(match[1]) <= 12:
        return None
    return f"Etc/GMT{int(match[1]):+}" if int(match[1]) else "UTC"  # the sign is POSIX's: Etc/GMT-9 is ahead of UTC


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        known(name)
    except Wrong:
        return False
    return True


def machine_zone() -> str | None:
    """The IANA name of the machine's zone; None if it is unknown."""
    named = _zone_of_etc()
    if named is not None and is_zone(named):
        return named
    import warnings

    from tzlocal import get_localzone_name  # takes 20 ms and imports logging

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tzlocal warns when a name and its offset do not fit
        try:
            name = get_localzone_name()
        except Exception:  # noqa: BLE001 - whatever /etc holds must not stop the program
            return None
    return name if name and is_zone(name) else None


def _zone_of_etc() -> str | None:
    """The zone that /etc/localtime links to, if /etc/timezone agrees or is missing; else None."""
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        return None
    named = link.rpartition("/zoneinfo/")[2]
    try:
        written = Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        written = named
    return named if named == written and named != link else None
