"""The sentence of an error of a verb: what was not done, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from commtui.activity import errors, refusals
from commtui.activity.errors import TriageError
from commtui.model import times
from commtui.model.text import one_line, phrase
from commtui.sentences.backup import backup_sentence
from commtui.sentences.campaigns import campaign_error
from commtui.sentences.naming import Naming
from commtui.sentences.post_rows import bad_row
from commtui.sentences.query import query_sentence
from commtui.sentences.series import no_such_time
from commtui.triage.verbs import VERBS

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
NAMED_MOST: Final = 10
"""How many of the names that there are stand in a sentence; the others are counted."""
WANTED: Final = {
    "post": "not a post",
    "outgoing": "not a reply or a post of ours",
    "act": "not an act",
    "ours": "not ours to edit",
}


def sentence(error: TriageError, naming: Naming) -> str:
    """Returns one line for an error of a verb."""
    match error:
        case errors.NothingToAnswer():
            return f"nothing to answer in {naming.items((error.given,))}"
        case errors.UnknownId(kind=""):
            return f"no item {error.given} here: ids begin with m, c, r, p, b or x; `commtui list mentions` shows them"
        case errors.UnknownId():
            return f"no {error.kind} {error.given} here"
        case errors.AmbiguousId():
            more = f" and {error.more:,} more" if error.more else ""
            return f"{error.given} could be any of: {', '.join(error.candidates)}{more}"
        case errors.WrongKind():
            return _wrong_kind(error)
        case errors.MissingRecord():
            return f"the {error.missing} of {error.of} is missing: run `commtui doctor --store`"
        case errors.UnknownPerson():
            return f"nobody here is {error.given}: give a handle, or an id; `commtui list people` shows them"
        case errors.SamePerson():
            return f"{error.given} and {error.other} are one author: nothing to link"
        case errors.BadMark():
            return f"no mark {error.given!r}: vip, or none; the others follow from what they wrote"
        case errors.NotHereYet():
            return f"{error.given} was not here yet at {naming.time(error.at)}"
        case errors.BadTime():
            return str(error.error)
        case errors.NoSlot():
            return _no_slot(error)
        case errors.NoSuchTime():
            return no_such_time(error, naming)
        case errors.BadTag():
            return f"a tag is one word, not {error.given!r}"
        case errors.BadPriority():
            return f"no priority {error.given!r}: urgent, high, normal or low"
        case errors.NoName():
            return "nobody named: give a teammate, `me`, or `nobody`"
        case errors.EmptyNote():
            return "the note is empty: nothing was written"
        case errors.UnknownName():
            return _unknown_name(error)
        case errors.NoValue():
            way_out = naming.way("set-value", error.variable)
            return f"{{{error.variable}}} of {error.of} has no value: {way_out}"
        case errors.NoAccountNamed():
            return "name at least one account to post from"
        case errors.BadMacroLine():
            return _macro_line(error)
        case errors.BadRuleLine():
            return _rule_line(error)
        case errors.BadQuery():
            return query_sentence(error.error)
        case errors.BadRow():
            return bad_row(error)
        case errors.BadAttachment():
            return bad_attachment(error)
        case errors.BadSlot():
            return str(error.error)
        case errors.BadGoal() | errors.NoCampaignName() | refusals.CampaignNameTaken() | refusals.CampaignEnded():
            return campaign_error(error, naming)
        case refusals.AlreadyAssigned():
            take = naming.way("assign-me", error.conversation)
            since = f" since {naming.time(error.since)}" if error.since else ""
            assigned = f"{naming.items((error.conversation,))} is assigned to {error.assignee}{since}"
            return f"{assigned}; {take} takes it over"
        case refusals.WrongItemState():
            verbs = [VERBS[event].word for event in error.possible if event in VERBS]  # some have no verb yet
            possible = f"; possible: {', '.join(verbs)}" if verbs else ""
            return f"{naming.items((error.item,))}: cannot {error.verb} what is {error.state}{possible}"
        case refusals.NotSent():
            return f"{naming.items((error.item,))} is {error.state}, not sent: nothing to {error.verb} on the network"
        case refusals.CannotSend():
            return _cannot_send(error)
        case refusals.CannotAct(problem="no-author"):
            return f"{error.network} did not say who {naming.person(error.author)} is"
        case refusals.CannotAct(problem="private" | "direct"):
            return f"{naming.person(error.author)} wrote this {error.problem}ly: it is not shown to others"
        case refusals.CannotAct(problem="decided"):
            return f"nothing of {naming.person(error.author)} waits here to be accepted or rejected"
        case refusals.CannotAct():
            return f"{error.network} on {error.account} has no {error.act}"
        case refusals.CannotQuote(network=""):
            return f"{naming.items((error.item,))} is not out: nothing to quote"
        case refusals.CannotQuote():
            return f"{naming.items((error.item,))} is on {error.network}: it can be quoted there only"
        case refusals.AuthorDeleted():
            return f"{naming.person(error.author)} has deleted it: it can't be shown around"
        case refusals.CannotMerge(problem="accounts"):
            return "conversations of different accounts can't be merged"
        case refusals.CannotMerge(problem="many"):
            return f"at most {error.most} conversations can be merged at once"
        case refusals.CannotMerge():
            return "one conversation alone can't be merged: name or mark at least two"
        case refusals.NoTimeToMove():
            has = "has" if len(error.ids) == 1 else "have"
            return f"{naming.items(error.ids)} {has} no time yet that could be moved: give one (fri 14:30)"
        case refusals.WouldMix():
            return mixing_question(error.audiences)
        case refusals.CannotSplit(problem="whole"):
            return f"all of its conversation answers {naming.items((error.item,))}: nothing would be left of it"
        case refusals.CannotSplit():
            return (
                f"{naming.items((error.item,))} was not merged: {naming.way('split', 'MENTION')} splits a mention off"
            )
        case refusals.MacroFailed():
            return f"macro {error.macro}, {error.verb}: {sentence(error.error, naming)}; nothing was done"
        case refusals.WouldSend():
            return f"that would send {naming.items(error.ids)}"
        case refusals.OtherText():
            return _other_text(error, naming)
        case refusals.ChangedMeanwhile():
            ago = "meanwhile" if error.ago is None else f"{_past(error.ago)} ago"
            quoted = phrase(one_line(error.other.text), naming.quoted)
            return f"{error.who or 'somebody'} changed it {ago}: '{quoted}'"
        case refusals.NotKept():
            return f"cannot write {error.path}: {error.cause.strerror or error.cause}"
        case refusals.Stopped():
            return "stopped: nothing was done"
        case refusals.BackupError():
            return backup_sentence(error)
    return str(error)


def _no_slot(error: errors.NoSlot) -> str:
    names = " and ".join(error.accounts)
    match error.problem:
        case "none":
            return f'no slots for {names}: add a line such as slots = ["mon,thu 9:00"] to its [[account]] in the config'
        case "shared":
            return f"{names} have no slot in common: give a time, or post on each by itself"
        case "taken":
            return f"every slot of {names} is taken for ten years: give a time"
    return "a slot is for posts: give a time for a reply, such as 2h or fri 14:30"


def _wrong_kind(error: errors.WrongKind) -> str:
    article = "an" if error.kind[:1] == "a" else "a"
    if error.wanted == "conversation":
        return f"{error.given} is {article} {error.kind}: it belongs to no conversation"
    if error.wanted == "sent":
        return f"{error.verb} is for what we sent, not for {error.given}"
    return f"{error.given} is {article} {error.kind}, {WANTED[error.wanted]}"


def _unknown_name(error: errors.UnknownName) -> str:
    if error.what == "participant":
        others = f"beside its author it names {', '.join(error.known)}" if error.known else "it names only its author"
        return f"{error.given} is not named in what you answer: {others}"
    what = {"saved": "saved reply"}.get(error.what, error.what)
    if error.known:
        more = len(error.known) - NAMED_MOST
        names = [*error.known[:NAMED_MOST], *([f"and {more} more"] if more > 0 else [])]
        return f"no {what} {error.given!r}; there are: {', '.join(names)}"
    if error.what == "account":
        return f"no account {error.given!r}; add one: commtui account add NETWORK"
    if error.what == "variable":
        return f"no variable {error.given!r}: this saved reply has none of its own"
    if error.what == "campaign":
        return f"no campaign {error.given!r}; make one: commtui campaign add NAME"
    way_out = {"saved": "a file in replies/, or a line under [saved]", "macro": "a line under [macros]"}[error.what]
    return f"no {what} {error.given!r}: write {way_out} in the config"


def _macro_line(error: errors.BadMacroLine) -> str:
    where = f"macro {error.macro}, line {error.line}:"
    if error.problem == "verb":
        return f"{where} {error.verb!r} can't be in a macro; these can: {', '.join(error.known)}"
    if error.problem == "value":
        return f"{where} {error.verb} takes nothing after it"
    return f"{where} {error.verb} needs something after it"


def _rule_line(error: errors.BadRuleLine) -> str:
    where = f"rule {error.rule}, line {error.line}:"
    match error.problem:
        case "verb":
            return f"{where} {error.verb!r} can't be in a rule; these can: {', '.join(error.known)}"
        case "value":
            return f"{where} {error.verb} takes nothing after it"
        case "nobody":
            return f"{where} {error.verb} names nobody, and the config has no teammates"
        case "stranger":
            return f"{where} {error.verb} is not among the config's teammates: {', '.join(error.known)}"
    return f"{where} {error.verb} needs something after it"


def bad_attachment(error: errors.BadAttachment) -> str:
    """Returns why a file cannot be attached."""
    match error.problem:
        case "unreadable":
            return f"cannot attach {error.file}: {error.reason}"
        case "empty":
            return f"{error.file} is empty"
        case "no-file":
            return f"{error.file} is no file"
        case "name":
            return f"{error.file} cannot be attached: its name has characters that cannot be shown; rename it"
        case "size":
            return f"{error.file} has {error.size:,} bytes; the server takes {error.limit:,}"
        case "pixels":
            pixels = f"{error.width:,} x {error.height:,} = {error.size:,} pixels"
            return f"{error.file} has {pixels}; the server takes {error.limit:,}: make it smaller"
        case "content":
            taken = " ".join(error.accepted)
            return f"{error.file} is of another type than its name says, and the server takes only {taken}"
        case "alt":
            over = error.size - error.limit
            return (
                f"{error.file}: the alt text has {error.size:,} characters, {over:,} too many (limit {error.limit:,})"
            )
    suffix = error.file.rpartition(".")[2].lower()
    return f"{error.file} can't be attached: no .{suffix} goes out, but {' '.join(error.accepted)}"


def _cannot_send(error: refusals.CannotSend) -> str:
    account = f"{error.account}: " if error.account else ""
    kept = f"; kept as draft {', '.join(error.drafts)}" if error.drafts else ""
    return f"{account}{problem(error)}{kept}"


def problem(error: refusals.CannotSend) -> str:
    """Returns why a network does not accept a text."""
    match error.problem:
        case "empty":
            return "nothing to send: the text is empty"
        case "no-draft":
            return "there is no draft of this post any more"
        case "ability":
            return f"{error.network} has no {error.ability}"
        case "media" if error.media is not None:
            return bad_attachment(error.media)
    return too_long(error.excess) + (" with the handle put before it" if error.addressed else "")


def mixing_question(audiences: Sequence[str]) -> str:
    """Returns what is asked before conversations that not the same people see are merged."""
    widest, *_, narrowest = audiences
    return f"merge {narrowest} with {widest}? replies are as public as the newest"


def too_long(exceeded: Sequence[object]) -> str:
    """What is too long and by how much."""
    return "; ".join(map(str, exceeded))


def _past(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else times.ago(_START, _START + timedelta(seconds=seconds))


def _other_text(error: refusals.OtherText, naming: Naming) -> str:
    quoted = f"'{phrase(one_line(error.other.text), naming.quoted)}'"
    who = "you" if error.by_me else error.other.author or "somebody"
    if error.answered_ago is not None:
        did = "answered" if error.other.conversation else "scheduled this post"
        return f"{who} {did} {_past(error.answered_ago)} ago: {quoted}"
    writes = "are writing here in another window" if error.by_me else "is writing here"
    return f"{who} {writes}, too: {quoted}"
