"""From what was asked to all decisions: genre, tempo, key, form, instruments, an exact length."""

import math
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from audiostudio.errors import RequestError
from audiostudio.music import form
from audiostudio.music.ensemble import ensemble
from audiostudio.music.genres import Genre, genre, genres
from audiostudio.music.harmony import MINOR_MODES
from audiostudio.music.plan import FASTEST, LONGEST, SHORTEST, SLOWEST, Brief, Plan, SectionPlan
from audiostudio.music.score import TempoAt
from audiostudio.music.theory import SCALES, Chord, Key, Metre
from audiostudio.music.words import Mood, eras, mood_of, moods

COMPOSER = 1
DEFAULT_SECONDS = 90.0
SLOWING = 0.28
"""How much of its tempo a piece loses in the bar before the final chord, where it slows down."""
THEMES = 1 << 16
_TONICS = (0, 2, 4, 5, 7, 9, 10, 3, 11, 8, 1, 6)
"""Pitch classes, those that are written most first."""


def plan(brief: Brief) -> Plan:
    """Decide all that `brief` leaves open. The same brief gives the same plan on every machine.

    Raises `RequestError` for what nobody can compose: a length outside `SHORTEST`…`LONGEST`, an unknown genre
    or mood.
    """
    if brief.seconds is not None and not SHORTEST <= brief.seconds <= LONGEST:
        raise _length_error(brief.seconds)
    if brief.bpm is not None and not SLOWEST <= brief.bpm <= FASTEST:
        raise RequestError(f"{brief.bpm:g} bpm cannot be played.", f"Ask for {SLOWEST:g} to {FASTEST:g} bpm.")
    mood = mood_of(brief.mood)
    if brief.mood and mood is None:
        raise RequestError(f"There is no mood “{brief.mood[:40]}”.", f"Moods are: {', '.join(moods())}.")
    brief = replace(brief, instruments=tuple(dict.fromkeys(brief.instruments)))
    style = genre(brief.genre or _genre_for(brief, mood, Random(f"{brief.seed}:genre")))
    rng = Random(f"{brief.seed}:{style.id}")
    metre = Metre.parse(brief.metre or _drawn(rng, style.metres))
    bpm = round(brief.bpm or _tempo(style, mood, metre, rng), 2)
    key = _key(brief, style, mood, rng)
    bars, bpm = _length(brief, style, metre, bpm)
    kinds = _form(brief, style, bars)
    planned = Plan(
        genre=style.id,
        bpm=bpm,
        key=key.name,
        metre=metre.name,
        seconds=brief.seconds or 0.0,
        seed=brief.seed,
        sections=_sections(brief, style, mood, kinds),
        parts=ensemble(brief, style, Random(f"{brief.seed}:ensemble")),
        mood=brief.mood or "",
        era=brief.era or "",
        swing=round(rng.uniform(*style.swing), 3) if metre.unit == 4 else 0.0,
        vocals=brief.vocals,
        composer=COMPOSER,
    )
    planned = replace(planned, sections=_lifted(planned, style, rng))
    if brief.seconds is not None:
        return planned
    planned = retimed(planned)
    if final_at(planned) >= planned.seconds:  # more sections than fit into the longest piece
        raise _length_error(final_at(planned))
    return planned


def retimed(edited: Plan) -> Plan:
    """The plan with the length that its sections, metre and tempo give: for edits of any of these."""
    return replace(edited, seconds=round(natural_seconds(edited), 3))


def natural_seconds(of: Plan) -> float:
    """How long a plan's sections are, with their ending."""
    bar = Metre.parse(of.metre).bar_seconds(of.bpm)
    return min(final_at(of) + max(1.6, 1.05 * bar), LONGEST)


def seconds_of(of: Plan) -> float:
    """`Plan.seconds` where its sections can end then; else, after an edit, what its sections need."""
    bar = Metre.parse(of.metre).bar_seconds(of.bpm)
    ring = of.seconds - final_at(of)
    fits = min(0.3, of.seconds) <= ring <= 2.2 * bar + 2
    return of.seconds if fits else natural_seconds(of)


def final_at(of: Plan) -> float:
    """Seconds at which the last bar begins: the final chord."""
    body = sum(section.bars for section in of.sections) - 1
    return _body_seconds(body, Metre.parse(of.metre), of.bpm, _slows(of.genre, of.seed))


