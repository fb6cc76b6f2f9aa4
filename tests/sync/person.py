"""A person who changes something while the engine waits for a network, and the awaits at which it can wait."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.networks.base import AnswerLost, NetworkError
from commtui.store.store import Store
from commtui.sync import acts as sync_acts
from commtui.sync import delivery, readback, texts
from tests.sync.bench import Bench

MODULES = (delivery, texts, readback, sync_acts)
Place = tuple[str, int]


def awaits(modules: Sequence[ModuleType] = MODULES) -> set[Place]:
    """(file, line) of every await of some modules; by default, of delivery."""
    places = set()
    for module in modules:
        path = Path(str(module.__file__))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
                places.add((path.name, node.lineno))
    return places


def waiting_at(modules: Sequence[ModuleType]) -> set[Place]:
    """Where these modules wait now: (file, line) of each of their frames on the stack."""
    files = {str(module.__file__): Path(str(module.__file__)).name for module in modules}
    places: set[Place] = set()
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename in files:
            places.add((files[frame.f_code.co_filename], frame.f_lineno))
        frame = frame.f_back
    return places


class Person:
    """Somebody at another process's store, who acts at the n-th moment at which the engine waits."""

    def __init__(
        self, bench: Bench, at: int, verb: Callable[[Desk], Any], modules: Sequence[ModuleType] = MODULES
    ) -> None:
        self.modules = modules
        self.desk = Desk(store=Store(bench.home.data), clock=bench.clock, settings=bench.settings.current, who="ann")
        self.at, self.verb = at, verb
        self.moments = 0
        self.seen: set[Place] = set()
        self.acknowledged = False
        self.undone: set[str] = set()

    def moment(self) -> None:
        """The engine waits."""
        self.seen |= waiting_at(self.modules)
        self.moments += 1
        if self.moments == self.at:
            self.desk.store.poll()
            try:
                self.verb(self.desk)
                self.acknowledged = True
            except TriageError:  # too late, and said so
                pass


class Watched:
    """A network at which a person has time to act before and after each call; `faults` fail a method's first call."""

    def __init__(self, network: Any, person: Person, faults: dict[str, NetworkError]) -> None:
        self._network, self._person, self._faults = network, person, dict(faults)
        self.acts: list[str] = []
        """The ids of acts that were done."""

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._network, name)
        if name not in ("thread", "upload", "send", "find", "act", "check"):
            return real

        async def call(*given: Any, **more: Any) -> Any:
            self._person.moment()
            await asyncio.sleep(0)
            fault = self._faults.pop(name, None)
            if fault is not None and not isinstance(fault, AnswerLost):
                raise fault
            result = await real(*given, **more)
            if name == "act":
                self.acts.append(given[0].id)
            self._person.moment()
            if fault is not None:
                raise fault
            return result

        return call
