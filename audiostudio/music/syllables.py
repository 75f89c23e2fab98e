"""Syllables and stresses of words that are sung, and where the syllables begin in the spelling."""

import re
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from audiostudio.music import pronunciations, spelling
from audiostudio.music.pronunciations import Pronunciations, bare

Reading: TypeAlias = Callable[[str, str], str]
"""(word, language) → how it is said, in letters: numbers in words, Japanese in kana."""

_WEAK = frozenset(
    re.findall(
        r"\S+",
        "a an the and or but nor as if than that of to in on at by for from with into am is are was were be been has "
        "have had do does did can could will would shall should may might must i i'm i'll i'd i've me my we we're "
        "we'll us our you you're you'll your he he's him his she she's her it it's its they they're them their this "
        "there's that's so 'cause 'til oh ooh then when who what's some such up just ",
    )
)
"""English words of one syllable that a line does not lean on."""
_NUMBER = re.compile(r"(\d[\d,.]*)(st|nd|rd|th|s)?(?![^\W_])")
_KANJI = re.compile(r"[㐀-鿿々\d]")
_LANGUAGES = {"es": "es", "fr": "fr_FR", "it": "it", "pt": "pt_BR", "de": "de", "ru": "ru", "pl": "pl", "nl": "nl"}
"""Those in which numbers are said here, beside English."""


class Syllable(NamedTuple):
    text: str
    """Its letters, as they stand under a note; those of a word together are the word as it is sung."""
    stress: int
    """0 none, 1 the word's, 2 a lesser one."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """What is known of a language's words."""

    language: str = "en-us"
    """A BCP 47 tag."""
    dictionary: Pronunciations | None = None
    """For English; without it syllables are counted by rules."""
    reading: Reading | None = None

    @classmethod
    def open(cls, language: str, dictionary: Path | None, reading: Reading | None = None) -> "Prosody":
        """`dictionary`: the file of the model `cmudict`, where it is there. Raises `ModelDamaged`, `StorageError`."""
        english = dictionary is not None and language.lower().startswith("en")
        return cls(language, pronunciations.read(dictionary) if english and dictionary else None, reading)

    def syllables(self, word: str) -> tuple[Syllable, ...]:
        """One at least. Where nothing is known of a script, a word counts as one: see `countable`."""
        return _syllables(self, word)

    def countable(self, word: str) -> bool:
        """Whether its syllables can be told: not those of kanji without a reading, of Arabic, of Hebrew."""
        return _code(self.language) == "en" or spelling.known(self._said(word), _code(self.language))

    def count(self, words: tuple[str, ...]) -> int:
        return sum(len(self.syllables(word)) for word in words)

    def _said(self, word: str) -> str:
        text = unicodedata.normalize("NFC", word)
        if self.reading is not None:
            return self.reading(text, self.language)
        if _code(self.language) == "ja" and _KANJI.search(text):
            return _in_kana(text)
        if any(one.isdigit() for one in text):
            text = _NUMBER.sub(
                lambda found: (
                    " " * (found.start() > 0) + _number(found.group(1), found.group(2) or "", _code(self.language))
                ),
                text,
            )
        return text.replace("&", "and") if _code(self.language) == "en" else text


@lru_cache(20_000)
def _syllables(prosody: Prosody, word: str) -> tuple[Syllable, ...]:
    code = _code(prosody.language)
    found: list[Syllable] = []
    for part in re.split(r"[\s\-‐‑/]+", prosody._said(word)):
        letters = part.strip("'’\"“”„.,;:!?…¡¿*~()[]{}<>–—«»。、！？，")
        if letters:
            found += _english(prosody.dictionary, letters) if code == "en" else _other(letters, code)
    return tuple(found) or (Syllable(word, 0),)


def _english(dictionary: Pronunciations | None, word: str) -> list[Syllable]:
    phones = dictionary.of(word) if dictionary is not None else None
    if phones is None:
        pieces = spelling.english(word)
        return [*map(Syllable, pieces, spelling.english_stresses(bare(word), len(pieces)))]
    vowels = [phone for phone in phones if phone[-1].isdigit()]
    if len(vowels) <= 1:
        return [Syllable(word, 0 if bare(word) in _WEAK else 1)]
    pieces = spelling.english(word, phones)
    return [Syllable(piece, int(vowel[-1])) for piece, vowel in zip(pieces, vowels, strict=True)]


def _other(word: str, code: str) -> list[Syllable]:
    pieces = spelling.pieces(word, code)
    stressed = spelling.stressed(pieces, code)
    return [Syllable(piece, int(place == stressed)) for place, piece in enumerate(pieces)]


@lru_cache(5000)
def _in_kana(text: str) -> str:
    """How Open JTalk reads it; as it stands where that is not installed."""
    try:
        import pyopenjtalk
    except ImportError:
        return text
    with warnings.catch_warnings():  # its dictionary of rare kanji uses a deprecated name of SudachiPy's
        warnings.simplefilter("ignore", DeprecationWarning)
        return str(pyopenjtalk.g2p(text, kana=True))


def _number(text: str, ending: str, code: str) -> str:
    from num2words import num2words

    digits = text.replace(",", "").rstrip(".")
    language = "en" if code == "en" else _LANGUAGES.get(code)
    if language is None or len(digits) > 15:
        return " ".join(digits) + ending
    year = code == "en" and len(digits) == 4 and digits.isdecimal() and 1100 <= int(digits) < 2100
    form = "ordinal" if ending in ("st", "nd", "rd", "th") else "year" if year else "cardinal"
    try:
        said: str = num2words(float(digits) if "." in digits else int(digits), to=form, lang=language)
    except (ValueError, TypeError, NotImplementedError, OverflowError):  # 1.2.3; what a language has no words for
        return " ".join(digits) + ending
    plural = ("ies" if said.endswith("y") else "s") if ending == "s" else ""
    return f"{said.removesuffix('y') if plural == 'ies' else said}{plural}".replace(",", "")


def _code(language: str) -> str:
    code = language.lower().split("-")[0]
    return {"cmn": "zh", "yue": "zh", "deu": "de"}.get(code, code)
