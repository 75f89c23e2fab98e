"""Edits of a melody: pure functions from vocal parts and what is chosen to the next. Plain Python; times are ticks.

Notes of a part never overlap. What is moved or made longer stops at the notes that stay; what is drawn or pasted takes
the place of what lies there.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from audiostudio.errors import RequestError
from audiostudio.music.song import SungNote, VocalPart
from audiostudio.music.theory import TICKS

SHORTEST = TICKS // 8
"""A thirty-second."""
LOWEST, HIGHEST = 24, 108
"""Pitches that are shown."""


class Ref(NamedTuple):
    """A note of a part."""

    part: int
    note: SungNote


Parts = tuple[VocalPart, ...]
Chosen = frozenset[Ref]
Made = tuple[Parts, Chosen]
NONE: Chosen = frozenset()


def all_of(parts: Parts) -> Chosen:
    return frozenset(Ref(number, note) for number, part in enumerate(parts) for note in part.notes)


def still(parts: Parts, chosen: Chosen) -> Chosen:
    """Those that are there."""
    known = [frozenset(part.notes) for part in parts]
    return frozenset(ref for ref in chosen if ref.part < len(known) and ref.note in known[ref.part])


def moved(parts: Parts, chosen: Chosen, ticks: int, semitones: int) -> Made:
    """Earlier or later, up or down: all by the same, as far as there is room."""
    if not chosen:
        return parts, chosen
    ticks = _room(parts, chosen, ticks)
    pitches = [ref.note.pitch for ref in chosen]
    semitones = min(max(semitones, LOWEST - min(pitches)), HIGHEST - max(pitches))
    return _changed(parts, chosen, lambda n: n._replace(start=n.start + ticks, pitch=n.pitch + semitones))


def lengthened(parts: Parts, chosen: Chosen, ticks: int) -> Made:
    """Longer or shorter at their ends, each to the next note at most."""
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes = list(parts[number].notes)
        for place, note in enumerate(notes):
            if note in wanted:
                limit = notes[place + 1].start - note.start if place + 1 < len(notes) else None
                length = max(min(SHORTEST, note.length), note.length + ticks)
                notes[place] = note._replace(length=length if limit is None else min(length, limit))
                now.add(Ref(number, notes[place]))
        made = _with(made, number, notes)
    return made, frozenset(now)


def begun(parts: Parts, chosen: Chosen, ticks: int) -> Made:
    """Their beginnings earlier or later; their ends stay."""
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes = list(parts[number].notes)
        for place, note in enumerate(notes):
            if note in wanted:
                low = notes[place - 1].start + notes[place - 1].length if place else 0
                end = note.start + note.length
                start = max(low, min(note.start + ticks, end - min(SHORTEST, note.length)))
                notes[place] = note._replace(start=start, length=end - start)
                now.add(Ref(number, notes[place]))
        made = _with(made, number, notes)
    return made, frozenset(now)


def quantised(parts: Parts, chosen: Chosen, grid: int) -> Made:
    """Beginnings and ends on the grid, as far as the order of the notes allows it."""
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes = list(parts[number].notes)
        for place, note in enumerate(notes):
            if note in wanted:
                low = notes[place - 1].start + notes[place - 1].length if place else 0
                high = notes[place + 1].start if place + 1 < len(notes) else None
                notes[place] = _snapped(note, grid, low, high)
                now.add(Ref(number, notes[place]))
        made = _with(made, number, notes)
    return made, frozenset(now)


def deleted(parts: Parts, chosen: Chosen) -> Made:
    made = parts
    for number, wanted in _by_part(chosen):
        made = _with(made, number, [note for note in parts[number].notes if note not in wanted])
    return made, NONE


def split(parts: Parts, chosen: Chosen, at: int | None = None) -> Made:
    """Each in two, at a tick or in its middle: the syllable goes on over both."""
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes: list[SungNote] = []
        for note in parts[number].notes:
            place = note.start + note.length // 2 if at is None else at
            inside = note.start + min(SHORTEST, note.length // 2) <= place < note.start + note.length
            if note not in wanted or note.length < 2 or not inside:
                notes.append(note)
                continue
            first = note._replace(length=place - note.start)
            second = note._replace(start=place, length=note.start + note.length - place)
            notes += [first, second]
            now.add(Ref(number, second))
        made = _with(made, number, notes)
    return made, frozenset(now) or still(made, chosen)


def joined(parts: Parts, chosen: Chosen) -> Made:
    """Notes of one syllable that follow each other as one. Raises `RequestError` where there are none."""
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes: list[SungNote] = []
        last = False
        """Whether the note before is chosen."""
        for note in parts[number].notes:
            if note in wanted and last and _same(notes[-1], note):
                notes[-1] = notes[-1]._replace(length=note.start + note.length - notes[-1].start)
            else:
                notes.append(note)
            last = note in wanted
        now |= {Ref(number, note) for note in notes if note in wanted or note not in parts[number].notes}
        made = _with(made, number, notes)
    if made == parts:
        raise RequestError(
            "Only notes of one syllable that follow each other can be joined.",
            "Choose notes that share their syllable.",
        )
    return made, frozenset(now)


def drawn(parts: Parts, part: int, start: int, length: int, pitch: int) -> Made:
    """A note more: it goes on with the syllable of the note before it, or takes that of the one behind it."""
    notes = parts[part].notes
    before = max((note for note in notes if note.start <= start), default=None)
    behind = min((note for note in notes if note.start > start), default=None)
    like = before or behind or SungNote(0, 1, pitch, 0, 0, 0, "la")
    new = like._replace(start=max(0, start), length=max(1, length), pitch=min(HIGHEST, max(LOWEST, pitch)))
    return _with(parts, part, [*_without(notes, new.start, new.start + new.length), new]), frozenset({Ref(part, new)})


def worded(parts: Parts, ref: Ref, text: str) -> Made:
    """Another syllable under a note, and under those that it goes on over."""
    wanted = frozenset(Ref(ref.part, note) for note in parts[ref.part].notes if _same(note, ref.note))
    made, _ = _changed(parts, wanted, lambda note: note._replace(text=text))
    return made, frozenset({Ref(ref.part, ref.note._replace(text=text))})


def given(parts: Parts, chosen: Chosen, syllable: SungNote) -> Made:
    """Let the chosen notes sing the syllable of another one."""
    return _changed(
        parts,
        chosen,
        lambda note: note._replace(
            line=syllable.line, word=syllable.word, syllable=syllable.syllable, text=syllable.text
        ),
    )


def sung_by(parts: Parts, chosen: Chosen, slot: str) -> Made:
    """The chosen notes as another singer's lead; what she sings there already gives way."""
    found = [ref.note for ref in chosen]
    made, _ = deleted(parts, chosen)
    target = next((n for n, part in enumerate(made) if (part.slot, part.role) == (slot, "lead")), None)
    if target is None:
        made, target = (*made, VocalPart(slot, "lead")), len(made)
    for note in sorted(found):
        made = _with(made, target, [*_without(made[target].notes, note.start, note.start + note.length), note])
    kept = [(part, number) for number, part in enumerate(made) if part.notes or number == target]
    after = next(place for place, (_, number) in enumerate(kept) if number == target)
    parts = tuple(part for part, _ in kept)
    return parts, still(parts, frozenset(Ref(after, note) for note in found))