def tempo(of: Plan) -> tuple[TempoAt, ...]:
    """The tempo of a piece, and how it slows down in the bar before the final chord where its genre does that."""
    metre = Metre.parse(of.metre)
    body = sum(section.bars for section in of.sections) - 1
    changes = [TempoAt(0, of.bpm)]
    if _slows(of.genre, of.seed) and body > 2:
        start = (body - 1) * metre.bar
        changes += [TempoAt(start + tick, of.bpm * factor) for tick, _, factor in _slowing(metre)]
    return tuple(changes)


def in_key(of: Plan, key: str) -> Plan:
    """The same music in another key: chords that were written move with it. Raises `RequestError`."""
    old, new = Key.parse(of.key), Key.parse(key)
    steps = (new.tonic - old.tonic) % 12

    def moved(section: SectionPlan) -> SectionPlan:
        chords = tuple(Chord.parse(name).moved(steps).name(new.names) for name in section.chords)
        return replace(section, chords=chords)

    return replace(of, key=new.name, sections=tuple(map(moved, of.sections)))


def regenerated(of: Plan, index: int, seed: int) -> Plan:
    """The plan with another section at `index`: new chords, melody and rhythms; all others keep their notes."""
    sections = list(of.sections)
    drawn = Random(f"{seed}:{index}").randrange(THEMES << 15)
    sections[index] = replace(sections[index], seed=drawn, chords=(), exact=False)
    return replace(of, sections=tuple(sections))


def _length_error(seconds: float) -> RequestError:
    asked = f"{seconds:g} seconds" if seconds < 60 else f"{seconds / 60:.3g} minutes"
    return RequestError(
        f"A piece of {asked} cannot be composed.",
        f"Ask for {SHORTEST:g} second to {LONGEST / 60:g} minutes; a longer track can be made by extending one.",
    )


