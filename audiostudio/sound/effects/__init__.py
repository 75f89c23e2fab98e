"""Effects: what kinds there are, what can be set, and the processors that do it.

    kind = KINDS["compressor"]                 # static: name, settings with unit, range and default
    checked = check("compressor", {"ratio": 3.0})
    processor = make(checked, 48_000)
    louder = processor.process(sound)          # float32 (2, n) → float32 (2, n)

Some kinds are no processors: `denoise` and `pitch` treat a clip's medium before it is mixed (`Kind.of_source`).
"""

from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Checked, Kind, Place, Setting, Unit, check
from audiostudio.sound.effects.making import make
from audiostudio.sound.effects.presets import Preset, PresetEffect, presets
from audiostudio.sound.effects.processor import STEP, Processor

__all__ = [
    "KINDS",
    "STEP",
    "Checked",
    "Kind",
    "Place",
    "Preset",
    "PresetEffect",
    "Processor",
    "Setting",
    "Unit",
    "check",
    "make",
    "presets",
]
