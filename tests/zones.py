"""Zones whose rules are others than those of this machine: a folder for PYTHONTZPATH."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def folder_with(folder: Path, **rules: str) -> Path:
    """A folder in which zones have the rules of other ones: `Europe__Berlin="Europe/London"`."""
    for name, other in rules.items():
        target = folder / name.replace("__", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = next(path for root in zoneinfo.TZPATH if (path := Path(root) / other).exists())
        target.write_bytes(source.read_bytes())
    return folder


@contextmanager
def other_rules(folder: Path, **rules: str) -> Iterator[None]:
    """This process knows these rules, as after an update of the tz database."""
    path = folder_with(folder, **rules)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(path), *before])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()
