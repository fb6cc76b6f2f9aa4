"""The one gate for text on its way into the store, the gate for output, and the short forms of a text for rows.

Out go: control characters and whole escape sequences, bidi overrides and isolates, invisible characters (U+200B,
U+2060, U+FEFF and their like), noncharacters, tag characters outside the flags that are made of them. Joiners and
variation selectors stay inside emoji; joiners also between letters of a script that joins, and after a virama. Nothing
is normalised (NFC): what a person wrote is what is shown and searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

MOST: Final = 100_000
"""Characters of a text that are kept: ten times the largest limit seen on a server."""

# Patterns stay text until they are used (`re` keeps them compiled): plain ASCII needs only the first.
_PLAIN: Final = r"[\n -~]*"
_UNUSUAL: Final = (  # and all from U+1FFFE on, for speed
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u180b-\u180f\u200b-\u200d\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U0001fffe-\U0010ffff]"
)
_ESCAPES: Final = (
    # Strings (OSC, DCS, SOS, PM, APC) up to their end; where it is missing, to the end of the line.
    "(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])(?:[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\\\|\x9c)|[^\x07\x1b\x80-\x9f\n]*)"
    "|(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI
    "|\x1b[ -/]*[0-~]?"  # the rest
)
_NEW_LINES: Final = "\r\n?|[\x85\u2028\u2029]"
_SPACES: Final = "[\t\x0b\x0c]"
_ALWAYS_OUT: Final = (
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e0fff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_BY_CONTEXT: Final = "[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f]"

# Unicode's Extended_Pictographic, rounded up to whole runs of symbols; a test compares.
_EMOJI: Final = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001fffd]"
)
_ONE_EMOJI: Final = f"{_EMOJI}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
_KEPT_EMOJI: Final = (
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"  # the flags of England and such
    f"|{_ONE_EMOJI}(?:\u200d{_ONE_EMOJI})*"
    "|[0-9#*]\ufe0f\u20e3"
)
# Arabic to Tibetan, Myanmar, Khmer, Mongolian, the Brahmic scripts above, Arabic's presentation forms, Adlam.
_JOINING: Final = (
    "[\u0600-\u0fff\u1000-\u109f\u1780-\u180a\u1820-\u18af\u1a20-\u1aaf\u1b00-\u1cff\ua800-\uaaff\uabc0-\uabff"
    "\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
_VIRAMA: Final = "[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2]"
_KEPT_JOINER: Final = f"(?<={_JOINING})[\u200c\u200d](?={_JOINING})|(?<={_VIRAMA})[\u200c\u200d]"
_KEPT_SELECTOR: Final = "(?<=[\u1820-\u18af])[\u180b-\u180d\u180f]"  # Mongolian: they choose a letter's form
_IN_CONTEXT: Final = f"({_KEPT_EMOJI}|{_KEPT_JOINER}|{_KEPT_SELECTOR})|{_BY_CONTEXT}"

_BLANK_LINES: Final = r"\n(?:[^\S\n]*\n){3,}"

_PLAIN_OUTPUT: Final = r"[\t\n -~]*"
_HIDDEN: Final = f"[\u2028\u2029\ud800-\udfff]|{_ALWAYS_OUT}|{_BY_CONTEXT}"
_KEPT_OR_HIDDEN: Final = f"({_KEPT_EMOJI}|{_KEPT_JOINER}|{_KEPT_SELECTOR})|{_HIDDEN}"
_NOT_IN_IDS: Final = f"({_KEPT_EMOJI}|{_KEPT_JOINER})|[^\\S ]|[\n\u061c\u200e\u200f]|{_HIDDEN}"
_PLAIN_ADDRESS: Final = r"[!#-;=?-\[\]_a-z~]*"
_NOT_IN_ADDRESSES: Final = f'({_KEPT_EMOJI}|{_KEPT_JOINER})|[\\s\u061c\u200e\u200f"<>\\\\^`{{|}}]|{_HIDDEN}'


def clean(text: str, most: int = MOST) -> str:
    """`text` as it may be stored and shown: no character but a new line moves, colours or hides anything.

    Lines end with `\\n`, tabs are spaces, at most two blank lines stand together. Half a surrogate pair becomes U+FFFD.
    What is longer than `most` characters ends with `…`. Cleaning what is clean changes nothing.
    """
    if not re.fullmatch(_PLAIN, text) and re.search(_UNUSUAL, text):
        text = _without_unusual(text, most)
    text = snippet(text, most)
    if "\n\n" in text or "\n " in text or not text.isascii():
        text = re.sub(_BLANK_LINES, "\n\n\n", text)
    return text


def _without_unusual(text: str, most: int) -> str:
    if re.search("[\ud800-\udfff]", text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = re.sub(_ESCAPES, "", text)
    text = re.sub(_NEW_LINES, "\n", text)
    text = re.sub(_SPACES, " ", text)
    text = re.sub(_ALWAYS_OUT, "", text)
    text = snippet(text, most)  # before the context is looked at: a cut changes it
    return re.sub(_IN_CONTEXT, lambda match: match[1] or "", text)


def shown(text: str) -> str:
    """`text` as a terminal or a log may have it: what would act or hide there is a visible escape, such as `\\x1b`.

    New lines and tabs stay. What has been through `clean` is as it was.
    """
    return _replaced(text, _escape)


def shown_line(text: str) -> str:
    """`shown` in one line: new lines and tabs are `\\n` and `\\t`, too. For names of files, which may have any."""
    return shown(text).replace("\n", "\\n").replace("\t", "\\t")


def without_hidden(text: str) -> str:
    """What of one line can be drawn: what `shown` escapes, line ends and tabs are left out, and take no cell."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub("[\t\n]", "", _replaced(text, lambda letter: ""))


