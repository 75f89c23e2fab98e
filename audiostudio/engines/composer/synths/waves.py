"""Sustained sounds as loops made from their spectra: detuned oscillators, pulses, pads and choirs.

Each pitch is one inverse Fourier transform for each brightness; a note reads the loops and goes from one to the other
as a filter opens and closes. What is in a loop is in tune to a hundredth of a cent, and nothing of it is folded.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Sound
from audiostudio.engines.composer.synths.envelopes import adsr

Spectrum = NDArray[np.float64]
_TOP = 19_500.0
"""Hz."""
_LOOP = 1 << 16
_LONG_LOOP = 1 << 17
_KEPT = 96
"""Pitches whose loops are kept for the next note, of all patches: 200 MB at most."""
_SEED = 20_261
_PLAYERS = 9
"""Of each harmonic that has a bandwidth."""
_FAST = tuple(2**a * 3**b * 5**c for a in range(4, 19) for b in range(4) for c in range(3))
"""Lengths of which a Fourier transform is fast."""


def saw(n: Spectrum) -> Spectrum:
    return 1 / n


def square(n: Spectrum) -> Spectrum:
    return np.where(n % 2 == 1, 1 / n, 0.0)


def triangle(n: Spectrum) -> Spectrum:
    return np.where(n % 2 == 1, 1 / n**2, 0.0)


def sine(n: Spectrum) -> Spectrum:
    return np.where(n == 1, 1.0, 0.0)


def pulse(width: float) -> Callable[[Spectrum], Spectrum]:
    return lambda n: np.abs(np.sin(math.pi * n * width)) / n


def organ(n: Spectrum) -> Spectrum:
    return np.where(np.isin(n, (1, 2, 4, 8)), 1 / n**0.7, 0.0)


@dataclass(frozen=True, slots=True)
class Patch:
    """A sound, and how it moves."""

    shape: Callable[[Spectrum], Spectrum]
    """The amplitudes of harmonics 1, 2, …"""
    gain: float = 0.0
    unison: int = 1
    detune: float = 0.0
    """Cents of the outermost."""
    width: float = 0.0
    """0 all in the middle … 1 left to right."""
    bandwidth: float = 0.0
    """Cents that each harmonic is blurred by, for pads."""
    sub: float = 0.0
    """How much of a sine an octave lower."""
    cutoffs: tuple[float, float] = (20_000.0, 20_000.0)
    """Hz, of the filter closed and open, for middle C; it follows the keys by half."""
    resonance: float = 0.0
    """dB at the cutoff."""
    amp: tuple[float, float, float, float] = (0.004, 0.5, 0.8, 0.15)
    """Attack, decay, sustain, release."""
    filter: tuple[float, float, float, float] = (0.003, 0.4, 0.3, 0.2)
    aligned: bool = False
    """Whether all harmonics begin together: a punch for basses."""
    glide: float = 0.0
    """Semitones that the pitch falls from at the beginning, as in an 808."""
    formants: tuple[tuple[float, float], ...] = ()
    """(Hz, dB): a mouth."""
    slope: float = 12.0
    """dB of each octave above the cutoff."""


PATCHES: dict[str, Patch] = {
    "sub-bass": Patch(
        sine, sub=0.0, aligned=True, amp=(0.006, 0.6, 0.9, 0.08), cutoffs=(400.0, 800.0), filter=(0.002, 0.2, 0.2, 0.1)
    ),
    "808-bass": Patch(
        lambda n: np.where(n <= 5, 1 / n**2.6, 0.0),
        aligned=True,
        amp=(0.002, 2.2, 0.0, 0.12),
        cutoffs=(300.0, 2_000.0),
        filter=(0.001, 0.25, 0.05, 0.1),
        glide=12.0,
    ),
    "saw-bass": Patch(
        saw, unison=2, detune=7.0, sub=0.6, aligned=True, cutoffs=(350.0, 3_200.0), resonance=4.0,
        amp=(0.003, 0.7, 0.7, 0.07), filter=(0.002, 0.28, 0.15, 0.08), slope=18.0,
    ),
    "reese-bass": Patch(
        saw, unison=5, detune=24.0, width=0.5, sub=0.7, cutoffs=(450.0, 1_500.0), resonance=2.0,
        amp=(0.008, 1.0, 0.9, 0.12), filter=(0.05, 1.2, 0.5, 0.2), slope=18.0,
    ),
    "acid-bass": Patch(
        saw, aligned=True, cutoffs=(300.0, 4_000.0), resonance=15.0, amp=(0.003, 0.5, 0.6, 0.06),
        filter=(0.002, 0.22, 0.1, 0.06), slope=24.0,
    ),
    "supersaw-lead": Patch(
        saw, unison=7, detune=19.0, width=0.9, cutoffs=(2_500.0, 11_000.0), amp=(0.006, 0.8, 0.8, 0.22),
        filter=(0.005, 0.5, 0.6, 0.3),
    ),
    "square-lead": Patch(
        square, unison=2, detune=6.0, width=0.3, cutoffs=(1_400.0, 6_500.0), resonance=5.0,
        amp=(0.006, 0.6, 0.75, 0.14), filter=(0.004, 0.35, 0.4, 0.2), slope=18.0,
    ),
    "soft-lead": Patch(
        triangle, unison=2, detune=4.0, width=0.3, cutoffs=(1_500.0, 5_000.0), amp=(0.03, 0.8, 0.85, 0.25),
        filter=(0.03, 0.8, 0.6, 0.3),
    ),
    "pluck": Patch(
        saw, unison=3, detune=9.0, width=0.6, cutoffs=(500.0, 7_500.0), resonance=3.0, amp=(0.002, 0.55, 0.0, 0.18),
        filter=(0.001, 0.18, 0.0, 0.12), slope=18.0,
    ),
    "synth-brass": Patch(
        saw, unison=3, detune=11.0, width=0.6, cutoffs=(700.0, 5_500.0), resonance=2.0, amp=(0.03, 0.6, 0.8, 0.16),
        filter=(0.06, 0.5, 0.6, 0.16),
    ),
    "stab": Patch(
        saw, unison=4, detune=13.0, width=0.8, cutoffs=(900.0, 8_000.0), resonance=4.0, amp=(0.002, 0.45, 0.15, 0.16),
        filter=(0.002, 0.22, 0.1, 0.12), slope=18.0,
    ),
    "warm-pad": Patch(
        saw, unison=4, detune=14.0, width=0.9, bandwidth=14.0, cutoffs=(900.0, 2_600.0), amp=(0.5, 2.0, 0.9, 1.1),
        filter=(1.2, 3.0, 0.7, 1.0),
    ),
    "string-pad": Patch(
        saw, unison=6, detune=16.0, width=1.0, bandwidth=10.0, cutoffs=(1_800.0, 5_500.0), amp=(0.28, 2.0, 0.9, 0.8),
        filter=(0.5, 2.0, 0.8, 0.8), formants=((2_800.0, 4.0),),
    ),
    "glass-pad": Patch(
        organ, unison=3, detune=8.0, width=1.0, bandwidth=22.0, cutoffs=(3_000.0, 9_000.0), amp=(0.35, 2.5, 0.7, 1.5),
        filter=(0.6, 2.5, 0.4, 1.5),
    ),
    "dark-pad": Patch(
        saw, unison=4, detune=18.0, width=1.0, bandwidth=24.0, sub=0.4, cutoffs=(350.0, 900.0),
        amp=(0.8, 3.0, 0.9, 1.4), filter=(2.0, 4.0, 0.7, 1.2),
    ),
    "choir-pad": Patch(
        lambda n: 1 / n**0.8, unison=5, detune=13.0, width=1.0, bandwidth=20.0, cutoffs=(2_200.0, 4_500.0),
        amp=(0.4, 2.0, 0.9, 0.9), filter=(0.6, 2.0, 0.8, 0.8),
        formants=((700.0, 12.0), (1_150.0, 8.0), (2_800.0, 5.0)),
    ),
    "chip-square": Patch(square, aligned=True, amp=(0.002, 0.4, 0.75, 0.03)),
    "chip-pulse": Patch(pulse(0.25), aligned=True, amp=(0.002, 0.4, 0.7, 0.03)),
    "chip-triangle": Patch(triangle, aligned=True, amp=(0.002, 0.6, 0.9, 0.03)),
}  # fmt: skip


class WaveVoice:
    """A `Voice` that plays a patch."""

    def __init__(self, patch: Patch) -> None:
        self.gain = patch.gain
        self._patch = patch

    def note(self, hit: Hit) -> Sound:
        patch = self._patch
        loudness = adsr(hit.end - hit.start, *patch.amp)
        opened = adsr(hit.end - hit.start, *patch.filter)
        count = len(loudness)
        opened = (
            opened[:count] if len(opened) >= count else np.append(opened, np.zeros(count - len(opened), np.float32))
        )
        closed, open_ = loops(patch, hit.pitch)
        first = 0 if patch.aligned else (hit.start * 7 + hit.pitch * 4_801) % closed.shape[1]
        touch = np.float32(hit.velocity / 127)
        loudness *= touch**1.4
        if patch.glide:
            return self._falling(closed, open_, loudness, opened * touch)
        sound = _read(closed, first, count)
        if open_ is not closed:
            sound += (_read(open_, first, count) - sound) * (opened * (np.float32(0.35) + np.float32(0.65) * touch))
        sound *= loudness
        return sound

    def _falling(
        self, closed: Sound, open_: Sound, loudness: NDArray[np.float32], opened: NDArray[np.float32]
    ) -> Sound:
        """With a pitch that falls onto its note within some hundredths of a second."""
        count = len(loudness)
        seconds = np.arange(count) / SAMPLE_RATE
        places = np.cumsum(2 ** (self._patch.glide / 12 * np.exp(-seconds / 0.022))) % closed.shape[1]
        whole = places.astype(np.int64)
        part = (places - whole).astype(np.float32)
        following = (whole + 1) % closed.shape[1]
        low = closed[:, whole] * (1 - part) + closed[:, following] * part
        high = open_[:, whole] * (1 - part) + open_[:, following] * part
        sound: Sound = (low + (high - low) * opened) * loudness
        return sound


@lru_cache(maxsize=_KEPT)
def loops(patch: Patch, pitch: int) -> tuple[Sound, Sound]:
    """A pitch with the filter closed and open, float32 (2, n) each; n holds whole waves."""
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    single = patch.unison == 1 and not patch.bandwidth
    size = _length(hertz / (2 if patch.sub else 1), _LOOP if single else _LONG_LOOP)
    random = np.random.default_rng([_SEED, pitch])
    spectra = [np.zeros((2, size // 2 + 1), np.complex64) for _ in patch.cutoffs]
    follow = (hertz / 261.6) ** 0.5
    for place in np.linspace(-1.0, 1.0, patch.unison) if patch.unison > 1 else [0.0]:
        tuned, lines = _oscillator(patch, hertz * 2 ** (place * patch.detune / 1200), random)
        sides = np.sqrt([(1 - place * patch.width) / 2, (1 + place * patch.width) / 2])
        for spectrum, cutoff in zip(spectra, patch.cutoffs, strict=True):
            heard = lines * _filtered(tuned, cutoff * follow, patch)
            for side in (0, 1):
                _put(spectrum[side], tuned * size / SAMPLE_RATE, heard * sides[side])
    if patch.sub:
        for spectrum in spectra:
            spectrum[:, round(hertz / 2 * size / SAMPLE_RATE)] += patch.sub * -0.5j
    waves = [np.fft.irfft(spectrum, size, axis=1).astype(np.float32, copy=False) for spectrum in spectra]
    level = np.float32(0.2 / max(float(np.sqrt(np.mean(np.square(waves[1])))), 1e-12))
    return waves[0] * level, waves[1] * level


def _oscillator(patch: Patch, hertz: float, random: np.random.Generator) -> tuple[Spectrum, NDArray[np.complex128]]:
    """Frequencies and amplitudes of one oscillator's harmonics; for pads each is many that are a little apart."""
    harmonics = np.arange(1, max(2, int(_TOP / hertz) + 1), dtype=np.float64)
    levels = patch.shape(harmonics)
    if patch.bandwidth:
        apart = random.standard_normal((_PLAYERS, len(harmonics))) * patch.bandwidth
        tuned = np.minimum(harmonics * hertz * 2 ** (apart / 1200), _TOP).ravel()
        levels = np.tile(levels / math.sqrt(_PLAYERS), _PLAYERS)
    else:
        tuned = harmonics * hertz
    phases = np.full(len(levels), -0.25) if patch.aligned else random.random(len(levels))
    return tuned, levels * np.exp(2j * math.pi * phases)


