"""The inaudible mark that everything a cloned voice speaks carries: set while it speaks, found again in files."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, TimedWord
from audiostudio.engines.perth import HOP, RATE, REACH, SIZE, PerthNetwork
from audiostudio.engines.supplies import ModelFiles
from audiostudio.sound.resample import Resampler, resample

FOUND = 0.8
"""The confidence from which a window counts as marked; speech has 0.99 or 0.05, with loud music under it 0.8 or 0.7."""
WINDOW = 4.0
"""Seconds that are judged together."""
SHORTEST = 0.25
"""Seconds of sound below which nothing can be said."""

_CONTEXT = (SIZE / 2 * 2 / HOP + REACH + 2) * HOP / RATE
"""Seconds around a sample that count for what is done to it; two frames more for resampling."""
_LEAST, _MOST = 0.1, 10.0
"""Seconds that are marked at a time, as the stream comes."""
_NEAR = 0.001
"""Seconds around a sample whose level the mark does not exceed."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """What was found in a stretch of a sound."""

    start: float
    """Seconds."""
    end: float
    confidence: float
    """0…1."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found in a whole sound."""

    windows: tuple[Window, ...]
    """Those with sound in them, in order."""

    @property
    def confidence(self) -> float:
        """Of the window that is most surely marked, 0…1; 0 where nothing could be looked at."""
        return max((one.confidence for one in self.windows), default=0.0)

    @property
    def found(self) -> tuple[tuple[float, float], ...]:
        """Where the mark is: seconds, joined."""
        spans: list[tuple[float, float]] = []
        for one in self.windows:
            if one.confidence < FOUND:
                continue
            if spans and one.start <= spans[-1][1]:
                spans[-1] = spans[-1][0], one.end
            else:
                spans.append((one.start, one.end))
        return tuple(spans)


@runtime_checkable
class Closable(Protocol):
    def close(self) -> None: ...


class Watermarker:
    """The loaded network. Used by one thread at a time."""

    def __init__(self, models: ModelFiles) -> None:
        """Raises `ModelMissing`, `ModelDamaged`."""
        self._network = PerthNetwork.load(models)

    def mark(self, stream: Iterable[SpeechChunk]) -> Iterator[SpeechChunk]:
        """The same speech with the mark, in constant memory: exactly as many samples, silence stays silence, words and
        melody are where they were. However the stream is cut into chunks, the sound is the same (to about −75 dB).

        A chunk is given on as soon as it comes, but for its last quarter of a second, which what follows decides.
        """
        marking: _Marking | None = None
        try:
            for chunk in stream:
                marking = marking or _Marking(self._network, chunk.sample_rate)
                if len(chunk.audio):
                    yield from marking.add(chunk)
                else:
                    yield SpeechChunk(chunk.audio, chunk.sample_rate, marking.given)
            if marking is not None:
                yield from marking.finish()
        finally:
            if isinstance(stream, Closable):  # whoever stops listening stops the engine
                stream.close()

    def detect(self, audio: Iterable[Floats], sample_rate: int) -> Detection:
        """Look for the mark in a sound, mono float32 pieces of shape (n,), in constant memory."""
        return Detection(tuple(self.windows(audio, sample_rate)))

    def windows(self, audio: Iterable[Floats], sample_rate: int) -> Iterator[Window]:
        """As `detect`, one window after the other."""
        for start, window in _windows(audio, sample_rate):
            confidence = self._network.confidence(window)
            if confidence is not None:
                yield Window(start / RATE, (start + len(window)) / RATE, confidence)


