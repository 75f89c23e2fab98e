"""A melody to lyrics, for every voice that sings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from audiostudio.music.harmonies import harmony, unison
from audiostudio.music.lyrics import Line, Lyrics, require_singable
from audiostudio.music.plan import Plan
from audiostudio.music.ranges import Range, checked
from audiostudio.music.score import Section
from audiostudio.music.song import SLOTS, SungNote, VocalPart
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import TICKS, Chord, Metre
from audiostudio.music.vocal_form import REST, Slot, Unit, fitted, grid, pickup, slots, song_plan, units
from audiostudio.music.vocal_pitch import Cadence, Setting, melody
from audiostudio.music.vocal_rhythm import STRONG, Onset, Window, rhythm, weight

__all__ = ["fitted", "merged", "song_plan", "write_melody"]

_HEIGHTS = {"verse": 0.38, "pre-chorus": 0.48, "chorus": 0.62, "bridge": 0.52, "intro": 0.35, "outro": 0.38}
_FORMS = ((-2, -2), (-2, -2), (-1, -3), (-2, None))
"""Which line of a group of four the third and the fourth resemble: ABAB twice as often as AABA and ABAC."""
_MELISMA = 0.18


@dataclass(frozen=True, slots=True)
class _Sung:
    """A line that has its notes; times from the first bar of its slot."""

    notes: tuple[Onset, ...]
    pitches: tuple[int, ...]
    units: tuple[int, ...]
    """Which of the line's units each note sings; the same again: a melisma."""
    chords: tuple[Chord, ...]
    tonic: int
    slot: str
    bars: int


