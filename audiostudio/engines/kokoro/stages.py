"""Kokoro's three stages: how long each token lasts, how it is intoned, how it sounds.

The seam for other runtimes: a backend is anything that has these three.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.tokens import Tokens

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prosody:
    """What the decoder sings from, for `frames` frames."""

    f0: Floats
    """Hz, two values a frame, shape (2 · frames,); 0 where there is no voice."""
    energy: Floats
    """Shape (2 · frames,)."""
    features: Floats
    """What is said, shape (512, frames)."""

    @property
    def frames(self) -> int:
        return len(self.f0) // 2

    def window(self, start: int, end: int) -> "Prosody":
        """Frames `start` to `end`, exclusive."""
        return Prosody(self.f0[2 * start : 2 * end], self.energy[2 * start : 2 * end], self.features[:, start:end])


class Decoder(Protocol):
    """The last stage. Safe to use from several threads. Raises `EngineFailed` when its runtime fails."""

    device: str
    """For people: what it truly runs on."""

    def decode(self, style: Floats, prosody: Prosody) -> Floats:
        """The sound, shape (frames · 600,), about −1…1."""
        ...


class Encoder(Protocol):
    """The first two stages. Safe to use from several threads. Raises `EngineFailed` when its runtime fails."""

    def durations(self, tokens: Tokens, style: Floats) -> Floats:
        """Frames of each token at speed 1, whole numbers of at least 1, shape (tokens,).

        `tokens` begin and end with the silence 0, shape (tokens,), at most 512; `style` has shape (256,).
        """
        ...

    def prosody(self, tokens: Tokens, style: Floats, frames: Floats) -> Prosody:
        """Melody, energy and content for durations that may be imposed."""
        ...


class Stages(Encoder, Decoder, Protocol):
    """All three."""


class JoinedStages:
    """Stages of different runtimes, for the decoder is where most of the time goes."""

    def __init__(self, encoder: Encoder, decoder: Decoder) -> None:
        self.device = decoder.device
        self.durations = encoder.durations
        self.prosody = encoder.prosody
        self.decode = decoder.decode
