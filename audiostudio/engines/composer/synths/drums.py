"""Drum machines: every drum made from sines and noise, as the circuits of their models did."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.playing import SAMPLE_RATE, Hit, Sound
from audiostudio.engines.composer.synths.envelopes import eased

Line = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drum:
    """A body that falls in pitch, a noise in a band, a click."""

    tone: float = 0.0
    """Hz at rest."""
    sweep: float = 0.0
    """Hz above it at the beginning."""
    fall: float = 0.03
    """Seconds of the sweep's time constant."""
    body: float = 0.4
    """Seconds until the tone is 60 dB down."""
    second: float = 0.0
    """Another tone, as a ratio."""
    noise: float = 0.0
    """Of the noise to the tone, 0…1."""
    band: tuple[float, float] = (200.0, 16_000.0)
    """Hz, of the noise."""
    tail: float = 0.2
    """Seconds until the noise is 60 dB down."""
    claps: int = 0
    """How many noises come one after the other."""
    metal: float = 0.0
    """Of six square waves that do not fit together: cymbals."""
    click: float = 0.0
    drive: float = 0.0
    """dB."""
    level: float = 0.0
    """dB."""
    pan: float = 0.0
    bits: int = 0
    """Of a sampler with so few; 0: all."""
    dull: float = 0.0
    """Hz; above is taken away."""


def _kit(
    kick: Drum,
    snare: Drum,
    clap: Drum,
    hat: Drum,
    *,
    tom: float = 110.0,
    opened: float = 0.6,
    crash: float = 2.2,
    ride: float = 1.6,
) -> dict[int, Drum]:
    """A whole General MIDI kit from four drums, the pitch of its toms (Hz), and how long its cymbals are (seconds)."""
    crashed = Drum(metal=hat.metal * 0.6, noise=0.8, band=(1_800.0, 16_000.0), tail=crash, level=-7.0, pan=-0.25)
    ridden = Drum(metal=max(0.5, hat.metal), noise=0.25, band=(3_500.0, 14_000.0), tail=ride, level=-13.0, pan=0.3)
    shaken = Drum(noise=1.0, band=(6_000.0, 15_000.0), tail=0.08, level=-14.0, pan=0.35)
    rim = Drum(tone=1_650.0, body=0.05, second=1.53, noise=0.3, band=(1_500.0, 9_000.0), tail=0.05, level=-7.0, pan=0.1)
    found = {
        **dict.fromkeys((35, 36), kick),
        **dict.fromkeys((38, 40), snare),
        **dict.fromkeys((42, 44), hat),
        **dict.fromkeys((49, 52, 55, 57), crashed),
        **dict.fromkeys((51, 53, 59), ridden),
        **dict.fromkeys((69, 70), replace(shaken, pan=-0.35)),
        37: rim,
        39: clap,
        46: replace(hat, tail=opened, level=hat.level - 1),
        54: replace(shaken, metal=0.5, tail=0.18, level=-12.0),
        56: Drum(tone=562.0, second=1.5, body=0.35, level=-12.0, pan=0.3),
        75: Drum(tone=2_500.0, body=0.06, level=-12.0, pan=-0.3),
        76: Drum(tone=1_900.0, body=0.05, level=-12.0, pan=0.3),
        82: shaken,
    }
    skin = Drum(noise=0.1, band=(200.0, 4_000.0), tail=0.06, level=-4.0)
    for number, (pitch, step) in enumerate(zip((41, 43, 45, 47, 48, 50), (0, 2, 5, 7, 10, 12), strict=True)):
        hertz = tom * 2 ** (step / 12)
        found[pitch] = replace(skin, tone=hertz, sweep=hertz * 0.6, fall=0.05, body=0.45, pan=0.4 - number * 0.16)
    hand = Drum(noise=0.15, band=(800.0, 6_000.0), tail=0.03, level=-9.0, pan=-0.3)
    for pitch, hertz in ((60, 420.0), (61, 300.0), (62, 330.0), (63, 300.0), (64, 210.0), (65, 380.0), (66, 280.0)):
        found[pitch] = replace(hand, tone=hertz, sweep=hertz * 0.25, fall=0.015, body=0.22)
    return {pitch: replace(drum, bits=hat.bits, dull=drum.dull or hat.dull) for pitch, drum in found.items()}