def copied(chosen: Chosen) -> str:
    """For the clipboard; times from the first note."""
    first = min((ref.note.start for ref in chosen), default=0)
    rows = [[ref.part, *ref.note._replace(start=ref.note.start - first)] for ref in sorted(chosen)]
    return json.dumps({"sung notes": rows}, ensure_ascii=False)


def pasted(parts: Parts, text: str, at: int, part: int) -> Made:
    """What was copied, from tick `at` on: in the part that it was of, or in `part` where there is none such.

    Raises `RequestError` for a text that is no notes.
    """
    made, now = parts, set[Ref]()
    for number, note in _read(text):
        target = number if 0 <= number < len(parts) else part
        new = note._replace(start=note.start + at)
        now = {ref for ref in now if ref.part != target or ref.note.start + ref.note.length <= new.start}
        made = _with(made, target, [*_without(made[target].notes, new.start, new.start + new.length), new])
        now.add(Ref(target, new))
    return made, still(made, frozenset(now))


def out_of_range(note: SungNote, limits: tuple[int, int] | None) -> bool:
    return limits is not None and not limits[0] <= note.pitch <= limits[1]


def _room(parts: Parts, chosen: Chosen, ticks: int) -> int:
    """As much of a move as the notes that stay allow."""
    for number, wanted in _by_part(chosen):
        notes = parts[number].notes
        for place, note in enumerate(notes):
            if note not in wanted:
                continue
            ticks = max(ticks, -note.start)
            if place and notes[place - 1] not in wanted:
                ticks = max(ticks, notes[place - 1].start + notes[place - 1].length - note.start)
            if place + 1 < len(notes) and notes[place + 1] not in wanted:
                ticks = min(ticks, notes[place + 1].start - note.start - note.length)
    return ticks


