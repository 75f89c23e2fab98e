"""What engines make, joined into one stream: silences exact, words in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, TimedPhoneme, TimedWord
from audiostudio.errors import EngineFailed
from audiostudio.script.spoken import Pause

_QUIET = 10 ** (-50 / 20)
_FADE = 0.003
_LONGEST = 10


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of speech as an engine made it, with the silence that it made around it."""

    audio: NDArray[np.float32]
    words: tuple[TimedWord, ...] = ()
    """Times in samples from the beginning of `audio`."""
    gap: float = 0.0
    """Seconds of silence before what follows, unless a `Pause` does."""


def join(pieces: Iterable[Spoken | Pause | None], sample_rate: int) -> Iterator[SpeechChunk]:
    """The stream of `pieces`, one chunk each.

    Silence that engines leave around a sentence is cut off; between sentences comes the piece's gap, or the
    pause's exact silence in its stead. None, which says that a remote engine is waited for, gives an empty chunk.
    """
    position = 0
    gap = 0
    for piece in pieces:
        if piece is None:
            yield SpeechChunk(np.zeros(0, np.float32), sample_rate, position)
            continue
        if isinstance(piece, Pause):
            gap = 0
            end = position + round(piece.seconds * sample_rate)
            while position < end:
                silence = np.zeros(min(end - position, _LONGEST * sample_rate), np.float32)
                yield SpeechChunk(silence, sample_rate, position)
                position += len(silence)
            continue
        audio, words = _trimmed(piece, sample_rate)
        if not len(audio):
            continue
        audio = np.concatenate([np.zeros(gap, np.float32), audio])
        yield SpeechChunk(audio, sample_rate, position, tuple(moved(word, position + gap) for word in words))
        position += len(audio)
        gap = round(piece.gap * sample_rate)


def sound(audio: NDArray[np.float32]) -> tuple[int, int]:
    """Where the sound in `audio` begins and ends: what is at most 50 dB below its peak."""
    level = np.abs(audio)
    loud = np.flatnonzero(level > max(float(level.max(initial=0.0)) * _QUIET, 1e-5))
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def _trimmed(piece: Spoken, sample_rate: int) -> tuple[NDArray[np.float32], tuple[TimedWord, ...]]:
    if not np.isfinite(piece.audio).all():
        raise EngineFailed("The engine made sound that is no sound.", "Try again, or choose another voice.")
    start, end = sound(piece.audio)
    if start == end:
        return piece.audio[:0], ()
    audio = np.clip(piece.audio[start:end], -1.0, 1.0)
    ramp = (np.arange(1, 1 + min(round(_FADE * sample_rate), len(audio)), dtype=np.float32)) / (_FADE * sample_rate)
    audio[: len(ramp)] *= ramp
    audio[len(audio) - len(ramp) :] *= ramp[::-1]
    return audio, tuple(_clipped(moved(word, -start), len(audio)) for word in piece.words)


def moved(word: TimedWord, by: int) -> TimedWord:
    """The word `by` samples later."""
    phonemes = tuple(TimedPhoneme(p.symbol, p.start + by, p.end + by) for p in word.phonemes)
    return replace(word, start=word.start + by, end=word.end + by, phonemes=phonemes)


def _clipped(word: TimedWord, length: int) -> TimedWord:
    def clip(value: int) -> int:
        return min(max(value, 0), length)

    phonemes = tuple(TimedPhoneme(p.symbol, clip(p.start), clip(p.end)) for p in word.phonemes)
    return replace(word, start=clip(word.start), end=clip(word.end), phonemes=phonemes)
