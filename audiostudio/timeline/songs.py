"""Edits of a project's songs: pure functions from one `Project` to the next, and what is true of every song after one.

- ids are unique; every slot has one voice at most;
- notes of a vocal part are in order and never overlap; they begin at 0 or later and last at least one tick;
- what a song asks for and what was planned is what the composer can work with.
"""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from audiostudio.errors import NotFound, RequestError
from audiostudio.music.plan import FASTEST, LONGEST, SLOWEST, Brief, Plan
from audiostudio.music.score import Role
from audiostudio.music.song import SLOTS, SlotVoice, Song, SungNote, VocalPart, Writing
from audiostudio.music.theory import TICKS, Chord, Key, Metre
from audiostudio.timeline.project import Project, new_id

LAST_TICK = int(LONGEST * FASTEST / 60 * TICKS)
"""Where the longest piece ends at the fastest tempo: no note ends later."""
MOST_NOTES = 20_000
"""Of one part."""
MOST_PARTS = 24
"""That are sung."""
MOST_PLAYERS = 200
MOST_SECTIONS = 400
MOST_BARS = 2000
"""Of one section."""
_LONGEST_FORM = 1.1 * LONGEST
"""Seconds: tempi are bent a little for a length."""
LONGEST_TITLE = 200
"""Characters."""
LONGEST_TEXT = 1_000_000
"""Characters of lyrics or of a prompt."""
ROLES = ("lead", "harmony", "backing")


def find(project: Project, song_id: str) -> Song:
    """Raises `NotFound`."""
    for song in project.songs:
        if song.id == song_id:
            return song
    raise NotFound("That song is no longer in the project.", "Undo brings it back.")


def add(project: Project, song: Song, index: int | None = None) -> Project:
    """With one song more, before the one at `index`; None: at the end. Raises `RequestError`."""
    if any(one.id == song.id for one in project.songs):
        raise RequestError("That song is already in the project.", "Add it under a new id.")
    at = len(project.songs) if index is None else index
    return replace(project, songs=(*project.songs[:at], _settled(song), *project.songs[at:]))


def change(project: Project, song_id: str, **fields: Any) -> Project:
    """Something else about one song: `change(p, id, lyrics="…", seed=4)`. Raises `NotFound`, `RequestError`."""
    return _on_song(project, song_id, lambda song: replace(song, **fields))


def rename(project: Project, song_id: str, title: str) -> Project:
    """Raises `RequestError` for a name of nothing."""
    if not title.strip():
        raise RequestError("A song needs a title.", "Type at least one letter.")
    return change(project, song_id, title=title.strip())


def remove(project: Project, song_ids: Collection[str]) -> Project:
    """Without these songs. What was made of them stays in the library."""
    for song_id in song_ids:
        find(project, song_id)
    return replace(project, songs=tuple([one for one in project.songs if one.id not in song_ids]))


def duplicate(project: Project, song_id: str, new: str | None = None) -> Project:
    """With a copy behind the song, under the id `new`, that was not made yet."""
    song = find(project, song_id)
    copy = replace(song, id=new or new_id(), title=_free_title(project, song.title), versions=())
    return add(project, copy, [one.id for one in project.songs].index(song_id) + 1)


def set_voice(project: Project, song_id: str, slot: str, voice: str | None) -> Project:
    """Who sings a slot's lines; None: whoever the studio chooses."""

    def changed(song: Song) -> Song:
        kept = {one.slot: one for one in song.voices if one.slot != slot}
        if voice is not None:
            earlier = next((one for one in song.voices if one.slot == slot), SlotVoice(slot, voice))
            kept[slot] = replace(earlier, voice=voice)
        return replace(song, voices=tuple([kept[one] for one in sorted(kept)]))

    return _on_song(project, song_id, changed)


def set_vocals(project: Project, song_id: str, parts: Iterable[VocalPart]) -> Project:
    """The melody as somebody edited it; () lets it be composed again. Notes are put in order.

    While something is dragged, give `History.edit` one merge key for all of it.
    """
    ordered = tuple([replace(part, notes=tuple(sorted(part.notes))) for part in parts])
    return change(project, song_id, vocals=ordered)


def made(project: Project, song_id: str, plan: Plan | None, assets: Iterable[str]) -> Project:
    """What was made of a song and the plan it was made by; None: as it was."""
    song = find(project, song_id)
    versions = (*song.versions, *[one for one in assets if one not in song.versions])
    return change(project, song_id, plan=plan or song.plan, versions=versions)


def check(song: Song) -> None:
    """Raises `RequestError` for what no song can be."""
    what = f"“{song.title[:40]}”" if song.title else "The song"
    _require(bool(song.id), "A song has no id.")
    _require(len(song.title) <= LONGEST_TITLE, f"A title has {LONGEST_TITLE} characters at most.", "Shorten it.")
    _require(
        max(len(song.lyrics), len(song.prompt)) <= LONGEST_TEXT,
        f"{what} has too much text: {LONGEST_TEXT:,} characters are possible.",
        "Make two songs of it.",
    )
    _require(song.writing in tuple(Writing), f"{what} is written in no way that is known.")
    slots = [one.slot for one in song.voices]
    _require(set(slots) <= set(SLOTS) and len(set(slots)) == len(slots), f"{what} has a singer too many.")
    _require(all(one.voice for one in song.voices), f"{what} has a singer without a voice.")
    _require(len(song.vocals) <= MOST_PARTS, f"{what} has too many vocal parts.", "Remove harmonies.")
    for part in song.vocals:
        check_vocals(part, what)
    _brief(song.brief, what)
    if song.plan is not None:
        check_plan(song.plan, what)


