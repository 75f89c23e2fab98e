"""Edits of a plan: pure functions from one to the next. What a piece's score says follows from its plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from audiostudio.errors import RequestError
from audiostudio.music import form
from audiostudio.music.plan import Plan, SectionPlan
from audiostudio.music.planning import retimed
from audiostudio.music.score import Score
from audiostudio.music.theory import Chord

MOST_BARS = 64
"""Of one section, by hand."""


def with_part(plan: Plan, index: int, **fields: Any) -> Plan:
    """Something else about a part: `muted`, `instrument`, `volume`, `pan`."""
    parts = list(plan.parts)
    parts[index] = replace(parts[index], **fields)
    return replace(plan, parts=tuple(parts))


def solo(plan: Plan, index: int) -> Plan:
    """Only this part is heard; where that is so already, all are."""
    alone = alone_at(plan) == index
    parts = tuple(replace(part, muted=not alone and number != index) for number, part in enumerate(plan.parts))
    return replace(plan, parts=parts)


def alone_at(plan: Plan) -> int | None:
    """The part that is heard while all others are muted; None: there is no such."""
    heard = [number for number, part in enumerate(plan.parts) if not part.muted]
    return heard[0] if len(heard) == 1 and len(plan.parts) > 1 else None


def with_section(plan: Plan, index: int, **fields: Any) -> Plan:
    """Something else about a section that leaves the others where they are: `energy`, `chords`, `shift`, `name`."""
    sections = list(plan.sections)
    sections[index] = replace(sections[index], **fields)
    return replace(plan, sections=tuple(sections))


def lengthened(plan: Plan, index: int, bars: int) -> Plan:
    """Another number of bars; chords that were written go with it, the last ones again. Raises `RequestError`."""
    section = plan.sections[index]
    if not 1 <= bars <= MOST_BARS:
        raise RequestError(f"A section has 1 to {MOST_BARS} bars.", "Add another section instead.")
    chords = section.chords
    if chords:
        each = max(1, len(chords) // section.bars)
        chords = tuple(chords[number % len(chords)] for number in range(bars * each))
    return retimed(with_section(plan, index, bars=bars, chords=chords))


def of_kind(plan: Plan, index: int, kind: str) -> Plan:
    """A section of another kind, at the energy that is usual for it."""
    energy = form.ENERGY.get(kind, plan.sections[index].energy)
    section = replace(plan.sections[index], kind=kind, energy=energy, like=None, exact=False)
    sections = (*plan.sections[:index], section, *plan.sections[index + 1 :])
    return _named(replace(plan, sections=sections))


def added(plan: Plan, index: int, kind: str, seed: int) -> Plan:
    """A new section before the one at `index`; it repeats, varied, the first of its kind before it."""
    like = next((number for number in range(index) if plan.sections[number].kind == kind), None)
    bars = plan.sections[like].bars if like is not None else 8
    section = SectionPlan(kind, bars, form.ENERGY.get(kind, 0.5), seed, like=like)
    order = [*range(index), None, *range(index, len(plan.sections))]
    return retimed(_named(_ordered(plan, order, section)))


def repeated(plan: Plan, index: int, exact: bool = True) -> Plan:
    """The section once more behind itself, with the same notes where `exact`."""
    section = replace(plan.sections[index], like=index, exact=exact)
    order = [*range(index + 1), None, *range(index + 1, len(plan.sections))]
    return retimed(_named(_ordered(plan, order, section)))


def removed(plan: Plan, index: int) -> Plan:
    """Without a section. Raises `RequestError` for the only one."""
    if len(plan.sections) == 1:
        raise RequestError("A piece has one section at least.", "Add another one first.")
    return retimed(_named(_ordered(plan, [n for n in range(len(plan.sections)) if n != index])))


def moved(plan: Plan, index: int, to: int) -> Plan:
    """The section at `index` becomes that at `to`."""
    order = [number for number in range(len(plan.sections)) if number != index]
    order.insert(to, index)
    return _named(_ordered(plan, order))


def at_tempo(plan: Plan, bpm: float) -> Plan:
    """All of it, faster or slower."""
    return retimed(replace(plan, bpm=round(bpm, 2)))


def only(plan: Plan, index: int) -> Plan:
    """The section by itself, as a piece: to hear what becomes of it."""
    section = replace(plan.sections[index], like=None, exact=False)
    return retimed(replace(plan, sections=(section,)))


def chords_of(plan: Plan, score: Score, index: int) -> tuple[str, ...]:
    """What is played in a section: one chord for each bar, or for each half bar (twice as many); before `shift`."""
    planned, section = plan.sections[index], score.sections[index]
    if planned.chords:
        return planned.chords
    names, bar = score.key.names, score.metre.bar
    half = any(at.start % bar for at in section.chords)
    step = bar // 2 if half else bar
    begin = section.bar * bar
    found = []
    for number in range(section.bars * (2 if half else 1)):
        tick = begin + number * step
        there = [at for at in section.chords if at.start <= tick] or list(section.chords[:1])
        if not there:
            return ()
        found.append(there[-1].chord.moved(-planned.shift).name(names))
    return tuple(found)


def with_chord(plan: Plan, score: Score, index: int, place: int, text: str) -> Plan:
    """Another chord at one place of a section. Raises `RequestError` for what is no chord."""
    chords = list(chords_of(plan, score, index))
    chords[place] = Chord.parse(text).name(score.key.names)
    return with_section(plan, index, chords=tuple(chords), exact=False)


def changes(plan: Plan, rendered: Plan | None) -> tuple[frozenset[int], frozenset[int], bool]:
    """What is not as it was rendered last: sections, parts, and whether it is all of it."""
    if rendered is None:
        return frozenset(range(len(plan.sections))), frozenset(range(len(plan.parts))), True
    sections = frozenset(
        number
        for number, section in enumerate(plan.sections)
        if number >= len(rendered.sections) or section != rendered.sections[number]
    )
    parts = frozenset(
        number
        for number, part in enumerate(plan.parts)
        if number >= len(rendered.parts) or part != rendered.parts[number]
    )
    whole = (plan.bpm, plan.key, plan.metre, plan.swing, len(plan.sections)) != (
        rendered.bpm, rendered.key, rendered.metre, rendered.swing, len(rendered.sections),
    )  # fmt: skip
    return sections, parts, whole


def _ordered(plan: Plan, order: Sequence[int | None], new: SectionPlan | None = None) -> Plan:
    """Sections in another order, by their numbers; None: `new`. What repeated one that does not come before it any
    more is a section of its own."""
    place = {number: at for at, number in enumerate(order) if number is not None}
    sections = []
    for at, number in enumerate(order):
        section = new if number is None else plan.sections[number]
        assert section is not None
        like = place.get(section.like) if section.like is not None else None
        if like is None or like >= at:
            section = replace(section, like=None, exact=False)
        else:
            section = replace(section, like=like)
        sections.append(section)
    return replace(plan, sections=tuple(sections))


def _named(plan: Plan) -> Plan:
    """Sections are numbered where there are several of a kind."""
    names = form.named([section.kind for section in plan.sections])
    sections = tuple(replace(one, name=name) for one, name in zip(plan.sections, names, strict=True))
    return replace(plan, sections=sections)
