"""Form: which sections a piece has, how long each is, and how its energy goes."""

from audiostudio.music.genres import Genre
from audiostudio.music.theory import Metre

ENERGY = {
    "intro": 0.3,
    "verse": 0.5,
    "theme": 0.55,
    "pre-chorus": 0.62,
    "chorus": 0.82,
    "bridge": 0.55,
    "break": 0.32,
    "build": 0.65,
    "drop": 0.97,
    "solo": 0.72,
    "outro": 0.38,
}
"""How energetic a kind of section is, 0…1, where nobody said."""
PHRASE = 4
"""Bars."""
SHORTEST = 0.55
"""Of its usual length: how short a form may be before a simpler one is taken."""


def sections(genre: Genre, bars: int) -> list[tuple[str, int]]:
    """Kinds and bars of a form of this genre that is `bars` long."""
    fitting = [
        form
        for form in genre.forms
        if PHRASE * len(form) <= bars and SHORTEST * sum(natural(kind, genre) for kind in form) <= bars
    ]
    kinds = list(fitting[-1] if fitting else _short_form(genre, bars))
    at = _end_of_cycle(kinds, genre)
    while bars > 1.4 * sum(natural(kind, genre) for kind in kinds):
        kinds[at:at] = genre.cycle
    return spread(kinds, bars, genre)


def spread(kinds: list[str], bars: int, genre: Genre | None = None) -> list[tuple[str, int]]:
    """Give each of `kinds` its share of `bars`: whole phrases of four where there is room. Each has one at least.

    What is left over makes the last section longer, or the introduction shorter and another one longer."""
    usual = [natural(kind, genre) for kind in kinds]
    unit = next((size for size in (PHRASE, 2, 1) if bars // size >= len(kinds)), 1)
    units = max(bars // unit, len(kinds))
    ideal = [length / sum(usual) * units for length in usual]
    shares = [max(1, int(share)) for share in ideal]
    while sum(shares) < units:
        shares[max(range(len(kinds)), key=lambda i: ideal[i] - shares[i])] += 1
    while sum(shares) > units:
        shares[min((i for i in range(len(kinds)) if shares[i] > 1), key=lambda i: ideal[i] - shares[i])] -= 1
    lengths = [share * unit for share in shares]
    left = max(0, bars - sum(lengths))
    if left == 2 and unit == PHRASE and kinds[0] == "intro" and lengths[0] == PHRASE:
        lengths[0] = 2  # a short introduction, and a phrase more of what has too little
        lengths[max(range(1, len(kinds)), key=lambda i: (usual[i] - lengths[i], ENERGY.get(kinds[i], 0.5)))] += PHRASE
    else:
        lengths[-1] += left
    return list(zip(kinds, lengths, strict=True))


def named(kinds: list[str]) -> list[str]:
    """`Verse 1`, `Chorus`, …: numbered where there are several."""
    names, seen = [], dict.fromkeys(kinds, 0)
    for kind in kinds:
        seen[kind] += 1
        title = kind[:1].upper() + kind[1:]
        names.append(f"{title} {seen[kind]}" if kinds.count(kind) > 1 else title)
    return names


def at(curve: tuple[float, ...], place: float) -> float:
    """A curve of points that are equally far from each other, at `place` 0…1."""
    if len(curve) == 1:
        return curve[0]
    position = min(max(place, 0.0), 1.0) * (len(curve) - 1)
    left = min(int(position), len(curve) - 2)
    return curve[left] + (curve[left + 1] - curve[left]) * (position - left)


def pulses(metre: Metre) -> tuple[int, ...]:
    """Ticks of the beats that are felt in a bar: in 6/8 two, in 7/8 three (2+2+3)."""
    if metre.unit <= 4:
        return tuple(range(0, metre.bar, metre.beat))
    if metre.beats % 3 == 0:
        groups = [3] * (metre.beats // 3)
    else:
        groups = [2] * (metre.beats // 2)
        if metre.beats % 2:
            groups = [*groups[:-1], 3] if groups else [metre.beats]
    starts = [0]
    for size in groups[:-1]:
        starts.append(starts[-1] + size * metre.beat)
    return tuple(starts)


def natural(kind: str, genre: Genre | None) -> int:
    """Bars that a kind of section has where nothing else decides."""
    default = 4 if kind in ("intro", "outro", "build", "pre-chorus") else 8
    return genre.lengths.get(kind, default) if genre else default


def _short_form(genre: Genre, bars: int) -> list[str]:
    """Of a piece too short for a whole form: the best of it."""
    best = max(genre.forms[0], key=lambda kind: ENERGY.get(kind, 0.5))
    if bars < 2 * PHRASE:
        return [best] if bars < 6 else ["intro", best]
    return (
        ["intro" if best == "verse" or genre.energy[1] < 0.6 else "verse", best]
        if bars < 3 * PHRASE
        else list(genre.forms[0])
    )


def _end_of_cycle(kinds: list[str], genre: Genre) -> int:
    """Where a form is made longer: behind the first time that its cycle goes by."""
    size = len(genre.cycle)
    for place in range(len(kinds) - size + 1):
        if tuple(kinds[place : place + size]) == genre.cycle:
            return place + size
    return max(1, len(kinds) - 1)
