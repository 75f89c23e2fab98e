"""The buttons and fields around the performance view."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from audiostudio.engines.fitting import Fitting
from audiostudio.performance import PLAIN
from audiostudio.ui.speech.performance import notes, redraw, words
from audiostudio.ui.speech.performance.shape import Shape
from audiostudio.ui.speech.performance.takes import LONGEST
from audiostudio.ui.speech.performance.view import PerformanceView
from audiostudio.ui.theme import CONTROL_HEIGHT, GRID, HALF, font, set_property
from audiostudio.ui.widgets import Button, ChoiceBox, FlowLayout, IconButton, SegmentedControl, Spinner

_FRAME = 0.026
"""Seconds that a line may be too long without being told: engines count in 25 ms."""


class Controls(QObject):
    """Follows the view, and lets the mouse do what its keys do."""

    fit_wanted = Signal(float)
    """Seconds that the line is to last."""

    def __init__(self, view: PerformanceView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self._natural = Shape((), 0.0)
        self._fitted: tuple[Fitting, float] | None = None
        """What was asked for last, and how long the line was then."""
        tr = self.tr
        self.play = IconButton("play:solid", tr("Play the selected words or the line  Space"), parent, filled=True)
        versions = [("edited", tr("Edited")), ("natural", tr("Natural"))]
        self.natural = SegmentedControl(versions, parent, tr("Which version is shown and heard  B"))
        self.natural.setToolTip(tr("Compare with the line as the voice says it by itself  B"))
        self.tool = SegmentedControl([("select", tr("Select")), ("draw", tr("Draw"))], parent, tr("Tool"))
        self.tool.setToolTip(tr("Select and drag  V, draw the melody by hand  D or Alt"))
        self.backdrop = SegmentedControl(
            [("wave", tr("Waveform")), ("spectrum", tr("Spectrogram"))], parent, tr("Behind the melody  W")
        )
        self.unit = SegmentedControl([("notes", tr("Notes")), ("hertz", tr("Hz"))], parent, tr("Pitch as"))
        self.down = IconButton("minus", tr("A semitone lower  ↓"), parent, size=28)
        self.up = IconButton("plus", tr("A semitone higher  ↑"), parent, size=28)
        self.flatten = self._button(tr("Flatten"), tr("One note for the selected words, or for all  F"))
        self.smooth = self._button(tr("Smooth"), tr("A softer melody for the selected words, or for all  S"))
        self.reset = self._button(tr("Reset"), tr("The selected words, or all, as the voice says them  R"))
        self.snap = ChoiceBox(tr("Snap pitch to"), parent, small=True)
        self.snap.setToolTip(tr("Notes that a dragged pitch snaps to; with Shift it moves freely and finely"))
        self.fit = QLineEdit(parent)
        self.factor = QLabel(parent)
        self.figures = QLabel(parent)
        self.state = QLabel(parent)
        self.busy = Spinner(14, parent)
        self.automatic = QCheckBox(tr("Make it again by itself"), parent)
        self.automatic.setToolTip(tr("The line is made again when you pause; only this line"))
        self.make = Button(tr("Make it again"), "secondary", "refresh-cw", parent, small=True)
        self.bar = QWidget(parent)
        self.foot = QHBoxLayout()
        self._fill_snap()
        self._lay_out()
        self._connect()

    # What is shown

    def show_natural(self, natural: Shape) -> None:
        self._natural = natural
        self._follow()

    def show_playing(self, on: bool) -> None:
        self.play.set_icon("pause:solid" if on else "play:solid")

    def toggle_natural(self) -> None:
        self.natural.choose("edited" if self.natural.value() == "natural" else "natural")

    def show_state(
        self, running: bool, waiting: bool, fraction: float | None, stale: bool, error: Exception | None
    ) -> None:
        """Whether what is drawn is made."""
        self.busy.setVisible(running)
        self.make.setVisible(stale and not running and not waiting)
        if error is not None:
            said = getattr(error, "sentence", str(error))
        elif running:
            said = self.tr("Making the line…") + (f" {fraction:.0%}" if fraction else "")
        elif stale:
            said = self.tr("Changed, not made yet")
        else:
            said = ""
        set_property(self.state, "role", "warning" if error is not None else "small")
        self.state.setText(said)
        self.state.setToolTip(getattr(error, "hint", "") if error is not None else "")

    def show_fit(self, fitted: Fitting) -> None:
        """How well the line fits into the time that was asked for."""
        self._fitted = (fitted, self._view.shape.seconds)
        self._follow()

    def _follow(self) -> None:
        """As the view is."""
        view = self._view
        for control, value in ((self.tool, view.tool), (self.backdrop, view.backdrop)):
            if control.value() != value:
                control.choose(value)
        chosen = tuple(word for word in view.shape.words if word.index in view.selected)
        self.figures.setText(words.figures(chosen, self._natural, view.hertz))
        for button in (self.up, self.down, self.flatten, self.smooth, self.reset, self.fit):
            button.setEnabled(view.editable)
        if not self.fit.isModified():
            self.fit.setText(self._seconds(view.shape.seconds))
        self._show_factor(view.shape.seconds / self._natural.seconds if self._natural.seconds else 1.0)

    def _show_factor(self, longer: float) -> None:
        """How much longer than by itself the line is, and whether that is less than was asked for."""
        said = "" if abs(longer - 1) < 0.005 else f"×{longer:.2f}"
        if self._fitted is not None and abs(self._fitted[1] - self._view.shape.seconds) > 0.03:
            self._fitted = None
        over = self._fitted[0].over if self._fitted is not None else 0.0
        if over > _FRAME:
            template = self.tr("{factor}, {seconds} s too long")
            said = template.replace("{factor}", said).replace("{seconds}", f"{over:.2f}")
        self.factor.setText(said)
        self.factor.setVisible(bool(said))
        set_property(self.factor, "role", "warning" if over > _FRAME else "small")

    # What the user does

    def _fit(self) -> None:
        if not self.fit.isModified():
            return
        self.fit.setModified(False)
        typed = self.fit.text().replace(",", ".").rstrip("s ").strip()
        try:
            seconds = float(typed)
        except ValueError:
            self._follow()
            return
        if not seconds >= 0.1 or abs(seconds - self._view.shape.seconds) < 0.0005:
            self._follow()
            return
        self.fit_wanted.emit(min(seconds, LONGEST))

    def _snap(self, _number: int) -> None:
        self._view.scale = self.snap.currentData()

    def _set_unit(self, unit: str) -> None:
        self._view.hertz = unit == "hertz"
        self._view.update()
        self._follow()

    def _fill_snap(self) -> None:
        self.snap.addItem(self.tr("Free pitch"), None)
        self.snap.addItem(self.tr("Semitones"), notes.CHROMATIC)
        major, minor = self.tr("{root} major"), self.tr("{root} minor")
        for root, scale in notes.scales():
            self.snap.addItem((minor if notes.is_minor(scale) else major).replace("{root}", root), scale)

    def _button(self, text: str, tip: str) -> Button:
        made = Button(text, "ghost", None, self.parent(), small=True)
        made.setToolTip(tip)
        return made

    def _seconds(self, seconds: float) -> str:
        return f"{QLocale().toString(seconds, 'f', 2)} s"

    def _lay_out(self) -> None:
        tr = self.tr
        self.fit.setProperty("kind", "value")
        self.fit.setFixedWidth(64)
        self.fit.setAccessibleName(tr("Length of the line"))
        self.fit.setToolTip(tr("Type how long the line is to last: pauses give way first, then the words"))
        self.fit.setFont(font("body", tabular=True))
        self.snap.setFixedWidth(112)
        for label in (self.figures, self.state, self.factor):
            label.setProperty("role", "small")
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.figures.setFont(font("small", tabular=True))
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        length = QLabel(tr("Length"), self.bar)
        length.setProperty("role", "small")
        flow = FlowLayout(self.bar, GRID)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.bar.setSizePolicy(policy)
        for group in (
            (self.play, self.natural),
            (self.backdrop,),
            (self.unit,),
            (length, self.fit, self.factor),
            (self.tool, self.down, self.up),
            (self.flatten, self.smooth, self.reset),
            (self.snap,),
        ):
            flow.addWidget(_side_by_side(self.bar, *group))
        self.foot.setSpacing(GRID)
        self.foot.addStrut(CONTROL_HEIGHT)  # of one height, whatever is shown in it
        self.foot.addWidget(self.figures, 1)
        for widget in (self.busy, self.state, self.make, self.automatic):
            self.foot.addWidget(widget)

    def _connect(self) -> None:
        view = self._view
        view.looked.connect(self._follow)
        self.tool.changed.connect(view.set_tool)
        self.backdrop.changed.connect(view.set_backdrop)
        self.unit.changed.connect(self._set_unit)
        self.up.clicked.connect(lambda: view.transpose(1))
        self.down.clicked.connect(lambda: view.transpose(-1))
        self.flatten.clicked.connect(self._changing("flatten", redraw.flattened))
        self.smooth.clicked.connect(self._changing("smooth", redraw.smoothed))
        self.reset.clicked.connect(self._changing("reset", lambda _edit, _word: PLAIN))
        self.snap.currentIndexChanged.connect(self._snap)
        self.fit.editingFinished.connect(self._fit)

    def _changing(self, kind: str, function: Callable) -> Callable[[], None]:
        return lambda: self._view.change(kind, function)


def _side_by_side(parent: QWidget, *widgets: QWidget) -> QWidget:
    box = QWidget(parent)
    box.setMinimumHeight(CONTROL_HEIGHT + HALF)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(HALF)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return box
