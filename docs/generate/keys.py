"""Keys as Markdown: the README's short table of the defaults, and the tables of docs/keys.md."""

from __future__ import annotations

from commtui.config.settings import KEYMAPS
from commtui.ui.dialogs.help import COMPOSER
from commtui.ui.keys import keymap
from commtui.ui.keys.keymap import readable
from commtui.ui.keys.table import COMMANDS, GROUPS


def tables() -> str:
    """A table for each group of commands, with the keys of every preset; an empty cell means the default's."""
    presets = [keymap.preset(name) for name in KEYMAPS]
    parts = []
    for group in GROUPS:
        parts.append(f"\n## {group}\n\n| {' | '.join(KEYMAPS)} | leader | `:` line | does | command |")
        parts.append("|---" * (len(KEYMAPS) + 4) + "|")
        for command in COMMANDS:
            if command.group != group:
                continue
            first, *others = (" ".join(_code(readable(key)) for key in preset[command.id]) for preset in presets)
            shown = [first, *("" if keys == first else keys or "none" for keys in others)]
            leader = f"`space` {_code(command.leader)}" if command.leader else ""
            verb = _code(f":{command.verb} {command.argument}".rstrip()) if command.verb else ""
            does = command.title.replace("|", "\\|") + (" (asks first)" if command.public else "")
            parts.append(f"| {' | '.join(shown)} | {leader} | {verb} | {does} | `{command.id}` |")
    parts.append("\n## Composer\n\n| key | does |\n|---|---|")
    parts += [f"| {_code(keys) if keys else ''} | {does} |" for keys, does in COMPOSER]
    return "\n".join(parts)


def short_table() -> str:
    """The default keys, in one row for each group of commands."""
    default = keymap.preset("default")
    lines = ["| | |", "|---|---|"]
    for group in GROUPS:
        entries = []
        for command in COMMANDS:
            keys = [_code(readable(key)) for key in default[command.id]]
            if command.leader and not keys:
                keys = [f"`space` {_code(command.leader)}"]
            if command.group == group and keys:
                entries.append(f"{' '.join(keys)} {command.title}".replace("|", "\\|"))
        asks = " (asks first)" if all(command.public for command in COMMANDS if command.group == group) else ""
        lines.append(f"| **{group}**{asks} | {' · '.join(entries)} |")
    entries = [f"{_code(keys)} {does}" if keys else does for keys, does in COMPOSER]
    return "\n".join([*lines, f"| **Composer** | {' · '.join(entries)} |"])


def _code(text: str) -> str:
    """A text as code in a table of Markdown."""
    text = text.replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"
