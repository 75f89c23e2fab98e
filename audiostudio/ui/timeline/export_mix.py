"""Export ▾ Mix: the timeline as one sound file."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from audiostudio.timeline.time import TICKS, seconds
from audiostudio.timeline.tracks import Range, Timeline
from audiostudio.ui.speech.export_dialog import file_stem
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.export_form import ExportForm, FolderField, is_name
from audiostudio.ui.widgets import Button, ChoiceBox

LOUDNESS = (-14.0, -16.0, -23.0)
TAGS = ("title", "artist", "album", "date", "genre", "copyright")


class MixDialog(ExportForm):
    """`request()` is that of `timeline.mix`, less the project."""

    def __init__(
        self,
        timeline: Timeline,
        name: str,
        remembered: object,
        parent: QWidget | None = None,
        selected: Range | None = None,
    ) -> None:
        """`remembered`: what `remembered()` gave the last time; `name`: of the project; `selected`: from the first to
        the last of the selected clips."""
        super().__init__(self.tr("Export the mix"), self.tr("Export"), "share", parent)
        from audiostudio.sound.writer import ENCODINGS

        before = remembered if isinstance(remembered, dict) else {}
        self._timeline, self._encodings = timeline, ENCODINGS
        self.name = QLineEdit(file_stem(name), self)
        self.folder = FolderField(self.tr("Export to"), _text(before, "folder"), self)
        self.format = ChoiceBox(self.tr("Format"), self)
        for kind, label in self._formats().items():
            self.format.addItem(label, kind)
        self.format.setCurrentIndex(max(0, self.format.findData(before.get("format", "wav"))))
        self.part = ChoiceBox(self.tr("What"), self)
        self.part.addItem(self.tr("The whole timeline"), "whole")
        self._parts = {"range": timeline.range, "selection": selected}
        self._fill_parts()
        self.loudness = ChoiceBox(self.tr("Loudness"), self)
        self._fill_loudness(timeline.loudness, before.get("lufs"))
        self.stems = QCheckBox(self.tr("Each track as a WAV of its own as well (stems)"), self)
        self.stems.setChecked(before.get("stems") is True)
        known = before.get("tags")
        tags = known if isinstance(known, dict) else {}
        self.tags = {tag: QLineEdit(self) for tag in TAGS}
        for tag in ("artist", "copyright"):
            self.tags[tag].setText(_text(tags, tag))
        self.cover = QLineEdit(self)
        self.cover.setReadOnly(True)
        self.cover.setPlaceholderText(self.tr("No picture"))
        self.choose_cover = Button(self.tr("Choose…"), "secondary", "image", self)
        self._lay_out()
        self.choose_cover.clicked.connect(self._choose_cover)
        for field in (self.name, self.folder.field):
            field.textChanged.connect(lambda _text: self._look())
        for box in (self.format, self.part):
            box.currentIndexChanged.connect(lambda _index: self._look())
        self.stems.toggled.connect(lambda _on: self._look())
        self._look()
        self.name.selectAll()

    @property
    def output(self) -> Path:
        suffix = self._encodings[self.format.currentData()].suffix
        name = self.name.text().strip().removesuffix(f".{suffix}")
        return self.folder.path() / f"{name}.{suffix}"

    def request(self) -> dict[str, Any]:
        range_ = self._parts.get(self.part.currentData())
        output, holds_cover = self.output, self._encodings[self.format.currentData()].cover
        return {
            "timeline": self._timeline.id,
            "output": str(output),
            "format": self.format.currentData(),
            "lufs": self.loudness.currentData(),
            "duck": [],
            "stems": str(self._stems_folder()) if self.stems.isChecked() else None,
            "first": None if range_ is None else seconds(range_.start),
            "last": None if range_ is None else seconds(range_.end),
            "tags": {tag: field.text().strip() for tag, field in self.tags.items()},
            "cover": self.cover.text() if self.cover.text() and holds_cover else None,
        }

    def remembered(self) -> dict[str, Any]:
        return {
            "folder": self.folder.text(),
            "format": self.format.currentData(),
            "lufs": self.loudness.currentData(),
            "stems": self.stems.isChecked(),
            "tags": {tag: self.tags[tag].text() for tag in ("artist", "copyright")},
        }

    def _formats(self) -> dict[str, str]:
        return {
            "wav": self.tr("WAV, 24 bit – Broadcast Wave, for video editors"),
            "wav16": self.tr("WAV, 16 bit – Broadcast Wave, for discs"),
            "wav32f": self.tr("WAV, 32 bit float – Broadcast Wave, nothing is limited"),
            "flac": self.tr("FLAC – lossless, half the size"),
            "alac": self.tr("ALAC – lossless, for Apple"),
            "mp3": self.tr("MP3 – plays everywhere"),
            "m4a": self.tr("AAC (M4A) – for Apple and the web"),
            "opus": self.tr("Opus – smallest"),
            "m4b": self.tr("M4B – audiobook with chapters"),
        }

    def _fill_parts(self) -> None:
        words = {
            "range": self.tr("From the in to the out point ({first} – {last})"),
            "selection": self.tr("While the selected clips last ({first} – {last})"),
        }
        for name, part in self._parts.items():
            if part is not None:
                first, last = (clock(at, TICKS // 10) for at in part)
                self.part.addItem(words[name].replace("{first}", first).replace("{last}", last), name)

    def _fill_loudness(self, own: float | None, wanted: object) -> None:
        words = {
            -14.0: self.tr("−14 LUFS – streaming, the web"),
            -16.0: self.tr("−16 LUFS – podcasts"),
            -23.0: self.tr("−23 LUFS – television (EBU R 128)"),
        }
        if own is None:
            self.loudness.addItem(self.tr("As it is"), None)
        else:
            number = QLocale().toString(own, "f", 0).replace("-", "−")
            self.loudness.addItem(self.tr("That of the timeline: {n} LUFS").replace("{n}", number), None)
        for lufs in LOUDNESS:
            self.loudness.addItem(words[lufs], lufs)
        if own is None and wanted in LOUDNESS:
            self.loudness.setCurrentIndex(1 + LOUDNESS.index(float(wanted)))  # type: ignore[arg-type]

    def _stems_folder(self) -> Path:
        return self.output.with_name(f"{self.output.stem} stems")

    def _look(self) -> None:
        name = self.name.text()
        self.go.setEnabled(is_name(name) and bool(self.folder.text()))
        encoding, output = self._encodings[self.format.currentData()], self.output
        for widget in (self.cover, self.choose_cover):
            widget.setEnabled(encoding.cover)
        words = self.tr("Replaces {files}.") if output.exists() else self.tr("Writes {files}.")
        sentences = [words.replace("{files}", output.name)]
        if self.stems.isChecked():
            sentences.append(self.tr("Stems go to {folder}.").replace("{folder}", self._stems_folder().name))
        chapters = sum(1 for marker in self._timeline.markers if marker.chapter)
        if chapters and encoding.chapters:
            sentences.append(self.tr("%n chapters from markers.", "", chapters))
        elif chapters:
            sentences.append(self.tr("This format has no chapters."))
        self.note.setText(" ".join(sentences))

    def _choose_cover(self) -> None:
        pictures = self.tr("Pictures (*.jpg *.jpeg *.png)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Cover"), self.cover.text(), pictures)
        if chosen:
            self.cover.setText(chosen)

    def _lay_out(self) -> None:
        form = self.form
        form.row(self.tr("Name"), self.name)
        form.row(self.tr("Folder"), self.folder)
        form.row(self.tr("Format"), self.format)
        form.row(self.tr("What"), self.part)
        form.row(self.tr("Loudness"), self.loudness)
        form.addRow("", self.stems)
        words = {
            "title": self.tr("Title"),
            "artist": self.tr("Artist"),
            "album": self.tr("Album"),
            "date": self.tr("Year"),
            "genre": self.tr("Genre"),
            "copyright": self.tr("Copyright"),
        }
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for number, tag in enumerate(TAGS):
            self.tags[tag].setPlaceholderText(words[tag])
            self.tags[tag].setAccessibleName(words[tag])
            grid.addWidget(self.tags[tag], number // 2, number % 2)
        form.row(self.tr("Tags"), grid)
        picture = QHBoxLayout()
        picture.setSpacing(GRID)
        picture.addWidget(self.cover, 1)
        picture.addWidget(self.choose_cover)
        form.row(self.tr("Cover"), picture)


def _text(values: dict[str, Any], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) else ""