def in_json(text: str) -> str:
    """JSON as a terminal may have it: the characters that `shown` escapes are `\\uXXXX`. It says the same.

    JSON allows such characters within strings only, and there it allows the escapes.
    """
    return _replaced(text, _json_escape)


def _replaced(text: str, escape: Callable[[str], str]) -> str:
    if re.fullmatch(_PLAIN_OUTPUT, text) or not re.search(_UNUSUAL, text):
        return text
    return re.sub(_KEPT_OR_HIDDEN, lambda match: match[1] or (match[0] if match[0] == "\t" else escape(match[0])), text)


def _escape(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def plain_id(text: str) -> str:
    """An id, a handle or the like: characters that can't be seen, and white space but a blank, are percent-encoded."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_NOT_IN_IDS, lambda match: match[1] or _percent(match[0]), text)


def plain_opaque(text: str) -> str:
    """A value on one line: characters that can't be seen are percent-encoded, and every kind of blank stays."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(f"\n|{_KEPT_OR_HIDDEN}", lambda match: match[1] or _percent(match[0]), text)


def plain_address(text: str) -> str:
    """A link on one line without a blank: as `plain_id`, and what no address may have is percent-encoded too.

    The address leads to the same place: programs that follow one encode these characters in the same way.
    """
    if re.fullmatch(_PLAIN_ADDRESS, text):
        return text
    return re.sub(_NOT_IN_ADDRESSES, lambda match: match[1] or _percent(match[0]), text)


def _percent(letter: str) -> str:
    """The letter's bytes in UTF-8; of half a surrogate pair, those of U+FFFD."""
    seen = "\ufffd" if "\ud800" <= letter <= "\udfff" else letter
    return "".join(f"%{byte:02X}" for byte in seen.encode())


def one_line(text: str) -> str:
    """`text` for a row: each run of white space, new lines too, is one space (a mark would cost bytes and a column)."""
    return " ".join(text.split())


def message_line(text: str, most: int = 200) -> str:
    """Words from elsewhere, fit for a message: one line of printable characters, at most `most` of them."""
    printable = (letter if letter.isprintable() else " " for letter in clean(text[: most * 4]))
    return snippet(one_line("".join(printable)), most)


def number_of(number: int, noun: str, nouns: str = "") -> str:
    """`1 file`, `2 files`: the number, and the noun in its number. `nouns`: where that is not the noun with an `s`."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def snippet(text: str, most: int) -> str:
    """`text`, or its beginning with `…`, in at most `most` characters (code points), cut between graphemes."""
    if len(text) <= most:
        return text
    if most < 1:
        return ""
    return text[: boundary(text, most - 1)].rstrip() + "…"


def phrase(text: str, most: int) -> str:
    """As `snippet`, but cut at the end of a word, where one ends in the second half of the beginning."""
    begin = snippet(text, most)
    if begin == text or text[len(begin) - 1 : len(begin)].isspace():
        return begin
    words = begin.rpartition(" ")[0]
    return f"{words.rstrip()}…" if len(words) * 2 >= most else begin


def boundary(text: str, most: int) -> int:
    """The last place, at most `most` code points in, between two graphemes; `most` itself where that would be 0."""
    if most >= len(text) or text[max(most - 1, 0) : most + 1].isascii():
        inside_break = 0 < most < len(text) and text[most - 1 : most + 1] == "\r\n"
        return most - 1 if inside_break and most > 1 else min(most, len(text))
    import regex  # 20 ms; only texts that are cut where they are not ASCII need it

    end = 0
    for match in regex.finditer(r"\X", text, endpos=most + 1):
        if match.end() > most:
            return match.start() or most
        end = match.end()
    return end or most
