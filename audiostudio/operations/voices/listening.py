"""A recording that a voice may be made of, listened to once: what is measured, who speaks, and its best part."""

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.diarising import others
from audiostudio.engines.dnsmos import MODEL as DNSMOS
from audiostudio.engines.dnsmos import Dnsmos
from audiostudio.engines.speakers import MODEL as SPEAKERS
from audiostudio.engines.speakers import SpeakerEncoder, direction
from audiostudio.engines.vad import CHUNK, ENTER, RATE, SpeechDetector, spans
from audiostudio.engines.whisper import MODEL as WHISPER
from audiostudio.errors import UnreadableMedia
from audiostudio.jobs import Progress
from audiostudio.operations.listening import rater
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.best import Phrase, best
from audiostudio.sound.files import SoundStream, probe
from audiostudio.sound.pitch import melody
from audiostudio.sound.quality import (
    WIDE_RATE,
    BandMeter,
    ClippingFinder,
    bandwidth,
    levels,
    music,
    reverberation,
)
from audiostudio.sound.resample import Resampler
from audiostudio.voices.verdict import SAME_SPEAKER, Measures

Floats = NDArray[np.float32]
Span = tuple[float, float]

MOST_SPEECH = 600.0
"""Seconds of speech that are listened to: what comes after tells nothing new."""
MOST = 1800.0
"""Seconds of a recording in which they are looked for."""
_RATED = 27.0
"""Seconds of speech that DNSMOS rates: three of its windows."""
_TOLD = 12.0
"""Seconds of speech from which the language is told."""
_SURE = 0.6
"""Probability of a language; below it nothing is said."""
_HALF_WINDOW = 0.8
"""Seconds, of a window whose speaker is told."""
_SPOKEN = 0.7
"""Of such a window that has to be speech."""
_CRACKLING = 0.3
"""What a phrase is worth in which something is clipped."""
_MANY_TOPS = 50
"""Samples."""
_A_SECOND_MORE = 0.04
"""Points of DNSMOS that a second more of speech is worth, when parts are compared."""
_COMPARED = 300.0
"""Seconds in which second speakers are looked for; evenly spread stretches of a longer recording."""


@dataclass(frozen=True, slots=True)
class Listened:
    """One recording."""

    measures: Measures
    phrases: tuple[Span, ...]
    """Where somebody speaks, in seconds."""
    best: Span | None
    """The 6 to 30 seconds that are worth most; None without speech."""
    voice: Floats | None
    """The embedding of who speaks most, shape (256,); None without speech or without the model."""


@dataclass(slots=True)
class _Read:
    """What is kept of a file while it is decoded."""

    audio: Floats
    """16 kHz mono."""
    probabilities: Floats
    clipped: tuple[Floats, Floats]
    """Samples of flat tops in each piece, and the second at which it ends."""
    samples: int
    """Values in the file's own rate and channels that were looked at."""
    bands: Floats
    damaged: str
    whole: bool
    """Whether it was heard to its end."""

    @property
    def speaking(self) -> NDArray[np.bool_]:
        return self.probabilities >= ENTER


