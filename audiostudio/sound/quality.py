"""How good a recording of speech is: noise, clipping, room, band width, and music beside the voice.

All but clipping listens at 16 or 48 kHz mono in frames of 32 ms; `speaking` says of each frame whether somebody speaks.
What the measures give for known noise, rooms, filters and music is in `tests/voices/test_sample_measures.py`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
FRAME = 512
"""Samples at 16 kHz: 32 ms."""
WIDE_RATE = 48_000
_WIDE_FRAME = 1536
_BAND = 250.0
"""Hz of a band of `BandMeter`."""
LOWEST = -120.0
"""dBFS that counts as nothing."""

_GUARD = 6
"""Frames before and after speech that are no pause: its sound dies away there."""
_LEAST_PAUSE = 8
"""Frames of pause that tell the noise; with fewer it is taken from the quietest frames of all."""


@dataclass(frozen=True, slots=True)
class Levels:
    speech: float
    """dBFS, the mean power while somebody speaks, with the noise under it."""
    noise: float
    """dBFS, the median of the pauses."""
    snr: float
    """dB: the speech without its noise against the noise."""


def levels(audio: NDArray[np.float32], speaking: NDArray[np.bool_]) -> Levels:
    """Of mono at 16 kHz, shape (n,)."""
    power = _power(audio)
    speaking = speaking[: len(power)]
    if not speaking.any():
        noise = _decibels(float(np.median(power))) if len(power) else LOWEST
        return Levels(LOWEST, noise, 0.0)
    pause = _pauses(speaking)
    enough = np.count_nonzero(pause) >= _LEAST_PAUSE
    noise_power = float(np.median(power[pause]) if enough else np.percentile(power, 5))
    speech_power = float(power[speaking].mean())
    clean = max(speech_power - noise_power, 1e-12)
    return Levels(_decibels(speech_power), _decibels(noise_power), _decibels(clean) - _decibels(noise_power))


def _pauses(speaking: NDArray[np.bool_]) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.convolve(speaking, np.ones(2 * _GUARD + 1))[_GUARD : _GUARD + len(speaking)] > 0
    return ~near


def _power(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    whole = len(audio) // FRAME * FRAME
    power: NDArray[np.float64] = np.square(audio[:whole], dtype=np.float64).reshape(-1, FRAME).mean(axis=1)
    return power


def _decibels(power: float) -> float:
    return max(LOWEST, 10 * float(np.log10(max(power, 1e-12))))


_HEARD = 10 ** (-20 / 20)
"""Flat tops below are no clipping that anybody hears."""
_FLAT = 1e-4
_RUN = 3


class ClippingFinder:
    """Counts samples of flat tops, at full scale or, where a clipped sound was made quieter, below it."""

    def __init__(self) -> None:
        self.clipped = 0

    def push(self, samples: NDArray[np.float32]) -> None:
        """float32 (channels, n), a second or so: a top is flat when samples in a row are the highest of these."""
        for channel in np.atleast_2d(samples):
            level = np.abs(channel)
            peak = float(level.max(initial=0.0))
            if peak > _HEARD:
                self.clipped += _in_runs(level >= min(peak, 1.0) * (1 - _FLAT))


def _in_runs(full: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _RUN].sum())


class BandMeter:
    """The power of a mono sound at 48 kHz in bands of 250 Hz, for each frame; 400 bytes for each."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._found: list[NDArray[np.float32]] = []
        self._window = np.hanning(_WIDE_FRAME).astype(np.float32)

    def push(self, audio: NDArray[np.float32]) -> None:
        """float32 (n,)."""
        line = np.concatenate([self._rest, audio])
        whole = len(line) // _WIDE_FRAME * _WIDE_FRAME
        self._rest = line[whole:]
        spectrum = np.abs(np.fft.rfft(line[:whole].reshape(-1, _WIDE_FRAME) * self._window, axis=1)) ** 2
        scaled = spectrum[:, :-1] * (8 / 3 / _WIDE_FRAME**2 * 2)  # a full-scale sine is 0 dB and a little
        bins = round(_BAND * _WIDE_FRAME / WIDE_RATE)
        self._found.append(scaled.reshape(len(scaled), -1, bins).sum(axis=2).astype(np.float32))

    def finish(self) -> NDArray[np.float32]:
        """float32 (frames, 96), power."""
        return np.concatenate([np.zeros((0, 96), np.float32), *self._found])


