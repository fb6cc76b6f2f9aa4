"""The language of a text: what its network says, else what was guessed. Pure functions.

A guess is made of the words alone, by a library (system/languages.py), and only where there are enough of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from commtui.model.facets import language
from commtui.model.links import links

if TYPE_CHECKING:  # the store derives fields from these, without the types of records
    from commtui.model.records import Conversation, Mention

MOST: Final = 400
"""Characters of a text that are looked at: more changes no guess."""
LETTERS_LEAST: Final = 10
"""Letters that a guess needs; one of a script that puts a syllable or a word into a letter counts three times."""
_UNTOLD: Final = frozenset(("und", "mis", "mul", "zxx"))
"""Codes of ISO 639 that name no language."""
_NO_WORD: Final = re.compile(r"[@#＃＠][\w.@-]+|[\w.+-]+@[\w-]+\.[\w.-]+|\b\w*\d\w*\b")
"""Handles, tags, addresses of mail and what has figures: the same in every language."""
_DENSE: Final = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of Han, Kana and Hangul."""


class Spoken(NamedTuple):
    """The language of a text, in lower case (`de`, `pt-br`); empty where nobody knows it."""

    code: str
    is_guess: bool

    def __str__(self) -> str:
        """`de`; `de?` for a guess."""
        return f"{self.code}?" if self.is_guess else self.code


def is_told(tag: str | None) -> bool:
    """Whether the language that a network names is one: `und` is none."""
    code = language(tag)
    return bool(code) and code.partition("-")[0] not in _UNTOLD


def spoken(of: Mention | Conversation) -> Spoken:
    """The language of a mention, or of a conversation's newest one."""
    if is_told(of.language):
        return Spoken(language(of.language), False)
    guess = language(of.language_guess)
    return Spoken(guess, bool(guess))


def words_of(text: str) -> str:
    """What of a text tells its language: its words on one line, without links, handles, tags, figures and emoji.

    Words in capitals are in small letters: libraries take them for names.
    """
    begin, parts = text[: 2 * MOST], []
    end = 0
    for start, stop in links(begin):
        parts.append(begin[end:start])
        end = stop
    plain = _NO_WORD.sub(" ", " ".join((*parts, begin[end:])))
    plain = "".join(mark if mark.isalpha() or unicodedata.category(mark)[0] in "MP" else " " for mark in plain)
    words = (word.lower() if word.isupper() else word for word in plain.split() if any(map(str.isalpha, word)))
    return " ".join(words)[:MOST].rstrip()


def is_enough(words: str) -> bool:
    """Whether words can tell their language."""
    return sum(map(str.isalpha, words)) + 2 * len(_DENSE.findall(words)) >= LETTERS_LEAST
