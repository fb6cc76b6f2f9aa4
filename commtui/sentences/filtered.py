"""What a server keeps aside, in words."""

from __future__ import annotations

from commtui.model.text import number_of


def filtered_words(messages: int, people: int) -> str:
    """`3 messages of 2 people are kept aside by the server`."""
    verb = "is" if messages == 1 else "are"
    whom = "one person" if people == 1 else f"{people} people"
    return f"{number_of(messages, 'message')} of {whom} {verb} kept aside by the server"
