"""What most people leave to the composer: metre and era, energy, sections, instruments, seed, variants, files."""

from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.music.plan import Brief
from audiostudio.ui.music import facets
from audiostudio.ui.music.curve import EnergyCurve
from audiostudio.ui.music.structure import StructureEditor
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, IconButton, SectionHeader, SegmentedControl

if TYPE_CHECKING:
    from audiostudio.engines.base import Capabilities

MOST_SEED = 2**31 - 1
_FACETS = ("metre", "era", "instruments")


def new_seed() -> int:
    return SystemRandom().randrange(1, MOST_SEED)


class MoreControls(QWidget):
    edited = Signal(object)
    """The `Brief` of what was chosen by hand."""

    def __init__(self, work: MusicWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._chosen, self._brief = Brief(), Brief()
        self.curve = EnergyCurve(self)
        self.curve_reset = self._reset(lambda: self._take(energy=()))
        self.structure = StructureEditor(self)
        self.structure_reset = self._reset(lambda: self._take(structure=()))
        self.buttons: dict[str, Button] = {}
        for facet in _FACETS:
            button = self.buttons[facet] = Button("", "secondary", parent=self, small=True)
            button.clicked.connect(lambda _on=False, facet=facet: self.open(facet))
        self.seed = QLineEdit(self)
        self.seed.setValidator(QIntValidator(0, MOST_SEED, self))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("The same seed and the same wishes make the same music"))
        self.lock = IconButton("lock-open", "", self, checkable=True)
        self.dice = IconButton("dices", self.tr("Another seed"), self)
        self.count = SegmentedControl([(str(n), str(n)) for n in (1, 2, 3, 4)], self, self.tr("Variants"))
        self.stems = QCheckBox(self.tr("Stems: a file for each part"), self)
        self.midi = QCheckBox(self.tr("MIDI file"), self)
        self._scored: list[QWidget] = []
        """Only for engines that write a score."""
        self._lay_out()
        self.curve.drawn.connect(lambda points: self._take(energy=points))
        self.structure.changed.connect(lambda kinds: self._take(structure=kinds))
        self.seed.editingFinished.connect(self._seed_typed)
        self.lock.clicked.connect(lambda on: (work.keep("seed_locked", on), self._show_lock()))
        self.dice.clicked.connect(self.draw_seed)
        self.count.changed.connect(lambda count: work.keep("count", int(count)))
        self.stems.clicked.connect(lambda on: work.keep("stems", on))
        self.midi.clicked.connect(lambda on: work.keep("midi", on))
        self.count.choose(str(work.recall("count", 1)))
        self.stems.setChecked(bool(work.recall("stems", False)))
        self.midi.setChecked(bool(work.recall("midi", False)))
        self.lock.setChecked(bool(work.recall("seed_locked", False)))
        self._show_lock()

    @property
    def locked(self) -> bool:
        """Whether the seed stays."""
        return self.lock.isChecked()

    def wanted(self, capabilities: "Capabilities") -> dict[str, Any]:
        """What `music.make` is asked for beside words and brief."""
        return {
            "count": int(self.count.value()),
            "stems": self.stems.isChecked() and capabilities.score,
            "midi": self.midi.isChecked() and capabilities.score,
        }

    def show_brief(self, brief: Brief, chosen: Brief) -> None:
        """`brief`: what will be made as far as it is known; `chosen`: what of it was chosen by hand."""
        self._brief, self._chosen = brief, chosen
        self.curve.show_points(brief.energy)
        self.curve_reset.setVisible(bool(chosen.energy))
        self.structure.show_kinds(brief.structure)
        self.structure_reset.setVisible(bool(chosen.structure))
        for facet, button in self.buttons.items():
            words = facets.words(brief, facet)
            if facet == "instruments":
                words = ", ".join(filter(None, (words, facets.words(brief, "without"))))
            button.setText(_short(words) or self.tr("Composer chooses"))
            button.setToolTip(words or self.tr("Composer chooses"))
            button.setAccessibleName(f"{facets.title(facet)}: {button.text()}")
        if not self.seed.hasFocus():
            self.seed.setText(str(chosen.seed))

    def show_engine(self, capabilities: "Capabilities") -> None:
        """Only what the engine heeds is shown."""
        for part in self._scored:
            part.setVisible(capabilities.score)

    def open(self, facet: str) -> QWidget | None:
        return facets.open_popup(facet, self._brief, self._chosen, self.buttons[facet], self.edited.emit)

    def draw_seed(self) -> None:
        self._take(seed=new_seed())

    def _take(self, **fields: Any) -> None:
        self._chosen = replace(self._chosen, **fields)
        self.edited.emit(self._chosen)

    def _seed_typed(self) -> None:
        seed = int(self.seed.text() or 0)
        if seed != self._chosen.seed:
            self.lock.setChecked(True)
            self._work.keep("seed_locked", True)
            self._show_lock()
            self._take(seed=seed)

    def _show_lock(self) -> None:
        locked = self.lock.isChecked()
        self.lock.set_icon("lock" if locked else "lock-open")
        words = self.tr("The seed stays") if locked else self.tr("Each time another seed")
        self.lock.set_label(words)

    def _reset(self, run: Any) -> Button:
        button = Button(self.tr("Composer chooses"), "ghost", "rotate-ccw", self, small=True)
        button.clicked.connect(run)
        button.hide()
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for name, part, reset in (
            (self.tr("Energy"), self.curve, self.curve_reset),
            (self.tr("Sections"), self.structure, self.structure_reset),
        ):
            head = SectionHeader(name, self)
            head.add(reset)
            column.addWidget(head)
            column.addWidget(part)
            self._scored += [head, part]
        for facet, button in self.buttons.items():
            row = self._row(facets.title(facet), button)
            column.addWidget(row)
            self._scored.append(row)
        seed = QHBoxLayout()
        seed.setSpacing(HALF)
        self.seed.setFixedWidth(104)
        for part in (self.seed, self.lock, self.dice):
            seed.addWidget(part)
        holder = QWidget(self)
        holder.setLayout(seed)
        seed.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._row(self.tr("Seed"), holder))
        column.addWidget(self._row(self.tr("Variants"), self.count))
        column.addWidget(self.stems)
        column.addWidget(self.midi)
        self._scored += [self.stems, self.midi]

    def _row(self, name: str, field: QWidget) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        label = QLabel(name, holder)
        label.setProperty("role", "secondary")
        label.setBuddy(field)
        row.addWidget(label, 1)
        row.addWidget(field)
        return holder


def _short(words: str) -> str:
    return words if len(words) <= 28 else words[:26].rstrip(", ") + "…"
