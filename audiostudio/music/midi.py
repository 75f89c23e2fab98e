"""MIDI files: a score written for other programs, and what such a file holds.

Written are type-1 files: a conductor track (tempo, metre, keys, a marker for each section), a track for each part and
for each voice, with its words as lyric events.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from audiostudio.errors import UnreadableMedia
from audiostudio.files import replace_file
from audiostudio.music.genres import instruments
from audiostudio.music.score import Note, Part, Role, Score, TempoAt, seconds_at
from audiostudio.music.song import VocalPart
from audiostudio.music.theory import TICKS, Key, Metre

MOST_BYTES = 1 << 20
"""A song has some ten thousand; what is larger is no music, and takes minutes to read."""
MOST_TRACKS = 256
LONGEST_SECONDS = 4 * 3600.0
_HINT = "Write it again from the program that made it, as a standard MIDI file of type 0 or 1."
_DRUMS = 9


@dataclass(frozen=True, slots=True)
class Track:
    """What one channel of one track of a file plays. Times are ticks of `theory.TICKS`."""

    name: str
    program: int
    """General MIDI, 0…127."""
    drums: bool
    notes: tuple[Note, ...]
    lyrics: tuple[tuple[int, str], ...] = ()
    """(tick, syllable)."""


@dataclass(frozen=True, slots=True)
class MidiMusic:
    """What a MIDI file holds."""

    tempo: tuple[TempoAt, ...]
    """By tick; the first is at 0."""
    metre: Metre
    """The first one."""
    key: Key | None
    tracks: tuple[Track, ...]
    markers: tuple[tuple[int, str], ...] = ()
    seconds: float = 0.0

    @property
    def melody(self) -> Track | None:
        """The track that is most likely the melody: with words, or high, one note at a time, and not drums."""
        tunes = [track for track in self.tracks if track.notes and not track.drums]
        return max(tunes, key=_tunefulness, default=None)


def write(score: Score, path: Path, vocals: Sequence[VocalPart] = ()) -> None:
    """Write a score, with what is sung to it, as a type-1 file. Muted parts are left out. Raises `StorageError`."""
    replace_file(path, to_bytes(score, vocals))


def to_bytes(score: Score, vocals: Sequence[VocalPart] = ()) -> bytes:
    """The same as bytes."""
    import mido

    file = mido.MidiFile(type=1, ticks_per_beat=TICKS, charset="utf-8")
    file.tracks.append(_conductor(score))
    channels = _channels()
    for part in score.parts:
        if not part.muted:
            drums = part.role in (Role.DRUMS, Role.PERCUSSION)
            file.tracks.append(_part_track(part, _DRUMS if drums else next(channels)))
    for voice in vocals:
        file.tracks.append(_voice_track(voice, next(channels)))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def read(path: Path) -> MidiMusic:
    """Read a MIDI file. Raises `UnreadableMedia` for one that is damaged, or so large that it cannot be music."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UnreadableMedia(f"“{path.name}” is too large for a MIDI file: {size / 1e6:.1f} MB.", _HINT)
        return from_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise UnreadableMedia(f"“{path.name}” cannot be read: {error.strerror or error}.", "Check the file.") from error


def from_bytes(data: bytes, name: str = "The file") -> MidiMusic:
    """Read a MIDI file from memory. Raises `UnreadableMedia`."""
    import mido

    if len(data) > MOST_BYTES:
        raise UnreadableMedia(f"“{name}” is too large for a MIDI file.", _HINT)
    _count(data, name)
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True, charset="latin-1")
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        LookupError,
        mido.KeySignatureError,
    ) as error:
        raise UnreadableMedia(f"“{name}” is no MIDI file, or it is damaged.", _HINT) from error
    if file.type == 2 or file.ticks_per_beat < 1 or file.ticks_per_beat > 32767:
        raise UnreadableMedia(f"“{name}” is a kind of MIDI file that is not played as one piece.", _HINT)
    return _music(file, name)


