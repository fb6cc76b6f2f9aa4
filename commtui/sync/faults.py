"""Faults: errors of commtui or of a plug-in that no caller expects. One costs an item or an account, not the engine."""

from __future__ import annotations

from typing import Final

from commtui.networks.base import NetworkError
from commtui.networks.boundary import error_line

FAULTS: Final = (Exception, SystemExit, KeyboardInterrupt)
"""What is caught around one item and around one account: a plug-in that calls sys.exit must not end the engine.

A person's interrupt is no KeyboardInterrupt there: the loop has handlers for the signals (main/loops.py).
"""


class Fault(NetworkError):
    """A fault as the account's health and the item's error show it; the log has the traceback."""

    def __init__(self, fault: BaseException) -> None:
        words = error_line(fault)
        super().__init__(f"a fault of commtui's own or of a plug-in ({type(fault).__name__}: {words}); see commtui.log")
