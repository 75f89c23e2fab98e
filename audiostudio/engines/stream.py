"""What engines make, joined into one stream: silences exact, words in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, TimedPhoneme, TimedWord
from audiostudio.errors import EngineFailed
from audiostudio.script.spoken import Pause

_QUIET = 10 ** (-46 / 20)
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
    melody: NDArray[np.float32] | None = None
    """Hz at the middle of each `hop` samples of `audio`, 0 where there is no voice; None: the engine does not tell."""
    hop: int = 0
    kept: tuple[int, int] | None = None
    """Which samples of `audio` are kept; None: those where sound is."""
    drawn: bool = False
    """Whether `gap` was drawn: it is then the exact time from the last word's end to the next word's beginning, or to
    the end of the stream, and a `Pause` does not replace it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A piece of speech that is heard while the engine still makes it; the times of its words are not known."""

    parts: Iterator[NDArray[np.float32]]
    """Its sound in order, shape (n,) each."""
    gap: float = 0.0
    """As of `Spoken`."""


def join(pieces: Iterable[Spoken | Flow | Pause | None], sample_rate: int) -> Iterator[SpeechChunk]:
    """The stream of `pieces`, one chunk each; of a `Flow` as many as it has parts.

    Silence that engines leave around a sentence is cut off; between sentences comes the piece's gap, or the
    pause's exact silence in its stead. None, which says that a remote engine is waited for, gives an empty chunk.
    """
    position = 0
    gap = 0
    drawn = False
    for piece in pieces:
        if piece is None:
            yield SpeechChunk(np.zeros(0, np.float32), sample_rate, position)
            continue
        if isinstance(piece, Pause):
            if not drawn:
                gap = 0
                for silence in _silence(round(piece.seconds * sample_rate), sample_rate, position):
                    yield silence
                    position += len(silence.audio)
            continue
        if isinstance(piece, Flow):
            begun = position
            for audio in _flowing(piece.parts, sample_rate):
                lead = np.zeros(gap if position == begun else 0, np.float32)
                yield SpeechChunk(np.concatenate([lead, audio]), sample_rate, position)
                position += len(lead) + len(audio)
            if position > begun:
                gap, drawn = round(piece.gap * sample_rate), False
            continue
        start, end, gap = _bounds(piece, sample_rate, gap, drawn)
        if start == end:
            continue
        yield _chunk(piece, sample_rate, position, gap, start, end)
        position += gap + end - start
        gap = round(piece.gap * sample_rate)
        drawn = piece.drawn
        if drawn:
            gap = max(0, gap - (end - _last(piece, end)))
    if drawn:
        yield from _silence(gap, sample_rate, position)


def _silence(samples: int, sample_rate: int, position: int) -> Iterator[SpeechChunk]:
    end = position + samples
    while position < end:
        silence = np.zeros(min(end - position, _LONGEST * sample_rate), np.float32)
        yield SpeechChunk(silence, sample_rate, position)
        position += len(silence)


def _bounds(piece: Spoken, sample_rate: int, gap: int, drawn: bool) -> tuple[int, int, int]:
    """Which samples of a piece are kept, and the silence before them when `gap` is asked for."""
    _require_sound(piece.audio)
    start, end = piece.kept or sound(piece.audio)
    if start == end:
        return 0, 0, gap
    if drawn:
        first = next((word.start for word in piece.words if word.end > word.start), start)
        start = max(min(start, first), first - gap)
        gap -= first - start
    if piece.drawn:
        end = min(len(piece.audio), _last(piece, end) + round(piece.gap * sample_rate))
    return start, end, gap


def _require_sound(audio: NDArray[np.float32]) -> None:
    if not np.isfinite(audio).all():
        raise EngineFailed("The engine made sound that is no sound.", "Try again, or choose another voice.")


def _flowing(parts: Iterable[NDArray[np.float32]], sample_rate: int) -> Iterator[NDArray[np.float32]]:
    """What sounds in `parts`, as they come, with soft edges: silence is held back until sound follows it."""
    fade = round(_FADE * sample_rate)
    held = np.zeros(0, np.float32)
    peak = 0.0
    begun = False
    for part in parts:
        _require_sound(part)
        peak = max(peak, float(np.abs(part).max(initial=0.0)))
        held = np.concatenate([held, np.clip(part, -1.0, 1.0)])
        start, end = sound(held, peak)
        if not begun and end - start >= 2 * fade:
            held, end, begun = held[start:], end - start, True
            _fade(held, fade)
        if begun and end > fade:
            yield held[: end - fade]
            held = held[end - fade :]
    start, end = sound(held, peak)
    if begun:
        start, end = 0, max(end, min(fade, len(held)))
    if start < end:
        last = held[start:end].copy()
        if not begun:
            _fade(last, fade)
        _fade(last[::-1], fade)
        yield last


def _fade(audio: NDArray[np.float32], samples: int) -> None:
    """Let `audio` begin softly, in place."""
    ramp = np.arange(1, 1 + min(samples, len(audio)), dtype=np.float32) / samples
    audio[: len(ramp)] *= ramp


def _last(piece: Spoken, end: int) -> int:
    """Where the last word of a piece ends."""
    return max((word.end for word in piece.words), default=end)


def _chunk(piece: Spoken, sample_rate: int, position: int, gap: int, start: int, end: int) -> SpeechChunk:
    audio = np.clip(piece.audio[start:end], -1.0, 1.0)
    _fade(audio, round(_FADE * sample_rate))
    _fade(audio[::-1], round(_FADE * sample_rate))
    words = tuple(moved(_clipped(moved(word, -start), end - start), position + gap) for word in piece.words)
    audio = np.concatenate([np.zeros(gap, np.float32), audio])
    melody = None
    if piece.melody is not None:
        middles = np.arange(-(-len(audio) // piece.hop)) * piece.hop + piece.hop // 2 - gap + start
        places = np.clip(middles // piece.hop, 0, len(piece.melody) - 1)
        melody = np.where((middles >= start) & (middles < end), piece.melody[places], np.float32(0))
    return SpeechChunk(audio, sample_rate, position, words, melody, piece.hop if melody is not None else 0)


def sound(audio: NDArray[np.float32], peak: float = 0.0) -> tuple[int, int]:
    """Where the sound in `audio` begins and ends: what is at most 46 dB below its peak, or below `peak`."""
    level = np.abs(audio)
    loud = np.flatnonzero(level > max(float(level.max(initial=peak)) * _QUIET, 1e-5))
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def moved(word: TimedWord, by: int) -> TimedWord:
    """The word `by` samples later."""
    phonemes = tuple(TimedPhoneme(p.symbol, p.start + by, p.end + by) for p in word.phonemes)
    return replace(word, start=word.start + by, end=word.end + by, phonemes=phonemes)


def _clipped(word: TimedWord, length: int) -> TimedWord:
    def clip(value: int) -> int:
        return min(max(value, 0), length)

    phonemes = tuple(TimedPhoneme(p.symbol, clip(p.start), clip(p.end)) for p in word.phonemes)
    return replace(word, start=clip(word.start), end=clip(word.end), phonemes=phonemes)
