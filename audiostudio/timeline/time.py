"""Time on a timeline: whole ticks, exact for sample rates of 8–192 kHz and frame rates of film and NTSC."""

from typing import NamedTuple

TICKS = 705_600_000
"""In one second."""


class FrameRate(NamedTuple):
    """Pictures in a second, as a fraction: 30000/1001 for NTSC."""

    numerator: int
    denominator: int = 1

    @property
    def ticks(self) -> int:
        """Of one frame."""
        return TICKS * self.denominator // self.numerator


def ticks(seconds: float) -> int:
    """The tick nearest to `seconds`."""
    return round(seconds * TICKS)


def seconds(at: int) -> float:
    return at / TICKS


def of_samples(samples: int, sample_rate: int) -> int:
    """The tick at which sample number `samples` begins: exact for rates that divide a second's ticks, else rounded."""
    return -(-samples * TICKS * 2 // sample_rate) // 2 if TICKS % sample_rate else samples * (TICKS // sample_rate)


def to_samples(at: int, sample_rate: int) -> int:
    """The sample nearest to a tick; a tick in the middle belongs to the later one."""
    return (2 * at * sample_rate + TICKS) // (2 * TICKS)
