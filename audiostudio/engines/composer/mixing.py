"""From players to a mix: levels, equalisers, panorama, shared rooms and echoes, and the pump of dance music."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Player, Sound
from audiostudio.music.score import Part, Role
from audiostudio.sound.effects import STEP, Processor, check, make
from audiostudio.sound.files import Sound as Measured
from audiostudio.sound.loudness import loudness

LEVELS: Mapping[Role, float] = {
    Role.DRUMS: -18.0,
    Role.PERCUSSION: -26.0,
    Role.BASS: -20.0,
    Role.CHORDS: -22.0,
    Role.PAD: -25.0,
    Role.ARPEGGIO: -24.5,
    Role.LEAD: -19.5,
    Role.COUNTER: -24.0,
    Role.EFFECTS: -24.0,
}
"""LUFS of a part alone where it plays most, before its own volume."""

_HIGH_PASS: Mapping[Role, float] = {
    Role.PERCUSSION: 150.0,
    Role.CHORDS: 110.0,
    Role.PAD: 140.0,
    Role.ARPEGGIO: 160.0,
    Role.LEAD: 140.0,
    Role.COUNTER: 160.0,
}
"""Hz: what is below belongs to bass and drums."""
_COLOURS: Mapping[Role, Mapping[str, float]] = {
    Role.DRUMS: {"low_gain": 1.5, "low_frequency": 70.0, "bell1_gain": -2.0, "bell1_frequency": 350.0},
    Role.BASS: {"bell1_gain": -1.5, "bell1_frequency": 280.0, "bell2_gain": 1.5, "bell2_frequency": 900.0},
    Role.CHORDS: {"bell1_gain": -1.5, "bell1_frequency": 320.0},
    Role.PAD: {"bell1_gain": -2.0, "bell1_frequency": 400.0},
    Role.LEAD: {"bell2_gain": 1.0, "bell2_frequency": 2_500.0},
}
_ECHOES: Mapping[Role, float] = {Role.LEAD: 1.0, Role.ARPEGGIO: 0.8, Role.COUNTER: 0.8, Role.EFFECTS: 0.5}
"""Of the genre's own amount."""
_PUMPED = frozenset({Role.BASS, Role.CHORDS, Role.PAD, Role.ARPEGGIO})
_PROBE = 2.5
"""Seconds of a part that are heard to find its level."""
_DEEP = 1.0
"""dB that LUFS may be below the bare power: what is deep is hardly weighed, and would fill the whole mix."""
_QUIETEST, _LOUDEST = -30.0, 36.0
"""dB that a part may be moved by to come to its level."""
_BACK = 0.28
"""Seconds until the pump has let go."""


def balance(part: Part, hits: Sequence[Hit], player: Callable[[Sequence[Hit]], Player]) -> float:
    """dB that bring a part to the level of its role: heard where most of it plays at once."""
    window = round(_PROBE * SAMPLE_RATE)
    if part.role is Role.EFFECTS or not hits:
        return LEVELS[part.role] + 18.0
    starts = np.array([hit.start for hit in hits])
    weights = np.array([hit.velocity * min(window, hit.end - hit.start) for hit in hits], np.float64)
    passed = np.concatenate([[0.0], np.cumsum(weights)])
    first = int(np.argmax(passed[np.searchsorted(starts, starts + window)] - passed[: len(starts)]))
    begin = hits[first].start
    heard = [
        Hit(hit.start - begin, hit.end - begin, hit.pitch, hit.velocity)
        for hit in hits[first:]
        if hit.start < begin + window
    ]
    sound = player(heard).play(window)
    found = loudness(Measured(sound, SAMPLE_RATE)).integrated
    if not math.isfinite(found):
        return 0.0
    power = 10 * math.log10(float(np.mean(np.square(sound), axis=1).sum()) + 1e-12)
    return float(np.clip(LEVELS[part.role] - max(found, power - _DEEP), _QUIETEST, _LOUDEST))


