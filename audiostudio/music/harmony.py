"""Functional harmony: progressions from Roman numerals, chords from outside the key, cadences, voice leading.

Everything here is in C; a piece is moved to its key when it is done. Pitches are MIDI numbers.
"""

import re
from functools import cache, lru_cache
from itertools import pairwise
from random import Random

from audiostudio.music.genres import Genre
from audiostudio.music.plan import SectionPlan
from audiostudio.music.theory import SCALES, Chord

_NUMERAL = re.compile(r"([b#]?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)([^/]*)(?:/(.+))?")
_STEPS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_MINOR_SUFFIX = {"": "m", "7": "m7", "6": "m6", "9": "m9", "add9": "madd9", "o": "dim", "o7": "dim7", "ø": "m7b5"}
MINOR_MODES = ("minor", "dorian", "phrygian")


@cache
def numeral(text: str) -> Chord:
    """A chord in C from a Roman numeral above the major scale: `bVI`, `iim7`, `V7/V`. Raises `ValueError`."""
    found = _NUMERAL.fullmatch(text)
    if found is None:
        raise ValueError(f"no Roman numeral: {text}")
    accidental, degree, suffix, of = found.groups()
    root = (_STEPS[degree.upper()] + {"b": -1, "#": 1, "": 0}[accidental]) % 12
    if of:
        root = (root + numeral(of).root) % 12
    quality = _MINOR_SUFFIX.get(suffix, suffix) if degree.islower() else suffix
    return Chord(root, quality)


def draw(genre: Genre, mode: str, section: SectionPlan, theme: Random, vary: Random, last: bool) -> list[Chord]:
    """The chords of a section, two for each bar, in C. Sections of one theme share them, with variations."""
    kind = section.kind if section.kind not in ("intro", "outro") else "*"
    row = theme.choice(_fitting(genre.numerals(mode, kind), mode)).split()
    bars: list[tuple[Chord, Chord]] = []
    while len(bars) < section.bars:
        for cell in row:
            first, _, second = cell.partition(",")
            bars += [(numeral(first), numeral(second or first))] * genre.pace
    bars = bars[: section.bars]
    if genre.chromatic and vary.random() < genre.chromatic * len(bars) / 4:
        _colour(bars, mode, vary)
    if last:
        _close(bars, mode, genre, vary)
    elif len(bars) >= 4 and section.kind in ("pre-chorus", "build", "bridge"):
        bars[-1] = (numeral("V"), numeral("V7") if mode not in ("dorian", "mixolydian") else numeral("V"))
        if genre.pace > 1 or mode in ("mixolydian", "dorian"):
            bars[-1] = (numeral("bVII"), numeral("bVII"))
    return [chord for bar in bars for chord in bar]


@cache
def _fitting(rows: tuple[str, ...], mode: str) -> tuple[str, ...]:
    """The progressions that say most clearly which mode it is: of dorian and the like, whose chords are not minor's."""
    if mode in ("major", "minor"):
        return rows
    strange = [
        sum(
            tone not in SCALES[mode]
            for cell in row.split()
            for name in cell.split(",")
            for tone in numeral(name).classes
        )
        / len(row.split())
        for row in rows
    ]
    return tuple(row for row, count in zip(rows, strange, strict=True) if count <= min(strange) + 0.3)


def _colour(bars: list[tuple[Chord, Chord]], mode: str, rng: Random) -> None:
    """One chord from outside the key: the dominant of the next one, or one borrowed from minor."""
    places = [at for at in range(1, len(bars) - 1) if bars[at][0] != bars[at + 1][0]]
    if not places:
        return
    at = rng.choice(places)
    goal = bars[at + 1][0]
    if mode not in MINOR_MODES and bars[at][0].root == 5 and rng.random() < 0.6:
        bars[at] = (bars[at][0], Chord(5, "m"))
    elif goal.root not in (0, 11) and goal.quality not in ("dim", "m7b5", "dim7"):
        bars[at] = (bars[at][0], Chord((goal.root + 7) % 12, "7"))


def _close(bars: list[tuple[Chord, Chord]], mode: str, genre: Genre, rng: Random) -> None:
    """A cadence into the final chord, which has the last bar."""
    home = numeral("i" if mode in MINOR_MODES else "I")
    before = {"dorian": "IV", "mixolydian": "bVII", "phrygian": "bII"}.get(mode)
    options = {
        "rock": ("bVII", "V", "IV"),
        "ambient": ("IV", "V7sus4"),
        "jazz": ("V7",),
        "classical": ("V7",),
    }.get(genre.id, ("V", "V7sus4", "IV") if mode not in MINOR_MODES else ("V", "bVII", "iv"))
    dominant = numeral(before or rng.choice(options))
    if genre.id == "jazz":
        home = numeral("im6" if mode in MINOR_MODES else "I6")
    bars[-1] = (home, home)
    if len(bars) > 1:
        bars[-2] = (dominant, dominant) if len(bars) < 4 else (bars[-2][0], dominant)
    if len(bars) > 4:
        lead_in = numeral({"jazz": "iim7", "rock": "IV"}.get(genre.id, "ii" if mode == "major" else "iv"))
        bars[-2] = (
            (lead_in, dominant) if mode not in MINOR_MODES or genre.id != "jazz" else (numeral("iim7b5"), dominant)
        )


@cache
def scale(mode: str, chord: Chord) -> tuple[int, ...]:
    """Pitch classes in C that go with a chord: the mode's, with what the chord alters."""
    steps = list(SCALES[mode])
    for tone in chord.classes:
        if tone not in steps:
            near = min(range(7), key=lambda i: (min((steps[i] - tone) % 12, (tone - steps[i]) % 12), -i))
            steps[near] = tone
    return tuple(sorted(set(steps)))


@lru_cache(maxsize=4096)
def voicing(chord: Chord, before: tuple[int, ...], low: int, high: int, size: int) -> tuple[int, ...]:
    """Pitches of a chord between `low` and `high`, as near to the chord before as can be, lowest first."""
    classes = list(dict.fromkeys(chord.classes))
    if len(classes) > size:  # the bass has the root; a fifth is missed least
        fifth = (chord.root + 7) % 12
        for tone in (fifth, chord.root):
            if len(classes) > size and tone in classes:
                classes.remove(tone)
    classes = classes[:size] if len(classes) > size else classes
    best: tuple[float, tuple[int, ...]] = (1e9, ())
    middle = (low + high) / 2
    for base in sorted({tone + 12 * octave for tone in classes for octave in range(11)}):
        if not low <= base <= high:
            continue
        pitches = sorted(base + (tone - base) % 12 for tone in classes)
        while len(pitches) < size:
            pitches.append(pitches[len(pitches) - len(classes)] + 12)
        found = tuple(pitches)
        cost = _motion(before, found) + 0.25 * abs(sum(found) / len(found) - middle)
        cost += 4.0 * sum(max(0, pitch - high) for pitch in found)
        best = min(best, (cost, found))
    return best[1] or tuple(sorted(tone + 60 for tone in classes))


def _motion(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    """How far voices move; leaps of all in one direction, and fifths or octaves side by side, cost more."""
    if not before:
        return 0.0
    moves = [b - a for a, b in zip(before, after, strict=False)]
    cost = float(sum(map(abs, moves)))
    if len(moves) > 1 and (min(moves) > 2 or max(moves) < -2):
        cost += 6.0
    for (a, b), (c, d) in zip(pairwise(before), pairwise(after), strict=False):
        if (b - a) % 12 in (0, 7) and (d - c) % 12 == (b - a) % 12 and a != c:
            cost += 2.0
    return cost
