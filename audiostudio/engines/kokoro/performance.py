"""How a piece is performed: its durations and its melody, before it sounds."""

from dataclasses import dataclass

from audiostudio.engines import shaping
from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.durations import Timing, timing
from audiostudio.engines.kokoro.stages import Floats, Prosody, Stages
from audiostudio.engines.tokens import Piece

VOICED = 10.0
"""Hz; the decoder takes less for unvoiced."""
_SHAPES = 8
"""Lengths in each octave. A performance is filled up with silence to the next of them, so that sentences share their
shapes: for a new one a runtime makes kernels, which takes half the time of decoding it, and keeps them, 25 MB."""


@dataclass(frozen=True, slots=True)
class Performance:
    """All that the decoder needs of a piece, and when its words are."""

    style: Floats
    prosody: Prosody
    timing: Timing


def performed(
    stages: Stages, piece: Piece, styles: Floats, settings: SpeechSettings, centre: float | None = None
) -> Performance:
    """`centre`: see `shaping.shaped`."""
    style = styles[len(piece.symbols)]
    tokens = piece.tokens
    when = timing(piece, stages.durations(tokens, style), settings.speed)
    frames = when.frames.copy()
    frames[-1] += _room(int(frames.sum()))
    made = stages.prosody(tokens, style, frames)
    f0 = shaping.shaped(made.f0, when.words, [word.voicing for word in piece.words], settings, VOICED, centre)
    return Performance(style, Prosody(f0, made.energy, made.features), when)


def centre_of(stages: Stages, piece: Piece, styles: Floats) -> float | None:
    """The mean of the piece's melody, as `shaping.centre_of`."""
    style = styles[len(piece.symbols)]
    return shaping.centre_of(stages.prosody(piece.tokens, style, stages.durations(piece.tokens, style)).f0, VOICED)


def _room(frames: int) -> int:
    """Frames of silence to add."""
    step: int = 1 << max(4, frames.bit_length() - _SHAPES.bit_length())
    return -frames % step
