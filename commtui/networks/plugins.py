"""Which networks there are: ours, known without a look at what is installed, and plug-ins by their entry points.

Three grains, by cost: `installed_names` reads metadata (39 ms), `load` imports one network, `load_all` every one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from commtui.model.suggestions import nearest
from commtui.networks.base import Network

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "commtui.networks"
OURS: Final = MappingProxyType(
    {
        "bluesky": "commtui.networks.bluesky:Bluesky",
        "demo": "commtui.networks.demo:Demo",
        "mastodon": "commtui.networks.mastodon:Mastodon",
    }
)
"""name -> module:class. A plug-in of the same name is not asked for."""
PARTS: Final = ("check", "fetch", "thread", "send", "find", "upload", "act", "stream", "aclose")
"""What a network must be able to do; see `networks.base.Network`."""


class BrokenNetwork(LookupError):
    """A network is not installed, or cannot be loaded; `str()` is one line for a person."""


def _found() -> dict[str, list[EntryPoint]]:
    from importlib.metadata import entry_points  # 39 ms, and our own networks don't need it

    found: dict[str, list[EntryPoint]] = {}
    for each in entry_points(group=GROUP):
        if each.name not in OURS:
            found.setdefault(each.name, []).append(each)
    return found


def installed_names() -> list[str]:
    """The names of all networks, sorted; nothing of theirs is imported."""
    return sorted({*OURS, *_found()})


def load(name: str) -> type[Network]:
    """The network of that name. Raises BrokenNetwork."""
    if name in OURS:
        return _import(name, OURS[name], "commtui")
    plugins = _found()
    if name not in plugins:
        raise BrokenNetwork(_unknown(name, {*OURS, *plugins}))
    return _one(name, plugins[name])


def load_all() -> tuple[dict[str, type[Network]], list[BrokenNetwork]]:
    """Every network that loads, and what is wrong with each of the others."""
    loaded: dict[str, type[Network]] = {}
    broken: list[BrokenNetwork] = []
    for name in installed_names():
        try:
            loaded[name] = load(name)
        except BrokenNetwork as error:
            broken.append(error)
    return loaded, broken


def _unknown(name: str, names: Iterable[str]) -> str:
    near = nearest(name, sorted(names))
    hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(names))}"
    return f"no network {name!r}: {hint}"


def _one(name: str, entries: list[EntryPoint]) -> type[Network]:
    if len({each.value for each in entries}) > 1:
        owners = " and ".join(sorted(_owner(each) for each in entries))
        raise BrokenNetwork(f"network {name!r} comes from {owners}: remove one of them")
    return _import(name, entries[0].value, _owner(entries[0]))


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _import(name: str, where: str, owner: str) -> type[Network]:
    from importlib import import_module

    module, _, attribute = where.partition(":")
    try:
        found: Any = import_module(module.strip())
        for part in attribute.split("[")[0].strip().split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:  # whatever a plug-in's module does must not stop the others
        why = re.sub(r"\s+", " ", str(error)).strip()[:200]
        raise BrokenNetwork(f"network {name!r} of {owner} cannot be loaded: {type(error).__name__}: {why}") from error
    if problem := _problem(name, found):
        raise BrokenNetwork(f"network {name!r} of {owner} {problem}: see commtui.networks.base.Network")
    network: type[Network] = found
    return network


def _problem(name: str, found: Any) -> str:
    """What keeps it from being a network; empty if nothing does."""
    if not isinstance(found, type):
        return "is no class"
    missing = [part for part in PARTS if not callable(getattr(found, part, None))]
    missing += [part for part in ("title", "capabilities") if getattr(found, part, None) is None]
    if missing:
        return f"lacks {', '.join(missing)}"
    if getattr(found, "name", None) != name:
        return f"calls itself {getattr(found, 'name', None)!r}"
    return ""