def _count(data: bytes, name: str) -> None:
    """Refuse what claims more than it can hold before anything is built of it."""
    if data[:4] not in (b"MThd", b"RIFF"):
        raise UnreadableMedia(f"“{name}” is no MIDI file.", _HINT)
    if data[:4] == b"RIFF":
        raise UnreadableMedia(f"“{name}” is a MIDI file inside a RIFF file.", _HINT)
    if int.from_bytes(data[10:12], "big") > MOST_TRACKS:
        raise UnreadableMedia(f"“{name}” has more than {MOST_TRACKS} tracks.", _HINT)


def _music(file: Any, name: str) -> MidiMusic:
    scale = TICKS / file.ticks_per_beat
    tempo: dict[int, float] = {}
    metre, key = Metre(), None
    tracks: list[Track] = []
    markers: list[tuple[int, str]] = []
    end = 0
    for track in file.tracks:
        tick = 0
        reader = _Reader(scale)
        for message in track:
            tick += message.time
            at = round(tick * scale)
            if message.type == "set_tempo":
                tempo[at] = min(max(60_000_000 / max(message.tempo, 1), 5.0), 960.0)
            elif message.type == "time_signature" and metre == Metre() and message.denominator in (2, 4, 8, 16):
                metre = Metre(min(max(message.numerator, 1), 15), message.denominator)
            elif message.type == "key_signature" and key is None:
                key = Key.parse(message.key)
            elif message.type in ("marker", "cue_marker"):
                markers.append((at, _text(message.text)))
            else:
                reader.take(message, tick)
        end = max(end, tick)
        tracks += reader.tracks(_text(track.name))
    if 0 not in tempo:
        tempo[0] = 120.0
    changes = tuple(TempoAt(at, bpm) for at, bpm in sorted(tempo.items()))
    seconds = seconds_at(changes, end * scale)
    if seconds > LONGEST_SECONDS:
        raise UnreadableMedia(f"“{name}” lasts {seconds / 3600:.0f} hours.", "Cut it in the program that made it.")
    return MidiMusic(changes, metre, key, tuple(tracks), tuple(markers), seconds)


class _Reader:
    """The notes of one track, by channel."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.sounding: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.notes: dict[int, list[Note]] = {}
        self.programs: dict[int, int] = {}
        self.lyrics: list[tuple[int, str]] = []

    def take(self, message: Any, tick: int) -> None:
        if message.type == "program_change":
            self.programs.setdefault(message.channel, message.program)
        elif message.type == "lyrics":
            self.lyrics.append((round(tick * self.scale), _text(message.text)))
        elif message.type == "note_on" and message.velocity:
            self.sounding.setdefault((message.channel, message.note), []).append((tick, message.velocity))
        elif message.type in ("note_on", "note_off"):
            waiting = self.sounding.get((message.channel, message.note))
            if waiting:
                begun, velocity = waiting.pop(0)
                start = round(begun * self.scale)
                length = max(1, round(tick * self.scale) - start)
                self.notes.setdefault(message.channel, []).append(Note(start, length, message.note, velocity))

    def tracks(self, name: str) -> Iterator[Track]:
        for place, (channel, notes) in enumerate(sorted(self.notes.items())):
            lyrics = tuple(self.lyrics) if place == 0 else ()
            yield Track(name, self.programs.get(channel, 0), channel == _DRUMS, tuple(sorted(notes)), lyrics)


def _text(text: str) -> str:
    """mido reads names as Latin-1; most programs write UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")[:200]
    except UnicodeError:
        return text[:200]


def _tunefulness(track: Track) -> float:
    overlaps = sum(a.start + a.length > b.start + 60 for a, b in pairwise(track.notes))
    pitch = sum(note.pitch for note in track.notes) / len(track.notes)
    return pitch - 60 * overlaps / len(track.notes) + min(len(track.notes), 100) / 4 + 1000 * bool(track.lyrics)


