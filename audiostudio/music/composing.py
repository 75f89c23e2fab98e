"""From a plan to a score. The same plan gives the same score on every machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from audiostudio.music import arrangement, bass, comping, drums, form, harmony, humanise, melody, planning
from audiostudio.music.ensemble import genre_part
from audiostudio.music.frame import Frame, Span
from audiostudio.music.genres import Genre, Instrument, genre, instrument
from audiostudio.music.plan import Plan
from audiostudio.music.score import ChordAt, Note, Part, Role, Score, Section
from audiostudio.music.song import VocalPart
from audiostudio.music.theory import TICKS, Chord, Key, Metre

_SUNG = ("verse", "pre-chorus", "chorus", "bridge")


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where one of a plan's parts sits in the band."""

    role: Role
    instrument: Instrument
    ordinal: int
    """How many of its role come before it."""
    styles: tuple[str, ...]

    @property
    def who(self) -> str:
        return f"{self.role}:{self.ordinal}"

    @property
    def pitched(self) -> bool:
        """Whether its notes follow the key."""
        return not self.instrument.drums and self.role is not Role.EFFECTS


def compose(plan: Plan, vocals: Sequence[VocalPart] = ()) -> Score:
    """Every note of a piece. `vocals` is the melody that somebody sings to it: the arrangement leaves room for it.

    The score's `seconds` are the plan's where its sections can end then, else what its sections need
    (`planning.seconds_of`). Raises `RequestError` for a genre, key, chord or instrument that is not known.
    """
    style, key, metre = genre(plan.genre), Key.parse(plan.key), Metre.parse(plan.metre)
    sections = skeleton(plan)
    frames = _frames(plan, sections)
    table = arrangement.playing(plan, style)
    seconds = planning.seconds_of(plan)
    ring = _ring(plan, seconds, metre)
    seats = _seats(plan, style)
    leads: dict[int, list[Note]] = {}
    made: dict[int, tuple[Note, ...]] = {}
    for index in sorted(range(len(seats)), key=lambda i: seats[i].role != Role.LEAD):  # a counter hears the lead
        seat = seats[index]
        notes = _laid(_sections_of(seat, index, frames, table, leads, bool(vocals)), seat, frames, sections, key)
        notes += _final(frames[-1], seat, sections[-1], metre, ring, _steps(key, frames[-1].section.shift))
        if seat.pitched:
            notes = [_folded(each, seat.instrument.low, seat.instrument.high) for each in notes]
            notes = _beside(notes, vocals, seat.role)
        made[index] = humanise.tidy(notes)
    return Score(key, metre, planning.tempo(plan), sections, _parts(plan, seats, made), seconds)


def _seats(plan: Plan, style: Genre) -> list[_Seat]:
    found = []
    for part, ordinal in zip(plan.parts, arrangement.ordinals(plan), strict=True):
        role = Role(part.role)
        styles = (part.style,) if part.style else genre_part(style, role, ordinal).styles
        found.append(_Seat(role, instrument(part.instrument), ordinal, styles))
    return found


def _sections_of(
    seat: _Seat,
    index: int,
    frames: list[Frame],
    table: Sequence[Sequence[bool]],
    leads: dict[int, list[Note]],
    sung: bool,
) -> list[list[Note]]:
    """What a part plays in each section, from the section's beginning and as if in C; none where it rests. The first
    lead writes what it plays, before hands play it, into `leads`."""
    found: list[list[Note]] = []
    for frame in frames:
        section, plan = frame.section, frame.plan
        if section.exact and section.like is not None and 0 <= section.like < frame.index:
            found.append(found[section.like])
            continue
        if not table[frame.index][index]:
            found.append([])
            continue
        bare = _play(frame, seat, leads, sung)
        begin, end = arrangement.window(frame, seat.role, seat.ordinal, sum(table[frame.index]))
        if (begin, end) != (0, frame.end):
            bare = [one._replace(length=min(one.length, end - one.start)) for one in bare if begin <= one.start < end]
        if seat.role is Role.LEAD and seat.ordinal == 0:
            leads[frame.index] = bare
        hands = frame.vary(f"hands:{seat.who}")
        found.append(humanise.played(bare, seat.role, frame.genre, plan.swing, plan.bpm, frame.end, hands))
    return found


