"""`commtui reply`: schedules a reply. It ends when the reply is on disk."""

from __future__ import annotations

from argparse import Namespace

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.refusals import OtherText
from commtui.cli import attach
from commtui.cli.naming import ShellNaming
from commtui.cli.output import json_object, out, say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.cli.start import BadValue
from commtui.cli.words import given_text, given_values
from commtui.community import concurrent_replies, participants, replies, reply_drafts, saved_replies
from commtui.model import times
from commtui.model.records import Mention, Outgoing
from commtui.model.saved_replies import unknown
from commtui.model.states import OutgoingState
from commtui.model.text import one_line, snippet
from commtui.outgoing import checks
from commtui.sentences.errors import sentence
from commtui.sentences.leaving import soon
from commtui.sentences.open_texts import assigned, opened
from commtui.sentences.wall_clock import clock_words
from commtui.system.open_texts import OpenTexts
from commtui.triage import views

DRAFT_QUOTED = 30
"""Characters of another draft that are quoted."""
QUOTED_MOST = 10
"""How many earlier texts of the thread are quoted in the editor."""


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help="a mention; of a conversation the newest is answered")
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help="the answer, or - for stdin; without it stdin, on a terminal $EDITOR"
    )
    parser.add_argument("--saved", metavar="NAME", help="the saved reply of that name, instead of TEXT")
    parser.add_set()
    attach.add_form(parser)
    parser.add_argument(
        "--without",
        metavar="HANDLE",
        action="append",
        help="leave out somebody whom the mention names, or all but its author; can be repeated",
    )
    parser.add_argument("--anyway", action="store_true", help="send it though it is answered already")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    if args.saved is not None and args.text is not None:
        raise BadValue("either TEXT or --saved NAME: both were given")
    if args.set and args.saved is None:
        raise BadValue("--set is for the variables of a saved reply: --saved NAME is missing")
    form, hold = attach.form(args), attach.hold(args)
    desk = services.desk()
    mention, conversation = resolve.answered(desk.store, args.id)
    if args.without:
        form = replace(form, others=participants.without(mention.others, args.without))
    body = _saved(desk, args, mention) if args.saved is not None else given_text(args.text)
    known = replace(concurrent_replies.known_in_shell(desk, conversation, mention), anyway=args.anyway)
    texts = OpenTexts(services.home.open_texts)
    for words in (assigned(desk, conversation), opened(desk, texts.elsewhere((conversation.id,)))):
        if words:
            say(f"note: {words}")
    if body is None:
        from commtui.cli import editor

        texts.open((conversation.id,), desk.who, desk.now)  # the windows say so
        draft = reply_drafts.current_draft(desk.store, conversation)
        known = replace(known, draft=draft.id if draft else None, text=draft.text if draft else "")
        try:
            body = editor.compose(draft.text if draft else "", quoted(desk, mention), services.environ)
        finally:
            texts.close()
    try:
        item, _ = replies.reply(desk, mention.id, body, form, hold, known=known)
    except OtherText as other:
        kept_as = f"; kept as draft {other.kept}" if other.kept else ""
        raise CliError(f"{sentence(other, ShellNaming(desk))}; with --anyway this is sent, too{kept_as}") from None
    conversation = resolve.conversation(desk.store, mention.id)
    draft = reply_drafts.current_draft(desk.store, conversation)
    if draft is not None:
        whose = "your draft" if draft.author == desk.who else f"a draft by {draft.author or 'somebody'}"
        say(f"note: {whose} of '{snippet(one_line(draft.text), DRAFT_QUOTED)}' stays: commtui list replies is:draft")
    if form.visibility and form.visibility is not item.visibility:
        say(f"note: sent as {item.visibility}: a reply is never more widely visible than what it answers")
    if item.others and checks.puts_handles(desk.store, item.account):
        say(f"note: goes to {', '.join(item.others)}, too; --without leaves them out")
    if args.format == "json":
        from commtui.cli.flat import Flattener

        json_object(Flattener(desk).outgoing(item))
    else:
        out(departure(desk, item))
    attach.tell_if_nobody_sends(services)
    return 0


def _saved(desk: Desk, args: Namespace, mention: Mention) -> str:
    """Returns the saved reply, filled in; what stays in its braces is said."""
    body = saved_replies.saved_reply(desk, args.saved, mention.id, given_values(args.set))
    reply = saved_replies.find(desk, args.saved)
    for name in unknown(reply.text, reply.variables):
        say(f"note: {{{name}}} is no variable: it is sent as it stands")
    return body


def departure(desk: Desk, item: Outgoing) -> str:
    """Returns its id, and when it will be sent."""
    at = item.scheduled_at
    if at is None or item.state is OutgoingState.HELD:
        return f"{item.id} {item.state.value}"
    clocks = f"; {words}" if (words := clock_words(item)) else ""
    return f"{item.id} goes out {times.echo(at, desk.zone, desk.now)} ({soon(at, desk.now)}){clocks}"


def quoted(desk: Desk, mention: Mention) -> list[str]:
    """Returns the answered mention and the texts before it, as lines for the editor."""
    conversation = resolve.answered(desk.store, mention.id)[1]
    before = [
        text
        for text in views.thread(desk, conversation)
        if text.id != mention.id and text.created_at <= mention.created_at
    ]
    lines: list[str] = []
    for text in [*before[-QUOTED_MOST:], mention]:
        who = f"{text.author} {text.author_name}" if not isinstance(text, Outgoing) else text.author
        lines += ["", f"{who}, {times.echo(text.created_at, desk.zone, desk.now)}:"]
        lines += [f"  {line}" for line in text.text.split("\n")]
    return lines