def _snapped(note: SungNote, grid: int, low: int, high: int | None) -> SungNote:
    start = max(low, round(note.start / grid) * grid)
    end = max(start + min(grid, SHORTEST), round((note.start + note.length) / grid) * grid)
    if high is not None:
        end = min(end, high)
    return note if end - start < 1 else note._replace(start=start, length=end - start)


def _same(one: SungNote, other: SungNote) -> bool:
    return (one.line, one.word, one.syllable) == (other.line, other.word, other.syllable)


def _without(notes: Iterable[SungNote], start: int, end: int) -> list[SungNote]:
    """Notes with a hole: those that reach into it are cut, those within go."""
    kept: list[SungNote] = []
    for note in notes:
        until = note.start + note.length
        if until <= start or note.start >= end:
            kept.append(note)
            continue
        if note.start < start:
            kept.append(note._replace(length=start - note.start))
        if until > end:
            kept.append(note._replace(start=end, length=until - end))
    return kept


def _changed(parts: Parts, chosen: Chosen, change: Callable[[SungNote], SungNote]) -> Made:
    made, now = parts, set[Ref]()
    for number, wanted in _by_part(chosen):
        notes = []
        for note in parts[number].notes:
            if note in wanted:
                note = change(note)
                now.add(Ref(number, note))
            notes.append(note)
        made = _with(made, number, notes)
    return made, frozenset(now)


def _by_part(chosen: Chosen) -> list[tuple[int, frozenset[SungNote]]]:
    numbers = sorted({ref.part for ref in chosen})
    return [(number, frozenset(ref.note for ref in chosen if ref.part == number)) for number in numbers]


def _with(parts: Parts, number: int, notes: Iterable[SungNote]) -> Parts:
    return (*parts[:number], replace(parts[number], notes=tuple(sorted(notes))), *parts[number + 1 :])


def _read(text: str) -> list[tuple[int, SungNote]]:
    try:
        rows: list[list[Any]] = json.loads(text)["sung notes"]
        found = [(int(part), SungNote(*map(int, one[:6]), str(one[6]), int(one[7]))) for part, *one in rows[:20_000]]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise RequestError("The clipboard holds no notes.", "Copy notes of a melody first.") from error
    ordered = sorted(found, key=lambda one: (one[1].start, one[0]))
    possible = all(
        n.start >= 0 and 1 <= n.length <= 1 << 24 and 0 <= n.pitch <= 127 and 1 <= n.velocity <= 127 for _, n in ordered
    )
    if not possible:
        raise RequestError("The clipboard holds no notes that can be sung.", "Copy notes of a melody first.")
    return ordered


def overlapping(parts: Parts) -> bool:
    """Whether notes of a part sound at once: no edit leaves any."""
    return any(a.start + a.length > b.start for part in parts for a, b in pairwise(part.notes))
