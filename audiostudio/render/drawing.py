"""Drawing away from the window: what Qt needs in a worker process before text can be painted on a picture."""

import os

from PySide6.QtGui import QFontDatabase, QGuiApplication

from audiostudio.resource import resource

_kept: list[QGuiApplication] = []


def ready() -> None:
    """See to it that QPainter can set text, in the fonts that ship. Where an application runs already it can."""
    if QGuiApplication.instance() is not None:
        return
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _kept.append(QGuiApplication(["audiostudio"]))
    for path in sorted(resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))
