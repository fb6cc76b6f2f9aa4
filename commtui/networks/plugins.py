"""Which networks there are: ours by name, others by the entry-point group `commtui.networks`.

Three grains: list the names, load one, load all. entry_points() costs 39 ms, so ours are known without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from commtui.networks.base import Network

GROUP: Final = "commtui.networks"
OURS: Final[Mapping[str, str]] = {
    "demo": "commtui.networks.demo:Demo",
    "mastodon": "commtui.networks.mastodon:Mastodon",
}


class BrokenNetwork(LookupError):
    """A network is not installed, or its module can't be imported; `str()` is one line for a person."""


def installed_names() -> list[str]:
    """The names of all networks, sorted; imports none."""
    return sorted({*OURS, *(entry.name for entry in _entries())})


def load(name: str) -> type[Network]:
    """The class of one network. Raises BrokenNetwork."""
    place = OURS.get(name)
    if place is None:
        found = [entry for entry in _entries() if entry.name == name]
        if not found:
            raise BrokenNetwork(f"no network {name!r} is installed; there are: {', '.join(installed_names())}")
        place = found[0].value
    module, _, attribute = place.partition(":")
    try:
        kind: type[Network] = getattr(import_module(module), attribute)
    except Exception as error:  # a plug-in is foreign code: whatever its import does, it must not stop the others
        raise BrokenNetwork(f"the network {name!r} can't be loaded: {type(error).__name__}: {error}") from error
    return kind


def load_all() -> tuple[dict[str, type[Network]], list[BrokenNetwork]]:
    """Every network that loads, and what is wrong with the others."""
    loaded: dict[str, type[Network]] = {}
    broken: list[BrokenNetwork] = []
    for name in installed_names():
        try:
            loaded[name] = load(name)
        except BrokenNetwork as error:
            broken.append(error)
    return loaded, broken


def _entries() -> Any:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
