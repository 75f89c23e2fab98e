"""One piece taken through the stages: how it is performed, and how its sound is made, whole or in windows."""

from dataclasses import dataclass

import numpy as np

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.kokoro.stages import FRAME, Floats, Prosody, Stages
from audiostudio.engines.kokoro.tokens import SILENT, Piece, timed

_VOICED = 10.0
"""Hz; the decoder takes less for unvoiced."""
_CONTEXT = 16
"""Frames that a window is decoded beyond its own, so that its edges sound as within the whole."""
_PAUSE = 8
"""Frames of punctuation that are a pause one can cut in."""
_SOON = 40
"""Frames, 1 s: a window is at least so long."""


@dataclass(frozen=True, slots=True)
class Performance:
    """All that the decoder needs of a piece, and when its words are."""

    piece: Piece
    style: Floats
    frames: Floats
    prosody: Prosody
    words: tuple[TimedWord, ...]
    """Times in samples from the beginning of the piece."""


def performed(stages: Stages, piece: Piece, styles: Floats, settings: SpeechSettings) -> Performance:
    style = styles[len(piece.symbols)]
    tokens = piece.tokens
    frames = stages.durations(tokens, style, settings.speed)
    prosody = transposed(stages.prosody(tokens, style, frames), settings.pitch)
    return Performance(piece, style, frames, prosody, timed(piece, frames))


def transposed(prosody: Prosody, semitones: float) -> Prosody:
    """The melody moved; what has no voice stays so, and formants stay where they are."""
    if semitones == 0:
        return prosody
    f0 = np.where(prosody.f0 > _VOICED, prosody.f0 * np.float32(2 ** (semitones / 12)), prosody.f0)
    return Prosody(f0.astype(np.float32), prosody.energy, prosody.features)


def decoded(stages: Stages, performance: Performance, start: int = 0, end: int | None = None) -> Floats:
    """The sound of frames `start` to `end`, exclusive."""
    prosody = performance.prosody
    last = prosody.frames if end is None else end
    before, after = max(0, start - _CONTEXT), min(prosody.frames, last + _CONTEXT)
    audio = stages.decode(performance.style, prosody.window(before, after))
    return np.clip(audio[(start - before) * FRAME : (last - before) * FRAME], -1.0, 1.0)


def first_pause(performance: Performance) -> int | None:
    """The frame in the middle of the first pause between words that comes late enough to cut at."""
    edges = np.concatenate([[0], np.cumsum(performance.frames)]).astype(int)[1:]
    symbols = performance.piece.symbols
    begin = 0
    while begin < len(symbols):
        end = begin
        while end < len(symbols) and symbols[end] in SILENT:
            end += 1
        if edges[end] - edges[begin] >= _PAUSE and edges[begin] >= _SOON and edges[-1] - edges[end] >= _SOON:
            return int(edges[begin] + edges[end]) // 2
        begin = end + 1
    return None
