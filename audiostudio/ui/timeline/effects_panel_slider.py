"""A setting as a slider: linear or in ratios, with its unit, typed or dragged."""

import math
import re

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.sound.effects.kinds import Setting, Unit
from audiostudio.ui.timeline.headers_controls import Drags
from audiostudio.ui.widgets import Slider

_NOTCHES = 1000
_NUMBER = re.compile(r"[-+]?[\d.,]*\d")


class SettingSlider(QWidget):
    """Drag it, type it, or double-click to put it back."""

    slid = Signal(float, str)
    """The value, and a key that is the same for one drag."""

    def __init__(self, setting: Setting, label: str, parent: QWidget | None = None) -> None:
        """`label`: through `tr`."""
        super().__init__(parent)
        self.setting = setting
        self._value = setting.default
        self.label = QLabel(label, self)
        self.label.setProperty("role", "secondary")
        self.slider = Slider(self)
        self.slider.setRange(0, _NOTCHES)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(50)
        self.slider.setMinimumHeight(20)
        self.slider.origin = self._notch(0.0 if setting.least < 0 < setting.greatest else setting.least)
        self.slider.setAccessibleName(label)
        self.slider.setToolTip(self.tr("Double-click to reset"))
        self.edit = QLineEdit(self)
        self.edit.setProperty("kind", "value")
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setFixedWidth(84)
        self.edit.setAccessibleName(label)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(2)
        head.addWidget(self.label, 1)
        self._head = head
        head.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.slider)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._drags = Drags(self.slider)
        self.slider.valueChanged.connect(self._slid)
        self.slider.reset.connect(lambda: self._set(setting.default))
        self.edit.editingFinished.connect(self._typed)
        self.show_value(setting.default)

    @property
    def value(self) -> float:
        return self._value

    def show_value(self, value: float) -> None:
        """Without a word to anybody."""
        self._value = value
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(self._notch(value))
            self.slider.blockSignals(False)
            self.slider.update()
        self.edit.setText(shown(self.setting, value))
        self.edit.setCursorPosition(0)

    def add(self, widget: QWidget) -> None:
        """Beside the name."""
        self._head.insertWidget(1, widget)

    def show_moving(self, moving: bool) -> None:
        """Its value comes from automation, not from here."""
        self.slider.setEnabled(not moving)
        self.edit.setEnabled(not moving)

    def _notch(self, value: float) -> int:
        return round(_NOTCHES * share_of(self.setting, value))

    def _slid(self, notch: int) -> None:
        self._set(at_share(self.setting, notch / _NOTCHES))

    def _set(self, value: float) -> None:
        changed = value != self._value
        self.show_value(value)
        if changed:
            self.slid.emit(value, self._drags.key)

    def _typed(self) -> None:
        text = self.edit.text()
        found = _NUMBER.search(text.replace("−", "-"))
        if text == shown(self.setting, self._value) or found is None:
            self.show_value(self._value)
            return
        value, good = QLocale().toDouble(found.group())
        if not good:  # such as 7,5 where people write 7.5
            try:
                value = float(found.group().replace(",", "."))
            except ValueError:
                self.show_value(self._value)
                return
        if self.setting.unit == Unit.HZ and "k" in text.casefold():
            value *= 1000
        self._set(min(self.setting.greatest, max(self.setting.least, value)))


def share_of(setting: Setting, value: float) -> float:
    """How far a value lies from the least to the greatest, 0…1; in ratios where the setting is."""
    least, greatest = setting.least, setting.greatest
    value = min(greatest, max(least, value))
    if setting.logarithmic:
        base = _base(setting)
        return math.log((value + base) / (least + base)) / math.log((greatest + base) / (least + base))
    return (value - least) / (greatest - least)


def at_share(setting: Setting, share: float) -> float:
    """`share_of` backwards, in the setting's steps."""
    least, greatest = setting.least, setting.greatest
    if setting.logarithmic:
        base = _base(setting)
        found = (least + base) * ((greatest + base) / (least + base)) ** share - base
        digits = 2 - math.floor(math.log10(found)) if found > setting.step else 2  # three that count
        return min(greatest, max(least, round(found, digits)))
    steps = round((greatest - least) * share / setting.step)
    return min(greatest, round(least + steps * setting.step, 6))


def _base(setting: Setting) -> float:
    """Added to a range that begins at 0, which has no ratios."""
    return 0.0 if setting.least > 0 else setting.greatest / 200


def shown(setting: Setting, value: float) -> str:
    """With its unit; 12 kHz instead of 12,000 Hz."""
    unit = str(setting.unit)
    if setting.unit == Unit.HZ and value >= 1000:
        value, unit = value / 1000, "kHz"
    if setting.unit == Unit.SEMITONES:
        unit = "st"
    decimals = 0 if abs(value) >= 100 or (setting.step >= 1 and float(value).is_integer()) else 1
    if (abs(value) < 10 and setting.step < 0.1) or unit == "kHz":
        decimals = 2
    number = QLocale().toString(float(value), "f", decimals).replace("-", "−")
    signed = setting.least < 0 < setting.greatest and value > 0
    space = "" if unit in ("", ":1") else " "
    return f"{'+' if signed else ''}{number}{space}{unit}"
