"""What a prompt asks for, word by word: nothing is guessed, and what is not understood is said.

Where two things are said that exclude each other, a number counts before a word, what must not be there before what
should, and otherwise what was said first.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import NamedTuple

from audiostudio.music.form import at
from audiostudio.music.genres import genre as genre_of
from audiostudio.music.genres import genres, instruments
from audiostudio.music.plan import FASTEST, SLOWEST, Brief
from audiostudio.music.theory import SCALES, Key
from audiostudio.music.words import eras, moods, vocabulary

LONGEST_PROMPT = 20_000
"""Characters that are read."""
_WORD = re.compile(r"[^\W_]+")
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
_NOT = {
    ("no",),
    ("without",),
    ("minus",),
    ("not",),
    ("except",),
    ("don", "t"),
    ("w", "o"),
    ("exclude",),
    ("excluding",),
}
_ONLY = {("only",), ("solo",), ("just",), ("unaccompanied",)}
_JOINS = {"and", "or", "any", "a", "an", "the", "nor", "also"}


class Place(NamedTuple):
    """A stretch of a prompt: characters, half-open."""

    start: int
    end: int
    text: str


class Finding(NamedTuple):
    """Something understood: a chip."""

    start: int
    end: int
    text: str
    kind: str
    """`genre`, `mood`, `era`, `tempo`, `key`, `metre`, `instrument`, `without`, `energy`, `structure`, `length`,
    `seed`, `vocals`."""
    value: str
    """An id, or a number as text: `lo-fi`, `72`, `A minor`, `90`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt says."""

    brief: Brief
    findings: tuple[Finding, ...]
    """By start."""
    unknown: tuple[Place, ...]
    """Words that were not understood."""
    contradictions: tuple[str, ...]
    """Sentences: what excludes what, and which of them counts."""


def read(text: str) -> Reading:
    """Read a prompt. Never fails: what nobody can make is refused by `planning.plan`. Linear in its length."""
    text = text[:LONGEST_PROMPT]
    findings = list(_numbers(text))
    taken = bytearray(len(text))
    for one in findings:
        taken[one.start : one.end] = b"\1" * (one.end - one.start)
    unknown: list[Place] = []
    findings += _words(text, taken, unknown)
    findings.sort()
    findings, lone = _structures(text, _coloured(text, findings))
    brief, contradictions = _decide(findings)
    return Reading(brief, tuple(findings), tuple(sorted([*unknown, *lone])), tuple(contradictions))


def merged(read: Brief, chosen: Brief) -> Brief:
    """What was chosen by hand, and what was read where nothing was."""
    nothing = Brief()
    own = {
        one.name: getattr(chosen, one.name)
        for one in fields(Brief)
        if getattr(chosen, one.name) != getattr(nothing, one.name)
    }
    both = replace(read, **own)
    return replace(both, instruments=tuple(name for name in both.instruments if name not in both.without))


def _numbers(text: str) -> Iterator[Finding]:
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


@cache
def _phrases() -> Mapping[tuple[str, ...], tuple[str, str]]:
    """Words in order → (kind, value). What comes later in this list counts where two have the same words."""
    table: dict[tuple[str, ...], tuple[str, str]] = {}

    def add(kind: str, value: str, words: Iterator[str] | tuple[str, ...] | list[str]) -> None:
        for word in words:
            table[tuple(_WORD.findall(word.lower()))] = (kind, value)

    data = vocabulary()
    add("ignore", "", data["ignore"])
    for word, bpm in data["tempo"].items():
        add("tempo", str(bpm), [word])
    for role, words in data["roles"].items():
        add("role", role, words)
    for family, words in data["families"].items():
        add("family", family, words)
    for kind, words in data["sections"].items():
        add("structure", kind, words)
    for name, mood in moods().items():
        add("mood", name, mood.words)
    for name, era in eras().items():
        add("era", name, era.words)
    for word in data["energy"]:
        add("energy", word, [word])
    for metre, words in data["metres"].items():
        add("metre", metre, words)
    for name, one in instruments().items():
        add("instrument", name, one.words)
        add("instrument", name, [one.name])
    for name, genre in genres().items():
        add("genre", name, genre.words)
        for kind, own in genre.variants.items():
            add("genre", kind, own["words"])
    add("vocals", "yes", data["vocals"])
    return table


@cache
def _longest() -> int:
    return max(map(len, _phrases()))


def _words(text: str, taken: bytearray, unknown: list[Place]) -> Iterator[Finding]:
    """What is written in words, the longest phrase first.

    A negation holds for the list behind it: “without drums, bass and piano”; a “no” to the next comma."""
    tokens = [
        (match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(text) if not taken[match.start()]
    ]
    table, most = _phrases(), _longest()
    negated = only = listing = widely = False
    place = 0
    before = 0
    while place < len(tokens):
        start, end, word = tokens[place]
        if re.search(r"[.;!?\n]" if widely else r"[.;!?\n,]", text[before:start]):
            negated = only = False
        size, entry = 1, None
        for length in range(min(most, len(tokens) - place), 0, -1):
            key = tuple(token for _, _, token in tokens[place : place + length])
            entry = table.get(key) or (table.get((*key[:-1], key[-1][:-1])) if key[-1].endswith("s") else None)
            if key in _NOT or key in _ONLY:
                entry = ("not" if key in _NOT else "only", "")
            if entry:
                size, end = length, tokens[place + length - 1][1]
                break
        place += size
        before = end
        if entry is None:
            negated = only = False
            if not word.isdigit():
                unknown.append(Place(start, end, text[start:end]))
            continue
        kind, value = entry
        if kind in ("not", "only"):
            negated, only, listing = kind == "not", kind == "only", False
            widely = word != "no"
        elif kind == "ignore":
            negated, only = negated and word in _JOINS, only and word in _JOINS
        else:
            thing = kind in ("role", "family", "instrument", "vocals")
            negated = negated and (thing or not listing)
            yield from _meant(Place(start, end, text[start:end]), kind, value, negated, only)
            negated, listing = negated and thing, True


def _meant(place: Place, kind: str, value: str, negated: bool, only: bool) -> Iterator[Finding]:
    if kind in ("role", "family", "instrument"):
        if negated:
            yield Finding(*place, "without", _whole_family(place.text, value))
        elif kind == "instrument":
            yield Finding(*place, "instrument", f"{value}:only" if only else value)
        elif value == "drums":
            yield Finding(*place, "instrument", "drums")
        elif kind == "family":
            first = next((name for name, one in instruments().items() if one.family == value), "")
            yield Finding(*place, "instrument", first)
        elif value == "bass":
            yield Finding(*place, "instrument", "bass")
    elif kind == "vocals":
        yield Finding(*place, "vocals", "no" if negated else "yes")
    elif not negated:
        yield Finding(*place, kind, value)


def _whole_family(text: str, value: str) -> str:
    """The family where its name was written: “no guitar” means every guitar."""
    one = instruments().get(value)
    return one.family if one and text.lower() in (one.family, f"{one.family}s") else value


def _coloured(text: str, findings: list[Finding]) -> list[Finding]:
    """Of genres that stand together the last is meant: “acoustic folk” is folk, “electronic pop” is pop."""
    kept: list[Finding] = []
    for one in findings:
        last = kept[-1] if kept else None
        together = last is not None and last.kind == one.kind == "genre" and text[last.end : one.start] in (" ", "-")
        if last is not None and together:
            start = kept.pop().start
            one = one._replace(start=start, text=text[start : one.end])
        kept.append(one)
    return kept


def _structures(text: str, findings: list[Finding]) -> tuple[list[Finding], list[Place]]:
    """Section words that follow each other are a form; one alone says nothing that can be done."""
    kept: list[Finding] = []
    lone: list[Place] = []
    group: list[Finding] = []

    def close() -> None:
        if len(group) > 1 or (group and " " in group[0].value):
            start, end = group[0].start, group[-1].end
            kept.append(Finding(start, end, text[start:end], "structure", " ".join(one.value for one in group)))
        else:
            lone.extend(Place(one.start, one.end, one.text) for one in group)
        group.clear()

    for one in findings:
        if one.kind != "structure":
            continue
        between = text[group[-1].end : one.start].lower() if group else ""
        if group and not re.fullmatch(r"[\W\d_]*(?:(?:and|then|followed by|into|to|a|the|with)[\W\d_]*){0,3}", between):
            close()
        group.append(one)
    close()
    return sorted([one for one in findings if one.kind != "structure"] + kept), lone


def _decide(findings: list[Finding]) -> tuple[Brief, list[str]]:
    """The brief, and what excludes what."""
    by: dict[str, list[Finding]] = {}
    for one in findings:
        by.setdefault(one.kind, []).append(one)
    problems: list[str] = []
    genre = _first(by, "genre", problems, "genres")
    era = _first(by, "era", problems, "times")
    metre = _first(by, "metre", problems, "metres")
    seconds = _length(by.get("length", []), problems)
    key = _key(by.get("key", []), problems)
    mood = _moods(by.get("mood", []), problems)
    bpm = _tempo(by.get("tempo", []), genre, problems)
    playing, without = _instruments(by, problems)
    structures = [one.value for one in by.get("structure", [])]
    if len(set(structures)) > 1:
        problems.append("Two forms are asked for: the first counts.")
    curves = [vocabulary()["energy"][one.value] for one in by.get("energy", [])]
    sung = [one.value for one in by.get("vocals", [])]
    if len(set(sung)) > 1:
        problems.append("Singing is asked for and not wanted: nobody sings.")
    seeds = [one.value for one in by.get("seed", [])]
    brief = Brief(
        genre=genre,
        mood=mood,
        era=era,
        bpm=bpm,
        key=key,
        metre=metre,
        instruments=playing,
        without=without,
        energy=_curve(curves),
        structure=tuple(structures[0].split()) if structures else (),
        seconds=seconds,
        seed=int(seeds[0]) if seeds else 0,
        vocals=bool(sung) and "no" not in sung,
    )
    return brief, problems


def _first(by: dict[str, list[Finding]], kind: str, problems: list[str], what: str) -> str | None:
    found = by.get(kind, [])
    values = list(dict.fromkeys(one.value for one in found))
    if len(values) > 1:
        texts = list({one.value: one.text for one in reversed(found)}.values())[::-1]
        problems.append(f"{_listed(texts)} are {len(values)} {what}: “{found[0].text}” counts, as it comes first.")
    return values[0] if values else None


def _listed(texts: list[str]) -> str:
    quoted = [f"“{text}”" for text in texts[:6]]
    return ", ".join(quoted[:-1]) + " and " + quoted[-1] if len(quoted) > 1 else quoted[0]


def _length(found: list[Finding], problems: list[str]) -> float | None:
    """“1 minute 30 seconds” is one length; two that stand apart exclude each other."""
    total: float | None = None
    last: Finding | None = None
    for one in found:
        value = float(one.value)
        if last is None:
            total = value
        elif (
            one.start - last.end <= 5
            and ":" not in one.text + last.text
            and value < float(last.value)
            and total is not None
        ):
            total += value
        elif value != total:
            problems.append(
                f"“{last.text}” and “{one.text}” are two lengths: “{found[0].text}” counts, as it comes first."
            )
            break
        last = one
    return total


def _key(found: list[Finding], problems: list[str]) -> str | None:
    whole = [one for one in found if one.value not in SCALES]
    modes = [one for one in found if one.value in SCALES]
    keys = list(dict.fromkeys(one.value for one in whole))
    if len(keys) > 1:
        problems.append(f"{_listed(keys)} are {len(keys)} keys: {keys[0]} counts, as it comes first.")
    if keys:
        return keys[0]
    names = list(dict.fromkeys(one.value for one in modes))
    if len(names) > 1:
        problems.append(f"{_listed(names)} exclude each other: {names[0]} counts, as it comes first.")
    return names[0] if names else None


def _moods(found: list[Finding], problems: list[str]) -> str | None:
    """Up to three moods go together, unless one is the other's opposite."""
    kept: list[Finding] = []
    for one in found:
        if any(one.value == other.value for other in kept) or len(kept) == 3:
            continue
        mood = moods()[one.value]
        against = next((other for other in kept if _opposed(other.value, mood.mode, mood.tempo)), None)
        if against:
            problems.append(
                f"“{against.text}” and “{one.text}” exclude each other: “{against.text}” counts, as it comes first."
            )
        else:
            kept.append(one)
    return ", ".join(one.value for one in kept) or None


