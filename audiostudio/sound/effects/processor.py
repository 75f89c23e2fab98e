"""What all processors have in common."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.effects.kinds import STEP

__all__ = ["STEP", "Processor", "amplitude"]


class Processor:
    """One effect at work on a stream of stereo sound. What it gives for a stream does not depend on how it is cut."""

    latency: int = 0
    """Samples by which its output is late, a multiple of `STEP`."""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        """`values` holds every setting of the kind."""
        self.values = dict(values)
        self.rate = sample_rate

    def set(self, name: str, value: float) -> None:
        """Change a setting on the way."""
        if self.values[name] != value:
            self.values[name] = value
            self.changed(name)

    def changed(self, name: str) -> None:
        """Called after a setting was changed."""

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """float32 (2, n) → float32 (2, n), perhaps in place; `key` (2, n) is what a sidechain hears."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget everything that was heard."""


def amplitude(db: float) -> np.float32:
    """The factor for so many dB."""
    return np.float32(10.0 ** (db / 20.0))
