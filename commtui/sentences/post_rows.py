"""What is wrong with a row of a file of posts, in words."""

from __future__ import annotations

from commtui.activity.errors import BadRow


def bad_row(error: BadRow) -> str:
    """Returns one line, without the row's number."""
    match error.problem:
        case "csv":
            return f"row {error.known[0]} is no CSV: {error.value}"
        case "json":
            return f"no object of JSON: {error.value}"
        case "no-text-column":
            return f"no column is named text: there are {error.value}; --column text=NAME names one"
        case "cells":
            return f"{error.value} cells for {error.known[0]} columns: a text with commas needs quotes"
        case "no-text":
            return "no text"
        case "here":
            return f"an account has this text at this time already: {error.value}"
    *words, last = error.known
    return f"{error.column}: {error.value!r} is none of {', '.join(words)} and {last}"
