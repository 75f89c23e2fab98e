"""What a tool found out or made: the facts of an analysis, the seams of a track that was fitted."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.ui.music.tools.source import TrackView
from audiostudio.ui.music.words import length, number, tempo
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button

if TYPE_CHECKING:
    from audiostudio.jobs import JsonObject

BEFORE, AFTER = 2.0, 2.0
"""Seconds of a seam that are heard."""
_LISTED = 40


class Facts(QWidget):
    """Tempo, key, metre, loudness, as they were heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * GRID)
        self._grid.setVerticalSpacing(HALF)
        self.values: dict[str, QLabel] = {}

    def show_analysis(self, found: "JsonObject") -> None:
        steady = self.tr("steady") if found.get("tempo_stable") else self.tr("moves")
        bpm, key, relative = found.get("bpm"), found.get("key"), found.get("relative")
        loudness = found.get("loudness")
        none = self.tr("none found")
        rows = (
            ("tempo", self.tr("Tempo"), f"{tempo(float(bpm))} ({steady})" if bpm else none),
            ("key", self.tr("Key"), self._key(key, relative, found.get("key_confidence")) if key else none),
            ("metre", self.tr("Metre"), str(found.get("metre") or none)),
            ("beats", self.tr("Beats"), str(len(found.get("beats") or ()))),
            ("loudness", self.tr("Loudness"), none if loudness is None else _lufs(float(loudness))),
            ("length", self.tr("Length"), length(float(found.get("seconds") or 0.0))),
        )  # fmt: skip
        for place, (name, title, text) in enumerate(rows):
            if name not in self.values:
                caption = QLabel(title, self)
                caption.setProperty("role", "caption")
                value = self.values[name] = QLabel(self)
                value.setProperty("role", "subheading")
                self._grid.addWidget(caption, 0, place)
                self._grid.addWidget(value, 1, place)
            self.values[name].setText(text)
        self._grid.setColumnStretch(len(rows), 1)

    def _key(self, key: str, relative: Any, confidence: Any) -> str:
        sure = f" · {round(float(confidence) * 100)} %" if isinstance(confidence, int | float) else ""
        return key if not relative else f"{key} ({self.tr('or {key}').replace('{key}', str(relative))}{sure})"


class Seams(QWidget):
    """Every jump of a track that was fitted: where, from where to where, how it sounds by measure; heard at a click."""

    heard = Signal(float, float)
    """From a second to a second."""

    def __init__(self, track: TrackView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._track = track
        self.rows: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(HALF)
        self.summary = QLabel(self)
        self.summary.setProperty("role", "secondary")
        self.summary.setWordWrap(True)
        self._column.addWidget(self.summary)

    def show_seams(self, seams: "list[JsonObject]") -> None:
        self._track.wave.show_marks([float(one["at"]) for one in seams])
        self.summary.setText(self._summary(seams))
        for one in seams[:_LISTED]:
            self._add(one)

    def _summary(self, seams: "list[JsonObject]") -> str:
        if not seams:
            return self.tr("No jump was needed.")
        if all(_quiet(one) for one in seams):
            many = self.tr("%n jumps, each smoother than most of the track.")
            return counted(len(seams), self.tr("One jump, smoother than most of the track."), many)
        many = self.tr("%n jumps; listen to those that are marked.")
        return counted(len(seams), self.tr("One jump; listen to it."), many)

    def _add(self, seam: "JsonObject") -> None:
        at = float(seam["at"])
        row = QHBoxLayout()
        row.setSpacing(GRID)
        hear = Button(self.tr("Hear it"), "secondary", "play:solid", self, small=True)
        hear.clicked.connect(lambda: self.heard.emit(max(0.0, at - BEFORE), at + AFTER))
        words = self.tr("At {at}: from {start} to {end}").replace("{at}", length(at))
        words = words.replace("{start}", length(float(seam["from"]))).replace("{end}", length(float(seam["to"])))
        label = QLabel(words, self)
        quiet = _quiet(seam)
        badge = Badge(self.tr("Smooth") if quiet else self.tr("Listen"), "success" if quiet else "warning", self)
        flux, limit = number(float(seam["flux"])), number(float(seam["p95"]))
        words = self.tr("Change of the spectrum {flux}; {limit} is what 95 % of the track stay below.")
        badge.setToolTip(words.replace("{flux}", flux).replace("{limit}", limit))
        for part in (hear, label, badge):
            row.addWidget(part)
        row.addStretch(1)
        self._column.addLayout(row)
        self.rows.append(hear)


def _quiet(seam: "JsonObject") -> bool:
    return float(seam["flux"]) <= float(seam["p95"])


def _lufs(loudness: float) -> str:
    return f"{QLocale().toString(loudness, 'f', 1)} LUFS".replace("-", "−")
