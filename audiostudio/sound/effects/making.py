"""From checked settings to the processor that does it."""

from collections.abc import Callable, Mapping

from audiostudio.sound.effects.dynamics import Compressor, DeEsser, Ducker, Gate
from audiostudio.sound.effects.filters import Equaliser, HighPass, LowPass
from audiostudio.sound.effects.kinds import Checked
from audiostudio.sound.effects.limiter import Limiter
from audiostudio.sound.effects.processor import Processor
from audiostudio.sound.effects.spaces import Delay, Gain, Reverb, Width

PROCESSORS: Mapping[str, Callable[[Mapping[str, float], int], Processor]] = {
    "gain": Gain,
    "eq": Equaliser,
    "highpass": HighPass,
    "lowpass": LowPass,
    "compressor": Compressor,
    "limiter": Limiter,
    "gate": Gate,
    "deesser": DeEsser,
    "reverb": Reverb,
    "delay": Delay,
    "width": Width,
    "ducker": Ducker,
}
"""Every kind that is not `of_source`."""


def make(checked: Checked, sample_rate: int) -> Processor | None:
    """None for kinds that are not known and for those that treat the medium."""
    if checked.kind is None or checked.kind.of_source:
        return None
    return PROCESSORS[checked.kind.name](checked.values, sample_rate)
