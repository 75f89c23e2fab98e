"""Synthesizers for what a General MIDI SoundFont does badly: electronic basses, leads, pads, drum machines.

None aliases: sustained sounds are spectra turned into waves that hold nothing above 20 kHz; frequency modulation keeps
its sidebands below. What is random in them is drawn the same each time.
"""

from collections.abc import Callable, Mapping
from functools import partial

from audiostudio.engines.composer.playing import Voice
from audiostudio.engines.composer.synths.drums import KITS, Kit
from audiostudio.engines.composer.synths.effects import Effects
from audiostudio.engines.composer.synths.fm import FM, FMVoice
from audiostudio.engines.composer.synths.waves import PATCHES, WaveVoice
from audiostudio.errors import RequestError

_TUNED: Mapping[str, Callable[[], Voice]] = {
    **{name: partial(WaveVoice, patch) for name, patch in PATCHES.items()},
    **{name: partial(FMVoice, patch) for name, patch in FM.items()},
    "effects": Effects,
}
SYNTHS = frozenset({*_TUNED, *KITS})


def voice(name: str, tonic: int = 0) -> Voice:
    """A synthesizer for one part of a piece with that tonic (pitch class). Raises `RequestError` for an unknown one."""
    if name in KITS:
        return Kit(KITS[name], tonic)
    if name not in _TUNED:
        raise RequestError(f"There is no synthesizer “{name[:40]}”.", f"There are: {', '.join(sorted(SYNTHS))}.")
    return _TUNED[name]()