def _opposed(name: str, mode: str, tempo: float) -> bool:
    other = moods()[name]
    return bool(mode and other.mode and mode != other.mode) or abs(tempo - other.tempo) > 1.05


def _tempo(found: list[Finding], genre: str | None, problems: list[str]) -> float | None:
    numbers = [one for one in found if one.text.strip().lower() not in vocabulary()["tempo"]]
    words = [one for one in found if one not in numbers]
    values = list(dict.fromkeys(float(one.value) for one in numbers))
    if len(values) > 1:
        problems.append(
            f"{_listed([one.text for one in numbers])} are {len(values)} tempi: "
            f"{values[0]:g} bpm counts, as it comes first."
        )
    if values:
        for one in words:
            if not 0.75 < float(one.value) / values[0] < 1.35:
                problems.append(f"“{one.text}” and {values[0]:g} bpm exclude each other: the number counts.")
        return values[0]
    if not words:
        return None
    said = [float(one.value) for one in words]
    if max(said) / min(said) > 1.3:
        problems.append(
            f"{_listed([one.text for one in words])} exclude each other: “{words[0].text}” counts, as it comes first."
        )
    bpm = said[0]
    if genre:  # slow for a house track is not slow for a ballad
        low, high = genre_of(genre).tempo
        bpm = min(max(bpm, low * 0.85), high * 1.15)
    return round(min(max(bpm, SLOWEST), FASTEST), 1)


