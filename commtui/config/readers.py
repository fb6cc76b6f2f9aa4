"""Readers of settings: each takes a value of TOML and returns the one that the program uses, or raises Wrong.

Without regular expressions: compiling them would slow every `commtui status` by milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from commtui.model.text import shown

Reader = Callable[[Any], Any]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


IMAGES = ("auto", "off", "half-blocks", "kitty")


class Wrong(ValueError):
    """The value is not valid; `str()` says what is expected."""


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("a string in quotes")
    if not is_visible(value) or "\n" in value or "\t" in value:
        raise Wrong("a string without control characters")
    return value


def is_visible(value: Any) -> bool:
    """Whether every string in a value is without control and invisible characters, except new lines and tabs."""
    if isinstance(value, str):
        return shown(value) == value
    if isinstance(value, Mapping):
        return all(is_visible(key) and is_visible(inner) for key, inner in value.items())
    return not isinstance(value, list | tuple) or all(map(is_visible, value))


def some_text(value: Any) -> str:
    if not text(value).strip():
        raise Wrong("a string that is not empty")
    return str(value).strip()


def name(value: Any) -> str:
    """A name that can be part of a file's name (secrets/NAME.token)."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= 100
        or value[0] in ".-"
        or not all(character.isalnum() or character in "_-.@" for character in value)
    ):
        raise Wrong("a name of letters, digits, `_`, `-`, `.` and `@`")
    return value


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("true or false, without quotes")
    return value


def one_of(*words: str) -> Reader:
    def read(value: Any) -> str:
        if value not in words or not isinstance(value, str):
            raise Wrong("one of " + ", ".join(f'"{word}"' for word in words))
        return value

    return read


def span(least: timedelta, most: timedelta) -> Reader:
    """The reader of a length of time from `least` to `most`."""

    def read(value: Any) -> timedelta:
        from commtui.model.spans import parse_span, span_text  # a config without spans does not need it

        if not isinstance(value, str):
            raise Wrong('a length of time in quotes, such as "30s", "1h30m" or "2d"')
        try:
            length = parse_span(value)
        except ValueError:
            raise Wrong('a length of time such as "30s", "1h30m" or "2d"') from None
        if not least <= length <= most:
            raise Wrong(f"a length of time from {span_text(least)} to {span_text(most)}")
        return length

    return read


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
        raise Wrong('a list of strings, such as ["ada", "grace"]')
    return tuple(text(part).strip() for part in value)


def zone(value: Any) -> str:
    if value in ("UTC", "Etc/UTC"):  # known everywhere; a lookup takes 8 ms where the machine has no zones
        return str(value)
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (ValueError, KeyError, TypeError, OSError):
        raise Wrong('the IANA name of a time zone, such as "Europe/Berlin"') from None
    return str(value)


def key_map(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Command id -> its keys. A dotted id without quotes arrives as nested tables."""
    if not isinstance(value, dict):
        raise Wrong('a table: [keys], then lines such as done = "e"')
    keymap: dict[str, tuple[str, ...]] = {}
    for command, keys in value.items():
        if isinstance(keys, dict):
            keymap |= {f"{command}.{rest}": inner for rest, inner in key_map(keys).items()}
            continue
        listed = [keys] if isinstance(keys, str) else keys
        if not isinstance(listed, list) or not all(isinstance(key, str) and key for key in listed):
            raise Wrong(f'a key or a list of keys for {command!r}, such as "e" or ["e", "ctrl+e"]')
        keymap[command] = tuple(listed)
    return keymap


def text_map(value: Any) -> Mapping[str, str]:
    """Name -> a text of one or more lines."""
    if not isinstance(value, dict):
        raise Wrong('a table: lines such as thanks = "Thank you, {name}!"')
    for label, body in value.items():
        check_label(label)
        if not isinstance(body, str) or not body.strip() or not is_visible(body):
            raise Wrong(f"a text in quotes for {label!r}, without control characters")
    return dict(value)


def lines_map(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Name -> a list of command lines."""
    if not isinstance(value, dict):
        raise Wrong('a table: lines such as thanked = ["tag praise", "done"]')
    for label, lines in value.items():
        check_label(label)
        if (
            not isinstance(lines, list)
            or not lines
            or not all(isinstance(line, str) and line.strip() for line in lines)
        ):
            raise Wrong(f'a list of command lines for {label!r}, such as ["tag praise", "done"]')
    return {label: tuple(line.strip().removeprefix(":") for line in lines) for label, lines in value.items()}


def check_label(name: str) -> None:
    if not name.strip() or not is_visible(name) or "\n" in name or len(name) > 40:
        raise Wrong(f"names of at most 40 characters, not {name[:40]!r}")


def environment_name(value: Any) -> str:
    if not isinstance(value, str) or not (value.isascii() and value.isidentifier()):
        raise Wrong("the name of an environment variable (its name, not the token)")
    return value


def images(value: Any) -> str:
    if value == "sixel":
        raise Wrong('"half-blocks" or "kitty": sixel paints past the cells, and stays there')
    return str(one_of(*IMAGES)(value))


def command(value: Any) -> tuple[str, ...]:
    """A command as a list of arguments; no shell reads it."""
    import shlex

    words: Any = value
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            words = None
    if (
        not isinstance(words, list)
        or not words
        or not all(isinstance(word, str) and "\0" not in word for word in words)
    ):
        raise Wrong('a command such as "pass show mastodon" or ["pass", "show", "mastodon"]')
    return tuple(words)


def server(value: Any) -> str:
    """A server's address as model/servers.py writes it; empty stays empty."""
    from commtui.model.servers import AddressError, server_address

    given = text(value)
    try:
        return server_address(given, keep_path=True) if given.strip() else ""
    except AddressError:
        raise Wrong('an address such as "https://mastodon.social"') from None


def table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong("a table")
    return value