_ABOVE_NOISE = 6.0
"""dB by which speech stands out of the noise of its pauses, at the end of its band."""
_BELOW_PEAK = 78.0
"""dB below the strongest band: less is what encoders and quantising leave."""


def bandwidth(bands: NDArray[np.float32], speaking: NDArray[np.bool_]) -> float:
    """Hz up to which speech is heard; 0 without speech. `bands` as `BandMeter` gives them."""
    count = min(len(bands), len(speaking))
    loud, pause = bands[:count][speaking[:count]], bands[:count][~speaking[:count]]
    if not len(loud):
        return 0.0
    strong = 10 * np.log10(np.percentile(loud, 95, axis=0) + 1e-14)
    least = np.full(strong.shape, float(strong.max()) - _BELOW_PEAK)
    if len(pause) >= _LEAST_PAUSE:
        least = np.maximum(least, 10 * np.log10(np.median(pause, axis=0) + 1e-14) + _ABOVE_NOISE)
    heard = np.flatnonzero(strong > least)
    return (float(heard[-1]) + 1) * _BAND if len(heard) else 0.0


_STEP = 160
_DECAY = 12
"""Steps of 10 ms in which a sound is watched dying away."""
_ABOVE_FLOOR = 25.0
"""dB that such a sound stands above the noise when it begins."""
_STILL_ABOVE = 3.0
_STRAIGHT = 4.0
"""dB by which it may differ from a straight line."""
_STEEPEST = 10
"""Per cent: the steepest decays show the room, the others the voice itself."""
_LEAST_DECAYS = 25
_BLOCK = 20 * RATE


def reverberation(audio: NDArray[np.float32]) -> float | None:
    """Seconds in which a voice dies away by 60 dB, as it is heard; None where too little dies away to tell.

    Of mono at 16 kHz. In twelve bands the steepest straight decays are looked for: no room lets a sound die
    away faster than its own. It is shorter than the room's RT60 where the voice is near the microphone, as what
    is heard is; in a voice without a room about 0.2.
    """
    power = _speech_bands(audio)
    if len(power) < 2 * _DECAY:
        return None
    slopes = np.concatenate([_decays(power[:, band]) for band in range(power.shape[1])])
    if len(slopes) < _LEAST_DECAYS:
        return None
    return 60.0 / -float(np.percentile(slopes, _STEEPEST))


