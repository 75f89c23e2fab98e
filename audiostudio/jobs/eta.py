"""How long a job still takes, judged by how it went so far."""

import math
import statistics
from collections import deque
from collections.abc import Callable
from itertools import combinations
from typing import Final

SAMPLES: Final = 24
"""Remembered, at least `SPACING` seconds apart."""
SPACING: Final = 0.25
KNOWN_AFTER: Final = ((5, 1.0), (3, 10.0))
"""Moments remembered and seconds watched before anything is said: either is enough."""
SETTLING: Final = 4.0
"""Seconds in which the shown time moves by 63 % towards a new estimate."""


class TimeLeft:
    """Seconds left from fractions done: the median of the rates between remembered moments, shown smoothly.

    `clock` gives seconds. The shown time runs down with the clock and drifts towards each new estimate.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, float]] = deque(maxlen=SAMPLES)
        self._began: float | None = None
        self._shown: tuple[float, float] | None = None
        """When, seconds left."""

    def update(self, fraction: float | None) -> float | None:
        """Seconds left now that `fraction` (0…1) is done; None while nobody can know."""
        if fraction is None or not math.isfinite(fraction):
            return None
        now, fraction = self._clock(), min(max(fraction, 0.0), 1.0)
        if self._began is None:
            self._began = now
        if not self._seen or now - self._seen[-1][0] >= SPACING:
            self._seen.append((now, fraction))
        if fraction == 1.0:
            return 0.0
        estimate = self._estimate(now, fraction)
        if estimate is None:
            return None
        if self._shown is not None:
            shown_at, shown = self._shown
            elapsed = now - shown_at
            counted = max(shown - elapsed, 0.0)
            estimate = counted + (estimate - counted) * -math.expm1(-elapsed / SETTLING)
        self._shown = now, estimate
        return estimate

    def _estimate(self, now: float, fraction: float) -> float | None:
        watched = now - self._began if self._began is not None else 0.0
        if not any(len(self._seen) >= moments and watched >= seconds for moments, seconds in KNOWN_AFTER):
            return None
        rates = [(done - before) / (at - then) for (then, before), (at, done) in combinations(self._seen, 2)]
        rate = statistics.median(rates)
        return (1.0 - fraction) / rate if rate > 0 else None