KITS: Mapping[str, Mapping[int, Drum]] = {
    "808-kit": _kit(
        Drum(48.0, 130.0, 0.018, 1.1, click=0.15, drive=3.0),
        Drum(185.0, 60.0, 0.02, 0.22, second=1.79, noise=0.7, band=(900.0, 12_000.0), tail=0.28, level=-3.0),
        Drum(noise=1.0, band=(900.0, 4_500.0), tail=0.35, claps=4, level=-3.0),
        Drum(metal=1.0, noise=0.15, band=(6_500.0, 16_000.0), tail=0.09, level=-11.0, pan=0.15),
        tom=92.0,
        opened=0.55,
    ),
    "909-kit": _kit(
        Drum(52.0, 210.0, 0.022, 0.5, click=0.5, drive=5.0),
        Drum(195.0, 90.0, 0.015, 0.2, second=1.6, noise=0.85, band=(700.0, 15_000.0), tail=0.26, level=-2.5),
        Drum(noise=1.0, band=(800.0, 6_000.0), tail=0.3, claps=4, level=-3.0),
        Drum(metal=0.7, noise=0.6, band=(7_000.0, 17_000.0), tail=0.1, level=-10.0, pan=0.15),
        tom=105.0,
        opened=0.5,
    ),
    "electro-kit": _kit(
        Drum(50.0, 320.0, 0.016, 0.42, click=0.7, drive=6.0),
        Drum(210.0, 140.0, 0.012, 0.18, second=1.5, noise=0.9, band=(500.0, 16_000.0), tail=0.32, claps=2, level=-2.0),
        Drum(noise=1.0, band=(1_000.0, 9_000.0), tail=0.4, claps=3, level=-3.0),
        Drum(metal=0.5, noise=0.9, band=(8_000.0, 18_000.0), tail=0.07, level=-10.5, pan=0.2),
        tom=120.0,
        opened=0.4,
    ),
    "lo-fi-kit": _kit(
        Drum(
            58.0,
            90.0,
            0.02,
            0.3,
            click=0.3,
            drive=6.0,
            noise=0.05,
            band=(100.0, 1_500.0),
            tail=0.06,
            bits=9,
            dull=5_000.0,
        ),
        Drum(
            190.0,
            50.0,
            0.02,
            0.14,
            second=1.7,
            noise=0.8,
            band=(600.0, 6_500.0),
            tail=0.2,
            level=-3.0,
            bits=9,
            dull=7_000.0,
        ),
        Drum(noise=1.0, band=(800.0, 4_000.0), tail=0.22, claps=3, level=-4.0, bits=9, dull=6_500.0),
        Drum(metal=0.35, noise=0.8, band=(5_000.0, 11_000.0), tail=0.07, level=-13.0, pan=0.15, bits=9, dull=9_000.0),
        tom=100.0,
        opened=0.35,
        crash=1.4,
    ),
    "chip-kit": _kit(
        Drum(60.0, 400.0, 0.02, 0.16, click=0.2, level=1.0, bits=5),
        Drum(180.0, 120.0, 0.02, 0.06, noise=1.0, band=(300.0, 12_000.0), tail=0.16, level=-3.0, bits=5),
        Drum(noise=1.0, band=(500.0, 10_000.0), tail=0.2, claps=2, level=-4.0, bits=5),
        Drum(noise=1.0, band=(7_000.0, 18_000.0), tail=0.05, level=-10.0, bits=5),
        tom=130.0,
        opened=0.18,
        crash=0.7,
        ride=0.4,
    ),
}
"""By General MIDI's numbers."""
_SEED = 20_262

_METAL = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)
"""Hz of the six oscillators of a TR-808's cymbals."""


class Kit:
    """A `Voice` that plays a drum machine, its bass drum tuned to a piece's tonic. What strikes does not listen to how
    long a note is held."""

    gain = 0.0

    def __init__(self, drums: Mapping[int, Drum], tonic: int) -> None:
        self._drums = {**drums, **{pitch: _tuned(drums[pitch], tonic) for pitch in (35, 36)}}

    def note(self, hit: Hit) -> Sound:
        pitch = hit.pitch if hit.pitch in self._drums else min(self._drums, key=lambda one: (abs(one - hit.pitch), one))
        return _struck(self._drums[pitch], pitch) * np.float32((hit.velocity / 127) ** 1.6)


