"""Export ▾ To a video editor: the timeline itself, with its media in a folder."""

from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from audiostudio.timeline.tracks import Timeline
from audiostudio.ui.timeline.export_form import ExportForm, FolderField
from audiostudio.ui.widgets import ChoiceBox

HANDLES = (0, 1, 2, 5, 10)
"""Seconds."""


class HandOffDialog(ExportForm):
    """`request()` is that of `timeline.export`, less the project."""

    def __init__(self, timeline: Timeline, remembered: object, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Export to a video editor"), self.tr("Export"), "clapperboard", parent)
        from audiostudio.render.handoff.formats import EDITORS, FORMATS

        before = remembered if isinstance(remembered, dict) else {}
        self._timeline, self._editors, self._formats = timeline, EDITORS, FORMATS
        self.editor = ChoiceBox(self.tr("Video editor"), self)
        for name, editor in EDITORS.items():
            self.editor.addItem(self.tr("Another editor") if name == "other" else editor.title, name)
        self.format = ChoiceBox(self.tr("Format"), self)
        for name, kind in FORMATS.items():
            self.format.addItem(f"{kind.title} ({kind.suffix})", name)
        self.version = ChoiceBox(self.tr("Version"), self)
        self.handles = ChoiceBox(self.tr("Handles"), self)
        for seconds in HANDLES:
            self.handles.addItem(self.tr("%n seconds", "", seconds) if seconds else self.tr("None"), float(seconds))
        self.handles.setToolTip(self.tr("So much more of each recording goes along, so that cuts can be moved there"))
        self.whole = QCheckBox(self.tr("Whole recordings instead of what is used"), self)
        folder = before.get("folder")
        self.folder = FolderField(self.tr("Export to"), folder if isinstance(folder, str) else "", self)
        self._lay_out()
        self.editor.currentIndexChanged.connect(lambda _index: self._editor_chosen())
        self.format.currentIndexChanged.connect(lambda _index: self._format_chosen())
        self.version.currentIndexChanged.connect(lambda _index: self._look())
        self.folder.field.textChanged.connect(lambda _text: self._look())
        self.whole.toggled.connect(lambda on: self.handles.setEnabled(not on))
        self._restore(before)

    def request(self) -> dict[str, Any]:
        return {
            "timeline": self._timeline.id,
            "folder": str(self.folder.path()),
            "format": self.format.currentData(),
            "editor": self.editor.currentData(),
            "version": self.version.currentData() or "",
            "handles": self.handles.currentData(),
            "whole": self.whole.isChecked(),
            "absolute": False,
        }

    def _restore(self, before: dict[str, Any]) -> None:
        self.editor.setCurrentIndex(max(0, self.editor.findData(before.get("editor", "resolve"))))
        self._editor_chosen()
        index = self.format.findData(before.get("format"))
        if index >= 0:
            self.format.setCurrentIndex(index)
        index = self.version.findData(before.get("version"))
        if index >= 0:
            self.version.setCurrentIndex(index)
        index = self.handles.findData(before.get("handles"))
        self.handles.setCurrentIndex(index if index >= 0 else self.handles.findData(2.0))
        self.whole.setChecked(before.get("whole") is True)
        self._look()

    def _editor_chosen(self) -> None:
        editor = self._editors[self.editor.currentData()]
        self.format.setCurrentIndex(self.format.findData(editor.format))
        self._format_chosen()

    def _format_chosen(self) -> None:
        kind = self._formats[self.format.currentData()]
        editor = self._editors[self.editor.currentData()]
        newest = editor.newest_version if editor.format == kind.name else None
        shown = kind.versions if newest is None else kind.versions[: kind.versions.index(newest) + 1]
        self.version.clear()
        for version in shown:
            self.version.addItem(version, version)
        self.version.setCurrentIndex(self.version.findData(kind.version))
        self.form.setRowVisible(self.version, len(shown) > 1)
        self._look()

    def _look(self) -> None:
        kind = self._formats[self.format.currentData()]
        self.go.setEnabled(bool(self.folder.text()))
        lost = []
        if not kind.levels:
            lost.append(self.tr("gain that moves, ducking"))
        if not kind.fades:
            lost.append(self.tr("fades"))
        if not kind.crossfades:
            lost.append(self.tr("crossfades"))
        if not kind.speed:
            lost.append(self.tr("speed"))
        lost.append(self.tr("effects and pan"))
        words = self.tr(
            "The media go beside it as 48 kHz WAV. What the format cannot carry is put into their sound: {l}."
        )
        self.note.setText(words.replace("{l}", ", ".join(lost)))

    def _lay_out(self) -> None:
        form = self.form
        form.row(self.tr("Video editor"), self.editor)
        form.row(self.tr("Format"), self.format)
        form.row(self.tr("Version"), self.version)
        form.row(self.tr("Handles"), self.handles)
        form.addRow("", self.whole)
        form.row(self.tr("Folder"), self.folder)
