"""What had been said before the world began: about forty mentions of the last four days, oldest scene first."""

from __future__ import annotations

from typing import Final

from commtui.model.abilities import Visibility
from commtui.model.records import Media, Via
from commtui.networks.demo.scenes import Beat, Does, Mood, Scene

B = Beat
OURS, EDITS, DELETES = Does.OURS, Does.EDITS, Does.DELETES
LIKES, BOOSTS, FOLLOWS = Does.LIKES, Does.BOOSTS, Does.FOLLOWS

PAST: Final = (
    Scene(
        "loved-release",
        Mood.PRAISE,
        (
            B(
                "oona",
                "Roastlog 2.4 on my old tablet: the curve finally scrolls like butter. You people are wonderful 💛",
            ),
            B("nell", does=LIKES, after=30),
            B("gus", does=BOOSTS, after=45),
            B("gus", "Seconded. Dark theme at 5 a.m. is a gift to marriages 🌅", to=0, after=12),
        ),
        hours=91,
        under="roastlog",
    ),
    Scene(
        "export",
        Mood.BUG,
        (
            B(
                "ike",
                "CSV export in 2.4 stops at row 1000 for me. Android 14, about 3,100 rows in the log. "
                "Is there a limit I'm missing?",
            ),
            B("", "Not a limit, a bug of ours. Does it say anything under Settings → Log?", OURS, after=50),
            B("ike", "It does: `[Errno 28] flush failed at row [1000]`. Nothing after that.", after=35),
            B("cass", "Same here, and my phone has 40 GB free, so it isn't really about space.", after=20),
        ),
        hours=83,
        under="roastlog",
    ),
    Scene(
        "rolf",
        Mood.ANGRY,
        (
            B(
                "rolf",
                "Third parcel in a row with a torn valve. THIRD. The beans smell of cardboard. @harbour, anyone there?",
            ),
            B("", "We're so sorry, Rolf. Would you send us a picture and the order's number?", OURS, after=190),
            B("rolf", "I sent both. On Thursday. To the address on your own website. Nobody answered.", after=15),
            B("marlow", "Ours came with a torn valve too, for what it's worth. Lot 12 as well.", after=40),
            B("rolf", "Day four. Still nothing. I have been a customer for SIX YEARS.", to=2, after=1900),
        ),
        hours=78,
    ),
    Scene(
        "father",
        Mood.PRAISE,
        (
            B(
                "mira",
                "My father hadn't finished a cup of coffee in a year. This morning he asked for a second one of your "
                "Kirima. I just thought you should know. 🥹",
            ),
            B("ruth", does=BOOSTS, after=22),
            B("halima", does=LIKES, after=31),
            B("pete", does=LIKES, after=80),
        ),
        hours=64,
        under="lot12",
    ),
    Scene(
        "grind",
        Mood.ASK,
        (B("halima", "How fine do you grind lot 12 for a moka pot? Mine chokes at 14 clicks 😅"),),
        hours=61,
        under="lot12",
    ),
    Scene(
        "address",
        Mood.ASK,
        (
            B(
                "ruth",
                "Hello! I move on the 1st. Can you send December's subscription to the new address? Order H-20418.",
                via=Via.DIRECT,
            ),
        ),
        hours=57,
        visibility=Visibility.DIRECT,
    ),
    Scene(
        "german-probe",
        Mood.ASK,
        (
            B(
                "jonas",
                "Läuft die Bluetooth-Sonde auch mit Roastlog unter Linux? Hier taucht sie auf, koppelt aber nicht.",
            ),
            B("annika", "Bei mir erst nach `bluetoothctl trust`. Danach läuft sie seit Wochen. 👍", after=26),
        ),
        hours=52,
    ),
    Scene(
        "spam",
        Mood.SPAM,
        (
            B(
                "growth_wizard_77",
                "🔥🔥 10K FOLLOWERS in 24h, 100% REAL 🔥🔥 @harbour DM me → https://cheap-followers.example/?ref=7731",
            ),
        ),
        hours=49,
    ),
    Scene(
        "latte-photo",
        Mood.PRAISE,
        (
            B(
                "sofia",
                "El Kirima con panela y un amanecer en Bogotá. No necesito nada más hoy. ☕🇨🇴",
                media=(
                    Media(
                        "https://tinto.example/media/amanecer.jpg",
                        "A cup of coffee on a balcony, the city below in pink morning light",
                    ),
                ),
            ),
            B("ines", does=LIKES, after=14),
        ),
        hours=45,
    ),
    Scene(
        "ritual-answers",
        Mood.CHAT,
        (
            B("gus", "I say “there she goes” out loud. Alone. In a garage. Every single time."),
            B("tobias", "Open the window, whatever the weather. It was −11° last week 🥶", to=None, after=25),
            B("yuki", "一ハゼが始まったら、猫を部屋から出します。うるさいのが嫌いなので🐈", to=None, after=160),
            B("bex", "write down the time. forget to write down the time. every roast since 2019", to=None, after=200),
            B("gus", "bex, this is why the app exists 😂", to=3, after=9),
        ),
        hours=39,
        under="ritual",
    ),
    Scene(
        "decaf",
        Mood.ASK,
        (B("priya", "क्या आपके यहाँ डिकैफ़ भी मिलता है? डॉक्टर ने शाम की कॉफ़ी बंद कर दी है 🙈"),),
        hours=36,
    ),
    Scene(
        "quote",
        Mood.PRAISE,
        (
            B(
                "marlow",
                "This is how you write release notes: what changed, why, and who asked for it. Take a look at "
                "https://harbour.demo.example/roastlog/2-4",
                via=Via.QUOTE,
            ),
            B("oona", does=BOOSTS, after=18),
        ),
        hours=33,
        under="roastlog",
    ),
    Scene(
        "translation",
        Mood.ASK,
        (
            B("dmytro", "Переклав Roastlog українською, 412 рядків із 412. Куди надіслати, щоб потрапило у 2.5?"),
            B(
                "layla",
                "فكرة رائعة! وأنا مستعدّة للترجمة إلى العربية، لكن هل يدعم البرنامج الكتابة من اليمين؟",
                after=75,
            ),
        ),
        hours=30,
    ),
    Scene(
        "crash",
        Mood.BUG,
        (
            B(
                "deniz",
                "Roastlog crashes when the probe drops out mid-roast. Lost a 900 g batch's curve. Log: https://paste.example/r/8fk2",
            ),
            B(
                "deniz",
                "Roastlog crashes when the probe drops out mid-roast. Lost a 900 g batch's curve. Log: "
                "https://paste.example/r/8fk2 Edit: it did save up to 7:42, thank goodness. Still no way to resume.",
                EDITS,
                to=0,
                after=22,
            ),
        ),
        hours=27,
    ),
    Scene(
        "wholesale",
        Mood.ASK,
        (
            B(
                "pete",
                "Do you do wholesale? We go through 12 kg a week, and our guests keep asking whose beans these are.",
                via=Via.DIRECT,
            ),
        ),
        hours=23,
        visibility=Visibility.DIRECT,
    ),
    Scene(
        "tasting",
        Mood.PRAISE,
        (B("haneul", "키리마 12번, 블랙커런트 향이 정말 또렷해요. 올해 마신 것 중 최고 ✨"),),
        hours=20,
    ),
    Scene(
        "openday-questions",
        Mood.ASK,
        (
            B(
                "nell",
                "Is the quay step-free? I'd bring my mum, she's in a wheelchair and roasts better than all of us 😄",
            ),
            B("tobias", "Can I bring the dog? She is very calm and mostly asleep 🐕", to=None, after=70),
            B("annika", "Gibt es am Samstag auch Bohnen ohne Tüte, zum Abfüllen ins eigene Glas?", to=None, after=95),
            B("amelie", does=FOLLOWS, after=5),
        ),
        hours=14.5,
        under="openday",
    ),
    Scene(
        "school",
        Mood.PRAISE,
        (
            B(
                "cass",
                "Used Roastlog's curve export to teach derivatives today. Twenty-six teenagers argued about the rate "
                "of rise. Best lesson of the year 👩‍🏫📈",
            ),
            B("ike", does=BOOSTS, after=16),
            B("oona", does=LIKES, after=7),
        ),
        hours=11,
    ),
    Scene(
        "french-delay",
        Mood.ASK,
        (
            B(
                "amelie",
                "Bonjour ! Ma commande H-20655 est « en préparation » depuis six jours. Un souci avec le lot 12 ?",
            ),
        ),
        hours=9,
    ),
    Scene(
        "spam2",
        Mood.SPAM,
        (
            B(
                "beanbargains",
                "WHY PAY MORE??? Same beans 70% OFF https://bean-bargains.example/!!! #coffee #deal #openday",
            ),
            B("", does=DELETES, to=0, after=50),
        ),
        hours=7,
    ),
    Scene(
        "chinese-water",
        Mood.ASK,
        (B("linwei", "请问你们杯测用的水硬度是多少?按官网的配方冲出来总是偏酸 🤔"),),
        hours=5.5,
    ),
    Scene(
        "portuguese",
        Mood.PRAISE,
        (
            B(
                "ines",
                "Ofereci o vosso café à minha avó. Veredito: “Finalmente um que sabe a café.” Não há prémio maior 🏆",
            ),
        ),
        hours=4,
    ),
    Scene(
        "license",
        Mood.ASK,
        (
            B(
                "ike",
                "Quick one: may I ship Roastlog's curve widget in a paid app? The licence says MIT, the assets folder "
                "says nothing.",
            ),
            B("cass", "Asking for the same reason, for a classroom app.", after=24),
        ),
        hours=2.6,
    ),
    Scene(
        "open-day-thanks",
        Mood.PRAISE,
        (B("bex", "just booked the night train for saturday. nine hours for six coffees. no regrets 🚂☕️"),),
        hours=1.2,
        under="openday",
    ),
    Scene(
        "pause",
        Mood.ASK,
        (B("halima", "Can I pause my subscription over Ramadan and pick it up again after Eid? 🌙"),),
        hours=0.4,
    ),
)
"""Scenes with our own answers in them show up in `thread`; what we said back then is not a mention."""
