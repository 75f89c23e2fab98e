"""Where a time lies on the screen: zoom from single samples to whole days."""

from dataclasses import dataclass, replace

from audiostudio.timeline.time import TICKS

CLOSEST = TICKS / 48_000 / 32
"""Ticks a pixel, zoomed in all the way: 32 pixels a sample of 48 kHz."""
WIDEST = 120 * TICKS
"""Zoomed out all the way: a day in 720 pixels."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Ticks to logical pixels and back. x = 0 is the left edge of what is shown."""

    left: int = 0
    """The tick at x = 0; never before 0."""
    per_pixel: float = TICKS / 60
    """Ticks."""

    def x(self, at: float) -> float:
        return (at - self.left) / self.per_pixel

    def at(self, x: float) -> int:
        """The tick at `x`; may be before 0."""
        return self.left + round(x * self.per_pixel)

    def width(self, duration: float) -> float:
        """Pixels that `duration` ticks take."""
        return duration / self.per_pixel

    def zoomed(self, factor: float, x: float) -> "Scale":
        """`factor` times closer; what lies at `x` stays there."""
        per_pixel = min(WIDEST, max(CLOSEST, self.per_pixel / factor))
        return Scale(max(0, round(self.left + x * (self.per_pixel - per_pixel))), per_pixel)

    def scrolled(self, pixels: float) -> "Scale":
        return replace(self, left=max(0, self.left + round(pixels * self.per_pixel)))

    def showing(self, start: int, end: int, width: float) -> "Scale":
        """Exactly start…end in `width` pixels, with some room at both sides."""
        room = max(1, end - start) * 0.03
        per_pixel = min(WIDEST, max(CLOSEST, (end - start + 2 * room) / max(1.0, width)))
        return Scale(max(0, round(start - room)), per_pixel)

    def following(self, at: int, width: float) -> "Scale":
        """Turned over like a page when `at` leaves the screen."""
        x = self.x(at)
        if 0 <= x <= width * 0.96:
            return self
        return replace(self, left=max(0, round(at - width * 0.08 * self.per_pixel)))