class Listener:
    """Everything that listens, loaded when first needed. What has no model here is not measured, and said so."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    @cached_property
    def _dnsmos(self) -> Dnsmos | None:
        return rater(self._studio)

    @cached_property
    def encoder(self) -> SpeakerEncoder | None:
        return SpeakerEncoder(self._studio.models) if self._studio.models.present(SPEAKERS) else None

    @property
    def able(self) -> list[str]:
        """The models that are here: with others the same recording has other findings."""
        return [name for name in (DNSMOS, SPEAKERS, WHISPER) if self._studio.models.present(name)]

    def listen(self, path: Path, wanted: str = "", most: float = 30.0) -> Generator[Progress, None, Listened]:
        """`wanted`: the language that should be spoken, empty: any. `most`: seconds of the best part.

        Raises `MissingMedia`, `UnreadableMedia` for what is no sound, `ModelDamaged`, `EngineUnavailable`.
        """
        length = probe(path).duration
        read = yield from _decoded(path, length)
        yield Progress(0.5, f"Measuring {path.name}")
        phrases = spans(read.probabilities)
        looked = len(read.audio) / RATE
        found = levels(read.audio, read.speaking)
        where, alike, voice = self._speakers(read.audio, phrases)
        yield Progress(0.7, f"Rating {path.name}")
        ranked = best([_phrase(read, span, found.noise, where) for span in phrases], most)
        chosen = self._clearest(read.audio, ranked)
        spoken = _joined(read.audio, _within(phrases, chosen) or phrases, _RATED)
        rated = self._dnsmos.rate([spoken], RATE) if self._dnsmos is not None and len(spoken) else None
        yield Progress(0.9, f"Telling the language of {path.name}")
        pitch = melody(spoken)
        pitch = pitch[pitch > 0]
        measures = Measures(
            seconds=looked if read.whole else max(looked, length or 0.0),
            looked=looked,
            speech=sum(end - start for start, end in phrases),
            level=found.speech,
            snr=found.snr,
            noise_floor=found.noise,
            clipped=float(read.clipped[0].sum()) / max(1, read.samples),
            bandwidth=bandwidth(read.bands, read.speaking),
            music=music(read.audio, read.speaking),
            speakers=2 if where else 1,
            others=tuple(where),
            alike=alike,
            reverberation=reverberation(read.audio) if phrases else None,
            dnsmos=rated.overall if rated else None,
            pitch=float(np.median(pitch)) if len(pitch) else None,
            language=self._language(spoken),
            wanted=wanted,
            damaged=read.damaged,
        )
        return Listened(measures, tuple(phrases), chosen, voice)

    def _speakers(self, audio: Floats, phrases: list[Span]) -> tuple[list[Span], float, Floats | None]:
        """Where another speaks, how much alike the two are, and the embedding of the one who speaks most."""
        if self.encoder is None or not phrases:
            return [], 1.0, None
        embeddings, middles = _windows(self.encoder, audio)
        spoken = np.array([_share(middle, phrases) > _SPOKEN for middle in middles.tolist()], np.bool_)
        if not spoken.any():
            return [], 1.0, direction(embeddings) if len(embeddings) else None
        embeddings, middles = embeddings[spoken], middles[spoken]  # noise is nobody's voice
        where, alike = others(embeddings, middles, SAME_SPEAKER)
        own = [not any(start <= middle < end for start, end in where) for middle in middles.tolist()]
        return where, alike, direction(embeddings[own] if any(own) else embeddings)

    def _clearest(self, audio: Floats, ranked: list[Span]) -> Span | None:
        """Of the parts that are worth most, the one that sounds best."""
        if self._dnsmos is None or len(ranked) < 2:
            return ranked[0] if ranked else None
        rated = []
        for start, end in ranked:
            quality = self._dnsmos.rate([audio[round(start * RATE) : round(end * RATE)]], RATE)
            rated.append((quality.overall if quality else 0.0) + _A_SECOND_MORE * (end - start))
        return ranked[int(np.argmax(rated))]

    def _language(self, spoken: Floats) -> str:
        if len(spoken) < RATE or not self._studio.models.present(WHISPER):
            return ""
        language, probability = self._studio.engines.transcriber().detect(spoken[: round(_TOLD * RATE)], RATE)
        return language if probability >= _SURE else ""


def _decoded(path: Path, length: float | None) -> Generator[Progress, None, _Read]:
    """In memory that grows by 64 kB a second, for half an hour at most."""
    stream = SoundStream(path)
    detector, bands, clipping = SpeechDetector(), BandMeter(), ClippingFinder()
    narrow: Resampler | None = None
    audio: list[Floats] = []
    heard: list[Floats] = []
    clipped: list[Span] = []
    samples, seconds, speech, damaged = 0, 0.0, 0.0, ""
    pieces = iter(stream)
    whole = False
    while seconds < MOST and speech < MOST_SPEECH:
        try:
            piece = next(pieces, None)
        except UnreadableMedia as error:
            if not seconds:
                raise
            damaged = error.sentence
            break
        if piece is None:
            whole = True
            break
        rate = stream.sample_rate
        if narrow is None:
            narrow, wide = Resampler(rate, RATE), Resampler(rate, WIDE_RATE)
        mono = piece.mean(axis=0, keepdims=True, dtype=np.float32)
        before = clipping.clipped
        clipping.push(piece)
        audio.append(narrow.push(mono)[0])
        heard.append(detector.push(audio[-1]))
        bands.push(wide.push(mono)[0])
        samples += piece.size
        seconds += piece.shape[1] / rate
        clipped.append((clipping.clipped - before, seconds))
        speech += float(np.count_nonzero(heard[-1] >= ENTER)) * CHUNK / RATE
        yield Progress(min(0.5, 0.5 * seconds / length) if length else None, f"Listening to {path.name}")
    if narrow is not None:
        audio.append(narrow.finish()[0])
        heard += [detector.push(audio[-1]), detector.finish()]
    found = np.concatenate([np.zeros(0, np.float32), *audio])
    probabilities = np.concatenate([np.zeros(0, np.float32), *heard])
    tops, ends = np.array(clipped or [(0, 0)], np.float32).T
    return _Read(found, probabilities, (tops, ends), samples, bands.finish(), damaged, whole)


def _phrase(read: _Read, span: Span, noise: float, where: list[Span]) -> Phrase:
    """How much a phrase is worth, 0…1."""
    start, end = span
    sound = read.audio[round(start * RATE) : round(end * RATE)]
    level = 10 * math.log10(max(float(np.square(sound, dtype=np.float64).mean()), 1e-12)) if len(sound) else -120.0
    worth = min(1.0, max(0.05, (level - noise - 5) / 30))
    tops, ends = read.clipped
    first_piece, last_piece = (int(np.searchsorted(ends, at, "right")) for at in span)
    worth *= _CRACKLING if tops[first_piece : last_piece + 1].sum() > _MANY_TOPS else 1.0
    if any(start < last and first < end for first, last in where):
        worth = 0.0
    return Phrase(start, end, worth)


def _windows(encoder: SpeakerEncoder, audio: Floats) -> tuple[Floats, Floats]:
    if len(audio) <= _COMPARED * RATE:
        return encoder.windows(audio, RATE)
    stretch = round(_COMPARED / 10 * RATE)
    found = []
    for start in np.linspace(0, len(audio) - stretch, 10).astype(int).tolist():
        embeddings, middles = encoder.windows(audio[start : start + stretch], RATE)
        found.append((embeddings, middles + np.float32(start / RATE)))
    return np.concatenate([one for one, _ in found]), np.concatenate([two for _, two in found])


def _share(middle: float, phrases: list[Span]) -> float:
    """How much of the window around `middle` is speech."""
    first, last = middle - _HALF_WINDOW, middle + _HALF_WINDOW
    return sum(max(0.0, min(end, last) - max(start, first)) for start, end in phrases) / (2 * _HALF_WINDOW)


def _within(phrases: list[Span], part: Span | None) -> list[Span]:
    return [] if part is None else [(start, end) for start, end in phrases if start >= part[0] and end <= part[1]]


def _joined(audio: Floats, phrases: list[Span], most: float) -> Floats:
    """The sound of phrases one after the other, `most` seconds at most."""
    pieces = [audio[round(start * RATE) : round(end * RATE)] for start, end in phrases]
    return np.concatenate([np.zeros(0, np.float32), *pieces])[: round(most * RATE)]
