"""Saying a word differently: suggestions that can be heard, and kept as an entry of the dictionary."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiostudio.errors import EngineUnavailable
from audiostudio.script.language import Language
from audiostudio.script.language import language as find_language
from audiostudio.script.phonemes import english, mandarin, phonemize
from audiostudio.script.phonemes.alphabet import MARKS, parted
from audiostudio.script.phonemes.ipa import from_ipa, to_ipa
from audiostudio.script.reading import read
from audiostudio.script.sayas import fits, say
from audiostudio.script.spoken import Sentence, Word

MOST = 12
_LONGEST = 40
"""Characters of a word."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a word, as an entry of the dictionary has it."""

    label: str
    """What is different: `as a verb`."""
    spoken: str
    """A respelling, or phonemes in IPA."""
    ipa: bool
    phonemes: str
    """What is heard, in Kokoro's alphabet; no two variants have the same."""


_PARTS = {
    "DEFAULT": "the usual reading", "VERB": "as a verb", "NOUN": "as a noun", "ADJ": "as an adjective",
    "ADV": "as an adverb", "VBD": "in the past", "VBN": "in the past", "VBP": "in the present", "DT": "as an article",
    "IN": "as a preposition", "None": "stressed", "NNP": "as a name",
}  # fmt: skip
_RESPELLINGS = {
    "en": (
        ("ough", "uff"), ("ough", "oh"), ("ough", "off"), ("tch", "ch"), ("ch", "k"), ("ch", "sh"), ("gh", "g"),
        ("gh", ""), ("g(?=[eiy])", "j"), ("g(?=[eiy])", "gh"), ("c(?=[eiy])", "s"), ("c(?=[eiy])", "ch"), ("c", "k"),
        ("j", "y"), ("j", "zh"), ("x", "z"), ("x", "sh"), ("z", "ts"), ("w", "v"), ("v", "f"), ("th", "t"),
        ("ie", "ee"), ("ei", "eye"), ("eu", "oy"), ("eau", "oh"), ("oo", "oh"), ("ai", "eye"), ("au", "ow"),
        ("^ps", "s"), ("^kn", "n"), ("^ng", "n"), ("e$", "ay"), ("e$", "ee"), ("i$", "eye"), ("i$", "ee"),
        ("y$", "eye"), ("a$", "ay"), ("s$", ""), ("t$", ""), ("qu", "k"), ("ll", "y"), ("ñ", "ny"),
    ),
    "es": (("x", "j"), ("j", "y"), ("j", "x"), ("ll", "l"), ("h", "j"), ("w", "gu"), ("sh", "ch"), ("g(?=[ei])", "gu")),
    "fr": (("ch", "k"), ("s$", "sse"), ("t$", "tte"), ("x$", "kse"), ("z$", "zz"), ("in", "inne"), ("w", "v"),
           ("ll", "l")),
    "it": (("ch", "ci"), ("c(?=[ei])", "ch"), ("g(?=[ei])", "gh"), ("gl(?=i)", "g-l"), ("j", "gi"), ("w", "v"),
           ("sc", "sk")),
    "pt": (("x", "ch"), ("x", "cs"), ("x", "z"), ("ch", "k"), ("w", "v"), ("j", "dj"), ("e$", "é"), ("h", "r")),
}  # fmt: skip
"""Spellings that are read in several ways, and others that are read in one."""
_VOWELS = {
    "en-us": ("æɑA", "ɑæO", "Aæɑ", "Iɪi", "ɪIi", "iIɛ", "ɛiA", "OɑW", "ɔOɑ", "Wɔu", "uʌO", "ʌuʊ", "ʊuʌ", "əæɑ", "ɜɛɪ"),
    "en-gb": ("aɑA", "ɑaA", "Aaɑ", "Iɪi", "ɪIi", "iIɛ", "ɛiA", "QɒW", "ɒQɔ", "ɔQɒ", "Wɔu", "uʌQ", "ʌuʊ", "ʊuʌ", "əaɒ"),
    "fr": ("eɛə", "ɛeə", "oɔu", "ɔo", "øœ", "œø", "yu", "uy"),
    "it": ("eɛ", "ɛe", "oɔ", "ɔo"),
    "pt-br": ("eɛ", "ɛe", "oɔ", "ɔo", "iy"),
    "hi": ("əa", "ɪi", "ʊu", "eɛ", "oɔ"),
}  # fmt: skip
"""A vowel, and those that it is often taken for."""
_STRESSED = ("en-us", "en-gb", "es", "it", "pt-br")
_FULL = {"ə": "ʌ", "ᵊ": "ʌ", "ᵻ": "ɪ"}
"""English vowels that are never stressed, and what they are when they are."""
_SYMBOL = "AIOQWYaeiouyæøœɐɑɒɔəɚɛɜɤɨɪɯʊʌᵊᵻ"
_OTHERS = (("en-us", "English"), ("fr", "French"), ("es", "Spanish"), ("it", "Italian"))


