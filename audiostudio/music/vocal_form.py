"""How lyrics become a form: which bars each line has. Nothing is left out; what does not fit gets more bars."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from audiostudio.errors import RequestError
from audiostudio.music import form
from audiostudio.music.lyrics import Line, Lyrics, LyricSection, require_singable
from audiostudio.music.plan import Brief, Plan, SectionPlan
from audiostudio.music.planning import natural_seconds, plan, retimed
from audiostudio.music.score import Section
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import TICKS, Metre

REST = TICKS
"""Between two lines, at least."""
FASTEST = 0.12
"""Seconds of the shortest note."""
_RATE = 4.0
"""Syllables a second that are planned for."""
_EIGHTH = TICKS // 2
_PHRASES = (1, 2, 4, 6, 8, 12, 16, 24, 32)
"""Bars that a line may have."""


class Unit(NamedTuple):
    """A syllable to be sung."""

    word: int
    """Of the line."""
    syllable: int
    text: str
    stress: int
    backing: bool
    comma: bool
    """Whether a little pause comes after it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The bars of a line."""

    line: int
    section: int
    """Of the score."""
    start: int
    """Ticks from the beginning of the score."""
    bars: int


def units(line: Line, prosody: Prosody) -> list[Unit]:
    """All syllables of a line, in order."""
    found: list[Unit] = []
    for place, word in enumerate(line.words):
        syllables = prosody.syllables(word.text)
        for number, one in enumerate(syllables):
            last = number == len(syllables) - 1
            comma = last and word.text[-1] in ",;:.!?…、。，"
            found.append(Unit(place, number, one.text, one.stress, word.backing, comma))
    return found


def pickup(sung: list[Unit], bars: int) -> int:
    """Ticks by which a line begins before its first bar."""
    weak = next((place for place, unit in enumerate(sung) if unit.stress == 1), 0)
    return min(weak, 2 if bars > 1 else 1) * _EIGHTH


def grid(metre: Metre, bpm: float) -> int:
    """Ticks between two places where a note may begin, the finest: none shorter than `FASTEST`."""
    least = FASTEST * bpm * TICKS / 60
    return next((step for step in (TICKS // 4, TICKS // 2, TICKS) if step >= least), TICKS)


def bars_for(sung: list[Unit], metre: Metre, bpm: float) -> int:
    """Bars that a line needs, with its breath."""
    lead = [unit for unit in sung if not unit.backing] or sung
    echo = len(sung) - len(lead)
    beats = len(form.pulses(metre))
    strong = sum(unit.stress == 1 for unit in lead)
    for bars in _PHRASES:
        ticks = bars * metre.bar - REST - _EIGHTH
        seconds = ticks * 60 / (bpm * TICKS)
        room = ticks // grid(metre, bpm)
        if seconds * _RATE >= len(lead) + 0.7 * echo and strong <= max(1.0, 0.9 * bars * beats) and room > len(sung):
            return bars
    raise RequestError(f"A line of {len(sung)} syllables cannot be sung in one breath.", "Break it into several lines.")


def phrases(lines: tuple[Line, ...], prosody: Prosody, metre: Metre, bpm: float) -> list[int]:
    """Bars of each line of a section: all the same, but for a line that is far longer than the others."""
    needed = [bars_for(units(line, prosody), metre, bpm) for line in lines]
    if not needed:
        return []
    usual = sorted(needed)[math.ceil(0.7 * len(needed)) - 1]
    return [max(usual, one) for one in needed]


def structure(lyrics: Lyrics, prosody: Prosody, metre: Metre, bpm: float) -> tuple[str, ...]:
    """Sections with their bars, as `Brief.structure` has them. Raises `EmptyText`, `RequestError`."""
    require_singable(lyrics)
    bar = metre.bar * 60 / (bpm * TICKS)
    short = len(lyrics.lines) <= 8
    kinds = [(section.kind, _bars(lyrics, section, prosody, metre, bpm, bar)) for section in lyrics.sections]
    if kinds[0][0] != "intro":
        kinds.insert(0, ("intro", 2 if short or bar > 1.8 else 4))
    elif not lyrics.of(lyrics.sections[0]):
        kinds[0] = ("intro", 2 if short else 4)
    if kinds[-1][0] != "outro":
        kinds.append(("outro", 1 if short else 2))
    return tuple(f"{kind}:{bars}" for kind, bars in kinds)


def song_plan(lyrics: Lyrics, brief: Brief, prosody: Prosody) -> Plan:
    """A plan whose form follows the lyrics. With `brief.seconds` it is as long as that where the words allow it,
    within 6 % of the tempo, with more bars of music alone where there is time left; the words come first.

    Raises `EmptyText`, `RequestError`.
    """
    require_singable(lyrics)
    open_brief = replace(brief, vocals=True, seconds=None, structure=("verse:8",))
    first = plan(open_brief)
    metre = Metre.parse(first.metre)
    fixed = replace(open_brief, bpm=first.bpm, metre=first.metre, key=first.key, genre=first.genre)
    made = plan(replace(fixed, structure=structure(lyrics, prosody, metre, first.bpm)))
    made = _named(made, lyrics)
    return made if brief.seconds is None else _lasting(made, lyrics, prosody, brief.seconds, brief.bpm is None)


def fitted(edited: Plan, lyrics: Lyrics, prosody: Prosody) -> Plan:
    """The plan with enough bars for lyrics that may have changed: sections that are too short grow, those that are
    missing are added before the last one. The same plan where all fits already."""
    require_singable(lyrics)
    metre = Metre.parse(edited.metre)
    sections = list(edited.sections)
    at = 0
    for number, section in enumerate(lyrics.sections):
        lines = lyrics.of(section)
        if not lines:
            continue
        needed = sum(phrases(lines, prosody, metre, edited.bpm))
        found = next((i for i in range(at, len(sections)) if _sings(sections[i], section)), None)
        if found is None:
            found = _insertion(sections, at)
            seed = edited.seed * 1009 + number
            sections.insert(found, SectionPlan(section.kind, needed, 0.6, seed, name=section.name))
        ending = int(found == len(sections) - 1)
        if sections[found].bars < needed + ending:
            sections[found] = replace(sections[found], bars=needed + ending, chords=())
        at = found + 1
    return edited if tuple(sections) == edited.sections else retimed(replace(edited, sections=_relinked(sections)))


def slots(lyrics: Lyrics, sections: tuple[Section, ...], prosody: Prosody, metre: Metre, bpm: float) -> list[Slot]:
    """Where each line is sung. Raises `RequestError` for a section that is too short for its words."""
    found: list[Slot] = []
    at = 0
    for lyric in lyrics.sections:
        lines = lyrics.of(lyric)
        if not lines:
            continue
        place = next((i for i in range(at, len(sections)) if sections[i].kind == lyric.kind), None)
        if place is None:
            raise RequestError(
                f"The music has no section for “{lyric.name or lyric.kind}” (line {_line(lyrics, lines[0])}).",
                "Compose the music again, so that its form follows the lyrics.",
            )
        section = sections[place]
        at = place + 1
        bars = phrases(lines, prosody, metre, bpm)
        room = section.bars - int(place == len(sections) - 1 and section.bars > sum(bars))
        if sum(bars) > room:
            raise RequestError(
                f"“{section.name}” has {section.bars} bars, its words need {sum(bars)} "
                f"(from line {_line(lyrics, lines[0])} on).",
                "Give it more bars, or compose the music again.",
            )
        start = section.bar
        for offset, length in enumerate(bars):
            found.append(Slot(lyric.first + offset, place, start * metre.bar, length))
            start += length
    return found


def _bars(lyrics: Lyrics, section: LyricSection, prosody: Prosody, metre: Metre, bpm: float, bar: float) -> int:
    lines = lyrics.of(section)
    if not lines:
        return 4 if bar > 1.8 or section.kind in ("intro", "outro", "build") else 8
    bars = sum(phrases(lines, prosody, metre, bpm))
    return bars + bars % 2 if bars > 2 else bars


def _line(lyrics: Lyrics, line: Line) -> int:
    return lyrics.place(line.start)[0]


def _sings(section: SectionPlan, lyric: LyricSection) -> bool:
    return section.kind == lyric.kind


def _insertion(sections: list[SectionPlan], at: int) -> int:
    """Before an outro that nobody sings; else at the end of what was placed."""
    last = len(sections) - 1
    return max(at, last) if sections and sections[last].kind == "outro" else max(at, len(sections))


def _relinked(sections: list[SectionPlan]) -> tuple[SectionPlan, ...]:
    """Each section like the first of its kind, as places have moved."""
    first: dict[str, int] = {}
    linked: list[SectionPlan] = []
    for place, section in enumerate(sections):
        linked.append(replace(section, like=first.get(section.kind), exact=section.exact and section.kind in first))
        first.setdefault(section.kind, place)
    return tuple(linked)


def _named(made: Plan, lyrics: Lyrics) -> Plan:
    """Sections are called as the lyrics call them."""
    sections = list(made.sections)
    offset = int(lyrics.sections[0].kind != "intro")
    for place, lyric in enumerate(lyrics.sections):
        if lyric.name:
            sections[place + offset] = replace(sections[place + offset], name=lyric.name)
    return replace(made, sections=tuple(sections))


def _lasting(made: Plan, lyrics: Lyrics, prosody: Prosody, seconds: float, free: bool) -> Plan:
    """As long as asked, as nearly as the words allow."""
    bar = Metre.parse(made.metre).bar * 60 / (made.bpm * TICKS)
    spare = math.floor((seconds - natural_seconds(made)) / bar)
    quiet = [
        place for place, section in enumerate(made.sections) if section.kind in ("intro", "outro", "solo", "break")
    ]
    sections = list(made.sections)
    for number in range(max(0, spare)):
        place = quiet[number // 2 % len(quiet)]
        sections[place] = replace(sections[place], bars=sections[place].bars + 1)
    made = retimed(replace(made, sections=tuple(sections)))
    most = 0.06 if free else 0.01
    factor = min(max(made.seconds / seconds, 1 - most), 1 + most)
    quicker = retimed(replace(made, bpm=round(made.bpm * factor, 4)))
    try:
        fits = fitted(quicker, lyrics, prosody)
    except RequestError:
        return made
    if fits != quicker:
        return made
    ring = seconds - quicker.seconds
    return replace(quicker, seconds=seconds) if -0.2 <= ring <= bar else quicker
