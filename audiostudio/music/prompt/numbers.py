"""What is written with numbers and letters."""

import re
from collections.abc import Iterator
from functools import cache

from audiostudio.music.prompt.finding import Finding
from audiostudio.music.theory import SCALES, Key
from audiostudio.music.words import eras

_NUMBERS = {
    word: value
    for value, words in {
        0.5: "half",
        1: "one a an",
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        12: "twelve",
        15: "fifteen",
        20: "twenty",
        25: "twentyfive",
        30: "thirty",
        40: "forty",
        45: "fortyfive",
        50: "fifty",
        60: "sixty",
        90: "ninety",
    }.items()
    for word in words.split()
}
_NUMBER = r"(?:\d{1,6}(?:[.,]\d{1,3})?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_BPM = re.compile(
    r"(?<![\w.])(\d{1,4}(?:\.\d{1,3})?)[ \t]?-?[ \t]?(?:bpm|beats per minute)\b"
    r"|\bbpm[ \t]?[:=]?[ \t]?(\d{1,4}(?:\.\d{1,3})?)",
    re.I,
)
_CLOCK = re.compile(r"(?<![\w:.])(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?![\w:])")
_LENGTH = re.compile(
    rf"(?<![\w.])({_NUMBER})[ \t-]{{0,3}}(?:an?[ \t])?"
    r"(hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|sec|s)\b(?![\w'])",
    re.I,
)
_METRE = re.compile(r"(?<![\w/.])(\d{1,2})/(2|4|8|16)(?![\w/])")
_KEY = re.compile(
    r"(?<![\w#♯♭])([A-Ga-g])[ \t-]?(#|♯|♭|b(?![a-z])|sharp|flat)?[ \t-]?("
    + "|".join(SCALES)
    + r"|maj|min|m(?![a-z]))\b(?![ \t]keys?\b)",
    re.I,
)
_KEY_OF = re.compile(r"\bkey[ \t](?:of[ \t]|:[ \t]?)([A-Ga-g])[ \t]?(#|♯|♭|b(?![a-z])|sharp|flat)?(?![\w#♯♭])", re.I)
_IN_KEY = re.compile(
    r"\bin[ \t]([A-G])(?:[ \t]?(#|♯|♭|b(?![a-z])|sharp|flat))?(?![\w#♯♭])"
    r"(?=[ \t]*(?:$|[,.;!?)]|(?:and|at|for|with)\b))",
    re.M,
)
_MODE = re.compile(r"(?<!\w)(" + "|".join(SCALES) + r")\b(?:[ \t](?:key|mode|scale|chords))?", re.I)
_SEED = re.compile(r"\bseed[ \t]?[:=#]?[ \t]?(\d{1,9})\b", re.I)
_LETTERS = re.compile(r"(?<!\w)[ABC]{3,8}(?!\w)")


def numbers(text: str) -> Iterator[Finding]:
    """What is written with numbers and letters: tempo, length, metre, key, seed, AABA."""
    taken: list[tuple[int, int]] = []

    def found(match: re.Match[str], kind: str, value: str) -> Iterator[Finding]:
        start, end = match.span()
        if not any(start < b and a < end for a, b in taken[-64:]):
            taken.append((start, end))
            yield Finding(start, end, match[0], kind, value)

    for match in _SEED.finditer(text):
        yield from found(match, "seed", match[1])
    for match in _BPM.finditer(text):
        yield from found(match, "tempo", f"{float(match[1] or match[2]):g}")
    for match in _METRE.finditer(text):
        if 1 <= int(match[1]) <= 15:
            yield from found(match, "metre", f"{int(match[1])}/{match[2]}")
    for match in _CLOCK.finditer(text):
        hours = (int(match[1]), int(match[2]), int(match[3])) if match[3] else (0, int(match[1]), int(match[2]))
        yield from found(match, "length", f"{hours[0] * 3600 + hours[1] * 60 + hours[2]:g}")
    for match in _LENGTH.finditer(text):
        if match[2] == "s" and match[0] in _eras():
            continue
        yield from found(match, "length", f"{_seconds(match[1], match[2]):g}")
    for match in _KEY.finditer(text):
        if match[1] == "a" and re.match(r"[ \t]*(?:keys?|mode|scale|chords)\b", text[match.end() :]):
            continue
        name = f"{match[1].upper()}{_accidental(match[2])} {match[3].lower()}"
        yield from found(match, "key", Key.parse(name).name)
    for match in (*_KEY_OF.finditer(text), *_IN_KEY.finditer(text)):
        yield from found(match, "key", Key.parse(f"{match[1].upper()}{_accidental(match[2])}").name)
    for match in _MODE.finditer(text):
        yield from found(match, "key", match[1].lower())
    for match in _LETTERS.finditer(text):
        names = {"A": "theme", "B": "bridge", "C": "chorus"}
        yield from found(match, "structure", " ".join(names[letter] for letter in match[0]))


def _accidental(sign: str | None) -> str:
    return {"": "", "#": "#", "♯": "#", "sharp": "#"}.get((sign or "").lower(), "b")


def _seconds(number: str, unit: str) -> float:
    value = _NUMBERS.get(number.lower())
    if value is None:
        value = float(number.replace(",", "."))
    return value * {"h": 3600, "m": 60, "s": 1}[unit[0].lower()]


@cache
def _eras() -> frozenset[str]:
    return frozenset(word for era in eras().values() for word in era.words)
