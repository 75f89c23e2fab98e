"""The takes of a line as rows, the newest first, each with its outline and with what was found in it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from audiostudio.errors import MediaError, StorageError
from audiostudio.timeline.project import Take, TakeSource
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.takes.judging import compared
from audiostudio.ui.speech.takes.row import TakeRow
from audiostudio.ui.speech.voiceover import TakeFiles
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import steady

if TYPE_CHECKING:
    from audiostudio.script.comparison import Comparison
    from audiostudio.sound.peaks import Peaks


class TakeList(QScrollArea):
    """What is wanted of a row comes with its `Take`."""

    hear_wanted = Signal(object)
    use_wanted = Signal(object)
    compare_wanted = Signal(object)
    bin_wanted = Signal(object)

    def __init__(
        self,
        files: TakeFiles,
        outlines: Path,
        background: Background,
        voice_title: Callable[[str], str],
        parent: QWidget,
    ) -> None:
        """`outlines`: where they are kept."""
        super().__init__(parent)
        self._files, self._outlines, self._background, self._voice_title = files, outlines, background, voice_title
        self.rows: list[TakeRow] = []
        self.setWidgetResizable(True)
        steady(self)
        inner = QWidget(self)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(HALF)
        self._column.addStretch(1)
        self.setWidget(inner)

    def show_takes(
        self, takes: tuple[Take, ...], current: Take | None, fits: Callable[[Take], bool], language: str, editable: bool
    ) -> None:
        """`fits`: whether the line could play it as it is written now; `language`: of takes that say none."""
        known = {row.take.id: row for row in self.rows}
        self.rows = [self._row(take, known.pop(take.id, None), language) for take in takes]
        for row in known.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, row in enumerate(self.rows):
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
                row.show()  # at once: a layout would show it only when the window is idle
        for row in self.rows:
            mine = current is not None and row.take.id == current.id
            row.show_state(current=mine, fits=fits(row.take), alone=len(self.rows) < 2, editable=editable)

    # Inner

    def _row(self, take: Take, row: TakeRow | None, language: str) -> TakeRow:
        if row is not None:
            if row.take.check != take.check:
                row.show_take(take)
                self._look_closer(row, language)
            row.take = take
            return row
        voice = self._voice_title(take.voice.voice) if take.source == TakeSource.MADE else ""
        row = TakeRow(take, voice, self._files.path(take), self)
        row.hear_wanted.connect(lambda: self.hear_wanted.emit(row.take))
        row.use_wanted.connect(lambda: self.use_wanted.emit(row.take))
        row.compare_wanted.connect(lambda: self.compare_wanted.emit(row.take))
        row.bin_wanted.connect(lambda: self.bin_wanted.emit(row.take))
        self._outline(row)
        self._look_closer(row, language)
        return row

    def _outline(self, row: TakeRow) -> None:
        path, cache = row.path, self._outlines

        def read() -> "Peaks | None":
            from audiostudio.sound.peaks import peaks

            try:
                return peaks(path, cache)
            except (MediaError, StorageError):
                return None

        self._background.run(read, lambda found: row.show_peaks(found) if found and row in self.rows else None)

    def _look_closer(self, row: TakeRow, language: str) -> None:
        """Where in the text the words differ."""
        take = row.take
        if take.check is None or not take.check.word_errors:
            row.show_differences(())
            return
        spoken = take.voice.language or language

        def arrived(found: "Comparison | None") -> None:
            if row in self.rows and row.take.check == take.check:
                row.show_differences(found.differences if found is not None else ())

        self._background.run(lambda: compared(take, spoken), arrived)