@dataclass(slots=True)
class _Writer:
    lyrics: Lyrics
    sections: tuple[Section, ...]
    prosody: Prosody
    ranges: Mapping[str, Range]
    metre: Metre
    bpm: float
    seed: int
    backing: bool
    done: dict[int, _Sung] = field(default_factory=dict)
    """By line."""
    same: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Kind, words and how often its section had them before → the first line of these."""
    before: dict[str, int] = field(default_factory=dict)
    """The last pitch of each slot."""
    parts: dict[tuple[str, str], list[SungNote]] = field(default_factory=dict)

    def write(self) -> tuple[VocalPart, ...]:
        placed = slots(self.lyrics, self.sections, self.prosody, self.metre, self.bpm)
        sung = {one.line: units(self.lyrics.lines[one.line], self.prosody) for one in placed}
        pickups = [pickup(sung[one.line], one.bars) for one in placed]
        for number, one in enumerate(placed):
            own = pickups[number] if one.start >= pickups[number] else 0
            end = one.bars * self.metre.bar
            following = placed[number + 1].start - one.start if number + 1 < len(placed) else end
            last = number + 1 == len(placed) or placed[number + 1].section != one.section
            after = TICKS if last else pickups[number + 1] if following == end else 0
            self._line(one, sung[one.line], Window(-own, end - after - REST), end - after)
        return tuple(
            VocalPart(slot, role, tuple(sorted(notes)))
            for (slot, role), notes in sorted(self.parts.items(), key=_order)
        )

    def _line(self, slot: Slot, sung: list[Unit], window: Window, end: int) -> None:
        line = self.lyrics.lines[slot.line]
        main = [place for place, unit in enumerate(sung) if not unit.backing]
        echo = [place for place, unit in enumerate(sung) if unit.backing]
        if not main:
            self._lead(slot, line, sung, echo, window, "backing")
            return
        high = window.high - self._reserved(sung, main, echo, window)
        self._lead(slot, line, sung, main, Window(window.low, high), "lead")
        if echo:
            self._echo(slot, line, sung, echo, end)

    def _reserved(self, sung: list[Unit], main: list[int], echo: list[int], window: Window) -> int:
        """Ticks at the end that the lead leaves to an echo."""
        if not echo or echo[-1] < main[-1]:
            return 0
        least = len(main) * grid(self.metre, self.bpm) * 3 // 2
        wanted = len(echo) * TICKS // 4
        return max(0, min(wanted, window.high - window.low - least))

    def _lead(self, slot: Slot, line: Line, sung: list[Unit], places: list[int], window: Window, role: str) -> None:
        who = line.slots[0] if role == "lead" else self._backing_voice(line)
        chosen = [sung[place] for place in places]
        found = self._again(slot, line, who, window) or self._composed(slot, line, who, chosen, window)
        self.done[slot.line] = found
        self.same.setdefault(self._name(slot, line), slot.line)
        self.before[who] = found.pitches[-1]
        notes = self._notes(slot, chosen, found)
        self._add(who, role, notes)
        if role == "lead":
            self._others(slot, line, found, notes)

    def _again(self, slot: Slot, line: Line, who: str, window: Window) -> _Sung | None:
        """A line that was sung before over the same chords: the same notes."""
        section = self.sections[slot.section]
        first = self.done.get(self.same.get(self._name(slot, line), -1))
        if first is None or first.slot != who or first.bars != slot.bars:
            return None
        if first.notes[0].start < window.low or first.notes[-1].start + TICKS // 2 > window.high:
            return None
        steps = _signed(section.key.tonic - first.tonic)
        within = self.ranges[who]
        if not all(within.low <= pitch + steps <= within.high for pitch in first.pitches):
            return None
        chords = tuple(self._chord(slot, note) for note in first.notes)
        last = first.notes[-1]
        notes = (*first.notes[:-1], last._replace(length=min(last.length, window.high - last.start)))
        pitches = tuple(
            self._bent(note, pitch + steps, before.moved(steps), chord, within)
            for note, pitch, before, chord in zip(notes, first.pitches, first.chords, chords, strict=True)
        )
        return _Sung(notes, pitches, first.units, chords, section.key.tonic, who, slot.bars)

    def _bent(self, note: Onset, pitch: int, before: Chord, now: Chord, within: Range) -> int:
        """The pitch, or the nearest of another chord where it lay in the old one and is heard against the new one."""
        heard = note.length >= TICKS or weight(note.start, self.metre) >= STRONG
        if not heard or pitch % 12 in now.classes or pitch % 12 not in before.classes:
            return pitch
        near = [one for one in range(within.low, within.high + 1) if one % 12 in now.classes]
        return min(near, key=lambda one: (abs(one - pitch), one))

    def _name(self, slot: Slot, line: Line) -> tuple[str, str, int]:
        """What makes a line the same as one of an earlier section."""
        words = _words(line)
        lyric = self.lyrics.sections[line.section]
        before = sum(_words(other) == words for other in self.lyrics.lines[lyric.first : slot.line])
        return self.sections[slot.section].kind, words, before

    def _composed(self, slot: Slot, line: Line, who: str, chosen: list[Unit], window: Window) -> _Sung:
        section = self.sections[slot.section]
        rng = Random(f"{self.seed}:{section.kind}:{slot.line}:{line.text}")
        model, faith = self._model(slot, line)
        window = self._wide(window, len(chosen))
        like = frozenset(note.start for note in model.notes) if model is not None else frozenset[int]()
        step = grid(self.metre, self.bpm)
        coarse = TICKS // 2
        if step < coarse and self._sparse(chosen, window):
            step = coarse
        notes = rhythm(chosen, window, self.metre, self.bpm, step, rng, like)
        chords = tuple(self._chord(slot, note) for note in notes)
        over = Setting(
            section.key,
            chords,
            self._room(who, section),
            min(0.8, _HEIGHTS.get(section.kind, 0.4) + 0.15 * (section.energy - 0.5)),
            self._cadence(slot),
            self.metre,
        )
        reference = self._moved(model, section.key.tonic, over.range) if model is not None else ()
        pitches = melody(notes, over, rng, reference, self.before.get(who), faith)
        found = _Sung(tuple(notes), tuple(pitches), tuple(range(len(notes))), chords, section.key.tonic, who, slot.bars)
        return _melisma(found, over, rng) if over.cadence is Cadence.CLOSED else found

    def _sparse(self, chosen: list[Unit], window: Window) -> bool:
        """Whether eighths will do."""
        room = (window.high - window.low) // (TICKS // 2)
        seconds = TICKS / 2 * 60 / (self.bpm * TICKS)
        return room >= len(chosen) + 1 and seconds < 0.42

    def _wide(self, window: Window, count: int) -> Window:
        """Room for every syllable, whatever is asked."""
        missing = (count + 1) * grid(self.metre, self.bpm) - (window.high - window.low)
        return window if missing <= 0 else Window(window.low, window.high + missing)

    def _model(self, slot: Slot, line: Line) -> tuple[_Sung | None, float]:
        """The line that this one resembles, and how closely."""
        kind, words, before = self._name(slot, line)
        known = self.same.get((kind, words, before), self.same.get((kind, words, 0)))
        if known is not None:
            return self.done[known], 1.6
        lyric = self.lyrics.sections[line.section]
        place = slot.line - lyric.first
        for number, other in enumerate(self.lyrics.sections[: line.section]):
            if other.kind == lyric.kind and number != line.section and other.first + place < other.last:
                return self.done.get(other.first + place), 0.8
        back = (None, None, *_FORMS[Random(f"{self.seed}:{lyric.kind}").randrange(len(_FORMS))])[place % 4]
        if back is None and place >= 4:
            back = -4
        return (self.done.get(slot.line + back), 0.4) if back is not None else (None, 0.0)

    def _moved(self, model: _Sung, tonic: int, within: Range) -> list[tuple[int, int]]:
        """The model's notes in this key and range."""
        steps = _signed(tonic - model.tonic)
        middle = sorted(model.pitches)[len(model.pitches) // 2] + steps
        steps += within.nearest(middle) - middle
        return [(note.start, pitch + steps) for note, pitch in zip(model.notes, model.pitches, strict=True)]

    def _room(self, who: str, section: Section) -> Range:
        """The voice's range, less what a later modulation will go up."""
        home = self.sections[0].key.tonic
        most = max(_signed(one.key.tonic - home) for one in self.sections)
        rise = max(0, most - _signed(section.key.tonic - home))
        return Range(self.ranges[who].low, self.ranges[who].high - min(rise, 3))

    def _cadence(self, slot: Slot) -> Cadence:
        lyric = self.lyrics.sections[self.lyrics.lines[slot.line].section]
        place = slot.line - lyric.first
        return Cadence.CLOSED if slot.line == lyric.last - 1 or place % 4 == 3 else Cadence.OPEN

    def _chord(self, slot: Slot, note: Onset) -> Chord:
        section = self.sections[slot.section]
        tick = max(slot.start, slot.start + note.start)
        for at in section.chords:
            if at.start <= tick < at.start + at.length:
                return at.chord
        minor = section.key.mode in ("minor", "dorian", "phrygian")
        return section.chords[-1].chord if section.chords else Chord(section.key.tonic, "m" if minor else "")

    def _notes(self, slot: Slot, chosen: Sequence[Unit], found: _Sung) -> tuple[SungNote, ...]:
        energy = self.sections[slot.section].energy
        made: list[SungNote] = []
        for onset, pitch, place in zip(found.notes, found.pitches, found.units, strict=True):
            unit = chosen[place]
            stress = (0, 12, 6)[unit.stress] + 7 * weight(onset.start, self.metre) + 14 * (energy - 0.5)
            start = slot.start + onset.start
            made.append(
                SungNote(start, onset.length, pitch, slot.line, unit.word, unit.syllable, unit.text, round(82 + stress))
            )
        return tuple(made)

    def _others(self, slot: Slot, line: Line, found: _Sung, lead: tuple[SungNote, ...]) -> None:
        section = self.sections[slot.section]
        voices: list[tuple[SungNote, ...]] = []
        for who in line.slots[1:]:
            if line.unison:
                self._add(who, "lead", unison(lead, self.ranges[who]))
            else:
                voices.append(harmony(lead, found.chords, section.key, self.ranges[who], voices, below=not voices))
                self._add(who, "harmony", voices[-1])
        if self.backing and len(line.slots) == 1 and self._lifts(slot):
            who = self._backing_voice(line)
            self._add(who, "harmony", harmony(lead, found.chords, section.key, self.ranges[who]))

    def _lifts(self, slot: Slot) -> bool:
        """Whether backing voices join: in choruses, but for the first one."""
        kind = self.sections[slot.section].kind
        first = next((i for i, one in enumerate(self.sections) if one.kind == "chorus"), None)
        return kind == "chorus" and slot.section != first

    def _backing_voice(self, line: Line) -> str:
        """Somebody who does not sing the line, if there is anybody."""
        return next((slot for slot in self.lyrics.slots if slot not in line.slots), line.slots[-1])

    def _echo(self, slot: Slot, line: Line, sung: list[Unit], echo: list[int], end: int) -> None:
        """What stands in parentheses: after the word before it, over what the lead still holds."""
        lead = self.done[slot.line]
        main = [place for place, unit in enumerate(sung) if not unit.backing]
        before = max((at for at, unit in enumerate(lead.units) if main[unit] < echo[0]), default=None)
        begin = lead.notes[before].start + TICKS // 2 if before is not None else lead.notes[0].start
        need = (len(echo) + 1) * grid(self.metre, self.bpm)
        window = Window(max(min(begin, end - need), -pickup(sung, slot.bars)), end)
        who = self._backing_voice(line)
        chosen = [sung[place] for place in echo]
        section = self.sections[slot.section]
        rng = Random(f"{self.seed}:echo:{section.kind}:{line.text}")
        window = self._wide(window, len(chosen))
        notes = rhythm(chosen, window, self.metre, self.bpm, grid(self.metre, self.bpm), rng)
        chords = tuple(self._chord(slot, note) for note in notes)
        over = Setting(section.key, chords, self._room(who, section), 0.45, Cadence.OPEN, self.metre)
        pitches = tuple(melody(notes, over, rng, self._moved(lead, section.key.tonic, over.range)))
        made = _Sung(tuple(notes), pitches, tuple(range(len(notes))), chords, section.key.tonic, who, slot.bars)
        self._add(who, "backing", self._notes(slot, chosen, made))

    def _add(self, who: str, role: str, notes: Iterable[SungNote]) -> None:
        self.parts.setdefault((who, role), []).extend(notes)


def write_melody(
    lyrics: Lyrics,
    plan: Plan,
    sections: tuple[Section, ...],
    prosody: Prosody,
    ranges: Mapping[str, Range],
    seed: int | None = None,
    backing: bool = True,
) -> tuple[VocalPart, ...]:
    """What every voice sings: leads, harmonies of `A+B` lines, backing voices of `(…)` and of later choruses.

    `sections`: the plan's, with their chords (`composing.skeleton`, or a score's); `ranges`: by slot, a neutral one
    for those that are missing; `seed`: another one makes another melody, None is the plan's. Every syllable of every
    line is sung once by each of its slots. The same arguments give the same notes on every machine.

    Raises `EmptyText`, `RequestError` with the line: for lyrics that are too long, and for a section that is too short
    for its words (`fitted` gives a plan that is not).
    """
    require_singable(lyrics)
    everybody = {slot: checked(ranges.get(slot, Range(52, 69))) for slot in SLOTS}
    metre = Metre.parse(plan.metre)
    drawn = plan.seed if seed is None else seed
    return _Writer(lyrics, sections, prosody, everybody, metre, plan.bpm, drawn, backing).write()


def merged(old: Sequence[VocalPart], new: Sequence[VocalPart], lines: frozenset[int]) -> tuple[VocalPart, ...]:
    """`old` with the notes of `lines` as `new` has them: for composing some lines again."""
    parts: dict[tuple[str, str], list[SungNote]] = {}
    for source, wanted in ((old, False), (new, True)):
        for part in source:
            chosen = [note for note in part.notes if (note.line in lines) is wanted]
            if chosen:
                parts.setdefault((part.slot, part.role), []).extend(chosen)
    return tuple(
        VocalPart(slot, role, tuple(sorted(notes))) for (slot, role), notes in sorted(parts.items(), key=_order)
    )


def _order(one: tuple[tuple[str, str], object]) -> tuple[int, str]:
    (slot, role), _ = one
    return ("lead", "harmony", "backing").index(role), slot


def _words(line: Line) -> str:
    return " ".join(word.text.lower().strip(",.;:!?…") for word in line.words)


def _signed(steps: int) -> int:
    """Semitones between two tonics, −5…6."""
    return (steps + 5) % 12 - 5


def _melisma(found: _Sung, over: Setting, rng: Random) -> _Sung:
    """Now and then a long last note is reached from its upper neighbour."""
    last, pitch = found.notes[-1], found.pitches[-1]
    neighbour = next((one for one in (pitch + 1, pitch + 2) if one % 12 in over.key.scale), pitch + 2)
    if rng.random() >= _MELISMA or last.length < 2 * TICKS or neighbour > over.range.high:
        return found
    short = TICKS // 2
    return _Sung(
        (*found.notes[:-1], Onset(last.start, short), Onset(last.start + short, last.length - short)),
        (*found.pitches[:-1], neighbour, pitch),
        (*found.units, found.units[-1]),
        (*found.chords, found.chords[-1]),
        found.tonic,
        found.slot,
        found.bars,
    )
