"""The lines of a batch as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from audiostudio.operations.batch import Row
from audiostudio.ui import icons
from audiostudio.ui.speech.takes.row import length_words
from audiostudio.ui.widgets.waveform_paint import clock

NUMBER, TEXT, VOICE, FILE, SLOT, STATE = range(6)
_ICONS = {
    "made": ("circle-check", "success"),
    "kept": ("check", "text_muted"),
    "failed": ("circle-alert", "error"),
    "flagged": ("triangle-alert", "warning"),
}

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class BatchTable(QAbstractTableModel):
    """`told`: line number → what a batch told of it, as `speech.batch` does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self.names: Sequence[str] = ()
        self._voices: Mapping[str, str] = {}
        self.told: dict[int, dict[str, Any]] = {}

    def show_rows(self, rows: Sequence[Row], names: Sequence[str], voices: Mapping[str, str]) -> None:
        """`voices`: id → how people call it."""
        self.beginResetModel()
        self.rows, self.names, self._voices = rows, names, voices
        self.told = {}
        self.endResetModel()

    def show_names(self, names: Sequence[str]) -> None:
        self.names = names
        if self.rows:
            self.dataChanged.emit(self.index(0, FILE), self.index(len(self.rows) - 1, FILE))

    def tell(self, lines: Sequence[dict[str, Any]]) -> None:
        """What became of some lines."""
        places = {row.number: place for place, row in enumerate(self.rows)}
        for line in lines:
            self.told[line["line"]] = line
            place = places[line["line"]]
            self.dataChanged.emit(self.index(place, FILE), self.index(place, STATE))

    def forget(self) -> None:
        self.told = {}
        if self.rows:
            self.dataChanged.emit(self.index(0, FILE), self.index(len(self.rows) - 1, STATE))

    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else STATE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        names = ("#", self.tr("Text"), self.tr("Voice"), self.tr("File"), self.tr("Slot"), self.tr("State"))
        return names[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        told = self.told.get(row.number)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(row, told, index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(told["problems"] if told else row.notes) or (
                row.asked["text"] if index.column() == TEXT else None
            )
        if role == Qt.ItemDataRole.DecorationRole and index.column() == STATE:
            kind = _kind(told) if told else "flagged" if row.notes else None
            return icons.icon(*_ICONS[kind]) if kind else None
        return None

    def _shown(self, row: Row, told: dict[str, Any] | None, place: int, column: int) -> str:
        if column == NUMBER:
            return str(row.number)
        if column == TEXT:
            return " ".join(row.asked["text"].split())
        if column == VOICE:
            return self._voices.get(row.asked["voice"], row.asked["voice"])
        if column == FILE:
            return (told["file"] or "") if told else self.names[place] if place < len(self.names) else ""
        if column == SLOT:
            return "" if row.slot is None else f"{clock(row.slot.start)} – {clock(row.slot.end)}"
        return self._state(told) if told else " ".join(row.notes)

    def _state(self, told: dict[str, Any]) -> str:
        words = {"made": self.tr("Made"), "kept": self.tr("Kept"), "failed": self.tr("Failed")}[told["state"]]
        parts = [words]
        if told["seconds"] is not None:
            parts.append(length_words(told["seconds"]))
        if told["over"] > 0:
            needs = self.tr("Too long, needs ×{factor}")
            parts = [needs.replace("{factor}", f"{told['factor']:.2f}"), *parts[1:]]
        elif told["factor"] not in (None, 1.0):
            parts.append(f"× {told['factor']:.2f}")
        elif told["problems"]:
            parts.append(told["problems"][0])
        return " · ".join(parts)


def _kind(told: dict[str, Any]) -> str:
    flagged = told["state"] != "failed" and (told["over"] > 0 or told["problems"])
    return "flagged" if flagged else str(told["state"])
