"""How lyrics become a form: which bars each line has. Nothing is left out; what does not fit gets more bars."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from audiostudio.errors import RequestError
from audiostudio.music import form
from audiostudio.music.lyrics import Line, Lyrics, LyricSection, require_singable
from audiostudio.music.plan import LONGEST, Brief, Plan, SectionPlan
from audiostudio.music.planning import plan, retimed
from audiostudio.music.score import Section
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import TICKS, Metre

REST = TICKS
"""Between two lines, at least."""
FASTEST = 0.12
"""Seconds of the shortest note."""
_RATE = 4.0
"""Syllables a second that are planned for."""
_SLOWEST = 1.2
"""Syllables a second of a section whose lines are all made as long as its longest."""
_EIGHTH = TICKS // 2
_SOLO = 8
"""Bars."""
_QUIET = ("intro", "outro", "solo", "break", "build", "drop")
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


def bars_for(line: Line, sung: list[Unit], metre: Metre, bpm: float) -> int:
    """Bars that a line needs, with its breath. Raises `RequestError`."""
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
    raise RequestError(
        f"Line {line.row + 1} has {len(sung)} syllables, which nobody can sing in one breath.",
        "Break it into several lines.",
    )


def phrases(lines: tuple[Line, ...], prosody: Prosody, metre: Metre, bpm: float) -> list[int]:
    """Bars of each line of a section: all the same, but for a line that is far longer than the others."""
    sung = [units(line, prosody) for line in lines]
    needed = [bars_for(line, one, metre, bpm) for line, one in zip(lines, sung, strict=True)]
    if not needed:
        return []
    usual = sorted(needed)[math.ceil(0.7 * len(needed)) - 1]
    most = min(max(needed), 2 * usual)
    seconds = most * metre.bar_seconds(bpm)
    if sum(one > usual for one in needed) >= len(needed) / 4 and sum(map(len, sung)) / len(sung) >= _SLOWEST * seconds:
        usual = most
    return [max(usual, one) for one in needed]


def structure(lyrics: Lyrics, prosody: Prosody, metre: Metre, bpm: float) -> tuple[str, ...]:
    """Sections with their bars, as `Brief.structure` has them. Raises `EmptyText`, `RequestError`."""
    require_singable(lyrics)
    bar = metre.bar_seconds(bpm)
    short = len(lyrics.lines) <= 8
    kinds = [(section.kind, _bars(lyrics, section, prosody, metre, bpm, bar)) for section in _heard(lyrics)]
    if kinds[0][0] != "intro":
        kinds.insert(0, ("intro", 2 if short or bar > 1.8 else 4))
    elif not lyrics.of(_heard(lyrics)[0]):
        kinds[0] = ("intro", 2 if short else 4)
    if kinds[-1][0] != "outro":
        kinds.append(("outro", 1 if short else 2))
    return tuple(f"{kind}:{bars}" for kind, bars in kinds)


def song_plan(lyrics: Lyrics, brief: Brief, prosody: Prosody) -> Plan:
    """A plan whose form follows the lyrics. With `brief.seconds` it is as long as that where the words allow it,
    within 6 % of the tempo (1 % of one that was asked for), with solos where there is time left; the words come first.

    Raises `EmptyText`, `RequestError`.
    """
    require_singable(lyrics)
    open_brief = replace(brief, vocals=True, seconds=None, structure=("verse:8",))
    first = plan(open_brief)
    metre = Metre.parse(first.metre)
    fixed = replace(open_brief, bpm=first.bpm, metre=first.metre, key=first.key, genre=first.genre)
    sections = structure(lyrics, prosody, metre, first.bpm)
    _require_time(sum(int(one.partition(":")[2]) for one in sections), metre, first.bpm)
    made = _named(plan(replace(fixed, structure=sections)), lyrics)
    if brief.seconds is None:
        return made
    spare = math.floor((brief.seconds - made.seconds) / metre.bar_seconds(first.bpm))
    if spare > 0:
        made = _named(plan(replace(fixed, structure=_filled(sections, spare))), lyrics)
    return _lasting(made, lyrics, prosody, brief.seconds, 0.06 if brief.bpm is None else 0.01)


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
        found = _place(sections, at, section.kind, needed)
        if found is None:
            found = _insertion(sections, at)
            seed = edited.seed * 1009 + number
            sections.insert(found, SectionPlan(section.kind, needed, 0.6, seed, name=section.name))
        ending = int(found == len(sections) - 1)
        if sections[found].bars < needed + ending:
            sections[found] = replace(sections[found], bars=needed + ending, chords=())
        at = found + 1
    _require_time(sum(section.bars for section in sections), metre, edited.bpm)
    return edited if tuple(sections) == edited.sections else retimed(replace(edited, sections=_relinked(sections)))


def slots(lyrics: Lyrics, sections: tuple[Section, ...], prosody: Prosody, metre: Metre, bpm: float) -> list[Slot]:
    """Where each line is sung. Raises `RequestError` for a section that is too short for its words."""
    found: list[Slot] = []
    at = 0
    for lyric in lyrics.sections:
        lines = lyrics.of(lyric)
        if not lines:
            continue
        bars = phrases(lines, prosody, metre, bpm)
        place = _place(sections, at, lyric.kind, sum(bars))
        if place is None:
            raise RequestError(
                f"The music has no section for “{lyric.name or lyric.kind}” (line {_line(lyrics, lines[0])}).",
                "Compose the music again, so that its form follows the lyrics.",
            )
        section = sections[place]
        at = place + 1
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


def _heard(lyrics: Lyrics) -> list[LyricSection]:
    """Sections with words, and those that are music alone; a verse without words is nothing yet."""
    return [section for section in lyrics.sections if lyrics.of(section) or section.kind in _QUIET]


def _bars(lyrics: Lyrics, section: LyricSection, prosody: Prosody, metre: Metre, bpm: float, bar: float) -> int:
    lines = lyrics.of(section)
    if not lines:
        return 4 if bar > 1.8 or section.kind in ("intro", "outro", "build") else 8
    bars = sum(phrases(lines, prosody, metre, bpm))
    return bars + bars % 2 if bars > 2 else bars


def _line(lyrics: Lyrics, line: Line) -> int:
    return lyrics.place(line.start)[0]


def _require_time(bars: int, metre: Metre, bpm: float) -> None:
    seconds = bars * metre.bar_seconds(bpm)
    if seconds > LONGEST:
        raise RequestError(
            f"These words take {seconds / 60:.0f} minutes at {bpm:g} bpm; a piece has {LONGEST / 60:g} at most.",
            "Make several songs of them, or choose a quicker tempo.",
        )


def _place(sections: Sequence[Section | SectionPlan], at: int, kind: str, bars: int) -> int | None:
    """The next section of a kind, from `at` on; of those that are often without words one that has room for them."""
    places = [place for place in range(at, len(sections)) if sections[place].kind == kind]
    if kind in _QUIET:
        places = [place for place in places if sections[place].bars >= bars] or places
    return places[0] if places else None


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
    at = 0
    for lyric in _heard(lyrics):
        place = _place(sections, at, lyric.kind, 0)
        if place is not None:
            sections[place] = replace(sections[place], name=lyric.name or sections[place].name)
            at = place + 1
    return replace(made, sections=tuple(sections))


def _filled(sections: tuple[str, ...], spare: int) -> tuple[str, ...]:
    """The form with so many bars more: solos of eight, one before each section from the last back, then longer ones;
    what is left begins and ends the piece."""
    found = [(kind, int(bars)) for kind, _, bars in (one.partition(":") for one in sections)]
    inner = range(len(found) - 2, 1, -1)
    solos = dict.fromkeys(inner or (1,), 0)
    for number in range(spare // _SOLO):
        solos[list(solos)[number % len(solos)]] += _SOLO
    left = spare % _SOLO
    found[0] = (found[0][0], found[0][1] + left // 2)
    found[-1] = (found[-1][0], found[-1][1] + left - left // 2)
    for place in sorted(solos, reverse=True):
        if solos[place]:
            found.insert(place, ("solo", solos[place]))
    return tuple(f"{kind}:{bars}" for kind, bars in found)


def _lasting(made: Plan, lyrics: Lyrics, prosody: Prosody, seconds: float, most: float) -> Plan:
    """As long as asked, as nearly as the words allow: the tempo gives way by `most`, the last chord rings."""
    bar = Metre.parse(made.metre).bar_seconds(made.bpm)
    factor = min(max(made.seconds / seconds, 1 - most), 1 + most)
    quicker = retimed(replace(made, bpm=round(made.bpm * factor, 4)))
    try:
        fits = fitted(quicker, lyrics, prosody) == quicker
    except RequestError:
        fits = False
    if not fits:
        return made
    return replace(quicker, seconds=seconds) if -0.2 <= seconds - quicker.seconds <= bar else quicker
