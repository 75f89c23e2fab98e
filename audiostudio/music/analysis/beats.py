"""Tempo, beats, and where bars begin, from onsets.

The tempo is followed through the piece (which one each few seconds repeat best, changing little), beats are laid where
onsets are and about that far from each other (dynamic programming), then each is moved to its own onset, so that the
tempo is not one of the few that frames can tell apart.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.analysis.spectra import COARSE, FPS, Spectra

Floats: TypeAlias = NDArray[np.float64]

SLOWEST, FASTEST = 45.0, 210.0
"""Beats a minute that are looked for."""
_TEMPI = np.geomspace(SLOWEST, FASTEST, 112)
_USUAL, _SPREAD = 112.0, 0.6
"""Tempi that people tap to, and how far others are from it, in octaves."""
_SPAN, _STEP = 8.0, 1.0
"""Seconds of the onsets by which a tempo is told, and from one such stretch to the next."""
_REPEATS = (1.0, 0.3, 0.15, 0.3)
"""How much one, two, three and four beats apart count."""
_STIFF = 400.0
"""How dear a change of tempo is."""
_TIGHT = 100.0
"""How dear a beat is that is early or late."""
_LEVELS = (1.0, 2.0, 0.5, 3.0, 1.5, 2 / 3, 1 / 3)
"""Tempi beside the one at which a piece repeats itself best."""
_HEARD = 90.0
"""Seconds of a piece by which one of them is chosen."""
_PRESENT = 0.8
"""Of the strength of an onset (1 on average) that is as good as any."""
_BEGINS = 0.025
"""Of the loudness of a piece: less is no onset."""
_STRUCK = 0.8
"""Of the strength of an onset: less is none."""
_REGULAR = 12.0
"""Seconds of a stretch that is compared with itself."""
_CLEAR, _SURE = 0.15, 3.0
"""Of the clarity of beats (0…1) from which they are believed; and so much more, by their seconds, of a short sound,
which repeats itself by chance: speech does."""
_STEADY = 0.02
"""Share by which the tempo of a part may differ from that of the whole."""
_LATE = 0.0004
"""Seconds that onsets are found before they are heard."""


@dataclass(frozen=True, slots=True)
class Beats:
    times: Floats
    """Seconds; empty where there is no beat."""
    bpm: float | None
    clarity: float
    """0…1."""
    steady: bool
    """Whether the tempo stays the same."""


NO_BEATS = Beats(np.zeros(0), None, 0.0, False)


def find_beats(spectra: Spectra) -> Beats:
    """Beats of a piece, none where nothing regular is heard."""
    full = _evened(spectra.onsets)
    onsets = full + _evened(spectra.low_onsets)
    if len(onsets) < 3 * FPS or not onsets.any():
        return NO_BEATS
    tempi = _tempo(onsets)
    periods = 60 * FPS / (tempi * _level(full, onsets, tempi))
    frames = _laid(onsets, periods)
    frames = _heard_part(frames, spectra, _highest(onsets))
    if len(frames) < 5 or not _audible(spectra, frames):
        return NO_BEATS
    clarity = _clarity(onsets, frames, periods)
    if clarity < _CLEAR + _SURE / spectra.seconds:
        return Beats(np.zeros(0), None, clarity, False)
    times = _settled(_moved(onsets, frames) / FPS + _LATE)
    bpm, steady = _measured(times)
    return Beats(times, bpm, clarity, steady)


def _evened(onsets: NDArray[np.float32]) -> Floats:
    """Onsets above what there is always, as loud in quiet parts as in loud ones."""
    around = round(1.0 * FPS)
    above = np.maximum(onsets - _mean(onsets, around // 2), 0.0)
    wide = np.sqrt(_mean(np.square(above), round(4.0 * FPS)))
    floor = 0.15 * math.sqrt(float(np.mean(np.square(above)))) + 0.02
    evened: Floats = above / np.maximum(wide, floor)
    return np.minimum(evened, 6.0)


def _mean(values: NDArray[np.float32] | Floats, width: int) -> Floats:
    """Over `width` to both sides."""
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    at = np.arange(len(values))
    first, last = np.maximum(at - width, 0), np.minimum(at + width + 1, len(values))
    mean: Floats = (total[last] - total[first]) / (last - first)
    return mean


def _tempo(onsets: Floats) -> Floats:
    """The tempo at each frame at which the piece repeats itself best."""
    scores = _repetition(onsets)
    prior = -0.5 * np.square(np.log2(_TEMPI / _USUAL) / _SPREAD)
    chances = 4.0 * scores + 1.0 * prior
    path = _path(chances, _STIFF * np.square(np.subtract.outer(np.log2(_TEMPI), np.log2(_TEMPI))))
    at = (np.arange(len(scores)) * _STEP) * FPS
    tempi: Floats = np.interp(np.arange(len(onsets)), at, _TEMPI[path])
    return tempi


def _level(full: Floats, onsets: Floats, tempi: Floats) -> float:
    """What to multiply a tempo by, so that there is something on each beat, and people would tap it: a piece repeats
    itself each bar more than each beat."""
    middle = len(onsets) // 2
    part = slice(max(0, middle - round(_HEARD / 2 * FPS)), middle + round(_HEARD / 2 * FPS))
    some = np.minimum(_highest(full[part]), _PRESENT) / _PRESENT
    best, chosen = -math.inf, 1.0
    for factor in _LEVELS:
        tempo = tempi[part] * factor
        usual = float(np.median(tempo))
        if not SLOWEST <= usual <= FASTEST:
            continue
        beats = _laid(onsets[part], 60 * FPS / tempo)
        worth = 2.0 * float(some[beats].mean()) - 0.25 * (math.log2(usual / _USUAL) / _SPREAD) ** 2
        worth += 0.2 if factor == 1.0 else 0.0 if factor in (2.0, 0.5, 3.0) else -0.1
        if worth > best:
            best, chosen = worth, factor
    return chosen


def _highest(values: NDArray[np.float32] | Floats) -> Floats:
    """The greatest of each frame and the two on both sides."""
    padded = np.pad(values.astype(np.float64), 2)
    highest: Floats = np.max([padded[shift : shift + len(values)] for shift in range(5)], axis=0)
    return highest


def _repetition(onsets: Floats) -> Floats:
    """Shape (stretches, tempi): how well each tempo fits each stretch, by autocorrelation."""
    span, step = round(_SPAN * FPS), round(_STEP * FPS)
    count = max(1, len(onsets) // step)
    padded = np.pad(onsets, (span // 2, span))
    size = 1 << (2 * span - 1).bit_length()
    window = np.hanning(span)
    overlap = np.maximum(np.fft.irfft(np.square(np.abs(np.fft.rfft(window, size))))[:span], 1e-9)
    lags = 60 * FPS / _TEMPI
    scores = np.zeros((count, len(_TEMPI)))
    spread = np.array([0.25, 0.5, 0.25])
    for number in range(count):
        part = padded[number * step : number * step + span] * window
        part = np.convolve(part, spread, "same")
        likeness = np.fft.irfft(np.square(np.abs(np.fft.rfft(part, size))))[:span] / overlap
        likeness = likeness / max(likeness[0], 1e-9)
        mean = float(likeness[round(0.25 * FPS) : span // 2].mean())
        likeness = (likeness - mean) / max(1.0 - mean, 1e-9)
        for times, weight in enumerate(_REPEATS, 1):
            scores[number] += weight * np.interp(np.minimum(lags * times, span * 0.7), np.arange(span), likeness)
    return scores / sum(_REPEATS)


def _path(chances: Floats, cost: Floats) -> NDArray[np.int64]:
    """The best way through (steps, states), where a step from one state to another has a cost."""
    best = chances[0].copy()
    came = np.zeros(chances.shape, np.int64)
    for number in range(1, len(chances)):
        ways = best[:, None] - cost
        came[number] = ways.argmax(axis=0)
        best = ways[came[number], np.arange(len(best))] + chances[number]
    path = np.zeros(len(chances), np.int64)
    path[-1] = int(best.argmax())
    for number in range(len(chances) - 1, 0, -1):
        path[number - 1] = came[number, path[number]]
    return path


def _laid(onsets: Floats, periods: Floats) -> NDArray[np.int64]:
    """Frames of beats: on onsets, about a period apart."""
    smooth = np.convolve(onsets, np.hanning(7)[1:-1] / 2, "same")
    total = smooth.copy()
    came = np.full(len(onsets), -1, np.int64)
    longest = int(periods.max() * 2) + 1
    lags = np.arange(longest, 0, -1)
    log_lags = np.log(lags)
    logs = np.log(periods)
    bounds = np.stack([np.maximum(1, periods / 2), periods * 2]).astype(np.int64)
    for at in range(int(bounds[0, 0]), len(onsets)):
        near, far = int(bounds[0, at]), min(int(bounds[1, at]), at)
        if far < near:
            continue
        some = slice(longest - far, longest - near + 1)
        ways = total[at - far : at - near + 1] - _TIGHT * np.square(log_lags[some] - logs[at])
        best = int(ways.argmax())
        if ways[best] > 0:
            total[at] += ways[best]
            came[at] = at - far + best
    return _traced(total, came, int(periods[-1]))


def _traced(total: Floats, came: NDArray[np.int64], period: int) -> NDArray[np.int64]:
    last = max(0, len(total) - 2 * max(1, period))
    at = last + int(total[last:].argmax())
    found = [at]
    while came[at] >= 0:
        at = int(came[at])
        found.append(at)
    return np.array(found[::-1], np.int64)


def _heard_part(frames: NDArray[np.int64], spectra: Spectra, struck: Floats) -> NDArray[np.int64]:
    """Without beats before the first sound, and without those that only lie in the decay of the last one."""
    level = spectra.level[np.minimum(frames // COARSE, len(spectra.level) - 1)]
    after = spectra.level[np.minimum(frames // COARSE + 1, len(spectra.level) - 1)]
    loud = np.maximum(level, after) > max(1e-4, 0.02 * float(spectra.level.max()))
    heard = np.flatnonzero(loud & (struck[frames] > _STRUCK))
    return frames[heard[0] : heard[-1] + 1] if len(heard) else frames[:0]


def _audible(spectra: Spectra, frames: NDArray[np.int64]) -> bool:
    """Whether something begins on beats: tones that swell regularly are no beats."""
    struck = float(np.median(_highest(spectra.onsets)[frames]))
    return struck > _BEGINS * float(np.percentile(spectra.level, 80))


def _clarity(onsets: Floats, frames: NDArray[np.int64], periods: Floats) -> float:
    """How much more there is on beats than elsewhere, and how regularly it comes back: a beat, two, three or four
    later, by correlation over stretches."""
    around = _highest(onsets)
    contrast = float(around[frames].mean()) / max(1e-9, float(around.mean())) - 1
    smooth = np.convolve(onsets, np.hanning(7)[1:-1] / 2, "same")
    first, last = int(frames[0]), int(frames[-1])
    span = round(_REGULAR * FPS)
    found = []
    for start in range(first, max(first + 1, last - span // 2), span):
        part = smooth[start : min(start + span, last + round(FPS))]
        period = float(np.median(periods[start : start + len(part)]))
        found.append(max(_likeness(part, round(period * times)) for times in (1, 2, 3, 4)))
    regular = float(np.median(found))
    return float(np.clip(regular * min(1.0, contrast / 1.2), 0.0, 1.0))


def _likeness(values: Floats, lag: int) -> float:
    """The correlation of values with those so many later."""
    if len(values) < 2 * lag or lag < 1:
        return 0.0
    one, two = values[:-lag] - values[:-lag].mean(), values[lag:] - values[lag:].mean()
    return float(one @ two) / max(1e-9, math.sqrt(float(one @ one) * float(two @ two)))


def _moved(onsets: Floats, frames: NDArray[np.int64]) -> Floats:
    """Each to the top of the onset that it is on, between frames."""
    last = len(onsets) - 2
    best: NDArray[np.int64] = np.clip(frames, 1, last)
    for shift in (-1, 1, -2, 2):
        other = np.clip(frames + shift, 1, last)
        best = np.where(onsets[other] > onsets[best] * 1.05, other, best)
    left, here, right = onsets[best - 1], onsets[best], onsets[best + 1]
    bend = left - 2 * here + right
    top = np.where(bend < -1e-6, 0.5 * (left - right) / np.minimum(bend, -1e-6), 0.0)
    moved: Floats = np.where(here > 0.3, best + np.clip(top, -0.5, 0.5), frames.astype(np.float64))
    return moved


def _settled(times: Floats) -> Floats:
    """Beats with nothing on them lie between those around: each is drawn to the line through its neighbours."""
    if len(times) < 7:
        return times
    padded = np.pad(times, 3, "reflect", reflect_type="odd")
    around = np.stack([padded[shift : shift + len(times)] for shift in range(7)])
    steps = np.diff(around, axis=0)
    period = np.median(steps, axis=0)
    line = np.median(around - np.outer(np.arange(-3, 4), np.ones(len(times))) * period, axis=0)
    away = times - line
    settled: Floats = line + np.clip(away, -0.03, 0.03)
    return np.maximum.accumulate(settled)


def _measured(times: Floats) -> tuple[float, bool]:
    """Beats a minute of the whole, and whether all of it keeps to that."""
    intervals = np.diff(times)
    median = float(np.median(intervals))
    width = min(len(times), 17)
    tempi = [
        (width - 1) / (times[at + width - 1] - times[at]) for at in range(0, len(times) - width + 1, max(1, width // 2))
    ]
    period = 1 / float(np.median(tempi))
    steady = all(abs(one * period - 1) < _STEADY for one in tempi)
    if steady:
        numbers = np.concatenate([[0], np.cumsum(np.rint(intervals / median))])
        slope, start = np.polyfit(numbers, times, 1)
        away = np.abs(times - (start + slope * numbers))
        kept = away <= max(0.02, 2.5 * float(np.median(away)))
        if np.count_nonzero(kept) > 4:
            slope = np.polyfit(numbers[kept], times[kept], 1)[0]
        if abs(float(slope) / period - 1) < 0.01:
            period = float(slope)
    return 60 / period, steady


def find_bars(spectra: Spectra, times: Floats) -> tuple[int, NDArray[np.int64]]:
    """Beats of a bar (3 or 4), and which beats begin one. Chords change there, and the bass is struck."""
    if len(times) < 8:
        return 4, np.arange(0, len(times), 4)
    strength = _strength(spectra, times)
    found = {beats: _bars(strength, beats) for beats in (4, 3)}
    lag = _lagged(spectra, times)
    gain = {beats: found[beats][0] + lag[beats] for beats in found}
    beats = 3 if gain[3] > gain[4] + 0.05 else 4
    return beats, found[beats][1]


def _strength(spectra: Spectra, times: Floats) -> Floats:
    """How much each beat sounds like the first of a bar; 0 on average, of spread 1."""
    chords = _folded(spectra.chroma) + 1.5 * _folded(spectra.bass)
    held = between(chords, times)
    change = np.concatenate([[0.0], _unlike(held[:-1], held[1:])])
    before = np.concatenate([held[:1], held[:1], held[:-2]])
    after = np.concatenate([held[1:], held[-1:]])
    change = change + 0.7 * _unlike(before + np.roll(held, 1, axis=0), held + after)
    frames = np.clip(np.rint(times * FPS).astype(np.int64), 0, len(spectra.onsets) - 1)
    low = np.max(
        [spectra.low_onsets[np.clip(frames + s, 0, len(spectra.onsets) - 1)] for s in (-2, -1, 0, 1, 2)], axis=0
    )
    full = np.max([spectra.onsets[np.clip(frames + s, 0, len(spectra.onsets) - 1)] for s in (-2, -1, 0, 1, 2)], axis=0)
    return 1.0 * _scaled(change) + 0.5 * _scaled(low) + 0.15 * _scaled(full)


def _bars(strength: Floats, beats: int) -> tuple[float, NDArray[np.int64]]:
    """How much stronger first beats are, and which they are: one phase, which may change rarely."""
    wanted = np.full((len(strength), beats), -1.0 / (beats - 1)) * strength[:, None]
    wanted[:, 0] = strength
    total = wanted[0].copy()
    came = np.zeros(wanted.shape, np.int64)
    slip = 8.0
    for number in range(1, len(strength)):
        follow = np.roll(total, 1)
        ahead = int(total.argmax())
        jumps = total[ahead] - slip > follow
        came[number] = np.where(jumps, ahead, (np.arange(beats) - 1) % beats)
        total = np.where(jumps, total[ahead] - slip, follow) + wanted[number]
    place = int(total.argmax())
    score = float(total[place]) / len(strength)
    places = np.zeros(len(strength), np.int64)
    for number in range(len(strength) - 1, -1, -1):
        places[number] = place
        place = int(came[number, place])
    return score, np.flatnonzero(places == 0)


def _lagged(spectra: Spectra, times: Floats) -> dict[int, float]:
    """How much beats are like those three, or four, before them."""
    frames = np.clip(np.rint(times * FPS).astype(np.int64), 0, len(spectra.onsets) - 1)
    size = len(spectra.onsets) - 1
    low = _scaled(np.max([spectra.low_onsets[np.clip(frames + s, 0, size)] for s in (-1, 0, 1)], axis=0))
    full = _scaled(np.max([spectra.onsets[np.clip(frames + s, 0, size)] for s in (-1, 0, 1)], axis=0))

    def likeness(lag: int) -> float:
        if len(low) <= lag:
            return 0.0
        return float(np.mean(low[lag:] * low[:-lag]) + np.mean(full[lag:] * full[:-lag])) / 2

    return {beats: 0.5 * (likeness(beats) + likeness(2 * beats)) for beats in (3, 4)}


def between(coarse: Floats, times: Floats) -> Floats:
    """The mean of coarse frames (frames, n) from each beat to the next; of the last one to as much behind it."""
    total = np.concatenate([np.zeros((1, coarse.shape[1])), np.cumsum(coarse, axis=0)])
    ends = np.append(times[1:], times[-1] + (times[-1] - times[-2] if len(times) > 1 else 0.5))
    scale = FPS / COARSE
    first = np.clip(np.rint(times * scale).astype(np.int64), 0, len(coarse) - 1)
    last = np.clip(np.rint(ends * scale).astype(np.int64), first + 1, len(coarse))
    mean: Floats = (total[last] - total[first]) / (last - first)[:, None]
    return mean


def _folded(chroma: NDArray[np.float32]) -> Floats:
    """Bins as they are, each frame of length 1."""
    wide = chroma.astype(np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    folded: Floats = wide / np.maximum(length, 1e-6)
    return folded


def _unlike(one: Floats, two: Floats) -> Floats:
    """1 − cosine of rows."""
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
    unlike: Floats = 1 - (one * two).sum(axis=1) / np.maximum(lengths, 1e-9)
    return unlike


def _scaled(values: NDArray[np.float32] | Floats) -> Floats:
    spread = float(values.std())
    scaled: Floats = (values - values.mean()) / (spread if spread > 1e-9 else 1.0)
    return np.clip(scaled, -3.0, 3.0)
