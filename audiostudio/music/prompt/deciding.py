"""What is meant by all that was found, and what of it excludes each other."""

from audiostudio.music.form import at
from audiostudio.music.genres import genre as genre_of
from audiostudio.music.genres import instruments
from audiostudio.music.plan import FASTEST, SLOWEST, Brief
from audiostudio.music.prompt.finding import Finding
from audiostudio.music.theory import SCALES
from audiostudio.music.words import moods, vocabulary


def decide(findings: list[Finding]) -> tuple[Brief, list[str]]:
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
            if not 0.75 * values[0] < float(one.value) < 1.35 * values[0]:
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
