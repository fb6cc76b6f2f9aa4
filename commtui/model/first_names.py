"""How a person is called by one name: made of the name that the person shows, else of the handle."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TITLES: Final = frozenset((
    "dr", "dra", "prof", "profa", "professor", "doctor", "doktor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame",
    "lord", "lady", "rev", "reverend", "fr", "herr", "frau", "fräulein", "hr", "mme", "mlle", "monsieur", "madame",
    "sr", "sra", "srta", "señor", "señora", "dott", "dottssa", "sig", "ing", "dipl", "dipl-ing", "mag", "med",
    "phil", "univ", "pd", "hc", "dres", "phd", "md", "msc", "bsc", "mba",
))  # fmt: skip
"""What stands before or behind a name and belongs to nobody alone: lower case, without points."""
ARTICLES: Final = frozenset(("the",))
"""A name that begins so is no person's."""
_SHORTCODE: Final = r":[\w+-]+:"  # :verified:, which servers draw as a picture
_IN_BRACKETS: Final = r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>"
_ENDS_NAME: Final = r"[|/\\,;:@(\[{<•·–—]|\s[-~]\s"
"""Behind these stands where a person works or what they like."""
_JOINERS: Final = "'’ʼ-‐‑."
"""Marks that may stand within a name."""
_WHOLE_SCRIPTS: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC")
"""The first words of the names that Unicode gives to letters of scripts in which the family's name comes first."""


def first_name(shown: str, handle: str) -> str:
    """Returns the name to call a person by.

    `shown`: the name that the person shows; `handle`: `@user@host`, or `@user.example.org` where the host is the whole
    name. Emoji, pronouns, titles and what follows the name are left out. Where the first word is no name (an initial,
    an article) or the family's name comes first (Chinese, Japanese, Korean), the whole name is returned. A shown name
    without any letter gives the handle's first part.
    """
    words = _name_words(shown)
    while len(words) > 1 and _is_title(words[0]):
        words = words[1:]
    while len(words) > 1 and _is_title(words[-1]):
        words = words[:-1]
    if not words:
        return _of_handle(handle)
    whole = " ".join(words)
    # Ada.Lovelace, Dr.Ada
    parts = [part for part in words[0].split(".") if _has_letter(part)]
    while len(parts) > 1 and parts[0].casefold() in TITLES:
        parts = parts[1:]
    first = parts[0]
    if _is_initial(first) or first.casefold() in ARTICLES or any(map(_family_first, whole)):
        return whole
    return first


def _name_words(shown: str) -> list[str]:
    """The words of a shown name that have letters, without what is no part of it."""
    text = unicodedata.normalize("NFKC", shown)  # letters of mathematics, and wide ones, become letters
    text = re.sub(_SHORTCODE, " ", text)
    text = re.sub(_IN_BRACKETS, " ", text)
    text = next(filter(_has_letter, re.split(_ENDS_NAME, text)), "")
    words = "".join(letter if _in_names(letter) else " " for letter in text).split()
    return [word for word in (_stripped(word) for word in words) if _has_letter(word)]


def _in_names(letter: str) -> bool:
    if letter in _JOINERS or letter in "\u200c\u200d":  # the joiners of Persian and Indian scripts
        return True
    # variation selectors and the frame of a keycap are marks, of emoji
    return unicodedata.category(letter)[0] in "LMN" and not ("\ufe00" <= letter <= "\ufe0f" or letter == "\u20e3")


def _stripped(word: str) -> str:
    """The word without marks around it; an initial keeps its point."""
    bare = word.rstrip(_JOINERS + "\u200c\u200d")
    while bare and unicodedata.category(bare[0])[0] not in "LN":  # a joiner, or a mark without its letter
        bare = bare[1:]
    return f"{bare}." if _is_initial(bare.rpartition(".")[2]) and word.endswith(f"{bare}.") else bare


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _is_title(word: str) -> bool:
    return word.replace(".", "").casefold() in TITLES


def _is_initial(word: str) -> bool:
    """Whether a word is one letter, of a script that has capitals."""
    letters = [letter for letter in word.rstrip(".") if unicodedata.category(letter)[0] != "M"]
    return len(letters) == 1 and letters[0].lower() != letters[0].upper()


def _family_first(letter: str) -> bool:
    return not letter.isascii() and unicodedata.name(letter, "").startswith(_WHOLE_SCRIPTS)


def _of_handle(handle: str) -> str:
    """`ada` of `@ada@example.org` and of `@ada.example.org`; the handle where that would be empty."""
    user, at, _ = handle.removeprefix("@").partition("@")
    return (user if at else user.partition(".")[0]) or handle