def _laid(
    played: list[list[Note]], seat: _Seat, frames: list[Frame], sections: Sequence[Section], key: Key
) -> list[Note]:
    """What is played in each section at its place in the piece, and in its key."""
    notes: list[Note] = []
    for frame, of_section, section in zip(frames, played, sections, strict=True):
        at = section.bar * frame.metre.bar
        steps = _steps(key, frame.section.shift) if seat.pitched else 0
        notes += [
            Note(at + start, min(length, frame.end - start), pitch + steps, strength)
            for start, length, pitch, strength in of_section
            if start < frame.end
        ]
    return notes


def _parts(plan: Plan, seats: list[_Seat], made: dict[int, tuple[Note, ...]]) -> tuple[Part, ...]:
    """The parts in their plan's order, each with a name of its own."""
    names: dict[str, int] = {}
    parts = []
    for index, (part, seat) in enumerate(zip(plan.parts, seats, strict=True)):
        name = seat.instrument.name
        names[name] = names.get(name, 0) + 1
        name = name if names[name] == 1 else f"{name} {names[name]}"
        parts.append(
            Part(name, seat.role, part.instrument, made[index], part.volume, part.pan, part.reverb, part.muted)
        )
    return tuple(parts)


def skeleton(plan: Plan) -> tuple[Section, ...]:
    """A plan's sections with their keys and chords, without a note: what a melody is composed to."""
    style = genre(plan.genre)
    key, metre = Key.parse(plan.key), Metre.parse(plan.metre)
    names = form.named([section.kind for section in plan.sections])
    found: list[Section] = []
    bar = 0
    for place, section in enumerate(plan.sections):
        moved = key.moved(section.shift)
        last = place == len(plan.sections) - 1
        if section.chords:
            drawn = [Chord.parse(name).moved(section.shift) for name in section.chords]
        else:
            theme = Random(f"{section.seed % planning.THEMES}:harmony")
            vary = Random(f"{section.seed}:harmony")
            drawn = [chord.moved(moved.tonic) for chord in harmony.draw(style, key.mode, section, theme, vary, last)]
        chords = _spread(drawn, section.bars, bar, metre)
        found.append(
            Section(section.name or names[place], section.kind, bar, section.bars, moved, chords, section.energy)
        )
        bar += section.bars
    return tuple(found)


