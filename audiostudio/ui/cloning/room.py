"""How quiet a room is, judged by two seconds of it. Plain Python."""

import math

SECONDS = 2.0
"""That are listened to."""
DEAD = -120.0
"""dBFS below which nothing comes from the microphone at all."""
QUIET, LOUD = -55.0, -42.0
"""dBFS. Speech lies near −20 dBFS: below `QUIET` it stands 35 dB above the noise, as good samples do; above `LOUD`
it stands less than 22 dB above it, and the noise is learnt with the voice."""


class Room:
    """Takes what the microphone gives. A single click or a door does not count: the middle of all moments does."""

    def __init__(self) -> None:
        self._moments: list[tuple[float, float]] = []
        self.seconds = 0.0

    def hear(self, power: float, seconds: float) -> None:
        """The mean square of the next moment."""
        self._moments.append((power, seconds))
        self.seconds += seconds

    @property
    def done(self) -> bool:
        return self.seconds >= SECONDS - 1e-6

    @property
    def level(self) -> float:
        """dBFS of the moment in the middle, by how long they last."""
        half, at = self.seconds / 2, 0.0
        for power, seconds in sorted(self._moments):
            at += seconds
            if at >= half:
                return 10 * math.log10(power) if power > 1e-13 else -math.inf
        return -math.inf


def room_verdict(level: float) -> str:
    """`dead`, `quiet`, `fair` or `loud`."""
    if level < DEAD:
        return "dead"
    return "quiet" if level <= QUIET else "loud" if level > LOUD else "fair"
