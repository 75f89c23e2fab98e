"""How a piece is performed: its durations and its melody, before it sounds."""

from dataclasses import dataclass

import numpy as np

from audiostudio.engines.base import SpeechSettings, TimedWord
from audiostudio.engines.kokoro.stages import Floats, Prosody, Stages
from audiostudio.engines.tokens import Piece, paced, timed

_VOICED = 10.0
"""Hz; the decoder takes less for unvoiced."""
_SHAPES = 8
"""Lengths in each octave. A performance is filled up with silence to the next of them, so that sentences share their
shapes: for a new one a runtime makes kernels, which takes half the time of decoding it, and keeps them, 25 MB."""


@dataclass(frozen=True, slots=True)
class Performance:
    """All that the decoder needs of a piece, and when its words are."""

    style: Floats
    prosody: Prosody
    words: tuple[TimedWord, ...]
    """Times in samples from the beginning of the piece."""


def performed(stages: Stages, piece: Piece, styles: Floats, settings: SpeechSettings) -> Performance:
    style = styles[len(piece.symbols)]
    tokens = piece.tokens
    frames = paced(stages.durations(tokens, style), settings.speed)
    frames[-1] += _room(int(frames.sum()))
    prosody = transposed(stages.prosody(tokens, style, frames), settings.pitch)
    return Performance(style, prosody, timed(piece, frames))


def _room(frames: int) -> int:
    """Frames of silence to add."""
    step: int = 1 << max(4, frames.bit_length() - _SHAPES.bit_length())
    return -frames % step


def transposed(prosody: Prosody, semitones: float) -> Prosody:
    """The melody moved; what has no voice stays so, and formants stay where they are."""
    if semitones == 0:
        return prosody
    f0 = np.where(prosody.f0 > _VOICED, prosody.f0 * np.float32(2 ** (semitones / 12)), prosody.f0)
    return Prosody(f0.astype(np.float32), prosody.energy, prosody.features)