def _spread(drawn: list[Chord], bars: int, first: int, metre: Metre) -> tuple[ChordAt, ...]:
    """Chords over bars: twice as many as bars are by halves; too few are played again. Same neighbours are one."""
    halves = len(drawn) >= 2 * bars and bars > 0
    split = form.pulses(metre)
    middle = next((pulse for pulse in split if pulse * 2 >= metre.bar), metre.bar // 2)
    found: list[ChordAt] = []
    for bar in range(bars):
        start = (first + bar) * metre.bar
        pair = (drawn[2 * bar], drawn[2 * bar + 1]) if halves else (drawn[bar % len(drawn)],) * 2
        for chord, at, length in ((pair[0], start, middle), (pair[1], start + middle, metre.bar - middle)):
            if found and found[-1].chord == chord:
                found[-1] = found[-1]._replace(length=found[-1].length + length)
            else:
                found.append(ChordAt(at, length, chord))
    return tuple(found)


def _frames(plan: Plan, sections: tuple[Section, ...]) -> list[Frame]:
    style, metre, key = genre(plan.genre), Metre.parse(plan.metre), Key.parse(plan.key)
    frames = []
    for place, (section, about) in enumerate(zip(plan.sections, sections, strict=True)):
        last = place == len(sections) - 1
        start = about.bar * metre.bar
        spans = tuple(Span(at - start, length, chord.moved(-about.key.tonic)) for at, length, chord in about.chords)
        halves = tuple(_sounding(spans, (half * metre.bar) // 2 + metre.bar // 4) for half in range(2 * about.bars))
        following = sections[place + 1].energy if not last else about.energy
        frames.append(
            Frame(
                plan=plan,
                genre=style,
                metre=metre,
                mode=key.mode,
                section=section,
                index=place,
                bars=about.bars - 1 if last else about.bars,
                spans=spans,
                halves=halves,
                first=place == 0,
                last=last,
                turn=sum(other.kind == section.kind for other in plan.sections[:place]),
                rises=following - about.energy,
            )
        )
    return frames


def _sounding(spans: tuple[Span, ...], tick: int) -> Span:
    return next((span for span in reversed(spans) if span.start <= tick), spans[0])


def _play(frame: Frame, seat: _Seat, leads: dict[int, list[Note]], sung: bool) -> list[Note]:
    role, one, who = seat.role, seat.instrument, seat.who
    if frame.bars < 1:
        return []
    if role in (Role.DRUMS, Role.PERCUSSION):
        return drums.play(frame, seat.styles, who)
    if role is Role.BASS:
        return bass.play(frame, seat.styles, who)
    if role is Role.EFFECTS:
        return arrangement.effects(frame)
    if role is Role.LEAD:
        if (frame.plan.vocals or sung) and frame.section.kind in _SUNG:
            return []
        return melody.play(frame, one, who)
    if role is Role.COUNTER:
        return melody.counter(frame, leads.get(frame.index, []), one, who)
    return comping.play(frame, role, seat.styles, one, who)


def _final(frame: Frame, seat: _Seat, section: Section, metre: Metre, ring: int, steps: int) -> list[Note]:
    """What a part plays in the last bar."""
    role, one = seat.role, seat.instrument
    start = (section.bar + section.bars - 1) * metre.bar
    chord = frame.spans[-1].chord
    if role in (Role.EFFECTS, Role.PERCUSSION):
        return []
    if role is Role.DRUMS:
        return drums.ending(start, ring, frame.energy)
    if role is Role.BASS:
        notes = [Note(start, ring, bass.root(chord), 92)]
    elif role is Role.LEAD:
        notes = melody.final(frame, one, chord, start, ring) if seat.ordinal == 0 else []
    elif role is Role.COUNTER:
        notes = []
    else:
        notes = comping.final(chord, role, one, start, ring, frame.energy)
    return [each._replace(pitch=each.pitch + steps) for each in notes]


def _ring(plan: Plan, seconds: float, metre: Metre) -> int:
    """Ticks that the final chord is held: its decay is heard behind it, to the end of the sound."""
    left = seconds - planning.final_at(plan)
    held = max(0.35 * left, left - 0.9)
    return max(60, min(round(held * planning.tempo(plan)[-1].bpm * TICKS / 60), metre.bar))


def _steps(key: Key, shift: int) -> int:
    """From C to a key: at most half an octave."""
    return (key.tonic if key.tonic <= 6 else key.tonic - 12) + shift


def _folded(one: Note, low: int, high: int) -> Note:
    pitch = one.pitch
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return one if pitch == one.pitch else one._replace(pitch=pitch)


def _beside(notes: list[Note], vocals: Sequence[VocalPart], role: Role) -> list[Note]:
    """Without what would be in a singer's way: a melody stops, a second voice keeps out of his register."""
    if not vocals or role not in (Role.LEAD, Role.COUNTER, Role.ARPEGGIO):
        return notes
    sung = sorted((note.start, note.start + note.length, note.pitch) for part in vocals for note in part.notes)
    if not sung:
        return notes
    pitches = [pitch for _, _, pitch in sung]
    low, high = min(pitches) - 2, max(pitches) + 2
    spans: list[list[int]] = []
    for start, end, _ in sung:
        if spans and start <= spans[-1][1] + TICKS:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start - TICKS // 4, end])
    found = []
    place = 0
    for one in sorted(notes):
        while place < len(spans) and spans[place][1] <= one.start:
            place += 1
        busy = place < len(spans) and one.start < spans[place][1] and one.start + one.length > spans[place][0]
        if not busy or (role is not Role.LEAD and not low <= one.pitch <= high):
            found.append(one)
        elif role is Role.ARPEGGIO:
            found.append(one._replace(velocity=max(1, one.velocity - 18)))
    return found
