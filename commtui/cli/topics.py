"""What `commtui help TOPIC` prints about something that is no command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final


def _query() -> str:
    from commtui.sentences.query import EXAMPLES, KEY_TEXTS, RULES, TIMES

    lines = ["QUERY, the same in lists, filters, views and the search over everything:", ""]
    lines += ['  words, "a phrase", KEY:VALUE', ""]
    for key, (values, asks) in KEY_TEXTS.items():
        lines.append(f"  {key + ':':<12}{values}: {asks}" if values != "a word" else f"  {key + ':':<12}{asks}")
    lines += ["", *RULES, TIMES, "", "Examples:"]
    for example, meaning in EXAMPLES:
        lines += [f"  {example}", f"      {meaning}"]
    return "\n".join(lines).replace("`", "")


TOPICS: Final[dict[str, Callable[[], str]]] = {"query": _query}
"""Topic -> its text, whose lines may be broken between words."""


def topic_text(topic: str) -> str:
    """The text of a topic, as wide as the terminal."""
    from commtui.cli.output import hanging

    lines = (part for line in TOPICS[topic]().split("\n") for part in hanging(line, 14 if line[:2] == "  " else 0))
    return "\n".join(lines) + "\n"