def _tuned(drum: Drum, tonic: int) -> Drum:
    """The same at the tonic's nearest octave: a bass drum of another pitch than the bass muddies every chord."""
    pitch = 69 + 12 * math.log2(drum.tone / 440)
    away = (tonic - pitch + 6) % 12 - 6
    return replace(drum, tone=drum.tone * 2 ** (away / 12))


@lru_cache(maxsize=256)
def _struck(drum: Drum, pitch: int) -> Sound:
    """float32 (2, n), at full velocity; its noise is drawn from the pitch."""
    random = np.random.default_rng([_SEED, pitch])
    seconds = max(drum.body if drum.tone else 0.0, drum.tail if drum.noise or drum.metal else 0.0, 0.02) + 0.03
    at = np.arange(round(seconds * SAMPLE_RATE), dtype=np.float64) / SAMPLE_RATE
    sound = np.zeros(len(at))
    if drum.tone:
        turns = drum.tone * at + drum.sweep * drum.fall * (1 - np.exp(-at / drum.fall))
        tone = np.sin(2 * math.pi * turns)
        if drum.second:
            tone = 0.6 * tone + 0.4 * np.sin(2 * math.pi * turns * drum.second)
        sound += tone * np.exp(-6.9 * at / drum.body)
    if drum.click:
        sound += drum.click * _band(random.standard_normal(len(at)), 1_500.0, 9_000.0) * np.exp(-at / 0.0015)
    if drum.noise:
        sound += drum.noise * _noise(drum, at, random)
    if drum.metal:
        sound += drum.metal * 0.8 * _cymbal(len(at), drum.band) * np.exp(-6.9 * at / drum.tail)
    if drum.drive:
        bend = 10 ** (drum.drive / 20)
        sound = np.tanh(sound * bend) / math.tanh(bend)
    if drum.bits:
        sound = np.round(sound * 2 ** (drum.bits - 1)) / 2 ** (drum.bits - 1)
    if drum.dull:
        sound = _band(sound, 10.0, drum.dull)
    sound *= 0.7 * 10 ** (drum.level / 20)
    turn = (drum.pan + 1) * math.pi / 4
    sides = np.array([[math.cos(turn)], [math.sin(turn)]]) * math.sqrt(2)
    return eased((sound * sides).astype(np.float32), 0.0006)


def _noise(drum: Drum, at: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    noise = _band(random.standard_normal(len(at)), *drum.band)
    noise /= max(1e-9, float(np.sqrt(np.mean(np.square(noise))))) * 3
    if not drum.claps:
        return np.asarray(noise * np.exp(-6.9 * at / drum.tail))
    shape = np.zeros(len(at))
    for number in range(drum.claps):
        begun = at - number * 0.011
        last = number == drum.claps - 1
        shape = np.maximum(shape, np.where(begun >= 0, np.exp(-begun * (6.9 / drum.tail if last else 260.0)), 0.0))
    return np.asarray(noise * shape)


def _cymbal(count: int, band: tuple[float, float]) -> NDArray[np.float64]:
    """Square waves that do not fit together, with no harmonic above 20 kHz, in a band."""
    at = np.arange(count, dtype=np.float64) / SAMPLE_RATE
    sound = np.zeros(count)
    for number, base in enumerate(_METAL):
        hertz = base * 1.9
        for harmonic in range(1, int(20_000 / hertz) + 1, 2):
            if harmonic * hertz > band[0] * 0.5:
                sound += np.sin(2 * math.pi * (harmonic * hertz * at + 0.17 * number * harmonic)) / harmonic
    sound = _band(sound, *band)
    return np.asarray(sound / max(1e-9, float(np.sqrt(np.mean(np.square(sound))))) / 3)


def _band(sound: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """What is between two frequencies, with soft edges."""
    size = 1 << (len(sound) - 1).bit_length()
    spectrum = np.fft.rfft(sound, size)
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / SAMPLE_RATE), 1.0)
    spectrum *= 1 / np.sqrt(1 + (low / hertz) ** 6) / np.sqrt(1 + (hertz / high) ** 8)
    return np.fft.irfft(spectrum, size)[: len(sound)]
