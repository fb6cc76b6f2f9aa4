"""The world at the present moment, kept in a folder that several processes may share."""

from __future__ import annotations

from typing import Any, Final

from commtui.model.clock import to_iso
from commtui.networks.base import Login
from commtui.networks.demo.memory import Memory
from commtui.networks.demo.script import Script
from commtui.networks.demo.timeline import Seed, whole_ms
from commtui.networks.demo.world import World

PACE: Final = 30.0
LIVELY: Final = 240


class SharedWorld:
    """One login's view of the world; the login's options are those of `Demo`. Raises Malformed and Unreachable."""

    def __init__(self, login: Login, user: str, script: Script, name: str) -> None:
        """Reads nothing yet. `name`: that of the file in the folder."""
        self._login = login
        self._user = user
        self._script = script
        self._name = name
        self._memory: Memory | None = None
        self._world: World | None = None

    def now(self) -> World:
        """The world as it is now, read again if another process has changed it."""
        moment = whole_ms(self._login.clock.now())
        if self._memory is None or self._world is None or self._memory.changed():
            options = self._login.options
            fresh = Seed(
                int(options.get("seed", 0)),
                self._world.seed.start if self._world else moment,
                float(options.get("pace", PACE)),
                int(options.get("lively", LIVELY)),
                bool(options.get("history", False)),
            )
            self._memory = Memory(options.get("folder"), fresh, self._name)
            self._world = World(self._memory.seed, self._user, self._script)
            for entry in self._memory.entries:
                self._world.apply(entry)
        self._world.reach(moment)
        return self._world

    @property
    def memory(self) -> Memory:
        """What outlives the program."""
        self.now()
        assert self._memory is not None
        return self._memory

    @property
    def seed(self) -> Seed:
        """What the world is made from."""
        return self.memory.seed

    def add(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Stores what was said or done here, then lets it take effect; returns the entry with its `id` and `at`."""
        with self.memory.alone():
            world = self.now()
            name = f"said:{len(self.memory.entries)}"
            entry = {"at": to_iso(world.now), "id": self.seed.remote_id(name), **entry}
            self.memory.add(entry)
            world.apply(entry)
        return entry

    def count_try(self, key: str) -> int:
        """Counts one more try of `key`; returns how many there were before."""
        with self.memory.alone():
            return self.memory.try_again(key)
