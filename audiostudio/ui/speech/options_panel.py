"""The settings that only one engine has, as controls made from its manifest."""

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import ChoiceBox, LabeledSlider

if TYPE_CHECKING:
    from audiostudio.engines.base import Option

_STEPS = 20


def _tr(text: str) -> str:
    return QCoreApplication.translate("Engines", text) if text else ""


class OptionsPanel(QWidget):
    """Shows `Capabilities.options`; an option that does not count beside the others' values is not shown. What decides
    about others, a model mostly, stands in `leading`, which may be laid elsewhere."""

    changed = Signal(str, object)
    """An option's name and its value as `Option` writes it; None: its default."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: tuple[Option, ...] = ()
        self._values: dict[str, str] = {}
        self._showing = False
        self.controls: dict[str, QWidget] = {}
        """By name."""
        self._rows: dict[str, QWidget] = {}
        self.leading = QWidget(self)
        self._first, self._column = QVBoxLayout(self.leading), QVBoxLayout(self)
        for column in (self._first, self._column):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(GRID)
        self._column.addWidget(self.leading)

    def show_options(self, options: "tuple[Option, ...]", values: Mapping[str, str]) -> None:
        """`values`: of those that are not at their default."""
        self._values = {option.name: values.get(option.name, option.default) for option in options}
        self._showing = True
        if options != self._options:
            self._options = options
            self._build()
        for option in options:
            self._set(option, self._values[option.name])
            self._rows[option.name].setVisible(_counts(option, self._values))
        self.leading.setVisible(self._first.count() > 0)
        self._showing = False

    def _build(self) -> None:
        for row in self._rows.values():
            row.hide()
            row.parentWidget().layout().removeWidget(row)
            row.deleteLater()
        self.controls, self._rows = {}, {}
        deciding = {name for option in self._options for name, _ in option.only_for}
        for option in self._options:
            row = self._made(option)
            row.setToolTip(_tr(option.hint))
            self._rows[option.name] = row
            (self._first if option.name in deciding else self._column).addWidget(row)

    def _made(self, option: "Option") -> QWidget:
        if option.kind == "number":
            step, decimals = _step(option)
            slider = LabeledSlider(
                _tr(option.title), option.least, option.most, float(option.default), step, "", decimals, self
            )
            slider.value_changed.connect(lambda value: self._tell(option, f"{value:g}"))
            self.controls[option.name] = slider
            return slider
        if option.kind == "switch":
            box = QCheckBox(_tr(option.title), self)
            box.toggled.connect(lambda on: self._tell(option, "true" if on else "false"))
            self.controls[option.name] = box
            return box
        row = QWidget(self)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF)
        caption = QLabel(_tr(option.title), row)
        caption.setProperty("role", "secondary")
        column.addWidget(caption)
        if option.kind == "choice":
            choice = ChoiceBox(_tr(option.title), row, small=True)
            for value, title in option.choices:
                choice.addItem(_tr(title), value)
            choice.currentIndexChanged.connect(lambda _index: self._tell(option, choice.currentData()))
            self.controls[option.name] = choice
            column.addWidget(choice)
        else:
            field = QLineEdit(row)
            field.setAccessibleName(_tr(option.title))
            field.editingFinished.connect(lambda: self._tell(option, field.text().strip()))
            self.controls[option.name] = field
            column.addWidget(field)
        return row

    def _set(self, option: "Option", value: str) -> None:
        control = self.controls[option.name]
        if isinstance(control, LabeledSlider):
            control.set_value(_number(value, float(option.default)))
        elif isinstance(control, QCheckBox):
            control.setChecked(value == "true")
        elif isinstance(control, ChoiceBox):
            control.setCurrentIndex(max(0, control.findData(value)))
        elif isinstance(control, QLineEdit) and not control.hasFocus():
            control.setText(value)

    def _tell(self, option: "Option", value: str) -> None:
        if self._showing or value == self._values.get(option.name):
            return
        usual = _same(option, value, option.default)
        self.changed.emit(option.name, None if usual else value)


def _step(option: "Option") -> tuple[float, int]:
    """A round number that goes about twenty times into an option's range and meets its default, and its decimals."""
    wanted = (option.most - option.least) / _STEPS
    away = float(option.default) - option.least
    power = math.floor(math.log10(wanted))
    for exponent in range(power, power - 4, -1):
        for digit in (5, 2, 1):
            step = digit * 10.0**exponent
            if step <= wanted * 1.01 and abs(away / step - round(away / step)) < 1e-6:
                return step, max(0, -exponent)
    return wanted, 2


def _counts(option: "Option", values: Mapping[str, str]) -> bool:
    return all(values.get(name) in wanted for name, wanted in option.only_for)


def _same(option: "Option", one: str, other: str) -> bool:
    if option.kind != "number":
        return one == other
    return abs(_number(one, 0.0) - _number(other, 0.0)) < 1e-6


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default


def without_default(values: Iterable[tuple[str, str]], name: str, value: str | None) -> dict[str, str]:
    """`values` with one changed, or with one at its default."""
    kept = {one: other for one, other in values if one != name}
    return kept if value is None else {**kept, name: value}
