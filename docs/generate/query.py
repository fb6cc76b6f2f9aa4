"""The keys of the query language as Markdown, for docs/query.md."""

from __future__ import annotations

from commtui.model.query_terms import VALUES
from commtui.sentences.query import EXAMPLES, KEY_TEXTS, RULES, TIMES


def language() -> str:
    """The rules, a table of the keys, what a time is, and examples."""
    lines = [f"- {rule}" for rule in RULES]
    lines += ["", "## Keys", "", "| key | takes | asks for |", "|---|---|---|"]
    for key, (values, asks) in KEY_TEXTS.items():
        takes = ", ".join(f"`{value}`" for value in VALUES[key]) if key in VALUES else values
        lines.append(f"| `{key}:` | {takes} | {asks if key != 'is' else 'the state, as these words say'} |")
    lines += ["", "## Times", "", TIMES, "", "## Examples", "", "| query | shows |", "|---|---|"]
    lines += [f"| `{query}` | {meaning} |" for query, meaning in EXAMPLES]
    return "\n".join(lines)