def kicks(parts: Sequence[tuple[Part, Sequence[Hit]]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """When the bass drum sounds, in samples, in order."""
    found = [hit.start for part, played in parts if part.role is Role.DRUMS for hit in played if hit.pitch in (35, 36)]
    return np.array(sorted(found), np.int64)


@dataclass(frozen=True, slots=True)
class Space:
    """What is around the parts of a piece."""

    bpm: float
    room: float = 55.0
    """Size of the room, 0…100."""
    delay: float = 0.12
    """How much of the leads comes back as an echo, 0…1."""
    pump: float = 0.0
    """How far the others step back from the bass drum, 0…1."""

    def echo(self) -> float:
        """Milliseconds: a dotted eighth, or what fits of it."""
        length = 60_000 / self.bpm * 0.75
        while length > 700.0:
            length /= 2
        return length


class Strip:
    """One part's way into the mix."""

    def __init__(
        self, part: Part, gain: float, space: Space, kicks: np.ndarray[tuple[int], np.dtype[np.int64]]
    ) -> None:
        """`gain`: dB, with all that belongs to the part but its own volume."""
        self._chain = [effect("highpass", {"frequency": _HIGH_PASS[part.role]})] if part.role in _HIGH_PASS else []
        self._chain += [effect("eq", _COLOURS[part.role])] if part.role in _COLOURS else []
        level = 10 ** ((gain + part.volume) / 20)
        turn = (np.clip(part.pan, -1.0, 1.0) + 1) * math.pi / 4
        self._sides = np.array([[math.cos(turn)], [math.sin(turn)]], np.float32) * np.float32(math.sqrt(2) * level)
        self._pump = space.pump if part.role in _PUMPED else 0.0
        self._kicks = kicks
        self.reverb = np.float32(np.clip(part.reverb, 0.0, 1.0))
        self.echo = np.float32(space.delay * _ECHOES.get(part.role, 0.0))
        self._at = 0

    def process(self, sound: Sound) -> Sound:
        """float32 (2, n), n a multiple of `STEP`."""
        for effect in self._chain:
            sound = effect.process(sound)
        sound = sound * self._sides
        if self._pump and len(self._kicks):
            sound *= self._gains(sound.shape[1])
        self._at += sound.shape[1]
        return sound

    def _gains(self, samples: int) -> Sound:
        """Down at once with each kick, and back in a curve."""
        places = self._at + np.arange(0, samples, STEP)
        last = np.searchsorted(self._kicks, places, "right") - 1
        since = np.where(last >= 0, places - self._kicks[last], 10 * SAMPLE_RATE) / (SAMPLE_RATE * _BACK)
        following = np.minimum(last + 1, len(self._kicks) - 1)
        ahead = np.where(self._kicks[following] > places, self._kicks[following] - places, SAMPLE_RATE)
        back = np.clip(since, 0.0, 1.0) ** 1.5
        down = np.minimum(back, np.clip(ahead / (0.004 * SAMPLE_RATE), 0.0, 1.0))
        gains = (1 - self._pump * (1 - down)).astype(np.float32)
        return np.interp(np.arange(samples), np.arange(0, samples, STEP), gains).astype(np.float32)


class Returns:
    """What comes back of a room and of an echo that all parts share. Linear: of a sum it is the sum."""

    def __init__(self, space: Space) -> None:
        self._room = effect("reverb", {"room": space.room, "damping": 45.0, "predelay": 18.0, "mix": 100.0})
        self._early = effect("highpass", {"frequency": 220.0})
        self._echo = effect("delay", {"time": space.echo(), "feedback": 32.0, "mix": 100.0})
        self._dull = effect("lowpass", {"frequency": 4_500.0})

    def process(self, to_room: Sound, to_echo: Sound | None) -> Sound:
        """float32 (2, n) each; None: nothing ever goes to the echo."""
        if to_echo is not None:
            echoes = self._dull.process(self._echo.process(to_echo))
            return self._room.process(self._early.process(to_room + echoes * np.float32(0.25))) + echoes
        return self._room.process(self._early.process(to_room))


def effect(name: str, values: Mapping[str, float]) -> Processor:
    """One of the studio's effects."""
    made = make(check(name, values), SAMPLE_RATE)
    assert made is not None
    return made
