"""How people answer us: thanks and further questions, by mood and language."""

from __future__ import annotations

from typing import Final

from commtui.networks.demo.scenes import Mood

_HELPED: Final = (
    "That did it. Thank you for answering so quickly! 🙌",
    "Oh, that's a good answer. Thanks!",
    "Perfect, thank you. This is why I keep coming back ☕",
)
_PLEASED: Final = ("You made my day 😊", "See you on Saturday then!", "Of course. Keep going, please 💛")
_CALMER: Final = (
    "Fine. Thank you for getting back to me at all. I'll wait for the parcel.",
    "All right. That's fair. I shouldn't have shouted. Thank you.",
)

THANKS: Final[dict[Mood, tuple[str, ...]]] = {
    Mood.ASK: _HELPED,
    Mood.BUG: (
        "Works again, thank you! I'll shout if it comes back 🙏",
        "Confirmed fixed on my side. Great support, honestly.",
    ),
    Mood.PRAISE: _PLEASED,
    Mood.CHAT: _PLEASED,
    Mood.ANGRY: _CALMER,
}

FURTHER: Final[dict[Mood, tuple[str, ...]]] = {
    Mood.ASK: (
        "Thanks! And does the same go for the smaller bags?",
        "Good to know. Until when would I have to tell you?",
        "I see. Is that written down somewhere that I can link to?",
    ),
    Mood.BUG: (
        "Tried that, no change. Anything else that I can send you? A log, a video?",
        "It helps until I restart the phone, then it's back. Should I open an issue?",
    ),
    Mood.PRAISE: ("May I ask: will it be back next year? 👀",),
    Mood.CHAT: ("Now I need to know what the whole team does.",),
    Mood.ANGRY: (
        "So when exactly? A day, please, not “soon”.",
        "And who pays for the two earlier ones? You skipped that.",
    ),
}

THANKS_IN: Final[dict[str, tuple[str, ...]]] = {
    "de": ("Super, danke euch! Hat sofort geklappt. 🙌", "Ah, verstehe. Vielen Dank für die schnelle Antwort!"),
    "fr": ("Merci beaucoup pour votre réponse si rapide ! 🌷", "Parfait, merci !"),
    "es": ("¡Mil gracias! Así da gusto 🙌", "¡Perfecto, gracias!"),
    "pt": ("Muito obrigada, era mesmo isso! 🙂", "Perfeito, obrigada!"),
    "ja": ("ご丁寧にありがとうございます!助かりました🙇", "なるほど、ありがとうございます☕"),
    "ko": ("빠른 답변 감사합니다! 🙏", "아하, 고맙습니다!"),
    "zh": ("谢谢,解决了!👍", "明白了,非常感谢!"),
    "uk": ("Дякую, все вийшло! 🙏", "Зрозуміло, щиро дякую!"),
    "ar": ("شكرًا جزيلًا على الردّ السريع! 🌹", "ممتاز، شكرًا لكم!"),
    "hi": ("बहुत धन्यवाद, हो गया! 🙏", "समझ गई, शुक्रिया!"),
}

FURTHER_IN: Final[dict[str, tuple[str, ...]]] = {
    "de": ("Danke! Gilt das auch für ältere Versionen?",),
    "fr": ("Merci ! Et pour une livraison en Suisse ?",),
    "es": ("¡Gracias! ¿Y eso también vale para Colombia?",),
    "ja": ("ありがとうございます。もう一つだけ、いつ頃になりますか?",),
}

UNDER_POSTS: Final[tuple[tuple[Mood, str, str], ...]] = (
    (Mood.PRAISE, "oona", "This is exactly why I follow you. 💛"),
    (Mood.ASK, "ike", "Is there a way to get a reminder for this?"),
    (Mood.ASK, "annika", "Klingt gut! Gibt es das auch auf Deutsch?"),
    (Mood.PRAISE, "mira", "Read this aloud at breakfast. Everybody cheered 🎉"),
    (Mood.ASK, "marlow", "Will you share the details later for those who can't make it?"),
    (Mood.CHAT, "bex", "putting this on the fridge"),
)
"""Mood, user and text of those who answer a post of ours."""
