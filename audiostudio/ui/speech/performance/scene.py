"""What the performance view is to show."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from audiostudio.performance import PitchPoint
from audiostudio.ui.speech.performance.picture import Picture
from audiostudio.ui.speech.performance.shape import Shape, WordShape
from audiostudio.ui.speech.performance.stage import Stage

SPECTRUM = "spectrum"


@dataclass(slots=True)
class Scene:
    """What is to be seen."""

    stage: Stage
    shape: Shape
    ghost: dict[int, WordShape] = field(default_factory=dict)
    """How changed words sound by themselves."""
    moving: frozenset[int] = frozenset()
    """Words that are being dragged."""
    picture: Picture | None = None
    knots: Sequence[tuple[float, float]] = ()
    backdrop: str = "wave"
    hertz: bool = False
    selected: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    handles: dict[int, tuple[PitchPoint, ...]] = field(default_factory=dict)
    point: tuple[int, int] | None = None
    hovered: tuple[str, int, int] | None = None
    """What is under the pointer: its kind, the word and the number in it."""
    band: QRectF | None = None
    position: float = 0.0
    muted: bool = False
    """The natural melody is shown, and cannot be changed."""
    focused: bool = False

    @property
    def over(self) -> bool:
        """Whether the melody lies over a spectrogram."""
        return self.backdrop == SPECTRUM

    @property
    def words(self) -> list[WordShape]:
        """Those that are in sight."""
        first, last = self.stage.left, self.stage.left + self.stage.seconds
        return [word for word in self.shape.words if word.end >= first and word.start <= last]

    def heard(self, times: Sequence[float]) -> NDArray[np.float64]:
        """Which times of the sound are drawn there."""
        there, here = zip(*self.knots, strict=True)
        return np.interp(times, there, here)

    def speaks(self, word: WordShape) -> bool:
        """Whether the playhead is in it."""
        return word.start <= self.position < word.end and self.position > 0
