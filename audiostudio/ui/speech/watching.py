"""Notices what any process does to the folder of own voices."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from audiostudio.voices.folder import VoiceFolder

_LOOKS = 700
"""Milliseconds between two looks; each is one question to the file system."""


class VoiceWatch(QObject):
    """Looks while it is awake. Awake is what is shown."""

    changed = Signal()

    def __init__(self, voices: "VoiceFolder", parent: QObject) -> None:
        super().__init__(parent)
        self._voices = voices
        self._seen = voices.version()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOKS)
        self._timer.timeout.connect(self.look)

    def wake(self) -> None:
        self._timer.start()
        self.look()

    def sleep(self) -> None:
        self._timer.stop()

    def look(self) -> None:
        version = self._voices.version()
        if version != self._seen:
            self._seen = version
            self.changed.emit()
