"""Keys as Markdown, made from the commands; a test compares.

`python -m commtui.ui.keysdoc > docs/keys.md`, and `python -m commtui.ui.keysdoc README.md` for its short table.
"""

from __future__ import annotations

import sys
from pathlib import Path

from commtui.ui.dialogs.help import COMPOSER
from commtui.ui.keys import keymap
from commtui.ui.keys.keymap import readable
from commtui.ui.keys.table import COMMANDS, GROUPS

HEAD = """# Keys

Made from the commands by `python -m commtui.ui.keysdoc > docs/keys.md`; a test compares.
Presets: `keymap = "default"`, `"aerc"` or `"gmail"` in config.toml. Your own: a line such as `done = ["e", "D"]`
under `[keys]`; the command's name is in the last column. Clashes, and keys that a terminal can't send, are named at
start. What others see (marked "asks first") is never on one key: it is behind the leader key or on the `:` line, and
`y` confirms it.
"""


def table() -> str:
    """The page."""
    presets = {name: keymap.preset(name) for name in ("default", "aerc", "gmail")}
    parts = [HEAD]
    for group in GROUPS:
        parts.append(f"\n## {group}\n\n| default | aerc | gmail | leader | `:` line | does | command |")
        parts.append("|---|---|---|---|---|---|---|")
        for command in COMMANDS:
            if command.group != group:
                continue
            keys = [" ".join(code(readable(key)) for key in found[command.id]) for found in presets.values()]
            shown = [keys[0], *("" if each == keys[0] else each or "none" for each in keys[1:])]
            leader = f"`space` {code(command.leader)}" if command.leader else ""
            verb = code(f":{command.verb} {command.argument}".rstrip()) if command.verb else ""
            does = command.title.replace("|", "\\|") + (" (asks first)" if command.public else "")
            parts.append(f"| {' | '.join(shown)} | {leader} | {verb} | {does} | `{command.id}` |")
    parts.append("\n## Composer\n\n| key | does |\n|---|---|")
    parts += [f"| {code(keys) if keys else ''} | {does} |" for keys, does in COMPOSER]
    return "\n".join(parts) + "\n"


BEGIN, END = "<!-- keys: made by commtui/ui/keysdoc.py -->", "<!-- end of keys -->"


def short_table() -> str:
    """The default keys in a row for each group, between BEGIN and END."""
    found = keymap.preset("default")
    lines = [BEGIN, "", "| | |", "|---|---|"]
    for group in GROUPS:
        said = []
        for command in COMMANDS:
            keys = [code(readable(key)) for key in found[command.id]]
            if command.leader and not keys:
                keys = [f"`space` {code(command.leader)}"]
            if command.group == group and keys:
                said.append(f"{' '.join(keys)} {command.title}".replace("|", "\\|"))
        asks = " (asks first)" if all(each.public for each in COMMANDS if each.group == group) else ""
        lines.append(f"| **{group}**{asks} | {' · '.join(said)} |")
    said = [f"{code(keys)} {does}" if keys else does for keys, does in COMPOSER]
    return "\n".join([*lines, f"| **Composer** | {' · '.join(said)} |", "", END])


def renewed(document: str) -> str:
    """`document` with its short table made anew. Raises ValueError if it has no place for it."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} ... {END} in the document")
    return before + short_table() + after


def code(text: str) -> str:
    """A text as code in a table of Markdown."""
    text = text.replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        target = Path(sys.argv[1])
        target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table(), end="")