def _channels() -> Iterator[int]:
    """Channels for parts: all but that of drums, again and again."""
    while True:
        yield from (channel for channel in range(16) if channel != _DRUMS)


def _conductor(score: Score) -> Any:
    import mido

    events: list[tuple[int, Any]] = [
        (0, mido.MetaMessage("track_name", name=score.title or "Music")),
        (0, mido.MetaMessage("time_signature", numerator=score.metre.beats, denominator=score.metre.unit)),
    ]
    events += [
        (at.tick, mido.MetaMessage("set_tempo", tempo=min(round(60_000_000 / at.bpm), 0xFFFFFF))) for at in score.tempo
    ]
    before: Key | None = None
    for section in score.sections:
        start = section.bar * score.metre.bar
        if section.key != before:
            events.append((start, mido.MetaMessage("key_signature", key=_signature(section.key))))
            before = section.key
        events.append((start, mido.MetaMessage("marker", text=section.name)))
    return _track(events, score.ticks)


def _signature(key: Key) -> str:
    """As MIDI knows it: major or minor; another mode by the notes that it has."""
    if key.mode in ("major", "minor"):
        tonic, minor = key.tonic, key.mode == "minor"
    else:
        tonic = (key.tonic - {"dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7}[key.mode]) % 12
        minor = False
    names = "C Db D Eb E F F# G Ab A Bb B" if not minor else "C C# D Eb E F F# G G# A Bb B"
    return names.split()[tonic] + ("m" if minor else "")


def _part_track(part: Part, channel: int) -> Any:
    import mido

    one = instruments()[part.instrument]
    program = _nearest_program(one.program, one.family)
    events: list[tuple[int, Any]] = [(0, mido.MetaMessage("track_name", name=part.name))]
    if channel != _DRUMS or one.program is not None:
        events.append((0, mido.Message("program_change", channel=channel, program=program)))
    volume = min(127, max(1, round(100 * 10 ** (part.volume / 40))))
    events.append((0, mido.Message("control_change", channel=channel, control=7, value=volume)))
    events.append((0, mido.Message("control_change", channel=channel, control=10, value=round(63.5 + 63.5 * part.pan))))
    return _track(events + list(_note_events(part.notes, channel)), 0)


def _nearest_program(program: int | None, family: str) -> int:
    """What General MIDI has for one of our synthesizers."""
    if program is not None:
        return program
    nearest = {"bass": 38, "synth": 81, "pad": 89, "chip": 80, "effects": 97, "drums": 0}
    return nearest.get(family, 0)


def _voice_track(voice: VocalPart, channel: int) -> Any:
    import mido

    events: list[tuple[int, Any]] = [
        (0, mido.MetaMessage("track_name", name=f"Voice {voice.slot} {voice.role}")),
        (0, mido.Message("program_change", channel=channel, program=53)),
    ]
    said: tuple[int, int, int] | None = None
    for note in voice.notes:
        syllable = (note.line, note.word, note.syllable)
        events.append((note.start, mido.MetaMessage("lyrics", text="-" if syllable == said else note.text)))
        said = syllable
    notes = tuple(Note(note.start, note.length, note.pitch, note.velocity) for note in voice.notes)
    return _track(events + list(_note_events(notes, channel)), 0)


def _note_events(notes: Sequence[Note], channel: int) -> Iterator[tuple[int, Any]]:
    import mido

    for note in notes:
        yield note.start, mido.Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity)
        yield note.start + note.length, mido.Message("note_off", channel=channel, note=note.pitch, velocity=0)


def _track(events: list[tuple[int, Any]], end: int) -> Any:
    """A track of events at ticks: what ends comes before what begins."""
    import mido

    order = {"note_off": 1, "note_on": 3}
    track = mido.MidiTrack()
    at = 0
    for tick, message in sorted(events, key=lambda event: (event[0], order.get(event[1].type, 2 if event[0] else 0))):
        track.append(message.copy(time=tick - at))
        at = tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - at)))
    return track
