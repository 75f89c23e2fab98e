"""Melody and loudness of what is said, as its words ask for. Samples are at `tokens.SAMPLE_RATE`."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.durations import Silence
from audiostudio.engines.stream import Spoken, moved, sound
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE
from audiostudio.performance import HIGHEST, LOWEST, Voicing

Floats: TypeAlias = NDArray[np.float32]
Curve: TypeAlias = NDArray[np.float64]

HOP = 300
"""Samples of each value of a melody."""

_BEND = 8
"""Values of a melody, 0.1 s, in which a neighbour's melody finds to and from one that was drawn."""
_STEEP = 240
"""Samples at most, at either edge of a word, in which its loudness or pitch moves from its neighbour's."""
_FADE = 240
"""Samples at least, on either side of a silence that is put in, in which the sound dies away and comes back."""
_LONG_FADE = 960
"""And at most, as far as they lie between the words."""
_FULL = 0.985
"""No sample is made louder than this."""
_BLOCK = 60
_TRIES, _NEAR, _MOST_CORRECTED = 4, 0.3, 9.0
"""How often, how closely and by how many decibels a word that is not as loud as asked is corrected."""


def shaped(
    f0: Floats,
    words: Sequence[TimedWord],
    voicings: Sequence[Voicing],
    settings: SpeechSettings,
    floor: float,
    centre: float | None = None,
) -> Floats:
    """The melody as it is asked for; a value at or under `floor` Hz has no voice and stays as it is.

    First the range of the whole is changed around `centre` (see `centre_of`; None: its own), then words are moved, then
    drawn ones replace what is there; beside a drawn word its neighbours' melody bends, so that the voice does not jump.
    """
    voiced = f0 > floor
    neutral = settings.intonation == 1.0 and settings.pitch == 0.0
    if not voiced.any() or (neutral and all(one.pitch == 0 and not one.curve for one in voicings)):
        return f0
    moved_by = _along(words, [settings.pitch + one.pitch for one in voicings], len(f0), HOP)
    factor = np.exp2((moved_by if any(one.pitch for one in voicings) else np.float64(settings.pitch)) / 12)
    found = _ranged(f0, floor, settings.intonation, centre) * factor.astype(np.float32)
    octaves = _drawn(np.log2(np.maximum(found, 1.0)).astype(np.float64), voiced, words, voicings)
    if octaves is not None:
        found = np.exp2(octaves)
    if settings.intonation != 1.0 or not all(one.pitch == 0 and not one.curve for one in voicings):
        found = np.clip(found, LOWEST, HIGHEST)
    return np.where(voiced, found, f0).astype(np.float32)


def centre_of(f0: Floats, floor: float) -> float | None:
    """The mean of a melody in octaves above 1 Hz; None where nothing has a voice."""
    octaves = np.log2(np.maximum(f0, 1.0))
    inside = _inside(octaves, f0 > floor)
    return float(octaves[inside].mean()) if inside.any() else None


