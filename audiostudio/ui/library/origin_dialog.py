"""Where a file is from, as far as that can be told: its watermark, its credentials, its terms."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QStandardPaths, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from audiostudio.jobs import Job, JsonObject
from audiostudio.ui import icons
from audiostudio.ui.cloud.task import TaskStrip
from audiostudio.ui.library.assets import local_paths
from audiostudio.ui.library.origin_words import Finding, findings
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, EmptyState, steady

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk

_ICONS = {
    "success": ("circle-check", "success"),
    "warning": ("triangle-alert", "warning"),
    "error": ("circle-alert", "error"),
    "plain": ("info", "text_muted"),
}


def check_origin(desk: "Desk", path: Path | None = None) -> "OriginDialog":
    """Show where a file is from; without one: ask for it."""
    window = QApplication.activeWindow()
    while window is not None and window.parentWidget() is not None:
        window = window.parentWidget()
    dialog = OriginDialog(desk, window)
    dialog.show()
    if path is not None:
        dialog.look(path)
    return dialog


class FindingRow(QWidget):
    """An icon, what was looked for, what was found, and more about it."""

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        self._picture = QLabel(self)
        self._picture.setFixedWidth(20)
        self.title = _label(finding.title, "section", self)
        self.sentence = _label(finding.sentence, "", self)
        words = QVBoxLayout()
        words.setSpacing(HALF // 2)
        for label in (self.title, self.sentence, *(_label(line, "small", self) for line in finding.details)):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        name, token = _ICONS[self.finding.tone]
        self._picture.setPixmap(icons.pixmap(name, token, 18, self.devicePixelRatioF()))


class OriginDialog(QDialog):
    """Files may be dropped on it. Closed, it looks no further."""

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Origin of a file"))
        self.setAcceptDrops(True)
        self.path: Path | None = None
        self.rows: list[FindingRow] = []
        self.head = QLabel(self.tr("Where is a file from?"), self)
        self.head.setProperty("role", "heading")
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.head.setWordWrap(True)
        self.task = TaskStrip(desk, self)
        self.empty = EmptyState(
            "audio-lines",
            self.tr("Drop a sound or a film here: what it says of where it is from is shown."),
            parent=self,
        )
        self.choose = Button(self.tr("Choose a file…"), "primary", "folder-open", self)
        self.leave = Button(self.tr("Close"), "secondary", parent=self)
        self._found = QVBoxLayout()
        self._found.setSpacing(2 * GRID)
        self._lay_out()
        self.choose.clicked.connect(self._choose)
        self.leave.clicked.connect(self.close)

    def look(self, path: Path) -> None:
        self.task.stop()
        self.path = path
        self.head.setText(path.name)
        self.empty.hide()
        self._clear()
        self._area.show()
        title = self.tr("Look at {name}").replace("{name}", path.name)
        if not self.task.run(Job("file.verify", {"path": str(path)}, title), lambda found: self._show(path, found)):
            self.task.busy_changed.connect(self._again, Qt.ConnectionType.SingleShotConnection)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.task.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.look(Path(paths[0]))

    def _again(self, _busy: bool) -> None:
        """What was looked at before has been let go of."""
        if self.path is not None:
            self.look(self.path)

    def _choose(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
        start = str(self.path.parent) if self.path is not None else folder
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Check a file’s origin"), start)
        if chosen:
            self.look(Path(chosen))

    def _show(self, path: Path, found: JsonObject) -> None:
        if path != self.path:
            return
        self._clear()
        for finding in findings(found):
            row = FindingRow(finding, self._area.widget())
            self.rows.append(row)
            self._found.addWidget(row)

    def _clear(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, GRID, 0)
        column.addLayout(self._found)
        column.addStretch(1)
        self._area = QScrollArea(self)
        steady(self._area)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.choose)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 3 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.head)
        whole.addWidget(self.task)
        whole.addWidget(self.empty, 1)
        whole.addWidget(self._area, 1)
        whole.addLayout(buttons)
        self._area.hide()
        self.resize(560, 560)


def _label(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
