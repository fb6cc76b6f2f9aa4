"""Replies and posts on their way out, exactly once.

The intent is on disk before anything leaves, every try has the same key, and a lost answer is read back before the
next try.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from commtui.activity import passive_log
from commtui.activity.resolve import elder
from commtui.community import intake, joining
from commtui.model.campaign_records import HELD_FOR
from commtui.model.records import Campaign, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState, Reason
from commtui.model.threads import ASKED, parts_of, texts_of
from commtui.networks.base import (
    AnswerLost,
    Gone,
    LoginRefused,
    Malformed,
    Network,
    Refused,
    Seen,
    Sent,
    Status,
    Thread,
    TooLong,
    Unreachable,
    Unsupported,
)
from commtui.networks.likeness import same_text
from commtui.sync import checking
from commtui.sync.ledger import Ledger
from commtui.sync.proof import may_send_again
from commtui.sync.readback import alike, look, names_of, proofs, read_back
from commtui.sync.session import Session

log = logging.getLogger("commtui.delivery")
LATE_SPACING = timedelta(seconds=30)
"""Between late posts of one account: a restart never bursts."""


class Settled(Exception):
    """The item does not leave now. `item` is what it became; None: somebody changed it meanwhile."""

    def __init__(self, item: Outgoing | None) -> None:
        super().__init__()
        self.item = item


class TextSender:
    """One account's replies and posts."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session = session
        self.store = session.store
        self.ledger = ledger
        self._last_late: datetime | None = None

    async def send_text(self, item: Outgoing) -> Outgoing | None:
        """Sends a text that is due. Returns what it is now; None: somebody changed it. Raises LoginRefused."""
        try:
            self._check_campaign(item)
            self._check_late_policy(item)
            network = await self.session.open()
            item = self._in_its_thread(item)
            await self._check_earlier_tries(network, item)
            await self._check_newer_answer(network, item)
            item = await self._upload_media(network, item)
        except Settled as settled:
            return settled.item
        except LoginRefused:
            raise
        except (Unreachable, AnswerLost, Malformed) as error:
            return self.ledger.try_later(item, error)
        except Refused as error:
            return self.ledger.refuse(item, error)
        begun = self.ledger.begin(item)
        return None if begun is None else await self._send(network, begun)

    async def _send(self, network: Network, begun: Outgoing) -> Outgoing | None:
        """One try: `begun` is `sending`."""
        try:
            sent = await network.send(begun, begun.media)
        except asyncio.CancelledError:
            self.ledger.unsettled(begun, Reason.STOPPED)
            raise
        except LoginRefused as error:
            self.ledger.delay(begun, str(error), self.session.clock.now())
            raise
        except Unreachable as error:
            return self.ledger.try_later(begun, error)
        except Refused as error:
            if isinstance(error, TooLong):
                self.session.record_counting(error.counting)
            return self.ledger.refuse(begun, error)
        except (AnswerLost, Malformed) as error:
            log.warning("%s: the answer to sending %s was lost: %s", self.session.account.name, begun.id, error)
            lost = self.ledger.lose(begun, str(error))
            return None if lost is None else await read_back(self.session, self.ledger, lost)
        return self.ledger.accept(begun, sent)

    def _check_campaign(self, item: Outgoing) -> None:
        """A post of a campaign that is paused or has ended is held, however it came to be scheduled. Raises Settled."""
        campaign = self.store.get(Campaign, item.campaign) if item.campaign and not item.force else None
        reason = HELD_FOR.get(campaign.state) if campaign else None
        if reason is not None:
            raise Settled(self.ledger.stop(item, "stop", reason))

    def _check_late_policy(self, item: Outgoing) -> None:
        """What is past its time follows its policy; late posts leave LATE_SPACING apart. Raises Settled."""
        now = self.session.clock.now()
        overdue = self.session.settings().overdue_post
        if item.scheduled_at is None or item.scheduled_at > now - overdue:
            return
        if item.conversation or item.hold_window or item.after:
            return
        if item.late in ("hold", "skip"):
            raise Settled(self.ledger.stop(item, "stop" if item.late == "hold" else "skip", Reason.LATE))
        if self._last_late is not None and now < self._last_late + LATE_SPACING:
            raise Settled(self.ledger.postpone(item, self._last_late + LATE_SPACING))
        self._last_late = now

    def _in_its_thread(self, item: Outgoing) -> Outgoing:
        """Cuts a post that is to be a thread into its parts; a later part answers the one before. Raises Settled,
        Refused."""
        changed: Outgoing | None = item
        if ASKED in item.extra:
            try:
                texts = texts_of(item, self.session.state().limits)
            except ValueError as error:
                raise Refused(str(error)) from None
            changed = self.ledger.cut(item, parts_of(item, texts))
        elif item.after is not None:
            before = self.store.get(Outgoing, item.after)
            if before is None or before.state is not OutgoingState.SENT or before.remote_id is None:
                raise Settled(self.ledger.stop(item, "stop", Reason.THREAD_BROKEN))
            if item.in_reply_to_remote != before.remote_id:
                changed = self.ledger.continues(item, before.remote_id)
        if changed is None:
            raise Settled(None)
        return changed

    async def _check_earlier_tries(self, network: Network, item: Outgoing) -> None:
        """Looks for the text before a further try: one that seemed not to arrive may be there. Raises Settled.

        After a doubtful try only what is proven not to be there is sent again, unless a person said so.
        """
        if not item.tries and not item.doubts:
            return
        try:
            seen = await look(network, self.store, item)
        except (Refused, Malformed):
            seen = None
        if isinstance(seen, Sent):
            raise Settled(self._accept_earlier_try(item, seen))
        unproven = item.doubts and not item.resend
        if unproven and not may_send_again(item, proofs(self.session), seen, self.session.clock.now()):
            reason = Reason.LOOK_ALIKE if alike(seen) else Reason.NOT_SHOWN
            raise Settled(self.ledger.doubt_again(item, reason, alike(seen)))

    def _accept_earlier_try(self, item: Outgoing, sent: Sent) -> Outgoing | None:
        """It is out from an earlier try; a person decides where another item is that text."""
        found = self.ledger.accept_earlier_try(item, sent)
        if found is None and self.store.get(Outgoing, item.id) == item:
            return self.ledger.doubt_again(item, Reason.ANOTHERS, ())
        return found

    async def _check_newer_answer(self, network: Network, item: Outgoing) -> None:
        """Reads the thread again: a newer answer of ours, written elsewhere, holds a reply. Raises Settled."""
        if not item.conversation or item.force or item.in_reply_to_remote is None:
            return
        try:
            thread = await network.thread(item.in_reply_to_remote)
        except Unsupported:
            return
        except Gone as error:
            checking.keep_seen(self.session, Seen(gone=(item.in_reply_to_remote,)))
            raise Settled(self.ledger.refuse(item, error, Reason.ANSWERED_GONE)) from error
        self._record_edit(thread)
        newer = self._newer_answer(thread, item)
        if newer is None:
            return
        if (item.tries or item.doubts) and same_text(item.text, newer.text):  # a try that came through late
            sent = Sent(remote_id=newer.remote_id, url=newer.url, at=newer.created_at)
            raise Settled(self._accept_earlier_try(item, sent))
        self._record_answer(newer, item)
        raise Settled(self.ledger.stop(item, "stop", Reason.NEWER_ANSWER))

    def _record_edit(self, thread: Thread) -> None:
        """Keeps an edit of what is answered: networks may have told nobody of it."""
        if thread.status is not None:
            now = self.session.clock.now()
            with self.store.write() as write:
                intake.apply_edit(self.store, write, self.session.owner, thread.status, now)
                passive_log.log_intake(write, now, passive_log.ARRIVE, (), self.session.account.name)

    def _record_answer(self, answer: Status, item: Outgoing) -> None:
        """Keeps an answer from elsewhere with its conversation, so that a person sees it."""
        with self.store.write() as write:
            conversation = write.get(Conversation, item.conversation or "")
            if conversation is not None:
                within = elder(self.store, conversation).id
                joining.add_context(self.store, write, self.session.owner, within, answer, self.session.clock.now())

    def _newer_answer(self, thread: Thread, item: Outgoing) -> Status | None:
        """An answer of ours to the same mention that this home neither wrote nor is about to send."""
        siblings = self.store.outgoing.of_conversation(item.conversation or "")
        known = {name for sibling in siblings for name in names_of(sibling)}
        doubtful = [sibling.text for sibling in siblings if sibling.state is OutgoingState.UNKNOWN]
        mention = self.store.get(Mention, item.in_reply_to or "")
        after = mention.created_at if mention else item.created_at
        for status in thread.descendants:
            if not status.ours or status.created_at < after or known & {status.remote_id, status.url}:
                continue
            if status.in_reply_to != item.in_reply_to_remote:
                continue
            if any(same_text(text, status.text) for text in doubtful):
                continue
            return status
        return None

    async def _upload_media(self, network: Network, item: Outgoing) -> Outgoing:
        """Uploads the files that are not there yet. Returns the record with their ids. Raises Settled."""
        for media in item.media:
            if media.remote_id is None:
                uploaded = await network.upload(media)
                saved = self.ledger.record_upload(item, media, uploaded)
                if saved is None:
                    raise Settled(None)
                item = saved
        return item
