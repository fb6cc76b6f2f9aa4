"""Which engine began a try, and whether it may still be at it.

A killed engine leaves items `sending`. The next one settles those of an engine of this machine that has ended. Those of
another machine (a copied home), or of a process that runs, may be answered yet: they are left alone until no try can
take that long any more, and nothing is sent again for them.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path
from typing import Final

from commtui.model.records import Act, Outgoing
from commtui.model.states import Reason
from commtui.sync.due import items_sending
from commtui.sync.ledger import Ledger

LONGEST: Final = timedelta(minutes=10)
"""A try takes no longer: a call lasts a minute at most, with a few redirects and a renewed token some minutes."""


def engine_name() -> str:
    """A name for an engine that starts in this process: `HOST PID START TOKEN`."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())} {secrets.token_hex(4)}"


def has_ended(name: str) -> bool:
    """Whether the engine of that name is known to have ended: its process is gone, or is this one, which has one at a
    time. An item without a name was begun by nobody who could still be at it."""
    parts = name.split(" ")
    if len(parts) != 4 or not parts[1].isdecimal():
        return True
    host, pid, started, _ = parts
    if host != socket.gethostname():
        return False
    return int(pid) == os.getpid() or _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process of this machine started, in the kernel's own units; `-`: there is none, or no way to tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "-"


def recover(ledger: Ledger) -> None:
    """Settles what other engines left `sending`. Raises StoreError."""
    now = ledger.clock.now()
    for item in items_sending(ledger.store):
        if item.engine == ledger.engine:
            continue  # on its way at this moment
        if has_ended(item.engine):
            ledger.unsettled(item, Reason.STOPPED)
        elif _too_long(item, now - (item.sending_since or now)):
            ledger.unsettled(item, Reason.OTHER_ENGINE)


def _too_long(item: Outgoing | Act, age: timedelta) -> bool:
    return item.sending_since is None or abs(age) > LONGEST
