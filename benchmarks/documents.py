"""Conversations as the store keeps them, about 600 bytes of JSON each, in many scripts; the same for the same seed."""

import hashlib
import random
from datetime import UTC, datetime, timedelta

SENTENCES = (
    "I love the new release but it keeps crashing when I open the settings on my phone 😢",
    "Since the update the export button does nothing. Anyone else? 🤔",
    "Danke für die schnelle Antwort! Läuft jetzt wieder ohne Probleme auf meinem Rechner 🎉",
    "¿Hay alguna forma de exportar los datos en CSV? Llevo días buscándolo",
    "この機能を待っていました！ありがとうございます 🙏 設定画面はどこにありますか",
    "今天更新之后就打不开了，请问什么时候可以修复？谢谢 👍🏽",
    "새 버전 정말 좋아요! 그런데 알림이 두 번씩 와요",
    "Спасибо за помощь! А можно ли подключить ещё один аккаунт?",
    "مرحبا، لا أستطيع تسجيل الدخول منذ التحديث الأخير، هل من حل؟",
    "היי, יש לכם מדריך למתחילים? לא מצאתי באתר",
    "नमस्ते, क्या यह ऐप हिंदी में भी उपलब्ध है?",
    "ขอบคุณมากครับ ใช้งานได้แล้ว 🇹🇭",
    "Merci pour votre travail 👩\u200d💻👨\u200d💻 mais la page des tarifs dit toujours « cinq places »",
    "See https://example.org/issues/4711 and https://docs.example.org/guide/first-steps?lang=en#install",
    "Quick question about billing: we were charged twice, order 18-2231, please refund",
)
HOSTS = ("mastodon.example", "social.example", "chaos.example", "fosstodon.example", "bsky.example")
NAMES = (
    "Ana Ruiz",
    "Bo Lindqvist",
    "Chidi Okafor",
    "山田 花子",
    "Олег Петров",
    "ليلى حسن",
    "Zoë 🌈",
    "최민준",
    "Priya Nair",
)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def doc_id(record_id: str) -> int:
    """50 bits of a hash: ids as commtui chooses them, in no order."""
    return int.from_bytes(hashlib.blake2b(record_id.encode(), digest_size=7).digest()) & ((1 << 50) - 1)


def conversation(number: int, rng: random.Random, open_share: float = 0.05) -> dict:
    """One record; `open_share` of all are open, most of the others done."""
    at = START - timedelta(seconds=number * 613 + rng.randrange(600))
    host = rng.choice(HOSTS)
    status = "open" if rng.random() < open_share else rng.choice(["done"] * 18 + ["waiting", "snoozed"])
    text = " ".join(rng.choice(SENTENCES) for _ in range(rng.randrange(1, 3)))[:300]
    return {
        "id": f"c{number:x}{rng.randrange(1 << 40):010x}",
        "account": rng.choice(["a1", "a2", "a3"]),
        "network": "mastodon",
        "status": status,
        "since": at.isoformat(),
        "newest": f"m{rng.randrange(1 << 52):013x}",
        "newest_at": at.isoformat(),
        "author": f"@user{rng.randrange(20000)}@{host}",
        "author_name": rng.choice(NAMES),
        "text": text,
        "mentions": rng.randrange(1, 6),
        "unread": status == "open",
        "muted": False,
        "snoozed_until": None,
        "snoozed_for_answer": False,
        "assignee": rng.choice([None, None, None, "ana", "bo"]),
        "tags": rng.sample(["bug", "praise", "billing", "press"], rng.randrange(0, 3)),
        "campaign": None,
        "draft": None,
        "via": rng.choice(["mention", "answer", "quote", "direct"]),
        "visibility": "public",
        "folded_into": None,
        "done_at": at.isoformat() if status == "done" else None,
        "op_id": f"o{rng.randrange(1 << 48):012x}",
    }


def conversations(number: int, seed: int = 7) -> list[dict]:
    """The records 0 to `number`."""
    rng = random.Random(seed)
    return [conversation(i, rng) for i in range(number)]
