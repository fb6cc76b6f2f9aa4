"""Who lives in the simulated community. Every host is under .example, which nobody can own (RFC 2606)."""

from __future__ import annotations

from typing import Final

from commtui.networks.demo.scenes import Human

BRAND_USER: Final = "harbour@demo.example"
BRAND_NAME: Final = "Harbour Coffee (demo)"

_ALL: Final = (
    Human("mira", "beans.example", "Mira Okafor", 1),
    Human("cass", "makers.example", "Cass Whitlow", -6),
    Human("tobias", "kaffe.example", "Tobias Lindqvist", 1),
    Human("nell", "makers.example", "Nell Ashby", 0),
    Human("gus", "roast.example", "Gus Paddock 🏔", -7),
    Human("ruth", "beans.example", "Ruth Amsel", 2),
    Human("deniz", "roast.example", "Deniz A.", 3),
    Human("oona", "makers.example", "Oona 👩🏽‍🔬", 2),
    Human("pete", "pourover.example", "Pete from the corner café", 0),
    Human("bex", "pourover.example", "bex ☕️", 10),
    Human("marlow", "roast.example", "Marlow & Daughters", -5),
    Human("ike", "makers.example", "Ike Adeyemi", 1),
    Human("rolf", "kaffe.example", "Rolf Brandt", 1),
    Human("halima", "pourover.example", "Halima Yusuf", 3),
    Human("jonas", "kaffe.example", "Jonas Weber", 1, "de"),
    Human("annika", "kaffe.example", "Annika Voß", 1, "de"),
    Human("amelie", "cafe.example", "Amélie Roux", 1, "fr"),
    Human("sofia", "tinto.example", "Sofía Herrera 🇨🇴", -5, "es"),
    Human("ines", "tinto.example", "Inês Carvalho", 0, "pt"),
    Human("yuki", "kissa.example", "高橋ゆき", 9, "ja"),
    Human("haneul", "kissa.example", "정하늘", 9, "ko"),
    Human("linwei", "kissa.example", "林蔚", 8, "zh"),
    Human("dmytro", "kava.example", "Дмитро Коваль", 2, "uk"),
    Human("layla", "qahwa.example", "ليلى حداد", 3, "ar"),
    Human("priya", "beans.example", "प्रिया नायर", 5.5, "hi"),
    Human("growth_wizard_77", "boost.example", "🚀 GROWTH WIZARD 🚀", 0, "spam"),
    Human("beanbargains", "boost.example", "Bean Bargains", 0, "spam"),
)

PEOPLE: Final[dict[str, Human]] = {human.user: human for human in _ALL}

SPEAKING: Final[dict[str, tuple[Human, ...]]] = {
    language: tuple(human for human in _ALL if human.language == language)
    for language in dict.fromkeys(human.language for human in _ALL)
}
"""The people of each language, in a fixed order."""
