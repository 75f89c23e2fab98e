"""What stands for a voice: its picture, or the first letter of its name in a colour of its own."""

import zlib

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from audiostudio.ui.theme import font, tokens

_COLOURS = ("kind_image", "kind_sound_effect", "kind_avatar", "kind_song", "kind_music", "kind_film", "kind_recording")


class Portrait(QWidget):
    def __init__(self, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._token = "", _COLOURS[0]
        self._picture: QPixmap | None = None
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_voice(self, identity: str, name: str, picture: QPixmap | None) -> None:
        self._letter = next((letter for letter in name.upper() if letter.isalnum()), "?")
        self._token = _COLOURS[zlib.crc32(identity.encode()) % len(_COLOURS)]
        self._picture = picture
        self.update()

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        round_path = QPainterPath()
        round_path.addEllipse(box)
        painter.setClipPath(round_path)
        if self._picture is not None:
            side = min(self._picture.width(), self._picture.height())
            source = QRectF((self._picture.width() - side) / 2, (self._picture.height() - side) / 2, side, side)
            painter.drawPixmap(box, self._picture, source)
            return
        colour = tokens().colour(self._token)
        ground = QColor(colour)
        ground.setAlphaF(0.22)
        painter.fillRect(box, ground)
        letter = font("body", QFont.Weight.DemiBold)
        letter.setPixelSize(round(self.height() * 0.44))
        painter.setFont(letter)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._letter)
