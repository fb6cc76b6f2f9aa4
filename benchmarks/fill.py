"""Makes a whole home of any size through the store: what every benchmark opens.

    python benchmarks/fill.py HOME N [--archive M] [--seed S]

The home has one account of network `demo` and `paused = true`, N open conversations with realistic texts, M that were done
in the last ten years and stand in the archive, and some outgoing items, so that `commtui --home HOME` opens on it without a request and without arrivals. The same seed gives
the same home, but for the present time, from which all ages count back.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from commtui.community.deadlines import Deadlines
from commtui.config.edit import add_account, set_value
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.model import ids, text
from commtui.model.abilities import Limits
from commtui.model.clock import SystemClock
from commtui.model.records import AccountState, Conversation, Mention, Outgoing, Via
from commtui.model.states import ConversationStatus, Health, OutgoingState
from commtui.store import codec
from commtui.store.schema import table_of
from commtui.store.store import Store
from commtui.store.transfer import ARCHIVE, HOT, Place

ACCOUNT = Account(name="harbour", network="demo", user="harbour@demo.example")
BATCH = 500
TEN_YEARS, HALF_A_YEAR = 3653, 200
"""Days."""

OPENINGS = (
    "Is there a way to", "I still can't", "Love how you", "When will you", "Could somebody help me to", "Since the update I can't",
    "Kann man irgendwie", "Wie lange dauert es,", "Est-ce que je peux", "Merci ! Comment", "¿Cómo puedo", "Non riesco a",
    "どうすれば", "教えてください：", "请问怎么", "为什么不能", "어떻게 하면", "Как мне", "Подскажите, можно ли", "كيف يمكنني",
    "איך אפשר", "मैं कैसे", "Πώς μπορώ να", "Jak mogę", "ฉันจะ", "Hur kan jag", "Como faço para",
)  # fmt: skip
MIDDLES = (
    "export my roast curves to CSV", "change the delivery address", "cancel the subscription for a month", "the grinder setting for lot 12",
    "die Rechnung noch einmal bekommen", "zwei Beutel zurückgeben", "suivre mon colis depuis lundi", "pedir una factura con IVA",
    "cambiare la password", "注文をキャンセル", "アプリを日本語で", "修改收货地址", "导出我的数据", "구독을 취소", "вернуть деньги за заказ",
    "تغيير عنوان التوصيل", "לקבל חשבונית", "अपना ऑर्डर ट्रैक करूं", "αλλάξω τη διεύθυνση", "zmienić termin dostawy", "ยกเลิกคำสั่งซื้อ",
    "get the dark theme on Android", "cold brew with the new filter", "reach a human [not a bot]", "see the water temperature at each step",
)  # fmt: skip
ENDINGS = (
    "?", "? Thanks in advance.", "? It worked last week…", "!!", " 🙏", " 😅 no hurry", ". See https://example.org/t/{n}",
    "? https://forum.example.org/threads/{n}-curves?page=2#last", " 👩🏽‍💻", "? 🇯🇵☕️", ". #support", "? [solved?]", " — anyone?", "? Danke & Gruß",
    "? I tried the steps in the manual twice, restarted, and wrote to the support address on Monday, without an answer so far.",
)  # fmt: skip
NAMES = (
    "Ada Lovelace", "Grace H.", "山田 花子", "李雷", "Zoë 🌱", "Søren K.", "أحمد", "Νίκος", "Олена", "Priya S.", "José María", "김민수",
    "Łukasz", "Tatiana", "Mbali N.", "[bold]Bob[/bold]", "Ngọc Anh", "דנה", "Émile", "coffee_nerd_42",
)  # fmt: skip
HOSTS = ("example.social", "fedi.example.org", "chaos.example", "tooting.example.net", "roasters.example")


def texts(seed: int) -> Iterator[tuple[str, str, str]]:
    """Endless (author, author_name, text), the same for a seed."""
    chance = random.Random(seed)
    for n in range(10**9):
        name = chance.choice(NAMES)
        text = f"{chance.choice(OPENINGS)} {chance.choice(MIDDLES)}{chance.choice(ENDINGS).format(n=n)}"
        if chance.random() < 0.3:
            text += f"\n\n{chance.choice(OPENINGS)} {chance.choice(MIDDLES)}{chance.choice(ENDINGS).format(n=n)}"
        yield f"@user{chance.randrange(5000)}@{chance.choice(HOSTS)}", name, text


def conversation(
    n: int, at: datetime, body_of: tuple[str, str, str], chance: random.Random, done: bool
) -> tuple[Conversation, Mention]:
    """One conversation with one mention."""
    author, name, body = body_of
    remote_id = f"{100000000000000000 + n}"
    identity = ids.mention_id(ACCOUNT.network, ACCOUNT.id, remote_id)
    via = chance.choices(list(Via), (60, 30, 5, 5))[0]
    mention = Mention(
        id=identity,
        account=ACCOUNT.id,
        network=ACCOUNT.network,
        remote_id=remote_id,
        via=via,
        conversation=ids.conversation_id(identity),
        author=author,
        author_name=name,
        author_id=author,
        text=text.clean(body),
        created_at=at,
        url=f"https://example.social/{author.split('@')[1]}/{remote_id}",
    )
    row = Conversation(
        id=mention.conversation,
        account=ACCOUNT.id,
        network=ACCOUNT.network,
        status=ConversationStatus.DONE if done else ConversationStatus.OPEN,
        since=at,
        newest=identity,
        newest_at=at,
        author=author,
        author_name=name,
        text=text.snippet(mention.text, 300),
        unread=not done and chance.random() < 0.5,
        assignee=chance.choice((None, None, "you", "anna", "ben")),
        tags=tuple(
            sorted(chance.sample(("bug", "billing", "praise", "feature", "urgent"), chance.choice((0, 0, 0, 1, 2))))
        ),
        via=via,
        parents_known=True,
        done_at=at + timedelta(hours=2) if done else None,
    )
    return row, mention


def outgoing(now: datetime, chance: random.Random, ahead_count: int = 8) -> Iterator[Outgoing]:
    """Some posts ahead and behind."""
    for n in range(ahead_count + 4):
        ahead = n < ahead_count
        at = now + timedelta(hours=7 * n + 3) if ahead else now - timedelta(days=n - ahead_count + 8)
        yield Outgoing(
            id=ids.derived(ids.VARIANT, "fill", str(n)),
            account=ACCOUNT.id,
            network=ACCOUNT.network,
            text=f"Roast diary, page {n}: {chance.choice(MIDDLES)} ☕ https://example.org/diary/{n}",
            state=OutgoingState.SCHEDULED if ahead else OutgoingState.SENT,
            created_at=now - timedelta(days=20),
            key=f"fill-{n}",
            post=ids.derived(ids.POST, "fill", str(n)),
            author="you",
            scheduled_at=at,
            zone="UTC",
            remote_id=None if ahead else f"fill-{n}",
            sent_at=None if ahead else at,
            tries=0 if ahead else 1,
        )


def account(now: datetime) -> AccountState:
    """As the engine leaves an account that is in step."""
    return AccountState(
        id=ACCOUNT.id,
        name=ACCOUNT.name,
        network=ACCOUNT.network,
        health=Health.OK,
        since=now,
        synced_at=now,
        handle="@harbour@demo.example",
        limits=Limits(characters=500),
    )


def fill(folder: Path, count: int, archive: int = 0, seed: int = 1, posts: int = 8) -> Home:
    """Makes the home, with so many scheduled posts. Raises FileExistsError where there is one already."""
    home = Home.at(folder.absolute())
    if home.config.exists():
        raise FileExistsError(f"{folder} is a home already")
    home.prepare()
    set_value(home, "me", "you")
    set_value(home, "paused", True)
    add_account(home, ACCOUNT)
    now, chance, bodies = SystemClock().now(), random.Random(seed), texts(seed)
    settings, store = load(home, {}), Store(home.data)
    deadlines = Deadlines(lambda: settings)
    with store.write() as write:
        write.put(account(now))
        for item in outgoing(now, chance, posts):
            write.put(item)
    for begin in range(0, count + archive, BATCH):
        places = []
        for n in range(begin, min(begin + BATCH, count + archive)):
            archived = n < archive  # they came first, and the store knows in which order
            if archived:  # as the engine would have moved them in ten years
                age = timedelta(days=TEN_YEARS - (TEN_YEARS - HALF_A_YEAR) * n / archive)
            else:  # within the last day, so that none is overdue
                age = timedelta(seconds=60 + 80000 * (1 - (n - archive) / count))
            for record in conversation(n, now - age, next(bodies), chance, archived):
                record = deadlines(record, store.people.is_vip) if isinstance(record, Conversation) else record
                table = table_of(type(record))
                document = {**codec.to_document(record), **table.derive(record)}
                places.append(Place(ARCHIVE if archived else HOT, table.name, ids.number(record.id), document))
        store.transfer.put(places)
    store.tidy()  # as the engine leaves a home
    store.close()
    return home


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Makes a home for benchmarks.")
    parser.add_argument("home", type=Path)
    parser.add_argument("count", type=int, help="open conversations")
    parser.add_argument("--archive", type=int, default=0, help="archived conversations")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fill(options.home, options.count, options.archive, options.seed)
    print(f"{options.home}: {options.count} open, {options.archive} archived")


if __name__ == "__main__":
    main()
