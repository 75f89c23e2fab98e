"""Music that is played in another order: its sound made readable, its seams found, the result written to the sample."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.jobs import JsonObject, Progress
from audiostudio.music.fitting import STRETCH, Jump, Steps, Way, find_way, steps_of
from audiostudio.music.seams import Joined, Readable, Seam, find_seam, usual_flux
from audiostudio.operations.music.sounds import Heard, listened, uncompressed
from audiostudio.operations.progress import part_of, told
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.sound.effects import STEP, check, make
from audiostudio.sound.pcm import PcmFile
from audiostudio.sound.stretch import Stretched
from audiostudio.sound.writer import SoundWriter

_ROUNDS = 4
"""Times that jumps are looked for without those whose seam is heard."""
_PIECE = 10 * SAMPLE_RATE
_MEASURED = 60
"""Pieces of a long sound by which its flux is told."""
_TAIL = 0.02
"""Seconds that may be missing or too many at the end without the tempo being changed."""
_FADE = 1.5
"""Seconds over which an ending that is cut fades."""
_HEADROOM = 0.5
"""dB that a limiter stays below its ceiling."""
_SETTLING = SAMPLE_RATE // STEP * STEP
"""Samples after which a limiter has forgotten what came before."""


@dataclass(frozen=True)
class Material:
    """A piece that is worked on."""

    sound: PcmFile
    """At `SAMPLE_RATE`, on one or two channels."""
    heard: Heard
    steps: Steps
    usual: float
    """The 95th percentile of its spectral flux."""


def opened(studio: Studio, path: Path) -> Generator[Progress, None, Material]:
    """Decode a piece and listen to it. Raises `UnreadableMedia`, `MissingMedia`, `StorageError`."""
    place = yield from part_of(uncompressed(studio, path), 0.0, 0.2)
    heard = yield from part_of(told(listened(place), "Listening"), 0.2, 0.8)
    sound = PcmFile(place)
    usual = usual_flux(_sampled(sound), SAMPLE_RATE)
    return Material(sound, heard, steps_of(heard.spectra), usual)


def way_with_seams(
    material: Material, seconds: float, after: float = 0.0
) -> Generator[Progress, None, tuple[Way, list[Seam]]]:
    """The way through a piece to so many seconds whose seams are heard least; nothing changes before `after`.
    Raises `RequestError`."""
    best: tuple[Way, list[Seam]] | None = None
    worst = float("inf")
    known: dict[Jump, Seam] = {}
    bad: set[Jump] = set()
    for number in range(_ROUNDS):
        yield Progress(number / _ROUNDS, "Looking for places that fit together")
        way = find_way(material.steps, seconds, bad, after)
        for one in way.jumps:
            if one not in known:
                known[one] = find_seam(material.sound.read, SAMPLE_RATE, one, material.steps.step, material.usual)
        seams = [known[one] for one in way.jumps]
        heard = sum(max(0.0, one.flux / max(material.usual, 1e-9) - 1) for one in seams)
        if heard < worst:
            best, worst = (way, seams), heard
        if heard == 0.0:
            break
        bad |= {jump for jump, seam in zip(way.jumps, seams, strict=True) if seam.flux > material.usual}
    assert best is not None
    return best


def exact(material: Material, joined: Joined, samples: int) -> tuple[Readable, int]:
    """A sound brought near to a length, and the samples of it that are played: by its tempo, by a decay that fades
    sooner, then by silence."""
    over = joined.length - samples
    small = max(_TAIL * SAMPLE_RATE, STRETCH * samples)
    cut = 0 if abs(over) <= small else min(max(0, over), round(material.steps.decay * SAMPLE_RATE))
    if abs(over - cut) <= _TAIL * SAMPLE_RATE:
        return joined, min(samples, joined.length)
    slower = min(1 + STRETCH, max(1 - STRETCH, samples / (joined.length - cut)))
    made = Stretched(joined, 1 / Fraction(slower).limit_denominator(10_000_000))
    return Limited(made, _peak(material.sound)), min(samples, made.length)


def written(writer: SoundWriter, sound: Readable, played: int, samples: int, fades: bool = True) -> Iterator[float]:
    """Write so many samples of a sound, of which `played` are heard; what would go on behind them fades, unless it is
    a loop. Yields the share that is done."""
    fade = round(min(_FADE * sound.sample_rate, played / 4)) if sound.length > played + _TAIL * sound.sample_rate else 0
    fade = max(fade, round(0.003 * sound.sample_rate))
    for start in range(0, samples, _PIECE):
        count = min(_PIECE, samples - start)
        piece = sound.read(start, count)
        places = np.arange(start, start + count)
        if fades and start + count > played - fade:
            piece = piece * np.clip((played - places) / fade, 0.0, 1.0).astype(np.float32)
        writer.write(piece)
        yield (start + count) / samples


class Limited:
    """A sound whose peaks, also those between its samples, are no higher than `peak` (1.0: full scale). Readable at any
    place: what a limiter does depends on the second before."""

    def __init__(self, sound: Readable, peak: float) -> None:
        self._sound = sound
        self._ceiling = float(np.clip(20 * np.log10(max(peak, 1e-6)) + _HEADROOM, -20.0, 0.0))
        self.channels = sound.channels
        self.sample_rate = sound.sample_rate
        self.length = sound.length

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        limiter = make(check("limiter", {"ceiling": self._ceiling, "release": 60.0}), self.sample_rate)
        assert limiter is not None
        late = _SETTLING + limiter.latency
        sound = self._sound.read(start - _SETTLING, -(-(count + late) // STEP) * STEP)
        pair = np.concatenate([sound, sound]) if self.channels == 1 else sound
        return limiter.process(pair)[: self.channels, late : late + count]


def told_seams(material: Material, joined: Joined, seams: Sequence[Seam], scale: float = 1.0) -> list[JsonObject]:
    """For results: seconds of the result, of the piece that is left and entered, and what is heard there."""
    return [
        {
            "at": round(place / SAMPLE_RATE * scale, 4),
            "from": round(seam.leave / SAMPLE_RATE, 4),
            "to": round(seam.enter / SAMPLE_RATE, 4),
            "flux": round(seam.flux, 4),
            "p95": round(material.usual, 4),
        }
        for place, seam in zip(joined.places, seams, strict=True)
    ]


def _peak(sound: PcmFile) -> float:
    pieces = (sound.read(start, min(_PIECE, sound.length - start)) for start in range(0, sound.length, _PIECE))
    return max((float(np.abs(piece).max()) for piece in pieces), default=0.0)


def _sampled(sound: PcmFile) -> Iterator[NDArray[np.float32]]:
    count = max(1, -(-sound.length // _PIECE))
    for number in range(0, count, max(1, count // _MEASURED)):
        yield sound.read(number * _PIECE, min(_PIECE, sound.length - number * _PIECE))
