"""What is written in words."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from audiostudio.music.genres import genres, instruments
from audiostudio.music.prompt.finding import Finding, Place
from audiostudio.music.words import eras, moods, vocabulary

_WORD = re.compile(r"[^\W_]+")
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


def words(text: str, taken: bytearray, unknown: list[Place]) -> Iterator[Finding]:
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


def coloured(text: str, findings: list[Finding]) -> list[Finding]:
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


def structures(text: str, findings: list[Finding]) -> tuple[list[Finding], list[Place]]:
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
