"""The networks: ours, known without reading what is installed, and plug-ins by their entry points.

`installed_names` reads metadata alone (39 ms); `load` imports one network, a plug-in within a limit of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from commtui.model.suggestions import nearest
from commtui.model.text import message_line
from commtui.networks.base import Network

if TYPE_CHECKING:
    from concurrent.futures import Future
    from importlib.metadata import EntryPoint
    from pathlib import Path

GROUP: Final = "commtui.networks"
OURS: Final = MappingProxyType(
    {
        "bluesky": "commtui.networks.bluesky:Bluesky",
        "demo": "commtui.networks.demo:Demo",
        "demo2": "commtui.networks.demo:SecondDemo",
        "mastodon": "commtui.networks.mastodon:Mastodon",
    }
)
"""name -> module:class. A plug-in of the same name is not asked for."""
PARTS: Final = ("check", "fetch", "thread", "send", "find", "upload", "act", "stream", "aclose")
"""The methods of a network; see `networks.base.Network`."""


IMPORT: Final = "import"
IMPORT_SECONDS: Final = 10.0
"""How long the import of a plug-in may take."""
_importing: dict[str, Future[type[Network]]] = {}
"""The imports that were begun, by module:class."""


class BrokenNetwork(LookupError):
    """A network is not installed, or cannot be loaded; `str()` is one line for a person."""


class EndsProgram(BrokenNetwork):
    """A plug-in ended the program some times in a row: it is left alone until a person wants it tried again."""


def _plugins() -> dict[str, list[EntryPoint]]:
    from importlib.metadata import entry_points  # takes 39 ms, and our own networks do not need it

    by_name: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        if entry.name not in OURS:
            by_name.setdefault(entry.name, []).append(entry)
    return by_name


def installed_names() -> list[str]:
    """The names of all networks, sorted; nothing of theirs is imported."""
    return sorted({*OURS, *_plugins()})


def load(name: str, folder: Path | None = None, *, try_again: bool = False) -> type[Network]:
    """The network of that name. Raises BrokenNetwork.

    `folder`: where it is kept that a plug-in ended the program; None: nowhere. `try_again`: a person asks for it.
    """
    if name in OURS:
        return _import(name, OURS[name], "commtui")
    plugins = _plugins()
    if name not in plugins:
        raise BrokenNetwork(_unknown(name, {*OURS, *plugins}))
    return _one(name, plugins[name], folder, try_again)


def _unknown(name: str, names: Iterable[str]) -> str:
    near = nearest(name, sorted(names))
    hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(names))}"
    return f"no network {name!r}: {hint}"


def _one(name: str, entries: list[EntryPoint], folder: Path | None, try_again: bool) -> type[Network]:
    if len({entry.value for entry in entries}) > 1:
        owners = " and ".join(sorted(_owner(entry) for entry in entries))
        raise BrokenNetwork(f"network {name!r} comes from {owners}: remove one of them")
    if folder is not None:
        _check_ends(name, entries[0], folder, try_again)
    return _import_in_time(name, entries[0].value, _owner(entries[0]))


def _check_ends(name: str, entry: EntryPoint, folder: Path, try_again: bool) -> None:
    """Raises EndsProgram for a plug-in that is set apart."""
    from commtui.networks import plugin_ends

    ends = plugin_ends.keep(folder, name, entry.dist.version if entry.dist is not None else "")
    if try_again:
        ends.try_again()
    method = ends.set_apart_at()
    if method is not None:
        plugin_ends.forget(name)
        where = "its import" if method == IMPORT else f"`{method}`"
        raise EndsProgram(f"the plug-in {name!r} of {_owner(entry)} ended the program again and again at {where}")


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _import_in_time(name: str, where: str, owner: str) -> type[Network]:
    """Imports in a thread. One that does not end is waited for again by the next call, not begun again."""
    from commtui.system.threads import start

    future = _importing.get(where)
    if future is None:
        future = _importing[where] = start(partial(_import_noted, name, where, owner), f"import of network {name}")
    try:
        kind = future.result(IMPORT_SECONDS)
    except TimeoutError:
        raise BrokenNetwork(f"network {name!r} of {owner} was not imported within {IMPORT_SECONDS:.0f} s") from None
    except BrokenNetwork:
        del _importing[where]  # it may be mended, and is tried again
        raise
    return kind


def _import_noted(name: str, where: str, owner: str) -> type[Network]:
    """Imports; while it does, an end of the program counts as the plug-in's."""
    from commtui.networks.plugin_ends import slot_of

    slot = slot_of(name)
    slot.begin(IMPORT)
    slot.run()
    try:
        return _import(name, where, owner)
    finally:
        slot.rest()
        slot.end(IMPORT, is_steady=False)
        slot.close()


def _import(name: str, where: str, owner: str) -> type[Network]:
    from importlib import import_module

    module, _, attribute = where.partition(":")
    try:
        loaded: Any = import_module(module.strip())
        for part in attribute.split("[")[0].strip().split("."):
            loaded = getattr(loaded, part)
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # a plug-in's module may raise anything
        why = message_line(str(error))
        raise BrokenNetwork(f"network {name!r} of {owner} cannot be loaded: {type(error).__name__}: {why}") from error
    if problem := _problem(name, loaded):
        raise BrokenNetwork(f"network {name!r} of {owner} {problem}: see commtui.networks.base.Network")
    network: type[Network] = loaded
    return network


def _problem(name: str, kind: Any) -> str:
    """Why `kind` is no network of that name; empty if it is one."""
    if not isinstance(kind, type):
        return "is no class"
    missing = [part for part in PARTS if not callable(getattr(kind, part, None))]
    missing += [part for part in ("title", "capabilities") if getattr(kind, part, None) is None]
    if missing:
        return f"lacks {', '.join(missing)}"
    if getattr(kind, "name", None) != name:
        return f"calls itself {getattr(kind, 'name', None)!r}"
    return ""
