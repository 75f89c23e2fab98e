"""What of a track, or of the master, can move over time, and how its values are drawn and told."""

import math
from collections import Counter
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Setting, Unit
from audiostudio.timeline.tracks import Channel, Effect, Parameter
from audiostudio.ui.timeline.effects_panel_picker import effect_words
from audiostudio.ui.timeline.effects_panel_slider import at_share, share_of, shown
from audiostudio.ui.timeline.headers_controls import shown_pan

_GAIN = Setting("gain", "Gain", Unit.DB, -60.0, 12.0, 0.0, 0.1)
_PAN = Setting("pan", "Pan", Unit.NONE, -1.0, 1.0, 0.0, 0.01)
_DUCKING = Setting("ducking", "Ducking", Unit.DB, -40.0, 0.0, 0.0, 0.1)
_TAPER = 2.2
"""Of gains: loud ones have more room than soft ones, as on a fader."""
_STICKY = 1 / 60
"""Of the height: so near to it a value is 0."""


class Motion(NamedTuple):
    parameter: str
    """As in `Automation`."""
    label: str
    setting: Setting
    rest: float
    """The value without any point."""
    taper: float = 1.0

    def share(self, value: float) -> float:
        """0 at the bottom, 1 at the top."""
        return share_of(self.setting, self.within(value)) ** self.taper

    def value(self, share: float) -> float:
        """`share` backwards; 0 has a little room."""
        share = min(1.0, max(0.0, share))
        if self.setting.least <= 0 <= self.setting.greatest and abs(share - self.share(0.0)) < _STICKY:
            return 0.0
        return self.within(at_share(self.setting, share ** (1 / self.taper)))

    def within(self, value: float) -> float:
        return min(self.setting.greatest, max(self.setting.least, value))

    def words(self, value: float) -> str:
        return shown_pan(value) if self.parameter == Parameter.PAN else shown(self.setting, value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Motions", text)


def motions(channel: Channel, *, master: bool = False) -> list[Motion]:
    """Gain, pan, ducking where it was drawn, and the settings of effects."""
    found = [Motion(Parameter.GAIN, _tr("Gain"), _GAIN, 0.0, _TAPER)]
    if not master:
        found.append(Motion(Parameter.PAN, _tr("Pan"), _PAN, channel.pan))
    if channel.automated(Parameter.DUCKING):
        found.append(Motion(Parameter.DUCKING, _tr("Ducking"), _DUCKING, 0.0))
    met: Counter[str] = Counter()
    for effect in channel.effects:
        met[effect.kind] += 1
        found += _of_effect(effect, met[effect.kind])
    return found


def motion_of(channel: Channel, parameter: str, *, master: bool = False) -> Motion | None:
    """None: there is no such parameter, or no more."""
    return next((one for one in motions(channel, master=master) if one.parameter == parameter), None)


def parameter_of(effect: Effect, setting: str) -> str:
    return f"{effect.id}/{setting}"


def _of_effect(effect: Effect, number: int) -> list[Motion]:
    """`number`: the how manieth of its kind it is. What treats the media before they are mixed does not move."""
    kind = KINDS.get(effect.kind)
    if kind is None or kind.of_source:
        return []
    name = effect_words(kind.label) + (f" {number}" if number > 1 else "")
    values = {one.name: one.value for one in effect.settings}
    return [
        Motion(
            parameter_of(effect, one.name),
            f"{name}: {effect_words(one.label)}",
            one,
            values[one.name] if math.isfinite(values.get(one.name, math.nan)) else one.default,
        )
        for one in kind.settings
    ]