def check_vocals(part: VocalPart, what: str = "The melody") -> None:
    """Raises `RequestError` for what no voice can sing."""
    _require(part.slot in SLOTS and part.role in ROLES, f"{what} has a vocal part that nobody sings.")
    _require(len(part.notes) <= MOST_NOTES, f"{what} has too many notes: {MOST_NOTES:,} are possible in a part.")
    for number, note in enumerate(part.notes, 1):
        _require(_possible(note), f"Note {number} of {what[0].lower()}{what[1:]} (singer {part.slot}) cannot be sung.")
    for number, (one, other) in enumerate(pairwise(part.notes), 1):
        _require(
            one.start + one.length <= other.start,
            f"Notes {number} and {number + 1} of {what[0].lower()}{what[1:]} (singer {part.slot}) would sound at once.",
            "Make the first one shorter.",
        )


def _possible(note: SungNote) -> bool:
    return (
        note.start >= 0
        and note.length >= 1
        and note.start + note.length <= LAST_TICK
        and 0 <= note.pitch <= 127
        and 1 <= note.velocity <= 127
        and min(note.line, note.word, note.syllable) >= 0
    )


def _brief(brief: Brief, what: str) -> None:
    _require(brief.bpm is None or SLOWEST <= brief.bpm <= FASTEST, f"{what} has no tempo.", _tempo_hint())
    _require(
        brief.seconds is None or 0 < brief.seconds <= LONGEST,
        f"{what} cannot last {brief.seconds} seconds.",
        _length_hint(),
    )
    _require(all(0 <= one <= 1 for one in brief.energy), f"{what} asks for an energy that is none.")
    _require(len(brief.structure) <= MOST_SECTIONS, f"{what} has too many sections.")
    if brief.metre is not None:
        Metre.parse(brief.metre)


def check_plan(plan: Plan, what: str = "The plan") -> None:
    """Raises `RequestError` for what the composer cannot work with."""
    _require(SLOWEST <= plan.bpm <= FASTEST, f"{what} has no tempo.", _tempo_hint())
    _require(0 < plan.seconds <= LONGEST, f"{what} has no length.", _length_hint())
    _require(0 <= plan.swing <= 0.5, f"{what} has no swing that can be played.")
    Key.parse(plan.key)
    bar = Metre.parse(plan.metre).bar
    _require(1 <= len(plan.sections) <= MOST_SECTIONS, f"{what} has {len(plan.sections) or 'no'} sections.")
    for number, section in enumerate(plan.sections):
        where = f"Section {number + 1} of {what[0].lower()}{what[1:]}"
        _require(1 <= section.bars <= MOST_BARS, f"{where} has no length.")
        _require(0 <= section.energy <= 1 and abs(section.shift) <= 24, f"{where} cannot be played.")
        _require(section.like is None or 0 <= section.like < number, f"{where} repeats one that does not come before.")
        _require(len(section.chords) <= 16 * section.bars, f"{where} has too many chords.")
        for chord in section.chords:
            Chord.parse(chord)
    seconds = sum(section.bars for section in plan.sections) * bar / TICKS * 60 / plan.bpm
    _require(seconds <= _LONGEST_FORM, f"{what} lasts {seconds / 60:.0f} minutes.", _length_hint())
    _require(len(plan.parts) <= MOST_PLAYERS, f"{what} has {len(plan.parts):,} parts; {MOST_PLAYERS} can play.")
    for part in plan.parts:
        _require(part.role in tuple(Role), f"{what} has a part that plays nothing: “{part.role[:40]}”.")
        numbers = (part.volume, part.pan, part.reverb)
        sounds = all(map(math.isfinite, numbers)) and -150 <= part.volume <= 24
        _require(sounds and -1 <= part.pan <= 1 and 0 <= part.reverb <= 1, f"{what} has a part that cannot be played.")


def _on_song(project: Project, song_id: str, edit: Callable[[Song], Song]) -> Project:
    song = find(project, song_id)
    changed = edit(song)
    if changed == song:
        return project
    settled = _settled(changed)
    return replace(project, songs=tuple([settled if one is song else one for one in project.songs]))


def _settled(song: Song) -> Song:
    check(song)
    return song


def _free_title(project: Project, title: str) -> str:
    taken = {one.title for one in project.songs}
    stem = title[: LONGEST_TITLE - 8]
    return next(name for number in range(2, len(taken) + 3) if (name := f"{stem} {number}".strip()) not in taken)


def _require(holds: bool, otherwise: str, hint: str = "Undo, or make it again.") -> None:
    if not holds:
        raise RequestError(otherwise, hint)


def _tempo_hint() -> str:
    return f"Between {SLOWEST:g} and {FASTEST:g} beats a minute are possible."


def _length_hint() -> str:
    return f"Up to {LONGEST / 60:g} minutes are possible."
