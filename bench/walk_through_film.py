"""The window's part of `walk_through.py`: what is done in it, and the pictures."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget

from audiostudio.app import Late, Services
from audiostudio.profile import Profile
from audiostudio.sound.player import Player
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip
from audiostudio.ui.application import Application
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.timeline.effects_panel_picker import EffectPicker
from audiostudio.ui.timeline.export_form import TextDialog
from audiostudio.ui.timeline.export_handoff import HandOffDialog
from audiostudio.ui.timeline.export_mix import MixDialog
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.recording import State

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE = (1280, 800)


def settle(milliseconds: int = 250) -> None:
    """Let the window paint and the background work arrive."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], Any], seconds: float = 90.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
            told = [f"{one.sentence.text()} {one.hint.text()}" for w in windows for one in w.message_area.toasts]
            raise TimeoutError(f"waited in vain; told was {told}")
        settle(20)
    return found


class Film:
    """A window with mouse, keyboard and a camera."""

    def __init__(self, application: Application, folder: Path) -> None:
        self.window, self._folder, self._number = application.window, folder, 0

    @property
    def panel(self) -> TimelinePanel:
        panel = self.window.timeline_dock.panel
        assert isinstance(panel, TimelinePanel)
        return panel

    @property
    def canvas(self) -> QWidget:
        return self.panel.view.canvas

    def take(self, name: str, *over: QWidget) -> None:
        """A picture of the window with what lies over it."""
        settle(300)
        self._number += 1
        picture = self.window.grab()
        painter = QPainter(picture)
        for widget in over:
            place = self.window.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0)))
            painter.drawPixmap(place, widget.grab())
        painter.end()
        picture.save(str(self._folder / f"{self._number:02}-{name}.png"), "PNG", 0)
        print(f"{self._number:02} {name}")

    # Mouse

    def click(self, widget: QWidget, place: QPoint | None = None, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(widget, LEFT, keys, place or widget.rect().center())
        settle(60)

    def drag(self, widget: QWidget, start: QPointF, end: QPointF) -> None:
        QTest.mousePress(widget, LEFT, NONE, start.toPoint())
        for step in range(1, 9):
            place = start + (end - start) * step / 8
            there = QPointF(widget.mapToGlobal(place.toPoint()))
            QApplication.sendEvent(
                widget, QMouseEvent(QEvent.Type.MouseMove, place, there, Qt.MouseButton.NoButton, LEFT, NONE)
            )
            settle(15)
        QTest.mouseRelease(widget, LEFT, NONE, end.toPoint())
        settle(60)

    def place(self, track: int, seconds: float, part: float = 0.6) -> QPointF:
        """Of a time on a track, `part` of the way down."""
        row = self.canvas.scene.rows().rows[track]
        return QPointF(self.canvas.scene.scale.x(round(seconds * TICKS)), row.top + part * row.height)

    def on_track(self, track: int, seconds: float) -> None:
        self.click(self.canvas, self.place(track, seconds).toPoint())

    def playhead(self, seconds: float) -> None:
        """By a click on the ruler."""
        x = self.canvas.scene.scale.x(round(seconds * TICKS))
        self.click(self.panel.view.ruler, QPoint(round(x), self.panel.view.ruler.height() - 8))

    def drop(self, file: Path, place: QPointF, name: str) -> None:
        """From a file manager."""
        data, action = QMimeData(), Qt.DropAction.CopyAction
        data.setUrls([QUrl.fromLocalFile(str(file))])
        for event in (
            QDragEnterEvent(place.toPoint(), action, data, LEFT, NONE),
            QDragMoveEvent(place.toPoint(), action, data, LEFT, NONE),
        ):
            QApplication.sendEvent(self.canvas, event)
        self.take(name)
        QApplication.sendEvent(self.canvas, QDropEvent(place, action, data, LEFT, NONE))

    # Keys

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        self.canvas.setFocus()
        QTest.keyClick(self.canvas, key, keys)
        settle(60)

    def write(self, field: QLineEdit, text: str, *, enter: bool = True) -> None:
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        if enter:
            QTest.keyClick(field, Qt.Key.Key_Return)

    def within(self, kind: type[QWidget], act: Callable[[Any], object]) -> None:
        """Do this once a menu or a dialog of that kind is open; what opens it waits until it is closed."""
        timer = QTimer(self.window)
        timer.setInterval(30)

        def look() -> None:
            for shown in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
                if isinstance(shown, kind):
                    timer.stop()
                    timer.deleteLater()
                    act(shown)
                    return

        timer.timeout.connect(look)
        timer.start()

    def choose(self, button: QPushButton, entry: str) -> None:
        """An entry of a button's menu."""

        def pick(menu: QMenu) -> None:
            menu.setActiveAction(next(one for one in menu.actions() if one.text().startswith(entry)))
            QTest.keyClick(menu, Qt.Key.Key_Return)

        self.within(QMenu, pick)
        QTest.mouseClick(button, LEFT)
        settle(100)

    # What is there

    def clips(self, track: int) -> tuple[Clip, ...]:
        return self.panel.work.document.tracks[track].clips

    def span(self, track: int, clip: int = 0) -> tuple[float, float]:
        """Seconds."""
        found = self.clips(track)[clip]
        return found.start / TICKS, found.end / TICKS

    def header(self, track: int) -> Any:
        return self.panel.headers.headers[self.panel.work.document.tracks[track].id]

    def drawn(self) -> None:
        """Wait until the waveforms of all clips are known."""
        sources = self.panel.sources
        until(lambda: all(sources.shown(clip).outline() is not None for clip in self.panel.work.document.clips()))

    def quiet(self) -> None:
        for toast in self.window.message_area.toasts:
            toast.close_now()


def film(
    folder: Path,
    work: Path,
    profile: Path,
    theme: str,
    script: str,
    microphone: Callable[[], Any],
    speakers: Callable[[], Any],
) -> Path:
    """All of it; the file of the mix."""
    qt = QApplication.instance() or QApplication([])
    services = Services(Profile(profile))
    services.player = Late(lambda: Player(speakers))
    application = Application(qt, services)
    application.theme.choose(theme)
    application.window.resize(*SIZE)
    application.show()
    until(lambda: application.window.library.panel.isVisible() or application.window.library.folded)
    settle(1500)
    made = Film(application, folder)
    voiceover(made, script)
    music(made, work / "Harbour music.mp3")
    recording(made, microphone)
    cutting(made)
    ducking(made)
    mastering(made)
    mix = export(made, work)
    hand_off(made, work)
    application.window.close()
    application.close()
    return mix


def voiceover(film: Film, script: str) -> None:
    """From the start page to lines on the timeline."""
    window = film.window
    film.take("start")
    film.click(window.start_page.voiceover)
    tab = until(lambda: window.tabs.page("speech"))
    film.write(window.top_bar.name, "Field Notes")
    film.click(until(lambda: tab.gallery.reveal("hibari_heart")))
    tab.editor.setFocus()
    QApplication.clipboard().setText(script)
    QTest.keyClick(tab.editor, Qt.Key.Key_V, CONTROL)
    until(tab.bar.generate.isEnabled)
    film.take("script")
    film.click(tab.bar.generate)
    until(lambda: film.panel.work.document.tracks and len(film.clips(0)) == 3)
    film.drawn()
    film.quiet()
    film.take("landed")


def music(film: Film, file: Path) -> None:
    """The voiceover begins two seconds later; the music comes below it, from outside."""
    film.key(Qt.Key.Key_A, CONTROL)
    start = film.span(0)[0]
    film.drag(film.canvas, film.place(0, start + 0.5), film.place(0, start + 2.5))
    film.drop(file, QPointF(film.canvas.scene.scale.x(0) + 3, film.canvas.height() - 8), "music-is-dropped")
    until(lambda: len(film.panel.work.document.tracks) == 2, 120)
    film.drawn()
    film.click(film.panel.bar.fit)
    film.quiet()


def recording(film: Film, microphone: Callable[[], Any]) -> None:
    """A guest, on a track of his own."""
    panel, recorder = film.panel, film.panel.recording
    recorder.make_input = microphone
    film.choose(panel.headers.add, "Speech")
    name = film.header(2).name
    QTest.mouseDClick(name, LEFT)
    film.write(name, "Guest")
    film.click(film.header(2).arm)
    film.playhead(film.span(0, 2)[1] + 1.0)
    film.key(Qt.Key.Key_F9)
    until(lambda: recorder.state is State.COUNTING)
    settle(1200)
    film.take("count-in")
    until(lambda: recorder.state is State.ROLLING)
    until(lambda: recorder.seconds > 6)
    film.take("recording")
    until(lambda: recorder.seconds > 8.3)
    film.key(Qt.Key.Key_F9)
    until(lambda: film.clips(2))
    film.drawn()
    film.quiet()


def cutting(film: Film) -> None:
    """Silence at both ends of the recording goes; the music ends three seconds after the last word."""
    start, _ = film.span(2)
    film.on_track(2, start + 2)
    film.playhead(start + 1.0)
    film.key(Qt.Key.Key_S)
    film.on_track(2, start + 0.4)
    film.take("split")
    film.key(Qt.Key.Key_Delete)
    end = film.span(2)[1]
    film.drag(film.canvas, film.place(2, end - 0.02), film.place(2, end - 0.8))
    last, end = film.span(2)[1], film.span(1)[1]
    film.drag(film.canvas, film.place(1, end - 0.02), film.place(1, last + 3))
    film.click(film.panel.bar.fit)
    end = film.span(1)[1]
    film.on_track(1, end / 2)
    box = film.place(1, end, 0.0)
    top = QPointF(box.x() - 7, box.y() + 10)
    film.drag(film.canvas, top, QPointF(film.place(1, end - 2.5).x(), top.y()))
    top = QPointF(film.place(1, 0).x() + 7, box.y() + 10)
    film.drag(film.canvas, top, QPointF(film.place(1, 1.0).x(), top.y()))
    film.take("cut-and-faded")


def ducking(film: Film) -> None:
    """The music steps back under both voices; the voices get a preset."""
    inspector = film.panel.inspector
    film.click(film.header(1), QPoint(12, film.header(1).height() - 12))
    film.click(until(lambda: inspector.track.ducking.go.isVisible() and inspector.track.ducking.go))
    until(lambda: film.panel.work.document.tracks[1].channel.automation)
    film.quiet()
    film.take("ducked")
    film.key(Qt.Key.Key_A, SHIFT)
    for track in (0, 2):
        film.click(film.header(track), QPoint(12, film.header(track).height() - 12))
        settle(200)
        film.click(inspector.track.effects.presets)
        picker = until(lambda: QApplication.activePopupWidget())
        assert isinstance(picker, EffectPicker)
        QTest.keyClicks(picker.search, "podcast")
        if track == 0:
            film.take("preset", picker)
        QTest.keyClick(picker.search, Qt.Key.Key_Return)
        settle(100)


def mastering(film: Film) -> None:
    """−14 LUFS; then it is listened to."""
    film.click(film.panel.master.title)
    page = until(lambda: film.panel.inspector.master)
    film.click(page.loudness.button("-14"))
    film.playhead(0)
    film.key(Qt.Key.Key_Home)
    film.key(Qt.Key.Key_Space)
    until(lambda: film.panel.work.playhead > 8 * TICKS)
    film.take("mastered-and-played")
    film.key(Qt.Key.Key_Space)
    film.quiet()


def export(film: Film, work: Path) -> Path:
    (work / "Films").mkdir(exist_ok=True)

    def fill(dialog: MixDialog) -> None:
        film.write(dialog.name, "Field Notes", enter=False)
        film.write(dialog.folder.field, "~/Films", enter=False)
        settle(600)
        film.take("export", dialog)
        film.click(dialog.go)

    film.within(MixDialog, fill)
    film.choose(film.window.top_bar.export, "Mix of the timeline")
    file = work / "Films" / "Field Notes.wav"
    until(lambda: any(file.name in toast.sentence.text() for toast in film.window.message_area.toasts))
    film.take("exported")
    film.quiet()
    return file


def hand_off(film: Film, work: Path) -> None:
    def fill(dialog: HandOffDialog) -> None:
        film.write(dialog.folder.field, "~/Films/Resolve", enter=False)
        settle(600)
        film.take("hand-off", dialog)
        film.click(dialog.go)

    film.within(HandOffDialog, fill)
    film.choose(film.window.top_bar.export, "To a video editor")
    report = until(
        lambda: next((one for one in film.window.findChildren(TextDialog) if one.isVisible()), None),
    )
    film.take("report", report)
    film.click(report.done_)
