"""How a tag is written."""

from __future__ import annotations

from commtui.activity.errors import BadTag
from commtui.model import text


def tag_name(name: str) -> str:
    """Returns a tag as it is stored: lower case, one word, without `#`. Raises BadTag."""
    tag = text.one_line(text.clean(name)).strip().lstrip("#").lower()
    if not tag or " " in tag:
        raise BadTag(name)
    return tag
