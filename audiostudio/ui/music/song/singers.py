"""Who sings: the voice of each slot, in its colour."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.music.song import SLOTS, Song
from audiostudio.timeline import songs
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.voice_dialog import EXPERIMENTAL, SingerVoices, VoiceDialog, described
from audiostudio.ui.theme import GRID, HALF, font, set_property, tokens
from audiostudio.ui.widgets import Badge, Button, IconButton

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_BADGE = 24


class SlotBadge(QWidget):
    """A letter in a circle of the slot's colour."""

    def __init__(self, slot: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slot = slot
        self.setFixedSize(_BADGE, _BADGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        soft = colour(self._slot)
        soft.setAlpha(60)
        painter.setPen(QPen(colour(self._slot), 1.4))
        painter.setBrush(soft)
        painter.drawEllipse(QRectF(1, 1, _BADGE - 2, _BADGE - 2))
        painter.setFont(font("small", font().Weight.Bold))
        painter.setPen(tokens().colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._slot)


class SingerRow(QWidget):
    """A slot, its voice, and what to know of it."""

    choose_wanted = Signal(str)
    cleared = Signal(str)

    def __init__(self, slot: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slot = slot
        self.badge = SlotBadge(slot, self)
        self.voice = Button("", "secondary", parent=self, small=True)
        self.voice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.voice.setMinimumWidth(80)
        self.experimental = Badge(self.tr("Experimental"), "warning", self)
        self.unsold = Badge(self.tr("Not for sale"), "error", self)
        self.unsold.setToolTip(self.tr("What this voice sings may not be sold"))
        self.clear = IconButton(
            "x", self.tr("Let the studio choose singer {slot}").replace("{slot}", slot), self, size=24
        )
        self.note = QLabel(self)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(GRID)
        for widget in (self.badge, self.voice, self.experimental, self.unsold, self.clear):
            head.addWidget(widget)
        head.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.note)
        self.voice.clicked.connect(lambda: self.choose_wanted.emit(slot))
        self.clear.clicked.connect(lambda: self.cleared.emit(slot))

    def show_voice(self, voices: SingerVoices, voice: str, sings: bool) -> None:
        title = voices.title(voice) if voice else self.tr("The studio chooses")
        self.voice.setText(title.replace("&", "&&"))
        words = self.tr("Choose the voice of singer {slot}").replace("{slot}", self.slot)
        self.voice.setToolTip(words)
        self.voice.setAccessibleName(f"{words}: {title}")
        rights = voices.rights(voice) if voice else None
        self.experimental.setVisible(bool(voice) and voices.singing(voice) == EXPERIMENTAL)
        self.unsold.setVisible(rights is not None and rights.commercial is False)
        self.clear.setVisible(bool(voice))
        trouble = bool(voice) and not voices.singing(voice)
        self.note.setText(described(voices, voice) if trouble else "" if sings else self.tr("Sings no line yet"))
        self.note.setVisible(bool(self.note.text()))
        set_property(self.note, "role", "problem" if trouble else "small")


class SingersPanel(QWidget):
    """The slots that the lyrics use, and one more."""

    def __init__(self, work: "MusicWork", voices: SingerVoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._voices = work, voices
        self.dialog: VoiceDialog | None = None
        self.rows = {slot: SingerRow(slot, self) for slot in SLOTS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(HALF + 2)
        for row in self.rows.values():
            column.addWidget(row)
            row.choose_wanted.connect(self.choose)
            row.cleared.connect(lambda slot: self._set(slot, None))
        self._singing: tuple[str, ...] = ()
        self._song: Song | None = None

    def show_song(self, song: Song | None, singing: tuple[str, ...]) -> None:
        """`singing`: the slots that have lines."""
        self._song, self._singing = song, singing
        chosen = {one.slot: one.voice for one in song.voices} if song is not None else {}
        for place, (slot, row) in enumerate(self.rows.items()):
            used = slot in singing or slot in chosen
            row.setVisible(place == 0 or used)
            row.show_voice(self._voices, chosen.get(slot, ""), slot in singing or place == 0)

    def choose(self, slot: str) -> None:
        """Ask which voice."""
        if self.dialog is not None:
            return
        self._voices.look_for_voices()
        now = next((one.voice for one in self._song.voices if one.slot == slot), "") if self._song is not None else ""
        self.dialog = VoiceDialog(self._work, self._voices, slot, now, self)
        self.dialog.finished.connect(lambda result: self._answered(slot, result))
        self.dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)

    def close(self) -> bool:
        if self.dialog is not None:
            self.dialog.reject()
        return super().close()

    def _answered(self, slot: str, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            if result:
                self._set(slot, dialog.voice)
            dialog.deleteLater()

    def _set(self, slot: str, voice: str | None) -> None:
        song = self._song
        if song is not None:
            label = self.tr("Singer {slot}").replace("{slot}", slot)
            self._work.edit(label, lambda project: songs.set_voice(project, song.id, slot, voice))
