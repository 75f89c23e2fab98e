"""The buttons above the piano roll."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui.music.song.roll import keys, notes, paint
from audiostudio.ui.music.song.roll.canvas import RollCanvas
from audiostudio.ui.music.song.roll.stage import GRIDS, Grid
from audiostudio.ui.theme import CONTROL_HEIGHT, GRID, HALF
from audiostudio.ui.widgets import Button, ChoiceBox, FlowLayout, IconButton, SegmentedControl

OFF = 0


class MelodyBar(QWidget):
    """Follows the roll, and lets the mouse do what its keys do."""

    compose_wanted = Signal()
    play_wanted = Signal()
    word_wanted = Signal()

    def __init__(self, canvas: RollCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        tr = self.tr
        self.play = IconButton("play:solid", tr("Hear the chosen lines sung, or the song  Space"), self, filled=True)
        self.part = ChoiceBox(tr("Which voice is edited  Ctrl+↑ ↓"), self, small=True)
        self.part.setToolTip(self.part.accessibleName())
        self.part.setMinimumWidth(132)
        self.tool = SegmentedControl((("select", tr("Select")), ("draw", tr("Draw"))), self, tr("Tool"))
        self.tool.setToolTip(tr("Choose and drag notes  V, draw notes  D or Alt"))
        self.grid = ChoiceBox(tr("Grid"), self, small=True)
        self.grid.setToolTip(tr("What notes snap to; T: triplets. With Alt they go freely"))
        for name, ticks in GRIDS:
            self.grid.addItem(name, ticks)
        self.grid.addItem(tr("Off"), OFF)
        self.grid.setCurrentIndex(2)
        self.down = IconButton("minus", tr("A semitone lower  ↓, an octave  Shift+↓"), self, size=28)
        self.up = IconButton("plus", tr("A semitone higher  ↑, an octave  Shift+↑"), self, size=28)
        self.split = self._button(tr("Split"), tr("Sing the syllable on two notes  S"))
        self.join = self._button(tr("Join"), tr("One note for notes of one syllable  J"))
        self.quantise = self._button(tr("On the grid"), tr("Beginnings and ends to the grid  Q"))
        self.word = self._button(tr("Syllable…"), tr("What is sung on the note  Return"))
        self.again = Button(tr("Compose again"), "secondary", "dices", self, small=True)
        self.again.setToolTip(tr("Another melody for the lines of the chosen notes, or for all"))
        self.sound = IconButton("audio-lines", tr("Hear notes when they are clicked"), self, size=28, checkable=True)
        self.sound.setChecked(True)
        self.zoom_out = IconButton("zoom-out", tr("Zoom out  −"), self, size=28)
        self.zoom_in = IconButton("zoom-in", tr("Zoom in  +"), self, size=28)
        self.told = QLabel(self)
        self.told.setProperty("role", "small")
        self._writable = True
        self._lay_out()
        self._connect()
        self._follow()

    def show_state(self, writable: bool) -> None:
        self._writable = writable
        self._follow()

    def show_playing(self, state: str) -> None:
        self.play.set_icon("play:solid" if state == "idle" else "square:solid")

    def join_notes(self) -> None:
        """Says why where it cannot be done."""
        if not keys.join(self._canvas):
            self.told.setText(self.tr("Only notes of one syllable that follow each other can be joined."))

    def _follow(self) -> None:
        canvas = self._canvas
        listed = [self._named(number) for number in range(len(canvas.parts))]
        if [self.part.itemText(n) for n in range(self.part.count())] != listed:
            self.part.blockSignals(True)
            self.part.clear()
            self.part.addItems(listed)
            self.part.blockSignals(False)
        if self.part.currentIndex() != canvas.part and canvas.parts:
            self.part.blockSignals(True)
            self.part.setCurrentIndex(canvas.part)
            self.part.blockSignals(False)
        if self.tool.value() != canvas.tool:
            self.tool.choose(canvas.tool)
        chosen = bool(canvas.chosen) and self._writable
        for button in (self.up, self.down, self.split, self.join, self.word):
            button.setEnabled(chosen)
        for button in (self.quantise, self.again):
            button.setEnabled(bool(canvas.parts) and self._writable)
        self.told.setText(self._figures())

    def _figures(self) -> str:
        canvas = self._canvas
        ref = canvas.first()
        if ref is None:
            part = canvas.parts[canvas.part] if canvas.parts else None
            limits = canvas.limits(part.slot) if part is not None else None
            out = sum(notes.out_of_range(note, limits) for note in part.notes) if part is not None else 0
            said = self.tr("{n} notes are out of this voice's range").replace("{n}", str(out))
            return said if out else ""
        if len(canvas.chosen) > 1:
            return self.tr("{n} notes").replace("{n}", str(len(canvas.chosen)))
        return f"{ref.note.text} · {paint.pitch_name(ref.note.pitch)}"

    def _named(self, number: int) -> str:
        part = self._canvas.parts[number]
        names = {"lead": self.tr("lead"), "harmony": self.tr("harmony"), "backing": self.tr("backing")}
        return f"{part.slot} · {names.get(part.role, part.role)}"

    def _set_grid(self, _index: int) -> None:
        ticks = self.grid.currentData()
        self._canvas.set_grid(Grid(ticks or 60, bool(ticks)))

    def _button(self, text: str, tip: str) -> Button:
        made = Button(text, "ghost", None, self, small=True)
        made.setToolTip(tip)
        return made

    def _connect(self) -> None:
        canvas = self._canvas
        canvas.looked.connect(self._follow)
        self.play.clicked.connect(self.play_wanted)
        self.part.activated.connect(canvas.set_part)
        self.tool.changed.connect(canvas.set_tool)
        self.grid.currentIndexChanged.connect(self._set_grid)
        self.up.clicked.connect(lambda: keys.transpose(canvas, 1))
        self.down.clicked.connect(lambda: keys.transpose(canvas, -1))
        self.split.clicked.connect(lambda: keys.split(canvas))
        self.join.clicked.connect(self.join_notes)
        self.quantise.clicked.connect(lambda: keys.quantise(canvas))
        self.word.clicked.connect(self.word_wanted)
        self.again.clicked.connect(self.compose_wanted)
        self.zoom_in.clicked.connect(lambda: canvas.zoom(1.25))
        self.zoom_out.clicked.connect(lambda: canvas.zoom(0.8))

    def _lay_out(self) -> None:
        box = QWidget(self)
        flow = FlowLayout(box, GRID)
        for group in (
            (self.play, self.part),
            (self.tool,),
            (self.grid,),
            (self.down, self.up),
            (self.split, self.join, self.quantise, self.word),
            (self.again,),
            (self.sound, self.zoom_out, self.zoom_in),
        ):
            flow.addWidget(together(box, *group))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        column.setSpacing(2)
        column.addWidget(box)
        column.addWidget(self.told)
        self.told.setMinimumHeight(16)
        self.told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def together(parent: QWidget, *widgets: QWidget) -> QWidget:
    """Side by side, in a row as high as a control."""
    box = QWidget(parent)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(HALF)
    row.addStrut(CONTROL_HEIGHT)
    for widget in widgets:
        row.addWidget(widget)
    return box
