"""Words as they are compared: without case, punctuation, accents and contractions; and how they sound."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from audiostudio.errors import EngineUnavailable
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Sentence, Word
from audiostudio.script.wordlist import word_set

ANY = "\0"
"""Stands for a word whose pronunciation the writer laid down: whatever is heard in its place is right."""

_ACCENTS = re.compile("[\u0300-\u036f\u093c]")
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u0900-\u0903\u093a-\u094f]+[^\W_]*)*(?:'[^\W_]+)*")
_SHORT = re.compile(r"(?<=[a-z])(?:(n)'t|'(re|ll|ve|m)|(?<=it|at|he|re)'(s)|(?<=she|who|how)'(s)|(?<=what)'(s))\b")
_LONG = {"n": " not", "re": " are", "ll": " will", "ve": " have", "m": " am", "s": " is"}
_SAME = {
    "ok": "okay", "alright": "all right", "cannot": "can not", "can't": "can not", "won't": "will not",
    "shan't": "shall not", "let's": "let us", "gonna": "going to", "wanna": "want to", "gotta": "got to",
    "towards": "toward", "mum": "mom", "aluminium": "aluminum", "'cause": "because", "til": "until", "oh": "o",
}  # fmt: skip
_BRITISH = (
    (re.compile(r"our(?=s|ed|ing|ful|able|ite|hood|less|ly|$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=e$|es$|ed$|ing$|ation)"), "iz"),
    (re.compile(r"(?<=[a-z]{2}[bct])re$"), "er"),
    (re.compile(r"(?<=[aeiou])ll(?=ed$|ing$|er$|ers$)"), "l"),
    (re.compile(r"ogue$"), "og"),
    (re.compile(r"(?<=[a-z]{2})ence$"), "ense"),
)
_PAST_TENSES = (frozenset({"read", "red"}), frozenset({"lead", "led"}))
"""Said alike, but the G2P asked about a word alone takes the present tense."""
_UNSOUNDED = re.compile(r"[^\w→↑↓↗↘]|[ˈˌːˑ_]")
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_CHANDRABINDU = str.maketrans("ँ", "ं")
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "twelfth": 12,
    **{f"{word}th": 10 + at for at, word in enumerate(_TEENS) if word != "twelve"},
    **{f"{word[:-1]}ieth": 20 + 10 * at for at, word in enumerate(_TENS)},
}  # fmt: skip
_VALUES = {
    "o": 0,
    **{word: at for at, word in enumerate(_ONES)},
    **{word: 10 + at for at, word in enumerate(_TEENS)},
    **{word: 20 + 10 * at for at, word in enumerate(_TENS)},
    **_ORDINALS,
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_AROUND_NUMBERS = word_set(
    "and a the of point dollar dollars cent cents pound pounds pence euro euros percent oclock o'clock"
)


def folded(spoken: str, tag: str) -> list[str]:
    """The parts of a spoken word that are compared: words; in Chinese and Japanese characters."""
    text = unicodedata.normalize("NFKC", spoken).lower().replace("’", "'").replace("-", " ")
    if tag in ("zh", "ja"):
        return [one for one in text.translate(_KATAKANA) if one.isalnum()]
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    if tag == "hi":
        return [part for part in _WORD.findall(unicodedata.normalize("NFC", text).translate(_CHANDRABINDU)) if part]
    if tag.startswith("en"):
        text = re.sub(r"[^\s,.!?;:]+", lambda found: _SAME.get(found[0], found[0]), text)
        text = _SHORT.sub(lambda found: _LONG[next(part for part in found.groups() if part)], text)
    return _WORD.findall(text)


def is_number(key: str) -> bool:
    """Whether an English word is part of a number."""
    return key in _VALUES or key in _SCALES


def indistinguishable(said: Sequence[str], heard: Sequence[str], tag: str) -> bool:
    """Whether two runs of words cannot be told apart by ear, or are the same in another spelling."""
    if ANY in said:
        return len(said) == 1 and len(heard) >= 1
    one, other = "".join(said), "".join(heard)
    if one == other or one.replace("'", "") == other.replace("'", ""):
        return True
    if tag.startswith("en") and (
        _american(one) == _american(other) or {one, other} in _PAST_TENSES or _same_number(said, heard)
    ):
        return True
    space = "" if tag in ("zh", "ja") else " "
    return _may_sound_alike(one, other) and _sound(space.join(said), tag) == _sound(space.join(heard), tag) != ""


def _american(word: str) -> str:
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    return word


def _same_number(said: Sequence[str], heard: Sequence[str]) -> bool:
    """“twenty twenty-four” and “two thousand twenty four”, “three fifty” and “three dollars and fifty cents”."""
    one, other = _digits(said), _digits(heard)
    return one == other is not None


def _digits(words: Sequence[str]) -> str | None:
    """The digits of a number however it is read; None when other words are in it."""
    said, value, group = "", 0, False
    before = 0
    for word in words:
        if word in _SCALES and group:
            scale = _SCALES[word]
            value = value // 1000 * 1000 + value % 1000 * scale
            before = scale
        elif word in _VALUES:
            number = _VALUES[word]
            if group and (number == 0 or not number < before):
                said, value = said + str(value), 0
            value += number
            before = number if number >= 20 and number % 10 == 0 else 1
            group = True
        elif word not in _AROUND_NUMBERS:
            return None
        elif word not in ("and", "a", "the", "of") and group:
            said, value, group, before = said + str(value), 0, False, 0
    said += str(value) if group else ""
    return said or None


def _may_sound_alike(one: str, other: str) -> bool:
    """So that the G2P is asked only about what it may answer with yes."""
    return bool(one and other) and max(len(one), len(other)) <= 2 * min(len(one), len(other)) + 3


@lru_cache(maxsize=20_000)
def _sound(words: str, tag: str) -> str:
    """Phonemes without stress and length; empty where the language's G2P is not installed."""
    try:
        sentence = phonemize(Sentence((Word(words, 0, len(words), words),), tag))
    except EngineUnavailable:
        return ""
    return _UNSOUNDED.sub("", sentence.words[0].phonemes)
