"""What a SoundFont says that velocity and pitch change, written into zones of their own.

tinysoundfont knows no modulators: without them a grand piano stays as muffled as at the softest touch. A zone is
divided into bands of velocity and pitch, and in each the modulators' share is added to its generators
(SoundFont Technical Specification 2.04, 8.2 and 9.5).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

KEY_RANGE, VELOCITY_RANGE, ATTENUATION = 43, 44, 48
_VELOCITY, _KEY = 2, 3
_CONTROLLER, _FALLS, _BIPOLAR = 0x80, 0x100, 0x200
_VELOCITIES = ((0, 36), (37, 56), (57, 72), (73, 86), (87, 100), (101, 114), (115, 127))
_KEYS = (*((first, first + 11) for first in range(0, 120, 12)), (120, 127))
_ALL = ((0, 127),)
_LEAST, _MOST = -32_768, 32_767

Generators = Mapping[int, int]
"""Amounts by operator, signed; ranges as (low + 256 · high)."""


class Modulator(NamedTuple):
    source: int
    target: int
    amount: int
    scale: int
    """The source that the amount is multiplied by."""


def zones(generators: Generators, modulators: Sequence[Modulator]) -> Iterator[dict[int, int]]:
    """A preset's zone as one or more without modulators."""
    counted = [one for one in modulators if _counts(one)]
    sources = {source & 0x7F for one in counted for source in (one.source, one.scale)}
    keys = _within(generators.get(KEY_RANGE), _KEYS if _KEY in sources else _ALL)
    velocities = list(_within(generators.get(VELOCITY_RANGE), _VELOCITIES if _VELOCITY in sources else _ALL))
    for low, high in keys:
        for soft, loud in velocities:
            zone = dict(generators) | {KEY_RANGE: low | high << 8, VELOCITY_RANGE: soft | loud << 8}
            for one in counted:
                share = _value(one.source, (low + high) / 2, (soft + loud) / 2)
                share *= _value(one.scale, (low + high) / 2, (soft + loud) / 2) if one.scale else 1.0
                moved = zone.get(one.target, 0) + round(one.amount * share)
                zone[one.target] = min(_MOST, max(_LEAST, moved))
            yield zone


def merged(whole: Sequence[Modulator], local: Sequence[Modulator]) -> list[Modulator]:
    """A zone's modulators, and those of all zones where it has no own one from there to there."""
    own = {(one.source, one.target, one.scale) for one in local}
    return [*local, *(one for one in whole if (one.source, one.target, one.scale) not in own)]


def _counts(one: Modulator) -> bool:
    """Those of velocity and pitch; how loud a velocity is, the player does by itself."""
    if not one.amount or (one.target == ATTENUATION and one.source & 0x7F == _VELOCITY):
        return False
    return all(
        not source & _CONTROLLER and source & 0x7F in allowed
        for source, allowed in ((one.source, (_VELOCITY, _KEY)), (one.scale, (0, _VELOCITY, _KEY)))
    )


def _within(span: int | None, bands: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The bands, cut to a zone's range."""
    low, high = (0, 127) if span is None else (span & 0xFF, span >> 8 & 0xFF)
    cut = ((max(low, first), min(high, last)) for first, last in bands)
    return [(first, last) for first, last in cut if first <= last]


def _value(source: int, key: float, velocity: float) -> float:
    """−1…1 or 0…1: where a source stands."""
    at = (key if source & 0x7F == _KEY else velocity) / 128
    at = 1 - at if source & _FALLS else at
    curve = source >> 10
    if source & _BIPOLAR:
        side = 2 * at - 1
        return math.copysign(_curved(abs(side), curve), side)
    return _curved(at, curve)


def _curved(at: float, curve: int) -> float:
    """Linear, concave, convex or a switch."""
    if curve == 1:
        return min(1.0, -20 / 96 * math.log10(max(1e-9, (1 - at) ** 2)))
    if curve == 2:
        return 1 - min(1.0, -20 / 96 * math.log10(max(1e-9, at**2)))
    return float(at >= 0.5) if curve == 3 else at
