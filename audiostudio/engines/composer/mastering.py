"""The last steps: a genre's character, glue, −14 LUFS, no peak above −1 dBTP, a proper ending."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiostudio.engines.composer.mixing import effect
from audiostudio.engines.composer.playing import SAMPLE_RATE, Sound
from audiostudio.errors import RequestError
from audiostudio.sound.effects import Processor
from audiostudio.sound.files import SoundWriter
from audiostudio.sound.loudness import Meter, measure

LOUDNESS = -14.0
"""LUFS."""
CEILING = -1.0
"""dBTP."""
BLOCK = 1 << 18
"""Samples that are worked on at once."""
_NEAR = 0.3
"""LU that the finished sound may be off before it is limited again."""
_TRIES = 4
_BUS = -18.0
"""dB: the power of a mix on its way into tape and compressor."""
_WOW = 0.0014
"""Seconds that a tape that wavers is early or late at most."""


@dataclass(frozen=True, slots=True)
class Character:
    """What a genre's recordings sound like."""

    drive: float = 0.0
    """0…1: how far into a tape's saturation."""
    bright: float = 0.0
    """−1 dull … 1 bright."""
    width: float = 0.5
    """0 narrow … 1 wide."""
    wow: float = 0.0
    """0…1: how much a tape wavers."""
    crackle: float = 0.0
    """0…1: dust on a record."""


def coloured(mix: Sound, character: Character, seed: int) -> None:
    """Give a whole mix, float32 (2, n), n a multiple of `STEP`, its character and glue, in place."""
    stages: list[Processor] = [effect("highpass", {"frequency": 26.0})]
    if character.bright:
        bands = {"high_gain": 4 * character.bright, "high_frequency": 6_500.0, "low_gain": -abs(character.bright)}
        stages.append(effect("eq", bands | {"low_frequency": 120.0}))
    if character.wow:  # a tape that wavers is an old one
        stages.append(effect("lowpass", {"frequency": 15_000 - 9_000 * character.wow}))
    stages.append(effect("width", {"width": 80 + 50 * character.width}))
    power = sum(float(np.einsum("ij,ij", sound, sound)) for sound in blocks(mix)) / mix.shape[1]
    if power < 1e-12:
        raise RequestError("Nothing can be heard: no part plays.", "Unmute a part.")
    gain = np.float32(10 ** ((_BUS - 10 * math.log10(power)) / 20))
    threshold = {"threshold": -20.0, "ratio": 2.0, "attack": 25.0, "release": 180.0, "knee": 10.0}
    stages.append(effect("compressor", threshold))
    tape = _Tape(character.wow) if character.wow else None
    dust = _Dust(character.crackle, seed) if character.crackle else None
    for at in range(0, mix.shape[1], BLOCK):
        sound = mix[:, at : at + BLOCK] * gain
        if tape is not None:
            sound = tape.process(sound)
        if character.drive:
            sound = _saturated(sound, 15 * character.drive)
        if dust is not None:
            sound = sound + dust.play(sound.shape[1])
        for stage in stages:
            sound = stage.process(sound)
        mix[:, at : at + BLOCK] = sound


def end(mix: Sound, samples: int, fade: int) -> None:
    """Let a mix end, in place: the last `fade` of its `samples` fall silent in half a cosine; behind is nothing."""
    fade = min(fade, samples)
    curve = 0.5 + 0.5 * np.cos(np.linspace(0.0, math.pi, fade, dtype=np.float32))
    mix[:, samples - fade : samples] *= curve.astype(np.float32)
    mix[:, samples:] = 0.0


def finish(mix: Sound, samples: int, path: Path) -> Iterator[None]:
    """Write a mix at its loudness, limited, 32-bit float. What the limiter takes is found by trying; a place to cancel
    after each piece."""
    gain = LOUDNESS - measure(blocks(mix), SAMPLE_RATE).integrated
    for _ in range(_TRIES):
        meter = Meter(SAMPLE_RATE, 2)
        with SoundWriter(path, SAMPLE_RATE, 2, "wav32f") as writer:
            for sound in limited(mix, gain):
                meter.push(sound)
                writer.write(sound[:, : samples - writer.samples])
                yield
        found = meter.finish().integrated
        if abs(found - LOUDNESS) <= _NEAR or not math.isfinite(found):
            break
        gain += LOUDNESS - found


def limited(mix: Sound, gain: float) -> Iterator[Sound]:
    """The mix, louder by `gain` dB and limited, in pieces; as long as it was."""
    factor = np.float32(10 ** (gain / 20))
    limiter = effect("limiter", {"ceiling": CEILING, "release": 120.0})
    late = limiter.latency
    for at in range(0, mix.shape[1], BLOCK):
        sound = limiter.process(mix[:, at : at + BLOCK] * factor)
        yield sound[:, late:] if at == 0 else sound
    yield limiter.process(np.zeros((2, limiter.latency), np.float32))


def blocks(sound: Sound) -> Iterator[Sound]:
    return (sound[:, at : at + BLOCK] for at in range(0, sound.shape[1], BLOCK))


def _saturated(sound: Sound, drive: float) -> Sound:
    """A soft curve whose slope at 0 is 1: quiet stays as it is, loud is rounded."""
    bend = np.float32(10 ** (drive / 20))
    rounded: Sound = np.tanh(sound * bend) / bend
    return rounded


class _Tape:
    """Pitch that wavers: slow wow and a little flutter."""

    def __init__(self, depth: float) -> None:
        self._depth = depth * _WOW * SAMPLE_RATE
        self._room = int(2 * self._depth) + 4
        self._before = np.zeros((2, self._room), np.float32)
        self._at = 0

    def process(self, sound: Sound) -> Sound:
        count = sound.shape[1]
        line = np.concatenate([self._before, sound], axis=1)
        self._before = line[:, count:].copy()
        seconds = (self._at + np.arange(count)) / SAMPLE_RATE
        late = self._depth * (1 + 0.85 * np.sin(2 * np.pi * 0.47 * seconds) + 0.1 * np.sin(2 * np.pi * 5.3 * seconds))
        places = np.arange(count) + self._room - late
        whole = places.astype(np.int64)
        part = (places - whole).astype(np.float32)
        self._at += count
        here: Sound = line[:, whole]
        here += (line[:, np.minimum(whole + 1, line.shape[1] - 1)] - here) * part
        return here


class _Dust:
    """Crackle and hiss of a record, the same for the same seed however it is cut."""

    def __init__(self, amount: float, seed: int) -> None:
        self._amount = np.float32(amount)
        self._random = np.random.default_rng([seed & 0x7FFFFFFF, 77])
        self._hiss = effect("lowpass", {"frequency": 6_000.0})

    def play(self, samples: int) -> Sound:
        random = self._random
        sound = random.standard_normal((2, samples), np.float32) * np.float32(0.0006)
        clicks = random.random(samples, np.float32) < 9.0 / SAMPLE_RATE
        count = int(clicks.sum())
        sizes = random.exponential(0.012, count).astype(np.float32) * random.choice(
            np.array([-1.0, 1.0], np.float32), count
        )
        sound[:, clicks] += np.minimum(np.abs(sizes), 0.06) * np.sign(sizes)
        return self._hiss.process(sound) * self._amount
