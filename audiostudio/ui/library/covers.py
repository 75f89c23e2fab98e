"""The covers of music, painted beside the window's thread and a few hundred of them kept."""

from collections import OrderedDict

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from audiostudio.library.model import Asset
from audiostudio.ui.library.clerk import Clerk

KEPT = 300
SIDE = 240
"""Pixels."""


class Covers(QObject):
    came = Signal()
    """Something can be painted that could not before."""

    def __init__(self, clerk: Clerk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clerk = clerk
        self._made: OrderedDict[str, QPixmap] = OrderedDict()
        self._painting: set[str] = set()

    def get(self, asset: Asset) -> QPixmap | None:
        """The cover without its words, square; None: it has none, or is being painted."""
        shown = asset.detail.get("cover")
        if not isinstance(shown, dict):
            return None
        key = f"{asset.id} {shown}"
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if key not in self._painting:
            self._painting.add(key)
            self._clerk.ask(lambda: _paint(shown), lambda image: self._keep(key, image))
        return None

    def _keep(self, key: str, image: QImage) -> None:
        self._painting.discard(key)
        self._made[key] = QPixmap.fromImage(image)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        self.came.emit()


def _paint(shown: dict[str, object]) -> QImage:
    from audiostudio.render.covers import Cover
    from audiostudio.render.covers.painting import paint

    return paint(Cover.from_json(shown), SIDE, words=False)
