"""What keeps being said while the demo runs: told once through, then again by other people, with other details."""

from __future__ import annotations

from typing import Final

from commtui.model.abilities import Visibility
from commtui.model.records import Media, Via
from commtui.networks.demo.scenes import Beat, Does, Mood, Scene

B = Beat
EDITS, DELETES, LIKES, BOOSTS, FOLLOWS = Does.EDITS, Does.DELETES, Does.LIKES, Does.BOOSTS, Does.FOLLOWS
A, P, G, X, C = Mood.ASK, Mood.PRAISE, Mood.BUG, Mood.ANGRY, Mood.CHAT


def _one(name: str, mood: Mood, who: str, text: str, under: str | None = None) -> Scene:
    return Scene(name, mood, (B(who, text),), under=under)


ARRIVALS: Final = (
    Scene(
        "sync",
        A,
        (
            B("nell", "Does Roastlog sync between a {phone} and a laptop yet? Two logbooks is one too many."),
            B("ruth", "Following. I mail myself screenshots like an animal.", after=1),
        ),
    ),
    _one(
        "first-roast",
        P,
        "halima",
        "First home roast ever, with your {bean} greens. Uneven, smoky, and the best cup of my life 😭☕",
    ),
    _one("pour-over", A, "tobias", "What water temperature for {bean} in a pour-over? 92° was flat, 96° was angry."),
    Scene(
        "battery",
        G,
        (
            B("gus", "The probe's battery went from 80% to 0 in one roast. Firmware {version}. Known?"),
            B("deniz", "Same since {version}. Taking the battery out for a minute helped.", after=1),
            B("gus", "That worked, but I'd rather not do it every Sunday 😅", after=1),
        ),
    ),
    Scene("likes-openday", C, (B("oona", does=LIKES), B("pete", does=BOOSTS), B("mira", does=LIKES)), under="openday"),
    _one(
        "parking",
        A,
        "marlow",
        "Where can one park a cargo bike on Saturday? Asking for four people and a dog.",
        "openday",
    ),
    _one(
        "german-praise",
        P,
        "annika",
        "Der {bean} ist so gut, dass mein Mann jetzt freiwillig früher aufsteht. Danke! 🙌",
    ),
    Scene(
        "late-parcel",
        X,
        (
            B("cass", "Tracking says “delivered”, my doorstep says otherwise. Second time this autumn, @harbour."),
            B("cass", "And the tracking page is a 404 now. Great.", after=1),
        ),
    ),
    _one("japanese-ask", A, "yuki", "日本への発送はいつ再開しますか?{bean}をずっと待っています🙏"),
    Scene(
        "spam-a",
        Mood.SPAM,
        (
            B(
                "growth_wizard_77",
                "Hey @harbour 👋 love ur content!! want 5000 REAL coffee fans? 👉 https://fans-4-u.example/go",
            ),
            B("", does=DELETES, to=0),
        ),
    ),
    _one("keyboard", A, "ike", "Is there a keyboard shortcut to mark first crack? My hands are usually on the drum."),
    Scene(
        "screenshot",
        P,
        (
            B(
                "bex",
                "look at this curve. LOOK AT IT. i'm framing it 🖼",
                media=(
                    Media(
                        "https://pourover.example/media/curve.png", "A roast curve in Roastlog: a smooth rise to 205 °C"
                    ),
                ),
            ),
            B("gus", "That is indecent. What charge temperature?", after=1),
        ),
    ),
    _one("spanish-ask", A, "sofia", "¿El {bean} viene de una sola finca o es una mezcla? La etiqueta no lo dice."),
    _one(
        "invoice", A, "pete", "Could I get one invoice for October and November together? Our bookkeeper would hug you."
    ),
    Scene(
        "dm-allergy",
        A,
        (B("ruth", "Is the new bag lining latex-free? I'd rather not ask in public.", via=Via.DIRECT),),
        visibility=Visibility.DIRECT,
    ),
    _one(
        "docs", P, "oona", "Your docs have a page called “What to do when it smells wrong”. Ten out of ten, no notes."
    ),
    Scene(
        "plugin",
        A,
        (
            B("deniz", "Is there an API for live probe data? I'd like the curve on our café's screen."),
            B(
                "deniz",
                "Is there an API for live probe data? I'd like the curve on our café's screen. (Found "
                "/api/v1/stream. Is it stable? The page says “beta” since 2024, and I'd build something on it that "
                "forty people look at daily.)",
                EDITS,
                to=0,
            ),
        ),
    ),
    _one("ukrainian", P, "dmytro", "Ваша кава доїхала до Львова за чотири дні. Пахне вся кухня. Дякуємо! 💙💛"),
    _one(
        "descaling",
        A,
        "mira",
        "How often do you descale the machine on the quay? Ours sulks after two weeks of hard water.",
    ),
    Scene("follows", C, (B("priya", does=FOLLOWS), B("haneul", does=FOLLOWS))),
    _one("arabic", A, "layla", "هل يمكن طلب عيّنة صغيرة من {bean} قبل شراء كيلو كامل؟ ☕"),
    Scene(
        "roast-defect",
        G,
        (
            B("marlow", "Half of this {bean} bag looks scorched, half looks pale. Lot or roast? Photo to follow."),
            B("tobias", "Mine are even, roasted the same week. Could be the bag's bottom.", after=1),
        ),
    ),
    _one("french-praise", P, "amelie", "Votre équipe a répondu un dimanche, avec le sourire. Je n'oublierai pas. 🌷"),
    _one("gift", A, "nell", "Can a gift subscription start on a date? My sister's birthday is the 14th 🎂"),
    Scene("likes-roastlog", C, (B("ike", does=BOOSTS), B("linwei", does=LIKES)), under="roastlog"),
    _one(
        "graph",
        G,
        "cass",
        "In {version} the rate-of-rise line is dotted on export but solid on screen. Minor, but my students noticed 🧐",
    ),
    _one("korean", A, "haneul", "혹시 {phone}에서도 위젯을 쓸 수 있나요?"),
    _one("hindi", P, "priya", "आपकी {bean} कॉफ़ी से पूरे दफ़्तर की सुबह बदल गई। धन्यवाद! 🙏"),
    _one(
        "portuguese-ask",
        A,
        "ines",
        "O dia aberto tem alguma prova para quem bebe só descafeinado? É a minha mãe que pergunta 🙂",
        "openday",
    ),
    _one(
        "compost",
        A,
        "halima",
        "Are the bags compostable at home, or only in the big city composter? {city} doesn't have one.",
    ),
    _one(
        "quoted",
        P,
        "gus",
        "If you want to see how a small company talks to its people, read the answers below this. 👇 "
        "https://demo.example/@harbour",
    ),
    _one("chinese", P, "linwei", "昨天用{bean}做了手冲,朋友问我是不是偷偷去上课了 😄"),
    _one("tuesday", C, "bex", "is it me or does coffee taste better on tuesdays. @harbour, settle this"),
    _one(
        "german-bug",
        G,
        "jonas",
        "Roastlog {version}: Umlaute im Chargennamen werden beim Export zu `Ã¼`. Früher ging das.",
    ),
    Scene("boosts-lot12", C, (B("ruth", does=BOOSTS), B("annika", does=LIKES)), under="lot12"),
    _one(
        "thanks-team",
        P,
        "ruth",
        "Whoever wrote “rest this one a week, trust us” on the bag: I trusted you. You were right. 💌",
    ),
)

FILLINGS: Final = {
    "bean": ("Kirima", "Sierra Alta", "Dockside blend", "Lago Azul", "Nordlicht"),
    "version": ("2.4", "2.4.1", "2.3.7"),
    "phone": ("Fairphone", "tablet", "Pixel", "Galaxy"),
    "city": ("Leeds", "Tampere", "Ankara", "Rotterdam"),
}
