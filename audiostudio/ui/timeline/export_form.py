"""What the dialogs of exporting share: rows of fields, a folder, words below, two buttons."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from audiostudio.ui.theme import GRID, set_property
from audiostudio.ui.widgets import Button, Form


class FolderField(QWidget):
    """A folder, typed or chosen."""

    def __init__(self, label: str, folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = label
        self.field = QLineEdit(folder or sounds_folder(), self)
        self.field.setAccessibleName(label)
        self.browse = Button(self.tr("Browse…"), "secondary", "folder-open", self)
        self.browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.field, 1)
        row.addWidget(self.browse)

    def text(self) -> str:
        return self.field.text().strip()

    def path(self) -> Path:
        return Path(self.text()).expanduser().absolute()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._label, self.field.text())
        if chosen:
            self.field.setText(chosen)


class ExportForm(QDialog):
    """A form; `note` says what will be written, `warning` what to think of before."""

    def __init__(self, title: str, go: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.form = Form()
        self.note = self._words("small")
        self.warning = self._words("warning")
        self.warning.hide()
        self.go = Button(go, "primary", icon, self)
        self.go.setDefault(True)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self.go.clicked.connect(self.accept)
        self.stop.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(self.form)
        column.addWidget(self.warning)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(560)

    def warn(self, words: str) -> None:
        """Empty: nothing to think of."""
        self.warning.setText(words)
        self.warning.setVisible(bool(words))
        self.resize(self.width(), max(self.height(), self.layout().totalHeightForWidth(self.width())))

    def _words(self, role: str) -> QLabel:
        made = QLabel(self)
        made.setProperty("role", role)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        return made


class TextDialog(QDialog):
    """Something to read: copied, or kept as a file."""

    def __init__(self, title: str, text: str, name: str, parent: QWidget | None = None, folder: str = "") -> None:
        """`name`: of the file; `folder`: a folder that can be shown, empty: none."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._name = name
        head = QLabel(title, self)
        head.setProperty("role", "heading")
        self.text = QPlainTextEdit(text, self)
        self.text.setReadOnly(True)
        set_property(self.text, "kind", "code")
        self.text.setAccessibleName(title)
        self.copy = Button(self.tr("Copy"), "secondary", "copy", self)
        self.save = Button(self.tr("Save…"), "secondary", "save", self)
        self.done_ = Button(self.tr("Close"), "primary", parent=self)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.save.clicked.connect(self._save)
        self.done_.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.save)
        self.show_folder: Button | None = None
        if folder:
            self.show_folder = Button(self.tr("Show in folder"), "secondary", "folder-open", self)
            buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.done_)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(head)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.resize(640, 560)

    def _save(self) -> None:
        place = str(Path(sounds_folder()) / self._name)
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save"), place, self.tr("Text (*.txt)"))
        if chosen:
            self.write(Path(chosen))

    def write(self, path: Path) -> None:
        from audiostudio.errors import StudioError
        from audiostudio.files import replace_file

        try:
            replace_file(path, self.text.toPlainText().encode())
        except StudioError as error:
            self.save.setText(error.sentence)


def is_name(text: str) -> bool:
    """Whether a file can be called so."""
    return bool(text.strip()) and not any(letter in text for letter in "/\\\0")


def sounds_folder() -> str:
    place = QStandardPaths.StandardLocation.MusicLocation
    return QStandardPaths.writableLocation(place) or str(Path.home())