def _drawn(rng: Random, weights: Mapping[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _genre_for(brief: Brief, mood: Mood | None, rng: Random) -> str:
    era = eras().get(brief.era or "")
    if mood and mood.genres:
        shared = [name for name in mood.genres if era and name in era.genres]
        return rng.choice(shared or mood.genres)
    if era and era.genres:
        return rng.choice(era.genres)
    if brief.instruments:
        wanted = set(brief.instruments)
        having = {
            name: sum(any(i in wanted for i in part.instruments) for part in one.parts)
            for name, one in genres().items()
        }
        best = max(having.values())
        if best:
            return rng.choice([name for name, count in having.items() if count == best])
    return rng.choice(list(genres()))


def _tempo(style: Genre, mood: Mood | None, metre: Metre, rng: Random) -> float:
    """Quarter notes a minute. Genres count the beats that are felt: in 6/8 these are dotted."""
    low, high = style.tempo
    place = rng.triangular(0, 1, 0.5)
    if mood:
        place = min(max(place + mood.tempo * 0.5, 0.0), 1.0)
    felt = low + (high - low) * place
    dotted = metre.unit == 8 and metre.beats % 3 == 0
    return min(round(felt * 1.5 if dotted else felt), FASTEST)


def _key(brief: Brief, style: Genre, mood: Mood | None, rng: Random) -> Key:
    weights = dict(style.modes)
    if mood and mood.mode:
        fitting = {name: weight for name, weight in weights.items() if (name in MINOR_MODES) == (mood.mode == "minor")}
        weights = fitting or {mood.mode: 1.0}
    mode = _drawn(rng, weights)
    tonic = _TONICS[min(int(rng.triangular(0, 12, 0)), 11)]
    if brief.key is None:
        return Key(tonic, mode)
    if brief.key.strip().lower() in SCALES:
        return Key(tonic, brief.key.strip().lower())
    return Key.parse(brief.key)


def _slows(name: str, seed: int) -> bool:
    return Random(f"{seed}:ending").random() < genre(name).ritardando


def _slowing(metre: Metre) -> list[tuple[int, int, float]]:
    """(tick in the bar, ticks, share of the tempo) of each beat of a bar that slows down."""
    beats = form.pulses(metre)
    ends = (*beats[1:], metre.bar)
    return [
        (start, end - start, 1 - SLOWING * (place + 1) / len(beats))
        for place, (start, end) in enumerate(zip(beats, ends, strict=True))
    ]


def _body_seconds(bars: int, metre: Metre, bpm: float, slows: bool) -> float:
    """Seconds before the final chord."""
    bar = metre.bar_seconds(bpm)
    longer = sum(length / factor for _, length, factor in _slowing(metre)) / metre.bar - 1
    return max(bars, 0) * bar + (bar * longer if slows and bars > 2 else 0.0)


def _length(brief: Brief, style: Genre, metre: Metre, bpm: float) -> tuple[int, float]:
    """Bars, the last of them for the final chord, and the tempo that makes them end at `brief.seconds`."""
    if brief.seconds is None and brief.structure:
        return 0, bpm
    seconds = DEFAULT_SECONDS if brief.seconds is None else brief.seconds
    slows = _slows(style.id, brief.seed)
    bar = metre.bar_seconds(bpm)
    least = min(seconds, max(0.6 * bar, 1.4))
    most = least + 1.05 * bar
    free = 0.01 if brief.bpm else 0.05
    best = (math.inf, 1, bpm)
    for body in range(max(0, math.floor((seconds - least) / bar * 0.95) - 4), math.ceil(seconds / bar * 1.05) + 1):
        played = _body_seconds(body, metre, bpm, slows)
        ring = min(max(seconds - played, least), most)
        tempo = bpm * played / (seconds - ring) if played and seconds > ring else bpm
        if abs(tempo / bpm - 1) > free or (not played and seconds > most) or (played and seconds <= ring):
            continue
        cost = 20 * abs(tempo / bpm - 1) + (0.0 if body % 4 == 0 else 1.0 if body % 2 == 0 else 2.0)
        best = min(best, (cost, body + 1, round(tempo, 4)))
    return best[1], best[2]


def _form(brief: Brief, style: Genre, bars: int) -> list[tuple[str, int]]:
    """Sections and their bars; the last has a bar more, for the final chord."""
    asked = [entry.partition(":") for entry in brief.structure]
    if bars == 0:
        kinds = [(kind, int(length) if length.isdigit() else form.natural(kind, style)) for kind, _, length in asked]
        return [*kinds[:-1], (kinds[-1][0], kinds[-1][1] + 1)]
    if bars == 1:
        return [(asked[-1][0] if asked else "outro", 1)]
    if asked:
        kept = [kind for kind, _, _ in asked][: max(1, bars - 1)]
        kinds = form.spread(kept, bars - 1, style)
    else:
        kinds = form.sections(style, bars - 1)
    return [*kinds[:-1], (kinds[-1][0], kinds[-1][1] + 1)]


def _sections(brief: Brief, style: Genre, mood: Mood | None, kinds: list[tuple[str, int]]) -> tuple[SectionPlan, ...]:
    names = form.named([kind for kind, _ in kinds])
    first: dict[str, int] = {}
    found: list[SectionPlan] = []
    total = sum(bars for _, bars in kinds)
    passed = 0
    seen: dict[str, int] = {}
    for place, (kind, bars) in enumerate(kinds):
        rng = Random(f"{brief.seed}:section:{place}")
        low, high = style.energy
        energy = form.ENERGY.get(kind, 0.5) + 0.06 * seen.get(kind, 0) + (0.12 * mood.energy if mood else 0.0)
        energy = low + (high - low) * energy
        if brief.energy:
            energy = 0.25 * energy + 0.75 * form.at(brief.energy, (passed + bars / 2) / total)
        theme = Random(f"{brief.seed}:theme:{_theme(kind)}").randrange(THEMES)
        found.append(
            SectionPlan(
                kind=kind,
                bars=bars,
                energy=round(min(max(energy, 0.05), 1.0), 3),
                seed=theme + THEMES * rng.randrange(1 << 15),
                like=first.get(kind),
                name=names[place],
            )
        )
        first.setdefault(kind, place)
        seen[kind] = seen.get(kind, 0) + 1
        passed += bars
    return tuple(found)


def _theme(kind: str) -> str:
    """Whose theme a section plays: an intro and an outro have none of their own."""
    return {"intro": "verse", "outro": "chorus", "build": "drop", "solo": "verse"}.get(kind, kind)


def _lifted(of: Plan, style: Genre, rng: Random) -> tuple[SectionPlan, ...]:
    """Perhaps the last chorus, and what comes behind it, is higher."""
    choruses = [place for place, section in enumerate(of.sections) if section.kind == "chorus"]
    if rng.random() >= style.lift or len(choruses) < 3:
        return of.sections
    steps = rng.choice((1, 2))
    return tuple(
        replace(section, shift=steps) if place >= choruses[-1] else section for place, section in enumerate(of.sections)
    )