def _inside(octaves: Floats, voiced: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is melody: not the ends of a voiced stretch, where the voice begins or breaks off far below."""
    return voiced & (octaves > np.median(octaves[voiced]) - 1) if voiced.any() else voiced


def _ranged(f0: Floats, floor: float, intonation: float, centre: float | None) -> Floats:
    """With another range, in semitones."""
    centre = centre_of(f0, floor) if centre is None else centre
    if intonation == 1.0 or centre is None:
        return f0
    octaves = np.log2(np.maximum(f0, 1.0))
    changed = np.exp2(centre + intonation * (octaves - np.float32(centre)))
    return np.where(_inside(octaves, f0 > floor), changed, f0).astype(np.float32)


def _drawn(
    octaves: Curve, voiced: NDArray[np.bool_], words: Sequence[TimedWord], voicings: Sequence[Voicing]
) -> Curve | None:
    """The melody, in octaves above 1 Hz, with what was drawn in it; None where nothing was."""
    before = octaves
    octaves = octaves.copy()
    drawn = np.zeros(len(octaves), bool)
    for word, voicing in zip(words, voicings, strict=True):
        if voicing.curve and word.end > word.start:
            places = np.arange(-(-(word.start - HOP // 2) // HOP), -(-(word.end - HOP // 2) // HOP))
            places = places[(places >= 0) & (places < len(octaves))]
            at = (places * HOP + HOP // 2 - word.start) / (word.end - word.start)
            heights = [np.log2(min(HIGHEST, max(LOWEST, point.hz))) for point in voicing.curve]
            octaves[places] = np.interp(at, [point.at for point in voicing.curve], heights)
            drawn[places] = True
    if not drawn.any():
        return None
    step = np.where(drawn & voiced, octaves - before, 0.0)
    for start, end in _stretches(voiced & ~drawn):
        reach = min(_BEND, end - start + 1)
        away = np.arange(1, end - start + 1)
        from_left = step[start - 1] if start else 0.0
        from_right = step[end] if end < len(step) else 0.0
        octaves[start:end] += from_left * np.maximum(0, 1 - away / reach)
        octaves[start:end] += from_right * np.maximum(0, 1 - away[::-1] / reach)
    return octaves


def _stretches(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _along(words: Sequence[TimedWord], values: Sequence[float] | Curve, count: int, hop: int) -> Curve:
    """A value for each `hop` samples: a word's own in it, between words the way from one to the next."""
    places: list[float] = []
    heights: list[float] = []
    for word, value in zip(words, values, strict=True):
        if word.end > word.start:
            edge = min(_STEEP, (word.end - word.start) / 4)
            places += [word.start + edge, word.end - edge]
            heights += [value, value]
    middles = (np.arange(count) + 0.5) * hop
    return np.interp(middles, places, heights) if places else np.zeros(count)


def spoken(
    audio: Floats,
    f0: Floats,
    words: Sequence[TimedWord],
    voicings: Sequence[Voicing],
    settings: SpeechSettings,
    gap: float,
    floor: float,
    silences: Sequence[Silence] = (),
) -> Spoken:
    """The piece as it goes into the stream: as loud as asked, with its silences in, and with its melody.

    `gap`: seconds before what follows, unless the last word's says another.
    """
    begin, end = sound(audio)
    audio = loud(audio, words, [settings.energy + one.energy for one in voicings])
    melody = np.where(f0 > floor, f0, 0.0).astype(np.float32)
    audio, melody, words = _parted(audio, melody, words, silences)
    end += sum(silence.frames for silence in silences) * FRAME
    sounding = [(word, voicing) for word, voicing in zip(words, voicings, strict=True) if word.end > word.start]
    if begin < end and sounding:
        (first, opening), (last, closing) = sounding[0], sounding[-1]
        begin = begin if opening.seconds is None else max(0, first.start - FRAME)
        end = end if closing.seconds is None else max(end, last.end)
    rest = _last_gap(words, voicings)
    return Spoken(audio, tuple(words), gap if rest is None else rest, melody, HOP, (begin, end), rest is not None)


def _last_gap(words: Sequence[TimedWord], voicings: Sequence[Voicing]) -> float | None:
    """The gap behind the last word that sounds, where it is drawn."""
    found: float | None = None
    for word, voicing in zip(words, voicings, strict=True):
        if word.end > word.start or voicing.gap is not None:
            found = voicing.gap
    return None if found is None else round(found * SAMPLE_RATE / FRAME) * FRAME / SAMPLE_RATE


def loud(audio: Floats, words: Sequence[TimedWord], decibels: Sequence[float]) -> Floats:
    """Each word louder by its decibels, with ramps between words. What would be too loud is held; a word that lost by
    it, or a short one that has much of a neighbour's ramp, is corrected until it is as loud as asked, as far as that
    goes."""
    if not any(decibels):
        return audio
    wanted = np.array(decibels, np.float64)
    before = _powers(audio, words)
    corrected = np.zeros(len(words))
    for _ in range(_TRIES):
        made = _held(_gained(audio, words, wanted + corrected))
        missing = wanted - 10 * np.log10(_powers(made, words) / before)
        if np.abs(missing).max(initial=0.0) < _NEAR:
            break
        corrected = np.clip(corrected + missing, -_MOST_CORRECTED, _MOST_CORRECTED)
    return made


def _powers(audio: Floats, words: Sequence[TimedWord]) -> Curve:
    return np.array([np.square(audio[one.start : max(one.end, one.start + 1)]).mean() + 1e-9 for one in words])


def _gained(audio: Floats, words: Sequence[TimedWord], decibels: Curve) -> Floats:
    if len(set(decibels)) == 1:
        return audio * np.float32(10 ** (decibels[0] / 20))
    coarse = _along(words, decibels, len(audio) // _BLOCK + 1, _BLOCK)
    at = (np.arange(len(audio)) + 0.5) / _BLOCK - 0.5
    gained: Floats = audio * (10 ** (np.interp(at, np.arange(len(coarse)), coarse) / 20)).astype(np.float32)
    return gained


def _held(audio: Floats) -> Floats:
    """What is too loud turned down, softly, for 5 ms around it."""
    blocks = -(-len(audio) // _BLOCK)
    peaks = np.abs(np.pad(audio, (0, blocks * _BLOCK - len(audio)))).reshape(blocks, _BLOCK).max(axis=1)
    if peaks.max(initial=0.0) <= _FULL:
        return audio
    gains = np.minimum(1.0, _FULL / np.maximum(peaks, 1e-9))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(gains, 3, constant_values=1.0), 5).min(axis=1)
    edges = np.minimum(around[:-1], around[1:])
    gain = np.interp(np.arange(len(audio)), np.arange(len(edges)) * _BLOCK, edges)
    held: Floats = audio * gain.astype(np.float32)
    return held


def _parted(
    audio: Floats, melody: Floats, words: Sequence[TimedWord], silences: Sequence[Silence]
) -> tuple[Floats, Floats, Sequence[TimedWord]]:
    """With the silences put in, each at the quietest frame's edge of its place."""
    if not silences:
        return audio, melody, words
    pieces: list[Floats] = []
    tune: list[Floats] = []
    shifts = [0] * len(words)
    at = 0
    audio = audio.copy()
    for silence in silences:
        cut = _quietest(audio, silence)
        _fade_around(audio, cut, silence)
        length = silence.frames * FRAME
        pieces += [audio[at:cut], np.zeros(length, np.float32)]
        tune += [melody[at // HOP : cut // HOP], np.zeros(length // HOP, np.float32)]
        shifts = [by + length * (word.start >= cut) for by, word in zip(shifts, words, strict=True)]
        at = cut
    shifted = [moved(word, by) for word, by in zip(words, shifts, strict=True)]
    return np.concatenate([*pieces, audio[at:]]), np.concatenate([*tune, melody[at // HOP :]]), shifted


def _quietest(audio: Floats, silence: Silence) -> int:
    """The edge of a hop within the silence's place that has the least sound on both sides."""
    edges = range(silence.start, silence.end + 1, HOP)
    return min(edges, key=lambda edge: float(np.square(audio[max(0, edge - _FADE) : edge + _FADE]).sum()))


def _fade_around(audio: Floats, cut: int, silence: Silence) -> None:
    out = max(_FADE, min(_LONG_FADE, cut - silence.start))
    back = max(_FADE, min(_LONG_FADE, silence.end - cut))
    before, after = audio[max(0, cut - out) : cut], audio[cut : cut + back]
    before *= np.cos(np.linspace(0, np.pi / 2, len(before), dtype=np.float32))
    after *= np.sin(np.linspace(0, np.pi / 2, len(after), dtype=np.float32))
