"""Parts of a score as sound, piece after piece: players of the SoundFont's instruments and of our synthesizers."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.score import Part, Score
from audiostudio.music.theory import TICKS

SAMPLE_RATE = 48_000
Sound = NDArray[np.float32]


class Hit(NamedTuple):
    """A note in samples, half-open."""

    start: int
    end: int
    pitch: int
    velocity: int


class Player(Protocol):
    """Plays one part from its beginning, in constant memory. How it is cut changes nothing that is heard: the vibrato
    and filters of a SoundFont move by 64 samples at most."""

    def play(self, samples: int) -> Sound:
        """The next samples, float32 (2, samples)."""
        ...


class Voice(Protocol):
    """A synthesizer: the whole sound of one note."""

    gain: float
    """dB, that brings it to the level of others."""

    def note(self, hit: Hit) -> Sound:
        """float32 (2, n), from the note's beginning; longer than the note by its release."""
        ...


def sample_times(score: Score, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Samples from the beginning of the sound, of ticks (n,)."""
    changes = np.array([change.tick for change in score.tempo], np.float64)
    per_tick = np.array([60 * SAMPLE_RATE / (change.bpm * TICKS) for change in score.tempo])
    begins = np.concatenate([[0.0], np.cumsum(np.diff(changes) * per_tick[:-1])])
    which = np.clip(np.searchsorted(changes, ticks, "right") - 1, 0, None)
    found: NDArray[np.int64] = np.rint(begins[which] + (ticks - changes[which]) * per_tick[which]).astype(np.int64)
    return found


def hits(score: Score, part: Part, last: int) -> list[Hit]:
    """The notes of a part in samples, by start; none begins or sounds before 0 or after `last`, no pitch twice at
    once."""
    if not part.notes:
        return []
    notes = np.array(part.notes, np.int64)
    starts = np.clip(sample_times(score, notes[:, 0]), 0, last)
    ends = np.clip(sample_times(score, notes[:, 0] + notes[:, 1]), starts + 1, last)
    found = (Hit(*row) for row in np.column_stack([starts, ends, notes[:, 2], notes[:, 3]]).tolist())
    at_once = {(hit.start, hit.pitch): hit for hit in found if hit.start < last}
    return sorted(at_once.values())


class FontPlayer:
    """Plays a preset of a SoundFont with tinysoundfont."""

    def __init__(self, font: Any, hits: Sequence[Hit]) -> None:
        """`font`: one that is at rest, with its preset chosen on channel 0."""
        self._font = font
        self._events = list(_switches(hits))
        self._next = 0
        self._at = 0

    def play(self, samples: int) -> Sound:
        out = np.zeros((samples, 2), np.float32)
        view = out.reshape(-1).data.cast("B")
        done = 0
        while done < samples:
            while self._next < len(self._events) and self._events[self._next][0] <= self._at + done:
                self._switch(*self._events[self._next][1:])
            until = self._events[self._next][0] - self._at if self._next < len(self._events) else samples
            until = min(samples, until)
            self._font.render(view[done * 8 : until * 8], False)
            done = until
        self._at += samples
        return np.ascontiguousarray(out.T)

    def _switch(self, pitch: int, velocity: int) -> None:
        if velocity:
            self._font.channel_note_on(0, pitch, velocity / 127)
        else:
            self._font.channel_note_off(0, pitch)
        self._next += 1


def _switches(hits: Sequence[Hit]) -> Iterator[tuple[int, int, int]]:
    """(sample, pitch, velocity or 0), in order. A note that comes again while it sounds ends first."""
    again: dict[int, int] = {}
    events = []
    for hit in reversed(hits):
        end = min(hit.end, again.get(hit.pitch, hit.end))
        again[hit.pitch] = hit.start
        events += [(max(hit.start, end), hit.pitch, 0), (hit.start, hit.pitch, hit.velocity)]
    yield from sorted(events, key=lambda one: (one[0], one[2] > 0))


class SynthPlayer:
    """Plays a synthesizer."""

    def __init__(self, voice: Voice, hits: Sequence[Hit]) -> None:
        self._voice = voice
        self._hits = list(hits)
        self._next = 0
        self._at = 0
        self._rest = np.zeros((2, 0), np.float32)
        """Of notes that began before and are still heard, from here on."""

    def play(self, samples: int) -> Sound:
        sounds: list[tuple[int, Sound]] = []
        while self._next < len(self._hits) and self._hits[self._next].start < self._at + samples:
            hit = self._hits[self._next]
            sounds.append((hit.start - self._at, self._voice.note(hit)))
            self._next += 1
        size = max([samples, self._rest.shape[1], *(at + sound.shape[1] for at, sound in sounds)])
        line = np.zeros((2, size), np.float32)
        line[:, : self._rest.shape[1]] = self._rest
        for at, sound in sounds:
            line[:, at : at + sound.shape[1]] += sound
        self._rest = line[:, samples:].copy()
        self._at += samples
        return line[:, :samples]


class Together:
    """Players who play one part."""

    def __init__(self, *players: Player) -> None:
        self._players = players

    def play(self, samples: int) -> Sound:
        out = self._players[0].play(samples)
        for player in self._players[1:]:
            out += player.play(samples)
        return out
