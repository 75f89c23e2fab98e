"""Export: where to, in which format, with which captions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, Form

FORMATS = ("wav", "flac", "mp3", "m4a", "opus")
CAPTIONS = ("srt", "vtt", "lrc", "ass")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What is written; without the asset it is the request of `speech.export`."""

    output: Path
    format: str
    captions: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"output": str(self.output), "format": self.format, "captions": list(self.captions)}


class ExportDialog(QDialog):
    """`choice()` is what was chosen."""

    def __init__(
        self,
        name: str,
        remembered: object,
        unmade: int,
        parent: QWidget | None = None,
        unsold: Sequence[str] = (),
    ) -> None:
        """`remembered`: what `remembered()` gave the last time; `unsold`: the voices whose words may not be sold."""
        super().__init__(parent)
        before = remembered if isinstance(remembered, dict) else {}
        folder, wanted = before.get("folder"), before.get("captions")
        self.setWindowTitle(self.tr("Export the voiceover"))
        self.name = QLineEdit(file_stem(name), self)
        self.folder = QLineEdit(folder if isinstance(folder, str) and folder else _music(), self)
        self.format = QComboBox(self)
        labels = {
            "wav": self.tr("WAV – for video editors"),
            "flac": self.tr("FLAC – lossless, half the size"),
            "mp3": self.tr("MP3 – plays everywhere"),
            "m4a": self.tr("M4A (AAC) – for Apple and the web"),
            "opus": self.tr("Opus – smallest"),
        }
        for kind in FORMATS:
            self.format.addItem(labels[kind], kind)
        self.format.setCurrentIndex(max(0, self.format.findData(before.get("format", "wav"))))
        self.captions = {kind: QCheckBox(kind.upper(), self) for kind in CAPTIONS}
        for kind, box in self.captions.items():
            box.setChecked(kind in (wanted if isinstance(wanted, list) else ["srt"]))
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.terms = QLabel(self)
        self.terms.setProperty("role", "warning")
        self.terms.setTextFormat(Qt.TextFormat.PlainText)
        self.terms.setWordWrap(True)
        words = self.tr("This may not be sold: the terms of {voices} forbid it.")
        self.terms.setText(words.replace("{voices}", ", ".join(f"“{name}”" for name in unsold)))
        self.terms.setVisible(bool(unsold))
        self.go = Button(self.tr("Export") if not unmade else self.tr("Generate and export"), "primary", "share", self)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self.browse = Button(self.tr("Browse…"), "secondary", "folder-open", self)
        self._lay_out()
        self.go.clicked.connect(self.accept)
        self.go.setDefault(True)
        self.stop.clicked.connect(self.reject)
        self.browse.clicked.connect(self._browse)
        for field in (self.name, self.folder):
            field.textChanged.connect(lambda _text: self._look())
        self.format.currentIndexChanged.connect(lambda _index: self._look())
        for box in self.captions.values():
            box.toggled.connect(lambda _on: self._look())
        self._look()
        self.name.selectAll()

    def choice(self) -> ExportChoice:
        kind = self.format.currentData()
        captions = tuple(name for name, box in self.captions.items() if box.isChecked())
        name = self.name.text().strip().removesuffix(f".{kind}")
        return ExportChoice(Path(self.folder.text()).expanduser() / f"{name}.{kind}", kind, captions)

    def remembered(self) -> dict[str, Any]:
        choice = self.choice()
        return {"folder": self.folder.text(), "format": choice.format, "captions": list(choice.captions)}

    def _look(self) -> None:
        name = self.name.text().strip()
        self.go.setEnabled(bool(name) and "/" not in name and "\\" not in name and bool(self.folder.text().strip()))
        output = self.choice().output
        files = [output, *(output.with_suffix(f".{kind}") for kind in self.choice().captions)]
        there = [file.name for file in files if file.exists()]
        if there:
            self.note.setText(self.tr("Replaces {files}.").replace("{files}", ", ".join(there)))
        else:
            self.note.setText(self.tr("Writes {files}.").replace("{files}", ", ".join(file.name for file in files)))

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Export to"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.setSpacing(GRID)
        place.addWidget(self.folder, 1)
        place.addWidget(self.browse)
        captions = QHBoxLayout()
        captions.setSpacing(2 * GRID)
        for box in self.captions.values():
            captions.addWidget(box)
        captions.addStretch(1)
        form = Form()
        form.row(self.tr("Name"), self.name)
        form.row(self.tr("Folder"), place)
        form.row(self.tr("Format"), self.format)
        form.row(self.tr("Captions"), captions)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(form)
        column.addWidget(self.terms)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(520)


def file_stem(name: str) -> str:
    """A project's name as the name of a file on any system."""
    kept = "".join(" " if letter in '<>:"/\\|?*' or not letter.isprintable() else letter for letter in name)
    return " ".join(kept.split()).strip(". ")[:100] or "Voiceover"


def _music() -> str:
    place = QStandardPaths.StandardLocation.MusicLocation
    return QStandardPaths.writableLocation(place) or str(Path.home())
