"""The bar under the script: its figures, Preview and Generate, and how far a run is."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.jobs import Progress
from audiostudio.ui.speech.script import Summary
from audiostudio.ui.speech.words import counted, length, number
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, IconButton

_LEAST = 60
"""Pixels for what stands before the buttons."""


class ScriptBar(QWidget):
    """What it shows is given; what is clicked is told."""

    cancelled = Signal()
    preview_mode = Signal(bool)
    """Whether Preview uses the instant voice."""

    def __init__(self, generate: str, preview: str, parent: QWidget | None = None) -> None:
        """The two hints with their shortcuts."""
        super().__init__(parent)
        self.figures = QLabel(self)
        self.figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.figures.setProperty("role", "small")
        self.figures.setAccessibleName(self.tr("Length of the script"))
        self.state = QLabel(self)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.state.setProperty("role", "small")
        self._said = ""
        """What `state` says where there is room for it."""
        self.problems = Button("", "ghost", "triangle-alert", self, small=True)
        self.problems.setToolTip(self.tr("What is not understood, or cannot be spoken so  F8"))
        self.problems.hide()
        self.ears = Button("", "ghost", "audio-lines", self, small=True)
        self.ears.setToolTip(self.tr("Lines whose takes need ears  Shift+F8"))
        self.ears.hide()
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.more = IconButton("ellipsis", self.tr("More for the script"), self)
        self.preview = Button(self.tr("Preview"), "secondary", "zap", self)
        self.preview.setToolTip(preview)
        self.mode = IconButton("chevron-down", self.tr("Which voice previews"), self)
        self.generate = Button(self.tr("Generate"), "primary", "sparkles", self)
        self.generate.setToolTip(generate)
        self.cancel = Button(self.tr("Cancel"), "secondary", "x", self)
        self._menu = QMenu(self)
        self._instant = QAction(self.tr("Preview in the instant voice"), self._menu)
        self._own = QAction(self.tr("Preview in the chosen voice"), self._menu)
        for action, instant in ((self._instant, True), (self._own, False)):
            action.setCheckable(True)
            action.triggered.connect(lambda _on, instant=instant: self.preview_mode.emit(instant))
            self._menu.addAction(action)
        self.mode.clicked.connect(
            lambda: self._menu.popup(self.mode.mapToGlobal(self.mode.rect().topLeft()) - self._up())
        )
        self.cancel.clicked.connect(self.cancelled)
        self._running = False
        self._read_only = False
        self._summary = Summary()
        self._counts: dict[Button, tuple[str, str]] = {}
        """What buttons count, in words and as a figure."""
        self._lay_out()
        self._show()

    def show_summary(self, summary: Summary) -> None:
        self._summary = summary
        self._show()

    def show_problems(self, count: int) -> None:
        """How much in the script is not understood."""
        self._show_count(self.problems, count, counted(count, self.tr("1 problem"), self.tr("%n problems")))

    def show_ears(self, count: int) -> None:
        """How many lines need ears."""
        self._show_count(self.ears, count, counted(count, self.tr("1 needs ears"), self.tr("%n need ears")))

    def show_characters(self, count: int) -> None:
        """At once, before the other figures are counted."""
        if count != self._summary.characters:
            self._summary = replace(self._summary, characters=count)
            self._show_figures()

    def show_run(self, running: bool) -> None:
        self._running = running
        self.progress.setValue(0)
        self._show()

    def show_progress(self, progress: Progress) -> None:
        self.progress.setRange(0, 0 if progress.fraction is None else 1000)
        self.progress.setValue(round(1000 * (progress.fraction or 0.0)))
        left = progress.seconds_left
        words = progress.message or self.tr("Working")
        if left:
            words += " · " + self.tr("{time} left").replace("{time}", length(left))
        self._say(words)

    def show_preview(self, state: str) -> None:
        """`busy`, `playing` or `idle`."""
        self.preview.set_icon("zap" if state == "idle" else "square:solid")
        self.preview.setText(self.tr("Preview") if state == "idle" else self.tr("Stop"))

    def show_preview_mode(self, instant: bool) -> None:
        self._instant.setChecked(instant)
        self._own.setChecked(not instant)

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self._show()

    def _show(self) -> None:
        lines, unmade = self._summary.lines, self._summary.unmade
        self.progress.setVisible(self._running)
        self.cancel.setVisible(self._running)
        self.generate.setVisible(not self._running)
        self.generate.setEnabled(unmade > 0 and not self._read_only)
        self.preview.setEnabled(lines > 0)
        if unmade == lines or not lines:
            self.generate.setText(self.tr("Generate"))
        else:
            words = (
                counted(unmade, self.tr("Generate 1 line"), self.tr("Generate %n lines"))
                if unmade
                else self.tr("Generate")
            )
            self.generate.setText(words)
        if not self._running:
            self._say(self._words())
        self._show_figures()

    def _show_count(self, button: Button, count: int, words: str) -> None:
        self._counts[button] = (words, number(count))
        button.setAccessibleName(words)
        button.setText(words)
        button.setVisible(count > 0)
        QTimer.singleShot(0, self, self._fit)

    def _say(self, words: str) -> None:
        self._said = words
        self.state.setVisible(bool(words))
        self.state.setToolTip(words)
        self._show_state()

    def _show_state(self) -> None:
        """As much as there is room for."""
        room = self.figures.width() if self.isVisible() else self.maximumWidth()
        self.state.setText(self.state.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, room))

    def _words(self) -> str:
        lines, unmade = self._summary.lines, self._summary.unmade
        if not lines:
            return ""
        if not unmade:
            return self.tr("Everything is made")
        words = self.tr("{some} of {all} lines to make")
        return words.replace("{some}", number(unmade)).replace("{all}", number(lines))

    def _fit(self) -> None:
        """Where there is little room counts go without their words, and the rest says less."""
        for button, (words, _) in self._counts.items():
            button.setText(words)
        if self.isVisible() and self.layout().minimumSize().width() + _LEAST > self.width():
            for button, (_, count) in self._counts.items():
                button.setText(count)
            self.layout().activate()
        self._show_state()
        self._show_figures()

    def _show_figures(self) -> None:
        one = self._summary
        if not one.characters:
            self.figures.setText(self.tr("Nothing written yet"))
            return
        characters = counted(one.characters, self.tr("1 character"), self.tr("%n characters"))
        words = counted(one.words, self.tr("1 word"), self.tr("%n words"))
        time = (self.tr("about {time}") if one.unmade else "{time}").replace("{time}", length(one.seconds))
        everything = "  ·  ".join((characters, words, time))
        shorter = (everything, "  ·  ".join((characters, time)), time)
        room = self.figures.width() if self.isVisible() else self.maximumWidth()
        fits = (text for text in shorter if self.figures.fontMetrics().horizontalAdvance(text) <= room)
        self.figures.setText(next(fits, time))
        self.figures.setToolTip(everything)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)  # once the buttons beside it have their places

    def _up(self) -> QPoint:
        return QPoint(0, self._menu.sizeHint().height() + HALF)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.figures)
        words.addWidget(self.state)
        preview = QHBoxLayout()
        preview.setSpacing(0)
        preview.addWidget(self.preview)
        preview.addWidget(self.mode)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addLayout(words, 1)
        row.addWidget(self.problems)
        row.addWidget(self.ears)
        row.addWidget(self.more)
        row.addLayout(preview)
        row.addWidget(self.cancel)
        row.addWidget(self.generate)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.progress)
        column.addLayout(row)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignVCenter)
