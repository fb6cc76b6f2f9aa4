"""What a string of a record is, so that one function can clean every string of every record (model/cleaning.py).

A field that says nothing is one line. The others are annotated with one of the types below.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated


class StringKind(Enum):
    """What may stand in a string."""

    LINE = "line"
    """One line for people: a name, a tag, an error. Hidden characters are left out."""
    TEXT = "text"
    """Lines for people. Hidden characters are left out."""
    ID = "id"
    """Compared by programs and shown to people: an id, a handle, a type. Hidden characters are percent-encoded, so
    that two ids never become one, and a handle with a hidden letter doesn't look like another's."""
    ADDRESS = "address"
    """A link: as an id, and white space is percent-encoded too."""
    OPAQUE = "opaque"
    """What only its network, or this machine, reads: as an id, but every kind of blank stays. Of any length."""


Text = Annotated[str, StringKind.TEXT]
Id = Annotated[str, StringKind.ID]
Address = Annotated[str, StringKind.ADDRESS]
Opaque = Annotated[str, StringKind.OPAQUE]
