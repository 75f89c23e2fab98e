"""Favourite voices: kept in the library, which opens beside the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.ui.speech.background import Background

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio


class Favourites(QObject):
    changed = Signal(object)
    """A frozenset of voices' ids."""

    def __init__(self, studio: "Studio", background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._background = studio, background
        self._opened = QTimer(self)
        self._opened.setInterval(200)
        self._opened.timeout.connect(self._look)
        self._opened.start()

    def set(self, voice: str, on: bool) -> None:
        """Remember it; what is shown follows."""

        def store() -> frozenset[str]:
            self._studio.library.set_favourite_voice(voice, on)
            return self._studio.library.favourite_voices()

        self._background.run(store, self.changed.emit)

    def look(self) -> None:
        """Another tab may have changed them."""
        if not self._opened.isActive():
            self._background.run(self._studio.library.favourite_voices, self.changed.emit)

    def close(self) -> None:
        self._opened.stop()

    def _look(self) -> None:
        if "library" in vars(self._studio):
            self._opened.stop()
            self._background.run(self._studio.library.favourite_voices, self.changed.emit)
