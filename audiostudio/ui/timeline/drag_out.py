"""Clips, a selection or the mix dragged out of the window: onto a video editor, or into a file manager.

    drags.expect([clip.id])                    # when it may come to that: as the pointer leaves the tracks
    drags.start(canvas, [clip.id])             # from a gesture, as the pointer leaves the timeline
    drags.start(button, None)                  # the mix

What is dragged is a real WAV under the library that stays; a clip that is all of its recording is that recording.
"""

import contextlib
from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMimeData, QObject, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job
from audiostudio.operations.dragging import piece, ready, unchanged
from audiostudio.timeline.project import Media
from audiostudio.ui import icons
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.theme import font, tokens
from audiostudio.ui.timeline.work import TimelineWork

PATIENCE = 4_000
"""Milliseconds that a drag waits for its file."""


class DragOut(QObject):
    came = Signal()
    """Something is ready, or will never be."""

    def __init__(self, work: TimelineWork, locate: Callable[[Media], Path | None], parent: QWidget) -> None:
        """`locate`: the file of a medium; None: it is missing."""
        super().__init__(parent)
        self._work, self._locate = work, locate
        self._clerk = Clerk(self)
        self._under_way: set[str] = set()

    def close(self) -> None:
        self._clerk.close()

    def file(self, clip_ids: Collection[str] | None) -> Path | None:
        """What would be dragged, if it is there already. Raises `RequestError` when nothing is heard."""
        original = self._original(clip_ids)
        if original is not None:
            return original
        found = piece(self._work.project, self._work.document, clip_ids)
        return ready(self._work.desk.studio.profile.library, found.signature)

    def expect(self, clip_ids: Collection[str] | None) -> None:
        """It may soon be dragged: have it ready then."""
        with contextlib.suppress(StudioError):  # told when it comes to that
            self.prepare(clip_ids)

    def prepare(self, clip_ids: Collection[str] | None) -> None:
        """See to it that it is there, in the background. Raises `RequestError` when nothing is heard."""
        if self.file(clip_ids) is not None:
            return
        wanted = piece(self._work.project, self._work.document, clip_ids).signature
        if wanted in self._under_way:
            return
        self._under_way.add(wanted)
        chosen = None if clip_ids is None else sorted(clip_ids)
        request = {"project": str(self._work.session.path), "timeline": self._work.document.id, "clips": chosen}

        def submit(_flushed: object) -> None:
            job = Job("timeline.piece", request, self.tr("Render what is dragged"))
            try:
                self._work.desk.jobs.submit(job, lambda _outcome: self._ended(wanted))
            except StudioError as error:
                self._refused(wanted, error)

        self._clerk.ask(self._work.session.flush, submit, refused=lambda error: self._refused(wanted, error))

    def start(self, source: QWidget, clip_ids: Collection[str] | None) -> bool:
        """Drag it, from `source`, while a mouse button is down. False: it is not ready yet, which is told."""
        try:
            path = self._waited(clip_ids)
        except StudioError as error:
            self._work.desk.messages.error(error)
            return False
        if path is None:
            if self._under_way:  # else its job has told why there is none
                self._work.desk.messages.say(
                    self.tr("The sound is being rendered."), self.tr("Drag it again in a moment; it is ready then.")
                )
            return False
        drag = QDrag(source)
        drag.setMimeData(file_mime(path))
        drag.setPixmap(_picture(path.name, source.devicePixelRatioF()))
        drag.exec(Qt.DropAction.CopyAction)
        return True

    def _waited(self, clip_ids: Collection[str] | None) -> Path | None:
        path = self.file(clip_ids)
        if path is None:
            self.prepare(clip_ids)
            loop = QEventLoop()
            self.came.connect(loop.quit)
            enough = QTimer(singleShot=True, interval=PATIENCE)
            enough.timeout.connect(loop.quit)
            enough.start()
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
            loop.exec()
            QApplication.restoreOverrideCursor()
            enough.stop()
            self.came.disconnect(loop.quit)
            path = self.file(clip_ids)
        return path

    def _original(self, clip_ids: Collection[str] | None) -> Path | None:
        if clip_ids is None or len(clip_ids) != 1:
            return None
        clip = self._work.document.clip(next(iter(clip_ids)))
        media = next((one for one in self._work.project.media if one.id == clip.media), None)
        return self._locate(media) if media is not None and unchanged(clip, media) else None

    def _ended(self, wanted: str) -> None:
        self._under_way.discard(wanted)
        self.came.emit()

    def _refused(self, wanted: str, error: StudioError) -> None:
        self._under_way.discard(wanted)
        self._work.desk.messages.error(error)
        self.came.emit()


def file_mime(path: Path) -> QMimeData:
    """One file, as every program takes it."""
    made = QMimeData()
    made.setUrls([QUrl.fromLocalFile(str(path))])
    made.setText(str(path))
    return made


def _picture(name: str, ratio: float) -> QPixmap:
    colours, face = tokens(), font("small")
    width = min(240, QFontMetrics(face).horizontalAdvance(name) + 44)
    picture = QPixmap(round(width * ratio), round(32 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colours.colour("overlay"))
    painter.setPen(colours.colour("accent"))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 31), 6, 6)
    painter.drawPixmap(10, 8, icons.pixmap("audio-lines", "accent_text", 16, ratio))
    painter.setFont(face)
    painter.setPen(colours.colour("text"))
    shown = QFontMetrics(face).elidedText(name, Qt.TextElideMode.ElideMiddle, width - 42)
    painter.drawText(QRectF(34, 0, width - 40, 32), Qt.AlignmentFlag.AlignVCenter, shown)
    painter.end()
    return picture