class _Marking:
    """A stream being marked."""

    def __init__(self, network: PerthNetwork, sample_rate: int) -> None:
        self.given = 0
        """Samples given on."""
        self._network = network
        self._rate = sample_rate
        self._unit = sample_rate * (100 // math.gcd(sample_rate, 100)) // 100
        """Samples after which the network's frames begin on a sample again."""
        self._context = math.ceil(_CONTEXT * sample_rate / self._unit) * self._unit
        self._held = np.zeros(0, np.float32)
        self._begin = 0
        """Where `_held` begins."""
        self._words: list[TimedWord] = []
        self._melodies: list[SpeechChunk] = []

    def add(self, chunk: SpeechChunk) -> Iterator[SpeechChunk]:
        self._held = np.concatenate([self._held, np.asarray(chunk.audio, np.float32)])
        self._words += chunk.words
        if chunk.melody is not None and chunk.hop:
            self._melodies.append(chunk)
        ready = self._begin + len(self._held) - self._context
        ready -= ready % self._unit
        if ready - self.given >= _LEAST * self._rate:
            yield from self._give(ready)

    def finish(self) -> Iterator[SpeechChunk]:
        yield from self._give(self._begin + len(self._held))

    def _give(self, until: int) -> Iterator[SpeechChunk]:
        most = math.ceil(_MOST * self._rate / self._unit) * self._unit
        while self.given < until:
            end = min(until, self.given + most)
            audio = self._marked(end)
            words = tuple([word for word in self._words if word.start < end or end == until])
            self._words = self._words[len(words) :]
            melody, hop = self._melody(end)
            yield SpeechChunk(audio, self._rate, self.given, words, melody, hop)
            self.given = end
            kept = max(0, end - self._context)
            self._held = self._held[kept - self._begin :]
            self._begin = kept

    def _marked(self, end: int) -> Floats:
        """The samples from `given` to `end`."""
        block = self._held[: end + self._context - self._begin]
        wanted = slice(self.given - self._begin, end - self._begin)
        if not block.any():
            return block[wanted]
        heard = resample(block[np.newaxis], self._rate, RATE)[0]
        padded = np.pad(heard, (0, max(0, SIZE - len(heard))))
        change = resample(self._network.change(padded)[np.newaxis, : len(heard)], RATE, self._rate)[0][: len(block)]
        most = _envelope(block, max(1, round(_NEAR * self._rate)))
        whole: Floats = np.clip(block + np.clip(change, -most, most), -1.0, 1.0)
        return whole[wanted]

    def _melody(self, end: int) -> tuple[Floats | None, int]:
        """Of the samples from `given` to `end`."""
        here = [one for one in self._melodies if one.start < end and one.start + len(one.audio) > self.given]
        self._melodies = [one for one in self._melodies if one.start + len(one.audio) > end]
        if not here:
            return None, 0
        hop = here[0].hop
        middles = self.given + np.arange(-(-(end - self.given) // hop)) * hop + hop // 2
        melody = np.zeros(len(middles), np.float32)
        for one in here:
            assert one.melody is not None
            inside = (middles >= one.start) & (middles < one.start + len(one.audio))
            places = np.minimum((middles[inside] - one.start) // one.hop, len(one.melody) - 1)
            melody[inside] = one.melody[places]
        return melody, hop


def _envelope(audio: Floats, reach: int) -> Floats:
    """The level of the sound, gaps of up to twice `reach` bridged; longer silence has none, and stays silent."""
    around = _greatest(np.pad(np.abs(audio), 2 * reach), 2 * reach + 1)
    return -_greatest(-around, 2 * reach + 1)


def _greatest(level: Floats, width: int) -> Floats:
    """Of each `width` neighbours: shape (n - width + 1,)."""
    seen = 1
    while seen < width:
        step = min(seen, width - seen)
        level = np.maximum(level[:-step], level[step:])
        seen += step
    return level


def _windows(audio: Iterable[Floats], sample_rate: int) -> Iterator[tuple[int, Floats]]:
    """Where each begins and its sound, at the network's rate; what is left at the end makes the last one longer."""
    length, least = round(WINDOW * RATE), round(SHORTEST * RATE)
    held = np.zeros(0, np.float32)
    start = 0
    for piece in _at_network_rate(audio, sample_rate):
        held = np.concatenate([held, piece])
        while len(held) >= 2 * length:
            yield start, held[:length]
            held = held[length:]
            start += length
    if len(held) >= least:
        yield start, held


def _at_network_rate(audio: Iterable[Floats], sample_rate: int) -> Iterator[Floats]:
    resampler = Resampler(sample_rate, RATE)
    for piece in audio:
        yield resampler.push(np.asarray(piece, np.float32)[np.newaxis])[0]
    yield resampler.finish()[0]
