"""What stands where nothing is shown: one sentence, one button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from audiostudio.ui.library.shelf import Place, Shelf
from audiostudio.ui.widgets import EmptyState


class Emptiness(QWidget):
    import_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedLayout(self)
        bring = self.tr("Import files") if writable else ""
        first = self.tr("What you make lands here. Drop sounds, pictures and films in to use them too.")
        self._pages = {
            "first": EmptyState("library-big", first, bring, self),
            "nothing": EmptyState("search-x", self.tr("Nothing here matches."), self.tr("Show everything"), self),
            Place.FAVOURITES: EmptyState("star", self.tr("Click the star of what you need often."), parent=self),
            Place.FOLDER: EmptyState("folder-open", self.tr("This folder is empty. Drag things onto it."), bring, self),
            Place.MISSING: EmptyState("circle-check", self.tr("Every file is where it should be."), parent=self),
            Place.BIN: EmptyState("trash-2", self.tr("The bin is empty."), parent=self),
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._pages["first"].acted.connect(self.import_wanted)
        self._pages[Place.FOLDER].acted.connect(self.import_wanted)
        self._pages["nothing"].acted.connect(self.clear_wanted)

    def show_for(self, shelf: Shelf) -> None:
        name = "nothing" if shelf.filtered else "first" if shelf.place is Place.ALL else shelf.place
        self._stack.setCurrentWidget(self._pages[name])

    @property
    def shown(self) -> EmptyState:
        return self._stack.currentWidget()
