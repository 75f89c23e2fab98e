"""The section that is chosen: its kind, length, energy and chords, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.music.form import ENERGY
from audiostudio.music.plan import SectionPlan
from audiostudio.music.theory import Chord, Key
from audiostudio.ui.music.panel import Panel
from audiostudio.ui.music.popups import Popup
from audiostudio.ui.music.words import shown
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF, set_property
from audiostudio.ui.widgets import Button, Chip, ChoiceBox, FlowLayout, IconButton, LabeledSlider

_QUALITIES = ("", "m", "7", "maj7", "m7", "sus4", "dim", "add9")


def diatonic(key: Key) -> list[str]:
    """The triads of a key, as it spells them."""
    scale = key.scale
    found = []
    for degree, root in enumerate(scale):
        third, fifth = ((scale[(degree + step) % 7] - root) % 12 for step in (2, 4))
        quality = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}.get((third, fifth), "5")
        found.append(Chord(root, quality).name(key.names))
    return found


class ChordPopup(Popup):
    """Those of the key at a click, any other typed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, chord: str, key: Key) -> None:
        super().__init__(parent, self.tr("Chord"))
        self.field = QLineEdit(chord, self)
        self.field.setAccessibleName(self.tr("Chord"))
        self.problem = QLabel(self)
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        box = QWidget(self)
        box.setFixedWidth(264)
        flow = FlowLayout(box, HALF)
        self.chips: dict[str, Chip] = {}
        root = Chord.parse(chord) if chord else Chord(key.tonic)
        qualities = [Chord(root.root, quality).name(key.names) for quality in _QUALITIES]
        for name in dict.fromkeys([*diatonic(key), *qualities]):
            chip = self.chips[name] = Chip(name, box)
            chip.setChecked(name == chord)
            chip.clicked.connect(lambda _on=False, name=name: self._take(name))
            flow.addWidget(chip)
        for part in (self.field, self.problem, box):
            self.column.addWidget(part)
        self.field.returnPressed.connect(lambda: self._take(self.field.text()))
        self.field.textEdited.connect(self._check)

    def begin(self) -> None:
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()

    def _check(self, text: str) -> bool:
        try:
            Chord.parse(text)
        except StudioError as error:
            self.problem.setText(f"{error.sentence} {error.hint}")
            self.problem.show()
            set_property(self.field, "state", "error")
            self.adjustSize()
            return False
        self.problem.hide()
        set_property(self.field, "state", "")
        return True

    def _take(self, text: str) -> None:
        if self._check(text):
            self.chosen.emit(text)
            self.close()


class SectionPanel(Panel):
    kind_chosen = Signal(str)
    lengthened = Signal(int)
    """Bars."""
    energy_chosen = Signal(float)
    chord_chosen = Signal(int, str)
    """Its place, and the chord."""
    again_wanted = Signal()
    play_wanted = Signal()
    repeat_wanted = Signal()
    remove_wanted = Signal()
    add_wanted = Signal()
    chords_drawn = Signal()
    """The composer chooses the chords again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = Key(0)
        self._showing = False
        self._bars = 0
        self._written = False
        self.chips: list[Chip] = []
        self.kind = ChoiceBox(self.tr("Kind of section"), self, small=True)
        for kind in ENERGY:
            self.kind.addItem(shown(kind), kind)
        self.kind.setFixedWidth(120)
        self.less = IconButton("minus", self.tr("A bar less"), self, size=26, icon_size=14)
        self.longer = IconButton("plus", self.tr("A bar more"), self, size=26, icon_size=14)
        self.bars = QLabel(self)
        self.bars.setProperty("role", "secondary")
        self.energy = LabeledSlider(self.tr("Energy"), 0.0, 100.0, 50.0, 5.0, " %", 0, self)
        self.energy.setMinimumWidth(110)
        self.energy.setMaximumWidth(180)
        self.again = Button(self.tr("Another one"), "secondary", "dices", self, small=True)
        self.again.setToolTip(self.tr("Compose this section anew (R); all others keep their notes"))
        self.play = Button(self.tr("Hear it"), "secondary", "play:solid", self, small=True)
        self.play.setToolTip(self.tr("Hear this section (P)"))
        self.repeat = IconButton("copy", self.tr("Repeat it behind itself"), self, size=28)
        self.add = IconButton("plus", self.tr("Add a section behind it"), self, size=28)
        self.remove = IconButton("trash-2", self.tr("Take it away"), self, size=28)
        self.reset = Button(self.tr("Composer chooses"), "ghost", "rotate-ccw", self, small=True)
        self._chords = QWidget(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._chords.setSizePolicy(policy)
        self._flow = FlowLayout(self._chords, HALF)
        self._lay_out()
        self.kind.activated.connect(lambda _index: self.kind_chosen.emit(self.kind.currentData()))
        self.less.clicked.connect(lambda: self.lengthened.emit(self._bars - 1))
        self.longer.clicked.connect(lambda: self.lengthened.emit(self._bars + 1))
        self.energy.value_changed.connect(self._energetic)
        for button, signal in (
            (self.again, self.again_wanted),
            (self.play, self.play_wanted),
            (self.repeat, self.repeat_wanted),
            (self.add, self.add_wanted),
            (self.remove, self.remove_wanted),
            (self.reset, self.chords_drawn),
        ):
            button.clicked.connect(signal)

    def show_section(self, section: SectionPlan, chords: Sequence[str], key: Key) -> None:
        """`chords`: as they are written, before the section's shift."""
        self._showing = True
        self._key, self._bars, self._written = key, section.bars, bool(section.chords)
        self.kind.setCurrentIndex(max(0, self.kind.findData(section.kind)))
        self.bars.setText(counted(section.bars, self.tr("1 bar"), self.tr("%n bars")))
        self.less.setEnabled(section.bars > 1)
        if not self.energy.slider.isSliderDown():
            self.energy.set_value(section.energy * 100)
        self.reset.setVisible(self._written)
        self._show_chords(chords)
        self._showing = False

    def open_chord(self, place: int) -> ChordPopup | None:
        if place >= len(self.chips):
            return None
        popup = ChordPopup(self.window(), self.chips[place].text(), self._key)
        popup.chosen.connect(lambda chord: self.chord_chosen.emit(place, chord))
        popup.open_below(self.chips[place])
        return popup

    def _show_chords(self, chords: Sequence[str]) -> None:
        if [chip.text() for chip in self.chips] == list(chords):
            return
        while len(self.chips) > len(chords):
            chip = self.chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        while len(self.chips) < len(chords):
            chip = Chip("", self._chords)
            chip.setCheckable(False)
            chip.setToolTip(self.tr("Another chord"))
            place = len(self.chips)
            chip.clicked.connect(lambda _on=False, place=place: self.open_chord(place))
            self.chips.append(chip)
            self._flow.addWidget(chip)
            chip.show()
        for chip, name in zip(self.chips, chords, strict=True):
            chip.setText(name)
        self._chords.updateGeometry()

    def _energetic(self, value: float) -> None:
        if not self._showing:
            self.energy_chosen.emit(value / 100)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(HALF)
        for part in (self.kind, self.less, self.bars, self.longer):
            head.addWidget(part)
        head.addSpacing(GRID)
        head.addWidget(self.energy, 1)
        head.addStretch(1)
        for button in (self.play, self.again, self.add, self.repeat, self.remove):
            head.addWidget(button)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._chords, 1)
        row.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + HALF, GRID, GRID + HALF, GRID + HALF)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addLayout(row)