def _speech_bands(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power in twelve bands from 250 Hz to 6 kHz every 10 ms."""
    frequencies = np.fft.rfftfreq(FRAME, 1 / RATE)
    edges = np.searchsorted(frequencies, np.geomspace(250, 6000, 13))
    window = np.hanning(FRAME).astype(np.float32)
    found = [np.zeros((0, 12))]
    for at in range(0, len(audio) - FRAME, _BLOCK):
        block = audio[at : at + _BLOCK + FRAME - _STEP]
        if len(block) >= FRAME:
            frames = np.lib.stride_tricks.sliding_window_view(block, FRAME)[::_STEP]
            spectrum = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
            found.append(np.add.reduceat(spectrum, edges[:-1], axis=1)[:, :12])
    return np.concatenate(found)


def _decays(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slopes in dB a second of the stretches of a band where a sound dies away."""
    noise = float(np.percentile(power, 5)) + 1e-12
    level = 10 * np.log10(np.maximum(power - noise, 1e-12))
    floor = 10 * float(np.log10(noise))
    peak = float(np.percentile(level, 95))
    steps = np.arange(_DECAY) - (_DECAY - 1) / 2
    stretches = np.lib.stride_tricks.sliding_window_view(level, _DECAY)
    slopes = stretches @ steps / np.sum(steps**2)
    starts, ends = stretches[:, 0], stretches[:, -1]
    chosen = (ends > floor + _STILL_ABOVE) & (starts > max(peak - 25.0, floor + _ABOVE_FLOOR)) & (slopes < -0.15)
    kept, kept_slopes = stretches[chosen], slopes[chosen]
    lines = kept.mean(axis=1)[:, None] + kept_slopes[:, None] * steps
    straight = np.sqrt(np.square(kept - lines).mean(axis=1)) < _STRAIGHT
    found: NDArray[np.float64] = kept_slopes[straight] * RATE / _STEP
    return found


_TONE_FRAME = 1024
_TONE_STEP = 256
_PROMINENT = 7.0
"""dB by which a tone stands out of what lies 47 Hz beside it."""
_STEADY = 12
"""Steps of 16 ms that a tone keeps its pitch, but for one bin."""
_STRICT_PROMINENT, _STRICT_STEADY = 9.0, 16
"""The same beside a voice, where no bin may change: the tones of voices that speak glide."""
_RARE = 3.0
"""Beside a voice so many times fewer tones are found than in the pauses."""
_HUM = 0.6
"""Share of the time: a tone that is always there is a hum, not music."""
_TONES = 2
_LEAST_STEPS = 20


def music(audio: NDArray[np.float32], speaking: NDArray[np.bool_]) -> float:
    """How much music is heard, 0…1: the share of the pauses in which two tones or more keep their pitch.

    Of mono at 16 kHz. Music alone gives 0.8 to 1, speech without music 0.00 to 0.02; see `tests/voices`.
    """
    if len(audio) < _TONE_FRAME:
        return 0.0
    level = _tone_levels(audio)
    beside = min(1.0, _RARE * float(_several(_tones(level, _STRICT_PROMINENT), _STRICT_STEADY, False).mean()))
    pause = np.repeat(_pauses(speaking), FRAME // _TONE_STEP)[: len(level)]
    if np.count_nonzero(pause) < _LEAST_STEPS:
        return beside
    alone = _several(_tones(level, _PROMINENT), _STEADY, True)[: len(pause)]
    return max(beside, float(alone[pause].mean()))


_FIRST, _LAST = (round(hz * _TONE_FRAME / RATE) for hz in (200, 4000))
_BESIDE = 3
"""Bins."""


def _tone_levels(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """dB between 150 Hz and 4.05 kHz every 16 ms; what is 65 dB quieter than the loud parts of its 20 s is level."""
    found = []
    window = np.hanning(_TONE_FRAME).astype(np.float32)
    for at in range(0, len(audio) - _TONE_FRAME + 1, _BLOCK):
        block = audio[at : at + _BLOCK + _TONE_FRAME - _TONE_STEP]
        frames = np.lib.stride_tricks.sliding_window_view(block, _TONE_FRAME)[::_TONE_STEP]
        level = 20 * np.log10(np.abs(np.fft.rfft(frames * window, axis=1)) + 1e-6)
        level = level[:, _FIRST - _BESIDE : _LAST + _BESIDE].astype(np.float32)
        found.append(np.maximum(level, np.percentile(level.max(axis=1), 95) - 65))
    return np.concatenate(found)


def _tones(level: NDArray[np.float32], prominent: float) -> NDArray[np.bool_]:
    """Where something stands out as a tone: (steps, bins). A hum does not count."""
    middle = level[:, _BESIDE:-_BESIDE]
    before, after = level[:, _BESIDE - 1 : -_BESIDE - 1], level[:, _BESIDE + 1 : -_BESIDE + 1]
    aside = (level[:, : -2 * _BESIDE] + level[:, 2 * _BESIDE :]) / 2
    found: NDArray[np.bool_] = (middle > before) & (middle > after) & (middle - aside > prominent)
    found[:, found.mean(axis=0) > _HUM] = False
    return found


def _several(tones: NDArray[np.bool_], steady: int, drifting: bool) -> NDArray[np.bool_]:
    """In which steps two or more tones sound that stay where they are for `steady` steps."""
    path = tones.copy()
    if drifting:
        path[:, 1:] |= tones[:, :-1]
        path[:, :-1] |= tones[:, 1:]
    edges = np.diff(np.pad(path, ((1, 1), (0, 0))).astype(np.int8), axis=0).T
    bins, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    lasting = np.zeros_like(path)
    for number, start, end in zip(bins.tolist(), starts.tolist(), ends.tolist(), strict=True):
        if end - start >= steady:
            lasting[start:end, number] = True
    several: NDArray[np.bool_] = (lasting & tones).sum(axis=1) >= _TONES
    return several
