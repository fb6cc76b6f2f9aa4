"""Which time zone times are read and shown in, where the config doesn't say."""

from __future__ import annotations

import os
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
    if "TZ" in environ:
        # POSIX: a leading colon is the system's own form; glibc takes an empty TZ for UTC
        named = environ["TZ"].removeprefix(":").rpartition("zoneinfo/")[2] or "UTC"
        if is_zone(named):
            return named
    return machine_zone() or "UTC"


def is_zone(name: str) -> bool:
    """Whether this machine knows a zone of that name."""
    try:
        known(name)
    except Wrong:
        return False
    return True


def machine_zone() -> str | None:
    """The IANA name that the machine is set to; None where it can't be told."""
    named = _plainly_told()
    if named is not None and is_zone(named):
        return named
    import warnings

    from tzlocal import get_localzone_name  # 20 ms and logging: only for those who ask

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tzlocal warns when the offset of a name doesn't fit: doctor's matter
        try:
            name = get_localzone_name()
        except Exception:  # noqa: BLE001 - whatever /etc holds, a wrong zone must not stop the program
            return None
    return name if name and is_zone(name) else None


def _plainly_told() -> str | None:
    """The zone where /etc/localtime links to it and /etc/timezone, if there is one, agrees: else tzlocal finds out."""
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        return None
    named = link.rpartition("/zoneinfo/")[2]
    try:
        said = Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        said = named
    return named if named == said and named != link else None
