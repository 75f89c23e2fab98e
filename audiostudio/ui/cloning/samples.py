"""Step 2: recordings of the voice, each with what it is good for."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.ui.cloning.draft import DraftSample
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.cloning.sample_row import SampleRow
from audiostudio.ui.cloning.sounds import Sounds
from audiostudio.ui.cloning.words import TONES, decibels, verdict_name
from audiostudio.ui.library.assets import local_paths
from audiostudio.ui.speech.words import counted, filled, length
from audiostudio.ui.theme import GRID, RADIUS_LARGE, set_property, tokens
from audiostudio.ui.widgets import Badge, Button, EmptyState, Menu, Spinner

if TYPE_CHECKING:
    from audiostudio.library.model import Asset

FEW, ENOUGH = 3, 5
"""Samples that are recommended."""
_FOLDER = "cloning.folder"
_LISTED = 30
"""Sounds of the library in the menu."""


class SamplesStep(QWidget):
    """Files can be dropped anywhere on it."""

    record_wanted = Signal()

    def __init__(self, making: Making, sounds: Sounds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.making, self.sounds = making, sounds
        self.rows: list[SampleRow] = []
        self._busy: set[int] = set()
        """Samples that something is being done to."""
        self._paths: dict[SampleRow, str] = {}
        """Which outline each row shows."""
        self._aimed = False
        self.setAcceptDrops(True)
        self.record = Button(self.tr("Record…"), "secondary", "mic", self)
        self.record.setToolTip(self.tr("Read some sentences aloud; they are shown to you"))
        self.add_files = Button(self.tr("Add files…"), "secondary", "file-plus", self)
        self.add_files.setToolTip(self.tr("Any sound, or the sound of a film"))
        self.library = Button(self.tr("From the library"), "secondary", "library", self)
        self.library.setProperty("menu", True)
        self._menu = Menu(self)
        self.library.setMenu(self._menu)
        self.room = QLabel(self)
        self.room.setProperty("role", "small")
        self.empty = EmptyState(
            "mic",
            self.tr(
                "Three to five recordings of 6 to 30 seconds are best: one person, speaking as the voice is to speak, "
                "without music. Record them, or drop files here."
            ),
            parent=self,
        )
        self.spinner = Spinner(16, self)
        self.verdict = Badge("", "plain", self)
        self.together = QLabel(self)
        self.together.setWordWrap(True)
        self.together.setTextFormat(Qt.TextFormat.PlainText)
        self.retry = Button(self.tr("Check again"), "secondary", "refresh-cw", self, small=True)
        self._column = QVBoxLayout()
        self._column.setSpacing(GRID)
        self._lay_out()
        self.record.clicked.connect(self.record_wanted)
        self.add_files.clicked.connect(self.choose_files)
        self._menu.aboutToShow.connect(self._ask_library)
        self.retry.clicked.connect(making.check)
        making.changed.connect(self.show_draft)
        sounds.changed.connect(self._show_state)
        sounds.moved.connect(self._moved)
        self.show_draft()

    def ready(self) -> bool:
        together = self.making.together
        good = together is None or together["verdict"] != "refused"
        return bool(self.making.draft.usable) and not self.making.checking and not self._busy and good

    def wrong(self) -> bool:
        """Whether what is there cannot be used."""
        draft, together = self.making.draft, self.making.together
        nothing = bool(draft.samples) and not self.making.checking and not draft.usable
        return nothing or (together is not None and together["verdict"] == "refused")

    def summary(self) -> str:
        draft, together = self.making.draft, self.making.together
        if not draft.samples:
            return ""
        words = counted(len(draft.usable), self.tr("1 sample"), self.tr("%n samples"))
        if together is None:
            return words
        return f"{words} · {length(together['seconds'])} · {verdict_name(together['verdict'])}"

    def choose_files(self) -> None:
        settings = self.making.desk.settings
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add samples"), settings.get(_FOLDER, ""))
        if names:
            try:
                settings[_FOLDER] = str(Path(names[0]).parent)
            except StudioError as error:
                self.making.desk.messages.error(error)
            self.making.add(map(Path, names))

    def show_draft(self) -> None:
        samples = self.making.draft.samples
        for row in [row for row in self.rows if not any(row.sample is one for one in samples)]:
            self._drop(row)
        for place, sample in enumerate(samples):
            row = next((one for one in self.rows if one.sample is sample), None) or self._new_row(sample)
            self._column.insertWidget(place, row)
            busy = id(sample) in self._busy
            row.show_sample(busy or (self.making.checking and sample.now.check is None))
            if self._paths.get(row) != sample.now.path:
                self._paths[row] = sample.now.path
                self.sounds.outline(sample.now.path, lambda peaks, row=row: self._draw(row, peaks))
        self.empty.setVisible(not samples)
        room = self.making.draft.room
        self.room.setVisible(room is not None)
        if room is not None:
            self.room.setText(filled(self.tr("Silence in your room: {level}"), level=decibels(room)))
        self._show_together()

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_aim(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_aim(False)
        paths = [Path(name) for name in local_paths(event.mimeData())]
        if paths:
            self.making.add(paths)
            event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:
        """While something is dragged over it, where it would fall is framed."""
        if self._aimed:
            painter, colours = QPainter(self), tokens()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.colour("accent"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(colours.colour("accent_soft"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS_LARGE, RADIUS_LARGE)

    # Inner

    def _show_aim(self, on: bool) -> None:
        self._aimed = on
        self.update()

    def _show_together(self) -> None:
        making = self.making
        together, error, samples = making.together, making.check_error, making.draft.samples
        busy = making.checking or bool(self._busy)
        self.spinner.setVisible(busy)
        self.retry.setVisible(error is not None and not busy)
        self.verdict.setVisible(together is not None and not busy)
        self.together.setVisible(bool(samples))
        words, role = "", "secondary"
        if error is not None:
            words, role = f"{error.sentence} {error.hint}".strip(), "error"
        elif busy or together is None:
            if self._busy:
                words = self.tr("A sample is made better; then it is measured again…")
            elif busy:
                words = self.tr("Measuring speech, noise, echo and who is speaking…")
        else:
            self.verdict.setText(verdict_name(together["verdict"]))
            set_property(self.verdict, "tone", TONES[together["verdict"]])
            words = f"{together['sentence']} {together.get('hint', '')}".strip()
            used = len(making.draft.usable)
            if used < FEW and together["verdict"] != "refused":
                words += " " + self.tr("Three to five samples make a better voice.")
        self.together.setText(words)
        set_property(self.together, "role", role)

    def _new_row(self, sample: DraftSample) -> SampleRow:
        row = SampleRow(sample, self)
        self.rows.append(row)
        row.hear_wanted.connect(lambda path: self.sounds.file(path, path))
        row.offer_wanted.connect(lambda offer: self._take(sample, offer))
        row.undo_wanted.connect(lambda: self._undo(sample))
        row.remove_wanted.connect(lambda: self._remove(sample))
        return row

    def _drop(self, row: SampleRow) -> None:
        self.rows.remove(row)
        self._paths.pop(row, None)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _draw(self, row: SampleRow, peaks: object) -> None:
        if row in self.rows:
            row.show_peaks(peaks)

    def _take(self, sample: DraftSample, offer: str) -> None:
        self._quiet(sample)
        self._busy.add(id(sample))
        watcher = self.making.take(sample, offer)
        if watcher is None:
            self._busy.discard(id(sample))
        else:
            watcher.finished.connect(lambda _outcome: self._taken(sample))
        self.show_draft()

    def _taken(self, sample: DraftSample) -> None:
        self._busy.discard(id(sample))
        self.show_draft()

    def _undo(self, sample: DraftSample) -> None:
        self._quiet(sample)
        self.making.undo(sample)

    def _remove(self, sample: DraftSample) -> None:
        self._quiet(sample)
        place = self.making.remove(sample)
        said = filled(self.tr("“{name}” is no sample of the voice any more."), name=sample.name)
        self.making.desk.messages.say(said, action=(self.tr("Undo"), lambda: self.making.put_back(sample, place)))

    def _quiet(self, sample: DraftSample) -> None:
        if self.sounds.key in {version.path for version in (sample.now, *sample.before)}:
            self.sounds.stop()

    def _show_state(self, key: str, state: str) -> None:
        for row in self.rows:
            row.show_state(key, state)

    def _moved(self, key: str, seconds: float) -> None:
        for row in self.rows:
            if row.sample.now.path == key:
                row.wave.set_position(seconds)

    def _ask_library(self) -> None:
        """The newest sounds with speech in them, looked up beside the window."""
        from audiostudio.library.model import AssetKind, Query

        library = self.making.desk.studio.library
        query = Query(kinds=(AssetKind.RECORDING, AssetKind.VOICEOVER))
        self.making.background.run(lambda: library.search(query, 0, _LISTED).assets, self._offer)

    def _offer(self, assets: "tuple[Asset, ...]") -> None:
        self._menu.clear()
        for asset in assets:
            action = self._menu.addAction(asset.name)
            action.triggered.connect(
                lambda _=False, one=asset: self.making.add([one.path], asset=one.id, name=one.name)
            )
        if not assets:
            self._menu.addAction(self.tr("There is no recording in the library yet.")).setEnabled(False)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        for widget in (self.record, self.add_files, self.library):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.room)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.spinner, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.together, 1)
        foot.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addLayout(head)
        column.addLayout(foot)
        column.addLayout(self._column)
        column.addWidget(self.empty)
        column.addStretch(1)