def _length(hertz: float, about: int) -> int:
    """Samples of a loop that holds a whole number of waves, as nearly as can be, and is transformed fast."""
    sizes = np.array([size for size in _FAST if 0.7 * about <= size <= 1.5 * about and size % 2 == 0])
    waves = sizes * hertz / SAMPLE_RATE
    return int(sizes[np.argmin(np.abs(waves - np.rint(waves)) / waves)])


def _filtered(hertz: Spectrum, cutoff: float, patch: Patch) -> Spectrum:
    """What a lowpass with resonance, and a mouth, leave of each frequency."""
    order = patch.slope / 6.02
    gains = 1 / np.sqrt(1 + (hertz / cutoff) ** (2 * order))
    octaves = np.log2(hertz / cutoff)
    if patch.resonance:
        gains = gains * 10 ** (patch.resonance / 20 * np.exp(-((octaves / 0.35) ** 2)))
    for center, decibels in patch.formants:
        gains = gains * 10 ** (decibels / 20 * np.exp(-((np.log2(hertz / center) / 0.3) ** 2)))
    return np.asarray(gains)


def _put(spectrum: NDArray[np.complex64], places: Spectrum, lines: NDArray[np.complex128]) -> None:
    np.add.at(spectrum, np.minimum(np.rint(places).astype(np.int64), len(spectrum) - 1), lines / 2)


def _read(loop: Sound, first: int, count: int) -> Sound:
    """A loop from a place on, again and again."""
    size = loop.shape[1]
    out = np.empty((2, count), np.float32)
    done = 0
    while done < count:
        step = min(count - done, size - first)
        out[:, done : done + step] = loop[:, first : first + step]
        done += step
        first = 0
    return out