def _instruments(by: dict[str, list[Finding]], problems: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    without = list(dict.fromkeys(one.value for one in by.get("without", [])))
    playing: list[str] = []
    alone = False
    for one in by.get("instrument", []):
        name, _, only = one.value.partition(":")
        alone = alone or bool(only)
        family = instruments()[name].family if name in instruments() else name
        if name in without or family in without or (family == "percussion" and "drums" in without):
            problems.append(f"“{one.text}” is asked for and not wanted: it is left out.")
        elif name in instruments() and name not in playing:
            playing.append(name)
    if alone:
        roles = ("drums", "percussion", "bass", "chords", "pad", "arpeggio", "lead", "counter", "effects")
        without = ["others", *[role for role in roles if role in ("drums", "percussion", "effects")], *without]
    return tuple(playing), tuple(dict.fromkeys(without))


def _curve(curves: list[list[float]]) -> tuple[float, ...]:
    """Several that are said (“starts quiet, big finish”) are laid over each other."""
    if not curves:
        return ()
    if len(curves) == 1:
        return tuple(curves[0])
    points = [0.0, 1 / 3, 2 / 3, 1]
    mixed: list[float] = []
    for point in points:
        values: list[float] = [at(tuple(curve), point) for curve in curves]
        farthest = max(values, key=lambda value: abs(value - 0.6))
        mixed.append(round(farthest, 3))
    return tuple(mixed)