def variants(word: str, language: str, sentence: str = "", most: int = MOST) -> list[Variant]:
    """Other ways to say `word`, likely ones first; none says what is heard now.

    `sentence`: where it stands, which decides how it is said now. Raises `UnknownLanguage`, and `EngineUnavailable`
    when the language's G2P is not installed.
    """
    spoken = find_language(language)
    core = parted(word.strip())[1][:_LONGEST]
    if not core:
        return []
    now = _heard(core, spoken, sentence)
    heard = {_bare(now)}
    found: list[Variant] = []
    for one in _suggested(core, now, spoken):
        if one.phonemes and _bare(one.phonemes) not in heard:
            heard.add(_bare(one.phonemes))
            found.append(one)
            if len(found) == most:
                break
    return found


def _suggested(core: str, now: str, language: Language) -> Iterator[Variant]:
    """One after the other from each kind, so that no kind crowds out the others."""
    yield from _readings(core, language)
    yield from _forms(core, language)
    yield from _splits(core, language)
    kinds = [
        _stresses(now, language),
        _respellings(core, language),
        _vowels(now, language),
        _other_languages(core, language),
    ]
    while kinds:
        for kind in [*kinds]:
            one = next(kind, None)
            if one is None:
                kinds.remove(kind)
            else:
                yield one


def _heard(core: str, language: Language, sentence: str = "") -> str:
    """The phonemes of a word as it is said now, without punctuation."""
    for text in (sentence, core):
        words = _words(text, language)
        match = [word for word in words if parted(word.text)[1] == core]
        if match:
            return _core(match[0].phonemes)
    return _core(" ".join(word.phonemes for word in words))


def _words(text: str, language: Language) -> list[Word]:
    return [word for part in read(text, language.tag) if isinstance(part, Sentence) for word in phonemize(part).words]


def _core(phonemes: str) -> str:
    return "".join(one for one in phonemes if one not in MARKS).strip()


def _bare(phonemes: str) -> str:
    """Phonemes without what hardly anybody hears."""
    return phonemes.replace("ˌ", "").replace(" ", "")


def _sounds(label: str, phonemes: str, language: Language) -> Variant:
    """A variant given by its phonemes, in plain IPA where that is read as the same."""
    ipa = to_ipa(phonemes)
    spoken = ipa if from_ipa(ipa, language.tag) == phonemes else phonemes
    return Variant(label, spoken, True, from_ipa(spoken, language.tag))


def _respelled(label: str, spelling: str, language: Language) -> Variant:
    return Variant(label, spelling, False, _core(" ".join(word.phonemes for word in _words(spelling, language))))


