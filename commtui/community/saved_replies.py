"""Saved replies: texts by name, in files and in the config, with variables such as {author}."""

from __future__ import annotations

from collections.abc import Mapping

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.errors import NoValue, UnknownName
from commtui.model import saved_replies as texts
from commtui.model.first_names import first_name
from commtui.model.records import Mention
from commtui.model.saved_replies import SavedReply


def all_saved(desk: Desk) -> Mapping[str, SavedReply]:
    """Returns the saved replies by name: the config's, then those of files. Of two with one name: the config's."""
    own = {name: SavedReply(name, text) for name, text in desk.settings.saved.items()}
    files = desk.saved_files.current.replies
    return {**own, **files, **own} if own else files


def are_there(desk: Desk) -> bool:
    """Returns whether there are saved replies."""
    return bool(desk.settings.saved or desk.saved_files.current.replies)


def find(desk: Desk, name: str) -> SavedReply:
    """Returns the saved reply of that name. Raises UnknownName."""
    if name in desk.settings.saved:
        return SavedReply(name, desk.settings.saved[name])
    reply = desk.saved_files.current.replies.get(name)
    if reply is None:
        raise UnknownName("saved", name, list(all_saved(desk)))
    return reply


def values_for(desk: Desk, mention: Mention) -> Mapping[str, str]:
    """Returns the values of the built-in variables in an answer to a mention."""
    account = desk.settings.account(mention.account)
    return {
        "author": mention.author,
        "name": mention.author_name or mention.author,
        "first_name": first_name(mention.author_name, mention.author),
        "account": account.name if account else mention.account,
        "me": desk.who,
    }


def filled(desk: Desk, text: str, mention: Mention, given: Mapping[str, str] | None = None) -> str:
    """Returns the text with the built-in variables and those that are `given` replaced; other text in braces stays."""
    if "{" not in text:
        return text
    return texts.filled(text, {**(given or {}), **values_for(desk, mention)})


def own_values(reply: SavedReply, given: Mapping[str, str]) -> Mapping[str, str]:
    """Returns the values of a reply's own variables: the given ones, else those that it proposes.

    Raises NoValue where there is neither, UnknownName for a given one that is not among its own.
    """
    for name in given:
        if name not in reply.variables:
            raise UnknownName("variable", name, list(reply.variables))
    values = {name: given.get(name) or proposed for name, proposed in reply.variables.items()}
    for name in reply.asked:
        if not values[name]:
            raise NoValue(reply.name, name)
    return values


def saved_reply(desk: Desk, name: str, named: str, given: Mapping[str, str] | None = None) -> str:
    """Returns the saved reply of that name, filled in for the answered mention. `given`: its own variables' values.

    Raises UnknownName, NoValue, UnknownId.
    """
    reply = find(desk, name)
    values = own_values(reply, given or {})
    mention, _ = resolve.answered(desk.store, named)
    return filled(desk, reply.text, mention, values)
