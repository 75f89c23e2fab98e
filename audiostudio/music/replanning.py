"""Music by its plan again: longer from a point on, in another style, or around a recording."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from audiostudio.errors import RequestError
from audiostudio.music import planning
from audiostudio.music.composing import skeleton
from audiostudio.music.plan import FASTEST, LONGEST, SLOWEST, Brief, Plan, SectionPlan
from audiostudio.music.score import Section
from audiostudio.music.theory import Chord, Metre

_FRAME = ("intro", "outro", "ending")
"""Sections that are not repeated to make a piece longer."""


def lengthened(of: Plan, at: float, seconds: float) -> Plan:
    """The plan `seconds` long, with new sections behind the one that sounds at `at` (never behind the ending): what
    comes before keeps its notes, what comes after follows them. Raises `RequestError`."""
    if not seconds <= LONGEST:
        raise RequestError(
            f"A piece of {seconds:g} seconds cannot be composed.", f"Ask for {LONGEST / 60:g} minutes at most."
        )
    bar = Metre.parse(of.metre).bar_seconds(of.bpm)
    more = math.floor((seconds - planning.natural_seconds(of)) / bar + 1e-6)
    if more < 1:
        least = math.ceil(planning.natural_seconds(of) + bar)
        raise RequestError(f"{seconds:g} seconds are less than a bar longer.", f"Ask for {least} seconds or more.")
    place = _behind(of, at / bar)
    models = [number for number in range(place) if of.sections[number].kind not in _FRAME] or [place - 1]
    added: list[SectionPlan] = []
    while more > 0:
        model = of.sections[models[len(added) % len(models)]]
        bars = min(more, max(2, model.bars))
        bars = more if more - bars < 2 else bars
        added.append(_another(of, models[len(added) % len(models)], bars, place + len(added)))
        more -= bars
    sections = [*of.sections[:place], *added, *(_later(one, place, len(added)) for one in of.sections[place:])]
    return replace(of, sections=tuple(sections), seconds=seconds)


def restyled(of: Plan, asked: Brief, keep_time: bool = False) -> Plan:
    """The plan in the style of a brief: its form, chords, key and themes stay, all else is new. `keep_time`: its tempo
    and length too, for a voice that goes on singing. Raises `RequestError`."""
    bare = replace(asked, structure=_structure(of), seconds=None, key=None if keep_time else asked.key)
    brief = replace(
        bare,
        key=bare.key or of.key,
        metre=of.metre,
        seed=of.seed,
        bpm=of.bpm if keep_time else asked.bpm,
        vocals=of.vocals,
    )
    made = planning.plan(brief)
    if asked.bpm is None and not keep_time:
        made = replace(made, bpm=_near(made.bpm, of.bpm))
    sections = tuple(
        replace(old, chords=_written(about, old.shift), name="", energy=new.energy if asked.energy else old.energy)
        for old, about, new in zip(of.sections, skeleton(of), made.sections, strict=True)
    )
    other = replace(made, sections=sections, key=of.key)
    if brief.key != of.key and brief.key is not None:
        other = planning.in_key(other, made.key)
    return replace(other, bpm=of.bpm, seconds=of.seconds) if keep_time else planning.retimed(other)


class HeardSection(NamedTuple):
    """A part of a recording."""

    label: str
    """Equal ones sound alike."""
    chords: tuple[Chord, ...]
    """One for each bar."""


def accompanying(
    asked: Brief, bpm: float, metre: str, key: str, sections: Sequence[HeardSection], seconds: float, seed: int
) -> Plan:
    """A plan that goes with a recording: at its tempo, over its chords and form. Raises `RequestError` for a tempo
    that nobody plays."""
    if not SLOWEST <= bpm <= FASTEST:
        raise RequestError(f"Its tempo of {bpm:.0f} bpm cannot be played.", "Choose another piece.")
    structure = tuple(
        f"{kind}:{len(one.chords)}" for kind, one in zip(_kinds(sections), sections, strict=True) if one.chords
    )
    made = planning.plan(
        replace(asked, bpm=bpm, metre=metre, key=key, structure=structure, seconds=None, seed=seed, vocals=True)
    )
    heard = [one for one in sections if one.chords]
    planned = tuple(
        replace(plan, bars=len(one.chords), chords=tuple(chord.name() for chord in one.chords), shift=0)
        for plan, one in zip(made.sections, heard, strict=True)
    )
    return replace(made, sections=planned, bpm=bpm, key=key, seconds=seconds)


def _behind(of: Plan, bars: float) -> int:
    """The place behind the section that plays after so many bars, before the last one where there are several."""
    ends = itertools.accumulate(section.bars for section in of.sections)
    place = next((number for number, end in enumerate(ends, 1) if bars < end - 1e-6), len(of.sections))
    return max(1, min(place, len(of.sections) - 1))


def _another(of: Plan, model: int, bars: int, place: int) -> SectionPlan:
    """The theme of a section, played otherwise."""
    section = of.sections[model]
    vary = Random(f"{of.seed}:longer:{place}").randrange(1 << 15)
    return replace(
        section,
        bars=bars,
        seed=section.seed % planning.THEMES + planning.THEMES * vary,
        like=model,
        exact=False,
        name="",
    )


def _later(section: SectionPlan, place: int, added: int) -> SectionPlan:
    moved = section.like is not None and section.like >= place
    return replace(section, like=section.like + added) if moved and section.like is not None else section


def _structure(of: Plan) -> tuple[str, ...]:
    """As briefs have it; the last section has a bar more than is asked for, for the final chord."""
    return tuple(
        f"{one.kind}:{one.bars - (number == len(of.sections) - 1) or 1}" for number, one in enumerate(of.sections)
    )


def _written(about: Section, shift: int) -> tuple[str, ...]:
    """A section's chords one by one, as plans write them."""
    total = sum(one.length for one in about.chords)
    half = total / max(1, 2 * about.bars)
    start = about.chords[0].start if about.chords else 0
    halves = []
    for number in range(2 * about.bars if about.chords else 0):
        at = start + (number + 0.25) * half
        chord = next(one.chord for one in reversed(about.chords) if one.start <= at)
        halves.append(chord.moved(-shift).name())
    whole = all(a == b for a, b in zip(halves[::2], halves[1::2], strict=True))
    return tuple(halves[::2] if whole else halves)


def _near(bpm: float, before: float) -> float:
    """A style's tempo, or twice or half of it, whichever the piece is nearer to."""
    return min(
        (bpm, bpm / 2, bpm * 2), key=lambda one: abs(math.log(one / before)) if SLOWEST <= one <= FASTEST else 9.0
    )


def _kinds(sections: Sequence[HeardSection]) -> list[str]:
    """What each part may be: the one that comes most often is the chorus, if it is not the first."""
    labels = [one.label for one in sections]
    counts = {label: labels.count(label) for label in labels}
    others = [label for label in counts if label != labels[0]]
    chorus = max(others, key=lambda label: counts[label]) if others else ""
    kinds = ["chorus" if label == chorus else "verse" if counts[label] > 1 else "bridge" for label in labels]
    if len(kinds) > 2:
        kinds[-1] = "outro" if counts[labels[-1]] == 1 else kinds[-1]
        kinds[0] = "intro" if counts[labels[0]] == 1 else kinds[0]
    return kinds