def _readings(core: str, language: Language) -> Iterator[Variant]:
    """Other readings that dictionaries know."""
    if language.tag.startswith("en-"):
        british = language.tag == "en-gb"
        for part, phonemes in english.readings(core, british):
            yield _sounds(_PARTS.get(part, "another reading"), phonemes, language)
        for _, phonemes in english.readings(core, not british):
            yield _sounds("as Americans say it" if british else "as the British say it", phonemes, language)
    elif language.tag == "zh":
        for pinyin, phonemes in mandarin.readings(core):
            yield _sounds(f"as {pinyin}", phonemes, language)
    if not language.spaced and len(core) > 1:
        yield _sounds("each character by itself", " ".join(_heard(one, language) for one in core), language)


def _forms(core: str, language: Language) -> Iterator[Variant]:
    """Letter by letter, digit by digit."""
    digits = any(one.isdecimal() for one in core)
    for form, label in (
        ("digits", "digit by digit"), ("number", "as a number"), ("year", "as a year"), ("ordinal", "as an ordinal"),
    ):  # fmt: skip
        if digits and core.isdecimal() and fits(form, core):
            yield _respelled(label, say(form, core, "", language), language)
    capitals = sum(one.isupper() for one in core)
    if len(core) <= 6 and (capitals > 1 or digits):
        yield _respelled("letter by letter", say("letters", core, "", language), language)
        if capitals > 1 and core.isalpha():
            yield _respelled("as a word", core.capitalize(), language)
            yield _respelled("as a word", core.lower(), language)


def _splits(core: str, language: Language) -> Iterator[Variant]:
    """A compound in its parts."""
    parts = re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+", core)
    if len(parts) > 1:
        yield _respelled("in its parts", " ".join(parts), language)
    if not language.tag.startswith("en-") or not core.isalpha():
        return
    british = language.tag == "en-gb"
    splits = [
        (abs(len(core) - 2 * at), core[:at].lower(), core[at:].lower())
        for at in range(3, len(core) - 2)
        if english.readings(core[:at].lower(), british) and english.readings(core[at:].lower(), british)
    ]
    for _, first, last in sorted(splits)[:2]:
        yield _respelled("in its parts", f"{first} {last}", language)


def _stresses(now: str, language: Language) -> Iterator[Variant]:
    """The stress on another syllable."""
    if language.tag not in _STRESSED or " " in now:
        return
    plain = re.sub("[ˈˌ]", "", now)
    vowels = [found.start() for found in re.finditer(f"[{_SYMBOL}]+", plain)]
    if len(vowels) < 2:
        return
    for number, at in enumerate(vowels, 1):
        full = _FULL.get(plain[at], plain[at]) if language.tag.startswith("en-") else plain[at]
        moved = f"{plain[:at]}ˈ{full}{plain[at + 1 :]}"
        yield _sounds(f"stress on syllable {number}", moved, language)


def _respellings(core: str, language: Language) -> Iterator[Variant]:
    lower = core.lower()
    for pattern, other in _RESPELLINGS.get(language.tag[:2], ()):
        spelling = re.sub(pattern, other, lower)
        if spelling != lower and spelling.strip("-"):
            yield _respelled(f"as if written “{spelling}”", spelling, language)


def _vowels(now: str, language: Language) -> Iterator[Variant]:
    """Another vowel where the stress is, else in the first syllable."""
    near = {row[0]: row[1:] for row in _VOWELS.get(language.tag, ())}
    stress = now.find("ˈ")
    at = next((place for place in range(max(stress, 0), len(now)) if now[place] in near), None)
    if at is None:
        return
    for other in near[now[at]]:
        yield _sounds(f"with /{to_ipa(other)}/", now[:at] + other + now[at + 1 :], language)


def _other_languages(core: str, language: Language) -> Iterator[Variant]:
    """As the word would be read elsewhere: foreign names are often said so."""
    if not core.isalpha() or not re.fullmatch(r"[A-Za-z\u00c0-\u024f]+", core):
        return
    for tag, name in _OTHERS:
        if tag[:2] == language.tag[:2]:
            continue
        try:
            phonemes = _heard(core, find_language(tag))
        except EngineUnavailable:
            continue
        yield Variant(f"as in {name}", phonemes, True, from_ipa(phonemes, language.tag))
